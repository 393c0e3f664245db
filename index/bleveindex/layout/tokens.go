package layout

import (
	"slices"
	"strings"
	"sync"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/bleveindex/zapwriter"
)

// tokenizer turns passages into tokens of a segment. It keeps buffers between uses
// and serves one goroutine at a time.
type tokenizer struct {
	tokens []analysis.Token
	sights []zapwriter.Sight // of tokens
	cache  map[stemKey]string
	langs  *languages
}

type stemKey struct{ lang, term string }

const (
	// maxStems bounds the cache of stems; a full one is thrown away.
	maxStems = 1 << 16
	// maxLangs bounds the numbers of languages; a tag beyond is not remembered.
	maxLangs = 1 << 10
)

func newTokenizer(langs *languages) *tokenizer {
	return &tokenizer{cache: make(map[stemKey]string), langs: langs}
}

// write gives the terms of the passages to field of the current document of b, and
// returns the field's length. Afterwards stems gives the distinct stems.
func (t *tokenizer) write(b *zapwriter.Builder, field int, passages []index.Passage, lang string, plain bool) int {
	length := t.tokenize(passages, lang, plain)
	if length == 0 {
		return 0
	}
	s := stemmer{tokenizer: t, analyzer: analysis.For(lang), lang: lang, number: t.langs.number(lang), b: b, field: field}
	t.sights = t.sights[:0]
	for i := range t.tokens {
		t.sights = append(t.sights, b.Sight(field, t.tokens[i].Term))
	}
	for i := range t.tokens {
		token := &t.tokens[i]
		position := uint32(token.Position) //nolint:gosec // not negative
		n := b.AddSighted(field, token.Term, t.sights[i], position)
		if !plain && Stemmed(token.Kind) {
			s.add(n, token.Term, position)
		}
	}
	return length
}

// languages numbers languages from 1. Safe for concurrent use.
type languages struct {
	mu      sync.RWMutex
	numbers map[string]uint32
}

// number is 0 for a language that is one too many.
func (l *languages) number(lang string) uint32 {
	l.mu.RLock()
	n, ok := l.numbers[lang]
	full := len(l.numbers) == maxLangs
	l.mu.RUnlock()
	if ok || full {
		return n
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.numbers == nil {
		l.numbers = make(map[string]uint32)
	}
	if n, ok := l.numbers[lang]; ok || len(l.numbers) == maxLangs {
		return n
	}
	n = uint32(len(l.numbers) + 1) //nolint:gosec // bounded
	l.numbers[strings.Clone(lang)] = n
	return n
}

// stemmer adds the stems of one field of a document. What the stem of a term is is
// noted with the term in the builder: most words have occurred before.
type stemmer struct {
	*tokenizer

	analyzer *analysis.Analyzer
	lang     string
	number   uint32
	b        *zapwriter.Builder
	field    int
}

// add adds the marked stem of the term of number n, if it has one of its own.
func (s *stemmer) add(n uint32, term string, position uint32) {
	note := s.b.Note(s.field, n)
	if s.number == 0 || uint32(note>>32) != s.number { //nolint:gosec // the upper half
		stem := s.stem(s.analyzer, s.lang, term)
		if stem == "" {
			s.b.SetNote(s.field, n, uint64(s.number)<<32)
			return
		}
		m := s.b.Add(s.field, stem, position)
		s.b.SetNote(s.field, n, uint64(s.number)<<32|uint64(m+1))
		return
	}
	if m := uint32(note); m > 0 { //nolint:gosec // the lower half
		s.b.AddAgain(s.field, m-1, position)
	}
}

// tokenize fills t.tokens and returns the number of positions.
func (t *tokenizer) tokenize(passages []index.Passage, lang string, plain bool) int {
	t.tokens = t.tokens[:0]
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

// stems gives the distinct stems of the last text, marks removed, in order.
func (t *tokenizer) stems(lang string, plain bool) []string {
	a := analysis.For(lang)
	out := make([]string, 0, len(t.tokens))
	for i := range t.tokens {
		term := t.tokens[i].Term
		if !plain && Stemmed(t.tokens[i].Kind) {
			if stem := t.stem(a, lang, term); stem != "" {
				term = stem
			}
		}
		out = append(out, strings.TrimPrefix(term, StemMark))
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
