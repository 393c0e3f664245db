package highlight_test

import (
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/corpus/synth"
	"alphanode/index/highlight"
)

// BenchmarkSnippet takes the passage of three words from generated posts, whose
// plain text is at hand.
func BenchmarkSnippet(b *testing.B) {
	var texts []string
	for p, err := range synth.New(1, 500).Posts(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		texts = append(texts, plain(&p))
	}
	h := highlight.New([]highlight.Term{
		{Text: "queue", Kind: highlight.Exact}, {Text: "retri", Kind: highlight.Stem, Word: 1}, {Text: "memory", Kind: highlight.Exact, Word: 2},
	})
	b.SetBytes(int64(len(strings.Join(texts, "")) / len(texts)))
	for i := 0; b.Loop(); i++ {
		h.Snippet(texts[i%len(texts)], "en", 220)
	}
}

func plain(p *corpus.Post) string {
	doc := body.Parse(p.BodyFormat, p.Body)
	return doc.Prose() + "\n" + doc.Code()
}
