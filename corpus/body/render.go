package body

import (
	"html"

	"alphanode/corpus"
)

// Render gives src, written in format (empty means Markdown), as sanitised HTML.
func Render(format corpus.BodyFormat, src string) string {
	return "<pre>" + html.EscapeString(src) + "</pre>"
}
