package body

import (
	"bytes"
	"strings"

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
var converter = newConverter(extension.Linkify)

// unlinked is converter for text without bare addresses, which cost a look at every
// word.
//
//nolint:gochecknoglobals // immutable value, costly to make
var unlinked = newConverter()

func newConverter(more ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList),
		goldmark.WithExtensions(more...),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithHeadingAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
}

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
	var s splitter
	r := fastReader{doc: doc, src: src}
	if !s.split(src) || !r.define(&s) {
		parseMarkdown(doc, src, nil)
		return
	}
	for _, p := range s.parts {
		r.part(p)
	}
}

// fastReader reads parts.
type fastReader struct {
	doc     *Doc
	src     string
	inline  inline
	defined []parser.Reference
}

// What parsing by parts may cost beyond parsing the whole: each part takes a
// parser, and is told of each link that is defined.
const (
	minPart        = 32 // bytes of a part, on average
	fewParts       = 64 // which may be smaller
	maxDefinitions = 1 << 18
)

// define gathers what links are called by name. It is false where the whole is
// parsed in less time.
func (r *fastReader) define(s *splitter) bool {
	if len(s.parts) > fewParts+len(r.src)/minPart {
		return false
	}
	if !s.defines {
		return true
	}
	ctx := parser.NewContext()
	for _, p := range s.parts {
		if p.kind == definitionPart {
			unlinked.Parser().Parse(text.NewReader([]byte(r.src[p.from:p.to])), parser.WithContext(ctx))
		}
	}
	r.defined = ctx.References()
	r.inline.names = len(r.defined) > 0
	return len(r.defined)*len(s.parts) <= maxDefinitions
}

// part adds one part to the document.
func (r *fastReader) part(p part) {
	src := r.src[p.from:p.to]
	switch {
	case p.kind == definitionPart:
	case p.kind == codePart:
		if p.indent > 0 {
			src = unindent(src, p.indent)
		}
		r.doc.add(Block{Kind: Code, Lang: p.lang, Text: trimCode(src)})
	case p.kind == mixedPart || !r.inline.read(src):
		if p.kind == headingPart {
			src = strings.Repeat("#", p.level) + src
		}
		parseMarkdown(r.doc, src, r.defined)
	default:
		kind := Paragraph
		if p.kind == headingPart {
			kind = Heading
		}
		r.doc.add(Block{Kind: kind, Level: p.level, Text: squeeze(r.inline.buf)})
		r.doc.Links = append(r.doc.Links, r.inline.links...)
	}
}

// parseMarkdown is readMarkdown by way of a syntax tree. Defined are links by name
// besides those that src defines.
func parseMarkdown(doc *Doc, src string, defined []parser.Reference) {
	md := converter
	if !strings.Contains(src, "://") && !strings.Contains(src, "www.") && !strings.ContainsAny(src, `@\&`) {
		md = unlinked // How text with escapes is cut into pieces would show.
	}
	ctx := parser.NewContext()
	for _, d := range defined {
		ctx.AddReference(d)
	}
	source := []byte(src)
	w := walker{doc: doc, source: source}
	w.blocks(md.Parser().Parse(text.NewReader(source), parser.WithContext(ctx)))
}
