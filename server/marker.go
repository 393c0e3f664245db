package server

import (
	"html"
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
)

const (
	// snippetRunes is the length of a snippet.
	snippetRunes = 220
	// snippetBytes is how much of a body is read for a snippet.
	snippetBytes = 256 << 10
)

// marker makes the highlights and snippets of one answer.
type marker struct {
	on bool
}

func newMarker(words []index.Word, on bool) *marker {
	return &marker{on: on}
}

// hit is the JSON form of a hit.
func (m *marker) hit(h index.Hit, p *corpus.Post) hit {
	out := hit{ID: h.ID, URL: p.URL, Title: p.Title, Score: h.Score, Fields: newHitFields(p), Explain: h.Explain, Highlights: map[string]string{}}
	if !m.on {
		return out
	}
	out.Highlights["title"] = html.EscapeString(p.Title)
	out.Snippet = html.EscapeString(cut(m.text(p), snippetRunes))
	return out
}

// text is what a snippet is taken from: the summary, then prose, then code.
func (m *marker) text(p *corpus.Post) string {
	doc := body.Parse(p.BodyFormat, cut(p.Body, snippetBytes))
	return strings.TrimSpace(strings.Join([]string{p.Summary, doc.Prose(), doc.Code()}, "\n"))
}
