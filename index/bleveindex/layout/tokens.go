package layout

import (
	"math"
	"slices"
	"strings"

	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/bleveindex/zapwriter"
)

//nolint:gochecknoglobals // immutable value
var nan = math.NaN()

// tokenizer turns passages into term frequencies. It keeps buffers between uses
// and serves one goroutine at a time.
type tokenizer struct {
	tokens []analysis.Token
	cache  map[stemKey]string
	title  []string
	freqs  []bleve.TokenFreq
	multi  []*bleve.TokenLocation
}

type stemKey struct{ lang, term string }

// maxStems bounds the cache of stems; a full one is thrown away.
const maxStems = 1 << 16

func newTokenizer() *tokenizer { return &tokenizer{cache: make(map[stemKey]string)} }

// text analyses the passages of one field: its terms, and its length in
// positions. Afterwards stems gives the distinct stems.
func (t *tokenizer) text(passages []index.Passage, lang string, plain bool) (bleve.TokenFrequencies, int) {
	length := t.tokenize(passages, lang, plain)
	if length == 0 {
		return nil, 0
	}
	return t.frequencies(analysis.For(lang), lang, plain), length
}

// write gives the terms of the passages to field of the current document of b, and
// returns the field's length. Afterwards stems gives the distinct stems.
func (t *tokenizer) write(b *zapwriter.Builder, field int, passages []index.Passage, lang string, plain bool) int {
	length := t.tokenize(passages, lang, plain)
	if length == 0 {
		return 0
	}
	analyzer := analysis.For(lang)
	for i := range t.tokens {
		token := &t.tokens[i]
		position := uint32(token.Position) //nolint:gosec // not negative
		b.Add(field, token.Term, position)
		stem := t.stemOf(analyzer, lang, token, plain)
		if stem != "" {
			b.Add(field, stem, position)
		} else {
			stem = token.Term
		}
		t.title = append(t.title, stem)
	}
	b.SetLength(field, length)
	return length
}

// tokenize fills t.tokens and returns the number of positions.
func (t *tokenizer) tokenize(passages []index.Passage, lang string, plain bool) int {
	t.title, t.tokens = t.title[:0], t.tokens[:0]
	if len(passages) == 0 {
		return 0
	}
	analyzer := analysis.For(lang)
	length, base := 0, 1 // Positions count from 1, as bleve's do.
	for _, p := range passages {
		start := len(t.tokens)
		t.tokens = analyzer.Append(t.tokens, p.Text, p.Mode)
		if plain {
			t.tokens = dropParts(t.tokens, start)
		}
		n, next := place(t.tokens[start:], p.Mode, base)
		length += n
		base = next
	}
	return length
}

// stemOf gives the marked stem of a token, or "" when it has none of its own.
func (t *tokenizer) stemOf(a *analysis.Analyzer, lang string, token *analysis.Token, plain bool) string {
	if plain || !Stemmed(token.Kind) {
		return ""
	}
	return t.stem(a, lang, token.Term)
}

// place moves the positions of a passage behind those of the one before and marks
// code with a kind that is not stemmed. It returns the number of positions.
func place(tokens []analysis.Token, mode analysis.Mode, base int) (n, next int) {
	last := -1
	for i := range tokens {
		if tokens[i].Position != last {
			last = tokens[i].Position
			n++
		}
		tokens[i].Position += base
		if mode == analysis.Code && Stemmed(tokens[i].Kind) {
			tokens[i].Kind = analysis.Identifier
		}
	}
	if n == 0 {
		return 0, base
	}
	return n, base + last + 1 + index.PositionGap
}

// Stemmed reports whether tokens of this kind are stemmed, outside of code.
func Stemmed(k analysis.Kind) bool { return k == analysis.Word || k == analysis.Part }

func dropParts(tokens []analysis.Token, start int) []analysis.Token {
	kept := slices.DeleteFunc(tokens[start:], func(t analysis.Token) bool { return t.Kind == analysis.Part })
	return tokens[:start+len(kept)]
}

func (t *tokenizer) frequencies(a *analysis.Analyzer, lang string, plain bool) bleve.TokenFrequencies {
	terms := make(bleve.TokenFrequencies, len(t.tokens)/2+1)
	t.multi = t.multi[:0]
	for i := range t.tokens {
		token := &t.tokens[i]
		t.add(terms, token.Term, token.Position)
		stem := t.stemOf(a, lang, token, plain)
		if stem != "" {
			t.add(terms, stem, token.Position)
		} else {
			stem = token.Term
		}
		t.title = append(t.title, stem)
	}
	for _, loc := range t.multi {
		toDeltas(loc)
	}
	return terms
}

// stems gives the distinct stems of the last text, marks removed, in order.
func (t *tokenizer) stems() []string {
	out := make([]string, 0, len(t.title))
	for _, s := range t.title {
		out = append(out, strings.TrimPrefix(s, StemMark))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stem gives the marked stem of term, or "" when it is its own stem.
func (t *tokenizer) stem(a *analysis.Analyzer, lang, term string) string {
	key := stemKey{lang, term}
	if s, ok := t.cache[key]; ok {
		return s
	}
	marked := ""
	if s := a.Stem(term); s != term && s != "" {
		marked = StemMark + s
	}
	if len(t.cache) >= maxStems {
		clear(t.cache)
	}
	key.term = strings.Clone(term)
	key.lang = strings.Clone(lang)
	t.cache[key] = marked
	return marked
}

// add counts term at position, once.
func (t *tokenizer) add(terms bleve.TokenFrequencies, term string, position int) {
	tf := terms[term]
	if tf == nil {
		tf = t.newFreq()
		tf.SetFrequency(1)
		tf.Locations = locationAt(position)
		terms[term] = tf
		return
	}
	if loc := t.grow(tf, position); loc != nil {
		loc.ArrayPositions = append(loc.ArrayPositions, uint64(position)) //nolint:gosec // positions are not negative
		tf.SetFrequency(tf.Frequency() + 1)
	}
}

// grow gives the location of tf that further positions are added to, or nil when
// position is the last one there already.
func (t *tokenizer) grow(tf *bleve.TokenFreq, position int) *bleve.TokenLocation {
	loc := tf.Locations[0]
	if n := len(loc.ArrayPositions); n > 0 {
		if loc.ArrayPositions[n-1] == uint64(position) { //nolint:gosec // positions are not negative
			return nil
		}
		return loc
	}
	if loc.Position == position {
		return nil
	}
	loc = &bleve.TokenLocation{Position: loc.Position}
	tf.Locations = []*bleve.TokenLocation{loc}
	t.multi = append(t.multi, loc)
	return loc
}

// newFreq takes a TokenFreq from a block: one allocation for many.
func (t *tokenizer) newFreq() *bleve.TokenFreq {
	if len(t.freqs) == 0 {
		t.freqs = make([]bleve.TokenFreq, freqBlock)
	}
	tf := &t.freqs[0]
	t.freqs = t.freqs[1:]
	return tf
}

const freqBlock = 256

// toDeltas replaces each further position by its distance to the one before: a
// smaller number, and so fewer bytes.
func toDeltas(loc *bleve.TokenLocation) {
	before := uint64(loc.Position) //nolint:gosec // positions are not negative
	for i, p := range loc.ArrayPositions {
		loc.ArrayPositions[i] = p - before
		before = p
	}
}
