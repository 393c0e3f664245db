// Package highlight answers: where in a text is what matched. It is pure, and
// what it returns is safe to put into HTML whatever the text.
package highlight

import (
	"html"
	"sort"
	"strings"

	"alphanode/index/analysis"
)

// Kind says how a Term is compared with the tokens of a text.
type Kind uint8

// The kinds of term.
const (
	Exact  Kind = iota // the token's term
	Stem               // the token's stem
	Prefix             // the beginning of the token's term
)

// Term is one thing that matched.
type Term struct {
	// Text is folded, as analysis.Token.Term is; a stem for kind Stem.
	Text string
	Kind Kind
	// Word is the place of the query word that it stands for: a passage is better
	// the more different words it holds.
	Word int
	// Weight is how much the word counts in the choice of a passage, for instance
	// its idf; 0 counts as 1.
	Weight float64
}

// The marks around what matched.
const (
	open  = "<mark>"
	close = "</mark>"
)

// Highlighter marks the terms of one query. It is immutable and may be used by
// any number of goroutines.
type Highlighter struct {
	exact, stems map[string]Term
	prefixes     []Term
}

// New returns a highlighter of terms.
func New(terms []Term) *Highlighter {
	h := &Highlighter{exact: make(map[string]Term), stems: make(map[string]Term)}
	for _, t := range terms {
		if t.Weight == 0 {
			t.Weight = 1
		}
		switch t.Kind {
		case Exact:
			h.exact[t.Text] = t
		case Stem:
			h.stems[t.Text] = t
		case Prefix:
			h.prefixes = append(h.prefixes, t)
		}
	}
	return h
}

// match is a run of bytes that a term matched.
type match struct {
	from, to int
	word     int
	weight   float64
}

// matches lists what matched in text, ordered, without overlaps; of several
// matches of the same place the longest stands.
func (h *Highlighter) matches(text, lang string) []match {
	if len(h.exact)+len(h.stems)+len(h.prefixes) == 0 {
		return nil
	}
	analyzer := analysis.For(lang)
	var out []match
	for _, token := range analyzer.Append(nil, text, analysis.Prose) {
		if t, ok := h.term(analyzer, token); ok {
			out = append(out, match{from: token.Start, to: token.End, word: t.Word, weight: t.Weight})
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].from != out[j].from {
			return out[i].from < out[j].from
		}
		return out[i].to > out[j].to
	})
	return dropOverlaps(out)
}

func (h *Highlighter) term(a *analysis.Analyzer, token analysis.Token) (Term, bool) {
	if t, ok := h.exact[token.Term]; ok {
		return t, true
	}
	for _, p := range h.prefixes {
		if strings.HasPrefix(token.Term, p.Text) {
			return p, true
		}
	}
	if len(h.stems) == 0 || (token.Kind != analysis.Word && token.Kind != analysis.Part) {
		return Term{}, false
	}
	t, ok := h.stems[a.Stem(token.Term)]
	return t, ok
}

func dropOverlaps(ms []match) []match {
	kept := ms[:0]
	for _, m := range ms {
		if n := len(kept); n > 0 && m.from < kept[n-1].to {
			continue
		}
		kept = append(kept, m)
	}
	return kept
}

// HTML returns the whole of text, escaped, with what matched in <mark>. lang is
// the language that text is analysed in.
func (h *Highlighter) HTML(text, lang string) string {
	var b strings.Builder
	writeMarked(&b, text, h.matches(text, lang), 0, len(text))
	return b.String()
}

// writeMarked writes text[from:to] escaped, with the matches inside it marked.
func writeMarked(b *strings.Builder, text string, ms []match, from, to int) {
	for _, m := range ms {
		if m.from < from || m.to > to {
			continue
		}
		b.WriteString(html.EscapeString(text[from:m.from]))
		b.WriteString(open)
		b.WriteString(html.EscapeString(text[m.from:m.to]))
		b.WriteString(close)
		from = m.to
	}
	b.WriteString(html.EscapeString(text[from:to]))
}
