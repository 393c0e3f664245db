package body_test

// Claim: no input makes Parse or Render fail, and what they give is valid UTF-8
// without template or script elements.

import (
	"testing"
	"unicode/utf8"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n*b* [c](d)\n\n```go\ne\n```", "{{< highlight go >}}\na\n{{< /highlight >}}", "{% raw %}{{ a }}{% endraw %}",
		"<div style={{a: 'b'}}><C d={e} /></div>", ":::note[a]\nb\n:::", "| a |\n|---|\n| b |", "[^a]: b\n\nc[^a]", "<pre>{{ a }}", "- a\n  > b\n\n      c",
		"import a from 'b'\nexport const c = {\n}\n", "{: .a}", "![a](<b> 'c'){.d}", "<!--more-->", "a\x00\xff{#b}", "{{\"a\"}}", "{%\n%}",
	} {
		f.Add(seed)
	}
	for _, attack := range attacks {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			t.Skip("longer inputs show nothing more")
		}
		for _, format := range []corpus.BodyFormat{corpus.Markdown, corpus.HTML, corpus.Text} {
			doc := body.Parse(format, src)
			for _, b := range doc.Blocks {
				if b.Text == "" || !utf8.ValidString(b.Text) {
					t.Errorf("%s: block %+v", format, b)
				}
			}
			checkSafe(t, format, src, body.Render(format, src))
		}
	})
}
