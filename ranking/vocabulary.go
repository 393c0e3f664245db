package ranking

import (
	"hash/maphash"

	"alphanode/index/analysis"
)

// vocabulary is what is known of words as they are written: stems are worked out once a
// spelling. It outlives a batch, so that common words are looked into once, and not a
// large corpus: see maxWords. Not safe for concurrent use.
type vocabulary struct {
	terms  *space
	hashes []uint64 // of the terms, by number
	// spellings are those of the terms; texts of the same letters are two where one is an
	// identifier, or of another language.
	spellings []spelling
	lexicons  map[lexiconKey]*lexicon
	last      lexiconKey // the lexicon asked before
	lexicon   *lexicon
	seed      uint64
	memory    arena
	words     int
}

// maxWords is the number of words from which a vocabulary is given up for a new one.
const maxWords = 1 << 18

type lexiconKey struct {
	analyzer   *analysis.Analyzer
	identifier bool
}

// spelling is a way in which a term is written.
type spelling struct {
	term  uint32
	text  string
	plain bool // folded, it is the term itself
}

// word is what is known of a word as it is written.
type word struct {
	term    uint32
	spelled int32 // index in spellings; -1 for a stop word
}

func (w word) stops() bool { return w.spelled < 0 }

// lexicon finds words by their text. Most are short: an open hash table holds them
// whole, so that a search reads one place in memory.
type lexicon struct {
	short []shortWord
	count int
	long  map[string]word
}

// shortWord is a word with its bytes, at most shortBytes of them. The greatest byte of
// high is their number, so that it is 0 in an empty slot only.
type shortWord struct {
	low, high uint64
	word
}

const shortBytes = 15

// packed is a text of 1 to shortBytes bytes in the form of a shortWord.
func packed(s string) (low, high uint64) {
	n := uint64(len(s))
	switch {
	case n >= 8:
		return eight(s), eight(s[n-8:])>>(8*(16-n)) | n<<56
	case n >= 4:
		return four(s) | four(s[n-4:])<<(8*(n-4)), n << 56
	default:
		return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)) | uint64(s[n-1])<<(8*(n-1)), n << 56
	}
}

func four(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

func eight(s string) uint64 {
	_ = s[7]
	return four(s) | four(s[4:])<<32
}

func newVocabulary() *vocabulary {
	return &vocabulary{terms: newSpace(), seed: maphash.String(maphash.MakeSeed(), ""), lexicons: map[lexiconKey]*lexicon{}}
}

// word looks a token up that is written so.
func (v *vocabulary) word(a *analysis.Analyzer, t *analysis.Token, written string) word {
	if key := (lexiconKey{a, t.Kind == analysis.Identifier}); key != v.last {
		v.choose(key)
	}
	l := v.lexicon
	if len(written) == 0 || len(written) > shortBytes {
		w, ok := l.long[written]
		if !ok {
			w = v.learn(a, t, written)
			l.long[v.memory.copy(written)] = w
		}
		return w
	}
	low, high := packed(written)
	at := v.slot(l, low, high)
	if l.short[at].high == 0 {
		l.short[at] = shortWord{low, high, v.learn(a, t, written)}
		if l.count++; crowdedBy(l.count+1, len(l.short)) {
			v.resize(l)
			at = v.slot(l, low, high)
		}
	}
	return l.short[at].word
}

// slot is where a short word is, or would be.
func (v *vocabulary) slot(l *lexicon, low, high uint64) int {
	mask := len(l.short) - 1
	at := int(mix((low^v.seed)*0x9e3779b97f4a7c15^high)) & mask
	for l.short[at].high != 0 && (l.short[at].low != low || l.short[at].high != high) {
		at = (at + 1) & mask
	}
	return at
}

func (v *vocabulary) resize(l *lexicon) {
	old := l.short
	l.short = make([]shortWord, 2*len(old))
	for _, w := range old {
		if w.high != 0 {
			l.short[v.slot(l, w.low, w.high)] = w
		}
	}
}

// choose takes the lexicon of a language and kind.
func (v *vocabulary) choose(key lexiconKey) {
	l, ok := v.lexicons[key]
	if !ok {
		l = &lexicon{short: make([]shortWord, minSlots), long: map[string]word{}}
		v.lexicons[key] = l
	}
	v.last, v.lexicon = key, l
}

// learn works out what a word is.
func (v *vocabulary) learn(a *analysis.Analyzer, t *analysis.Token, written string) word {
	v.words++
	term := t.Term
	if t.Kind != analysis.Identifier {
		if a.StopWeight(term) < 1 {
			return word{spelled: -1}
		}
		term = a.Stem(term)
	}
	w := word{term: v.term(term), spelled: int32(len(v.spellings))}
	v.spellings = append(v.spellings, spelling{term: w.term, text: v.memory.copy(written), plain: term == t.Term})
	return w
}

func (v *vocabulary) term(term string) uint32 {
	n := v.terms.number(term)
	if int(n) == len(v.hashes) {
		v.hashes = append(v.hashes, hashString(term))
	}
	return n
}
