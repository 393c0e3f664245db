// Package highlight answers: where in this text is what was searched. It marks
// matched terms in HTML and picks the passage of a text that shows most of a
// query. Whatever the text holds, the output has no markup but <mark>. It is pure.
package highlight

import (
	"slices"
	"strings"

	"alphanode/index/analysis"
)

// Kind says how a term is compared with a text's tokens.
type Kind uint8

// The kinds of term.
const (
	Exact  Kind = iota // the token's term is Text
	Stem               // the token's stem is Text
	Prefix             // the token's term starts with Text
)

// Term is one term to mark: what a query word matched.
type Term struct {
	// Text is folded as analysis.Token.Term is, or a stem.
	Text string
	Kind Kind
	// Word tells which query word the term stands for, counted from 0 and less than
	// MaxWords; several terms may stand for one.
	Word int
	// Weight says how much a passage gains by the term, the word's idf for instance.
	// Zero or less counts as 1.
	Weight float64
}

// MaxWords is the number of query words that are told apart; those beyond count as
// the last.
const MaxWords = 256

// Highlighter marks a set of terms. It is immutable and safe for concurrent use.
type Highlighter struct {
	terms    []Term
	words    int            // query words, at least one more than the largest Term.Word
	exact    map[string]int // index into terms of the best term
	stems    map[string]int
	prefixes []int
	// stemStart: the first bytes of stems. A stem starts as its word does.
	stemStart [256]bool
	sieve     sieve
	// byWord are the terms of each query word, where those of some word weigh differently;
	// else nil.
	byWord [][]int
}

// New returns a Highlighter for the terms. Terms with an empty Text are ignored.
func New(terms []Term) *Highlighter {
	h := &Highlighter{terms: make([]Term, 0, len(terms)), exact: make(map[string]int, len(terms)), stems: map[string]int{}}
	for _, t := range terms {
		if t.Text == "" {
			continue
		}
		if !(t.Weight > 0) {
			t.Weight = 1
		}
		t.Word = min(max(t.Word, 0), MaxWords-1)
		h.add(t)
	}
	h.group()
	return h
}

// group lists the terms of each word, where that is needed.
func (h *Highlighter) group() {
	weights := make([]float64, h.words)
	uneven := false
	for _, t := range h.terms {
		uneven = uneven || weights[t.Word] != 0 && weights[t.Word] != t.Weight
		weights[t.Word] = t.Weight
	}
	if !uneven {
		return
	}
	h.byWord = make([][]int, h.words)
	for i, t := range h.terms {
		h.byWord[t.Word] = append(h.byWord[t.Word], i)
	}
}

func (h *Highlighter) add(t Term) {
	i := len(h.terms)
	h.terms = append(h.terms, t)
	h.words = max(h.words, t.Word+1)
	h.sieve.add(t.Text)
	switch t.Kind {
	case Exact:
		h.keepBest(h.exact, i)
	case Stem:
		h.keepBest(h.stems, i)
		h.stemStart[t.Text[0]] = true
	case Prefix:
		h.prefixes = append(h.prefixes, i)
	}
}

func (h *Highlighter) keepBest(m map[string]int, i int) {
	t := h.terms[i]
	if j, ok := m[t.Text]; !ok || h.terms[j].Weight < t.Weight {
		m[t.Text] = i
	}
}

// match is a place in a text where a term was found.
type match struct {
	start, end int // bytes
	term       int // index into Highlighter.terms
}

// matches finds the terms in a text, in order of start, then of length.
func (h *Highlighter) matches(text, lang string) []match {
	if len(h.terms) == 0 {
		return nil
	}
	a := analysis.For(lang)
	f := finder{h: h, stemmer: a.NewStemmer()}
	var tokens []analysis.Token
	var found []match
	for at := 0; ; {
		start, end := h.piece(text, at)
		if start == end {
			return found
		}
		tokens = a.Append(tokens[:0], text[start:end], analysis.Prose)
		for _, t := range tokens {
			if i := f.find(t); i >= 0 {
				found = append(found, match{start + t.Start, start + t.End, i})
			}
		}
		at = end
	}
}

// piece is the next part of text from at that may hold a match, between spaces,
// which no token crosses; an empty one at the end.
func (h *Highlighter) piece(text string, at int) (start, end int) {
	i := h.sieve.next(text, at)
	if h.sieve.any || i == len(text) {
		return i, i + blockEnd(text[i:])
	}
	start, end = at, len(text)
	if n := strings.LastIndexAny(text[at:i], spaces); n >= 0 {
		start = at + n + 1
	}
	if n := strings.IndexAny(text[i:], spaces); n >= 0 {
		end = i + n + 1
	}
	return start, end
}

const spaces = " \n"

// blockBytes is how much text is analysed at once, so that memory for tokens does
// not grow with the text.
const blockBytes = 4 << 10

// blockEnd finds a space, which no token crosses, after which to cut a long text.
func blockEnd(text string) int {
	if len(text) <= blockBytes {
		return len(text)
	}
	if i := strings.LastIndexAny(text[:blockBytes], spaces); i > 0 {
		return i + 1
	}
	if i := strings.IndexAny(text[blockBytes:], spaces); i >= 0 {
		return blockBytes + i + 1
	}
	return len(text)
}

// finder looks tokens up; it belongs to one call.
type finder struct {
	h       *Highlighter
	stemmer *analysis.Stemmer
}

// find gives the index of the best term that a token matches, or -1.
func (f *finder) find(t analysis.Token) int {
	h := f.h
	if i, ok := h.exact[t.Term]; ok {
		return i
	}
	if h.stemStart[t.Term[0]] && analysis.Stems(t.Kind, analysis.Prose) {
		if i, ok := h.stems[f.stemmer.Stem(t.Term)]; ok {
			return i
		}
	}
	for _, i := range h.prefixes {
		if strings.HasPrefix(t.Term, h.terms[i].Text) {
			return i
		}
	}
	return -1
}

// span is a part of a text to be marked.
type span struct{ start, end int }

// spans joins matches that overlap, touch, or have nothing but one joining
// character between them.
func spans(text string, found []match) []span {
	var out []span
	for _, m := range found {
		if n := len(out); n > 0 && (m.start <= out[n-1].end || joins(text[out[n-1].end:m.start])) {
			out[n-1].end = max(out[n-1].end, m.end)
			continue
		}
		out = append(out, span{m.start, m.end})
	}
	return out
}

// joins reports whether a gap between two matches is marked with them.
func joins(gap string) bool {
	return slices.Contains([]string{" ", "-", "_", ".", "/", "::", "@", "'", "’", "‐", "‑"}, gap)
}

// HTML gives the text escaped, with what matches between <mark> and </mark>.
// Without the marks and unescaped it is the text again (bytes that are not UTF-8
// become U+FFFD).
func (h *Highlighter) HTML(text, lang string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	var w writer
	w.b.Grow(len(text) + len(text)/8)
	at := 0
	for _, s := range spans(text, h.matches(text, lang)) {
		w.text(text[at:s.start])
		w.mark(text[s.start:s.end])
		at = s.end
	}
	w.text(text[at:])
	return w.b.String()
}
