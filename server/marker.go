package server

import (
	"strings"

	"alphanode/index"
	"alphanode/index/highlight"
)

// snippetRunes is the length of a snippet.
const snippetRunes = 220

// marker makes the highlights and snippets of one answer.
type marker struct {
	on    bool
	h     *highlight.Highlighter
	texts *textCache
}

// newMarker marks what the words of a query matched. Stems are compared with
// stems; what else matched is a term of the index as it stands in the text.
func newMarker(words []index.Word, on bool, texts *textCache) *marker {
	n := 0
	for i := range words {
		n += len(words[i].Variants)
	}
	terms := make([]highlight.Term, 0, n)
	for i, w := range words {
		for _, v := range w.Variants {
			kind := highlight.Exact
			if v.Level == index.Stem {
				kind = highlight.Stem
			}
			terms = append(terms, highlight.Term{Text: v.Term, Kind: kind, Word: i})
		}
	}
	return &marker{on: on, h: highlight.New(terms), texts: texts}
}

// hit is the JSON form of a hit.
func (m *marker) hit(h foundHit) hit {
	p := &h.record.Post
	out := hit{
		ID: h.ID, URL: p.URL, Title: p.Title, Score: h.Score, Fields: newHitFields(p),
		Explain: h.Explain, Highlights: map[string]string{},
	}
	if m.on {
		out.Highlights["title"] = m.h.HTML(p.Title, p.Lang)
		out.Snippet = m.snippet(m.texts.text(&h.record), p.Lang)
	}
	return out
}

// snippetHead is where a snippet is looked for first.
const snippetHead = 8 << 10

// snippet is the best passage of the beginning, or of the whole text where the
// beginning has nothing that matched: looking through long texts for a better
// passage takes longer than finding the posts.
func (m *marker) snippet(text, lang string) string {
	head := cut(text, snippetHead)
	passage := m.h.Snippet(head, lang, snippetRunes)
	if len(head) == len(text) || strings.Contains(passage, "<mark>") {
		return passage
	}
	if whole := m.h.Snippet(text, lang, snippetRunes); strings.Contains(whole, "<mark>") {
		return whole
	}
	return passage
}
