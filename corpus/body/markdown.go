package body

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// converter reads Markdown. Raw HTML passes through: what uses the result takes
// text out of it (Parse) or sanitises it (Render). A converter is immutable.
//
//nolint:gochecknoglobals // immutable value, costly to make
var converter = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough, extension.Linkify, extension.TaskList, extension.Footnote, extension.DefinitionList),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithHeadingAttribute()),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

// markdownHTML converts src; false if that would cost too much.
func markdownHTML(src string) (string, bool) {
	if tooCostly(src) {
		return "", false
	}
	var out bytes.Buffer
	if err := converter.Convert([]byte(src), &out); err != nil {
		return "", false // Only the writer can fail, and a buffer does not.
	}
	return out.String(), true
}

// readMarkdown adds the blocks, links and images of src to doc.
func readMarkdown(doc *Doc, src string) {
	if tooCostly(src) {
		readText(doc, src)
		return
	}
	source := []byte(src)
	w := walker{doc: doc, source: source}
	w.blocks(converter.Parser().Parse(text.NewReader(source)))
}
