package body

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker takes the text out of a Markdown syntax tree. Its recursion is bounded
// by what tooCostly lets through.
type walker struct {
	doc    *Doc
	source []byte
	buf    []byte // text of the open block

	anchor int // where the text of an open <a> starts in buf, -1 without one
	href   string
	skip   atom.Atom // the raw element whose content is no text
}

func (w *walker) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *walker) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		w.add(Heading, n.Level, n)
	case *ast.Paragraph, *ast.TextBlock, *extast.DefinitionTerm:
		w.add(Paragraph, 0, n)
	case *extast.TableRow, *extast.TableHeader:
		w.add(Paragraph, 0, n)
	case *ast.FencedCodeBlock:
		lang := ""
		if n.Info != nil {
			lang = fenceLang(string(n.Info.Value(w.source)))
		}
		w.code(lang, n)
	case *ast.CodeBlock:
		w.code("", n)
	case *ast.HTMLBlock:
		raw := n.Lines().Value(w.source)
		if n.HasClosure() {
			raw = append(slices.Clip(raw), n.ClosureLine.Value(w.source)...)
		}
		readHTML(w.doc, string(raw))
	default:
		w.blocks(n)
	}
}

func (w *walker) code(lang string, n ast.Node) {
	w.doc.add(Block{Kind: Code, Lang: lang, Text: trimCode(string(n.Lines().Value(w.source)))})
}

// add makes a block of the inline content of n.
func (w *walker) add(kind Kind, level int, n ast.Node) {
	w.buf, w.anchor, w.skip = w.buf[:0], -1, 0
	w.inlines(n)
	w.endAnchor()
	w.doc.add(Block{Kind: kind, Level: level, Text: squeeze(w.buf)})
}

func (w *walker) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if w.skip == 0 || n.Kind() == ast.KindRawHTML {
			w.inline(n)
		}
	}
}

func (w *walker) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(n)
	case *ast.String:
		w.buf = append(w.buf, n.Value...)
	case *ast.CodeSpan:
		w.codeSpan(n)
	case *ast.Link:
		at := len(w.buf)
		w.inlines(n)
		w.link(string(n.Destination), at)
	case *ast.Image:
		w.image(n)
	case *ast.AutoLink:
		at := len(w.buf)
		w.buf = append(w.buf, n.Label(w.source)...)
		if n.AutoLinkType == ast.AutoLinkURL {
			w.link(string(n.URL(w.source)), at)
		}
	case *ast.RawHTML:
		w.tag(string(n.Segments.Value(w.source)))
	case *extast.TableCell:
		w.inlines(n)
		w.buf = append(w.buf, ' ')
	case *extast.FootnoteLink, *extast.FootnoteBacklink:
	default:
		w.inlines(n)
	}
}

func (w *walker) text(n *ast.Text) {
	value := n.Segment.Value(w.source)
	if n.IsRaw() {
		w.buf = append(w.buf, value...)
	} else {
		w.buf = append(w.buf, plain(value)...)
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		w.buf = append(w.buf, ' ')
	}
}

// plain resolves backslashes and entities.
func plain(value []byte) []byte {
	special := false
	for _, c := range value {
		special = special || c == '\\' || c == '&'
	}
	if !special {
		return value
	}
	// An escaped ampersand begins no entity, so what is between the backslashes
	// is decoded piece by piece.
	var out []byte
	for from := 0; from < len(value); {
		i := from
		for i < len(value) && (value[i] != '\\' || i+1 == len(value) || !util.IsPunct(value[i+1])) {
			i++
		}
		out = appendText(out, html.UnescapeString(string(value[from:i])))
		if i < len(value) {
			out = append(out, value[i+1])
		}
		from = i + 2
	}
	return out
}

func (w *walker) codeSpan(n *ast.CodeSpan) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			w.buf = append(w.buf, t.Segment.Value(w.source)...)
		}
	}
}

func (w *walker) link(url string, at int) {
	if url != "" {
		w.doc.Links = append(w.doc.Links, Link{URL: url, Text: squeeze(w.buf[at:])})
	}
}

// image takes the alternative text out of the prose and makes it a caption.
func (w *walker) image(n *ast.Image) {
	at, links := len(w.buf), len(w.doc.Links)
	w.inlines(n)
	caption := squeeze(w.buf[at:])
	if caption == "" {
		caption = string(n.Title)
	}
	w.buf, w.doc.Links = w.buf[:at], w.doc.Links[:links]
	w.anchor = min(w.anchor, at)
	w.addImage(string(n.Destination), caption)
}

func (w *walker) addImage(url, caption string) {
	if img, ok := newImage(url, caption); ok {
		w.doc.Images = append(w.doc.Images, img)
	}
}

// tag notes what a tag within a paragraph means for the text.
func (w *walker) tag(raw string) {
	z := html.NewTokenizer(strings.NewReader(raw))
	kind := z.Next()
	name, more := z.TagName()
	tag := atom.Lookup(name)
	var attrs attributes
	if more && kind != html.EndTagToken {
		attrs = readAttributes(z)
	}
	switch {
	case kind == html.EndTagToken:
		if tag == atom.A {
			w.endAnchor()
		}
		if tag == w.skip {
			w.skip = 0
		}
	case w.skip != 0 || kind != html.StartTagToken && kind != html.SelfClosingTagToken:
	case tag == atom.Br:
		w.buf = append(w.buf, ' ')
	case tag == atom.Img:
		w.addImage(attrs.src, attrs.alt)
	case tag == atom.A && attrs.href != "":
		w.endAnchor()
		w.anchor, w.href = len(w.buf), attrs.href
	case skipped[tag] && kind == html.StartTagToken:
		w.skip = tag
	}
}

func (w *walker) endAnchor() {
	if w.anchor >= 0 {
		w.link(w.href, w.anchor)
		w.anchor = -1
	}
}

// squeeze makes runs of white space one space and trims.
func squeeze(b []byte) string {
	if squeezed(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c == '\n' || c == '\t' || c == ' ' {
			if len(out) == 0 || out[len(out)-1] == ' ' {
				continue
			}
			c = ' '
		}
		out = append(out, c)
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return string(out)
}

// squeezed reports text that squeeze would leave as it is.
func squeezed(b []byte) bool {
	space := true
	for _, c := range b {
		if c == '\n' || c == '\t' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || len(b) == 0
}
