package body

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// converter turns Markdown into HTML. Raw HTML passes through: what reads the
// result takes text out of it (Parse) or sanitises it (Render). A converter is
// immutable.
//
//nolint:gochecknoglobals // immutable value, costly to make
var converter = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithAttribute()),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

// markdownHTML converts src, bounded first so that no input takes more than
// linear time.
func markdownHTML(src string) string {
	var out bytes.Buffer
	if err := converter.Convert([]byte(guard(src)), &out); err != nil {
		return "" // Only the writer can fail, and a buffer does not.
	}
	return out.String()
}
