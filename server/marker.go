package server

import (
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/highlight"
)

const (
	// snippetRunes is the length of a snippet.
	snippetRunes = 220
	// snippetBytes is how much of a body is read for a snippet; what follows in a
	// longer one is searched, but not shown.
	snippetBytes = 256 << 10
)

// marker makes the highlights and snippets of one answer.
type marker struct {
	on bool
	h  *highlight.Highlighter
}

// newMarker marks what the words of a query matched. Stems are compared with
// stems; what else matched is a term of the index as it stands in the text.
func newMarker(words []index.Word, on bool) *marker {
	var terms []highlight.Term
	for i, w := range words {
		for _, v := range w.Variants {
			kind := highlight.Exact
			if v.Level == index.Stem {
				kind = highlight.Stem
			}
			terms = append(terms, highlight.Term{Text: v.Term, Kind: kind, Word: i})
		}
	}
	return &marker{on: on, h: highlight.New(terms)}
}

// hit is the JSON form of a hit.
func (m *marker) hit(h index.Hit, p *corpus.Post) hit {
	out := hit{
		ID: h.ID, URL: p.URL, Title: p.Title, Score: h.Score, Fields: newHitFields(p),
		Explain: h.Explain, Highlights: map[string]string{},
	}
	if m.on {
		out.Highlights["title"] = m.h.HTML(p.Title, p.Lang)
		out.Snippet = m.h.Snippet(snippetText(p), p.Lang, snippetRunes)
	}
	return out
}

// snippetText is what a snippet is taken from: the summary, then prose, then code.
func snippetText(p *corpus.Post) string {
	doc := body.Parse(p.BodyFormat, cut(p.Body, snippetBytes))
	parts := []string{p.Summary, doc.Prose(), doc.Code()}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}
