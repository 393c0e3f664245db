package body

import (
	"html"
	"strings"

	"alphanode/corpus"
)

// Parse splits src, written in format (empty means Markdown), into its parts.
func Parse(format corpus.BodyFormat, src string) Doc {
	var doc Doc
	for part := range strings.SplitSeq(src, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			doc.Blocks = append(doc.Blocks, Block{Text: part})
		}
	}
	return doc
}

// Render gives src, written in format (empty means Markdown), as sanitised HTML.
func Render(format corpus.BodyFormat, src string) string {
	return "<pre>" + html.EscapeString(src) + "</pre>"
}
