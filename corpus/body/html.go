package body

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlReader splits HTML into blocks in one pass over its tokens. It builds no
// tree, so neither nesting nor unclosed elements cost anything.
type htmlReader struct {
	doc *Doc

	buf   []byte // text of the open block
	level int    // of the open heading; 0 outside headings
	pre   int    // open <pre> elements
	lang  string // of the open <pre>
	skip  atom.Atom
	depth int // open elements named skip

	anchor  int // where the text of the open link starts in buf; -1 outside links
	href    string
	caption int // where the text of the open <figcaption> starts; -1 outside
	figure  int // first image of the open <figure>; -1 outside
}

// readHTML adds the blocks, links and images of src to doc.
func readHTML(doc *Doc, src string) {
	r := htmlReader{doc: doc, anchor: -1, caption: -1, figure: -1}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			r.endAnchor()
			r.flush()
			return
		case html.TextToken:
			r.text(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			r.end(z)
		default: // Comments and document types say nothing.
		}
	}
}

func (r *htmlReader) text(z *html.Tokenizer) {
	if r.skip != 0 {
		return
	}
	s := html.UnescapeString(string(z.Raw()))
	if r.pre > 0 {
		r.buf = append(r.buf, strings.ReplaceAll(s, "\u00a0", " ")...)
		return
	}
	r.buf = appendText(r.buf, s)
}

func (r *htmlReader) start(z *html.Tokenizer, closed bool) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	if r.skip != 0 {
		if tag == r.skip && !closed {
			r.depth++
		}
		return
	}
	var attrs attributes
	if more && wanted[tag] {
		attrs = readAttributes(z)
	}
	switch {
	case skipped[tag]:
		if !closed {
			r.skip, r.depth = tag, 1
		}
	case tag == atom.Pre:
		r.startPre(attrs)
	case tag == atom.Code && r.pre > 0 && r.lang == "":
		r.lang = attrs.lang()
	case tag == atom.Br:
		r.breakLine()
	case tag == atom.Td || tag == atom.Th:
		r.space()
	case tag == atom.Img:
		r.image(attrs)
	case tag == atom.A:
		r.startAnchor(attrs.href)
	case blocks[tag]:
		r.startBlock(tag)
	}
}

func (r *htmlReader) end(z *html.Tokenizer) {
	name, _ := z.TagName()
	tag := atom.Lookup(name)
	if r.skip != 0 {
		if tag == r.skip {
			if r.depth--; r.depth == 0 {
				r.skip = 0
			}
		}
		return
	}
	switch {
	case tag == atom.Pre:
		r.endPre()
	case tag == atom.A:
		r.endAnchor()
	case tag == atom.Figcaption:
		r.endCaption()
		r.flush()
	case tag == atom.Figure:
		r.flush()
		r.figure = -1
	case blocks[tag]:
		r.flush()
	}
}

func (r *htmlReader) startBlock(tag atom.Atom) {
	r.flush()
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if r.pre == 0 {
			r.level = int(tag.String()[1] - '0')
		}
	case atom.Figure:
		r.figure = len(r.doc.Images)
	case atom.Figcaption:
		r.caption = len(r.buf)
	default:
	}
}

// flush ends the open block. Within <pre> it is only a line break.
func (r *htmlReader) flush() {
	if r.pre > 0 {
		r.breakLine()
		return
	}
	r.endAnchor()
	r.block(Paragraph)
}

func (r *htmlReader) block(kind Kind) {
	level := r.level
	if level > 0 {
		kind = Heading
	}
	r.doc.add(Block{Kind: kind, Level: level, Text: strings.Join(strings.Fields(string(r.buf)), " ")})
	r.buf, r.level, r.caption = r.buf[:0], 0, -1
}

func (r *htmlReader) startPre(attrs attributes) {
	if r.pre == 0 {
		r.flush()
		r.level, r.lang = 0, attrs.lang()
	}
	r.pre++
}

func (r *htmlReader) endPre() {
	if r.pre == 0 {
		return
	}
	if r.pre--; r.pre > 0 {
		return
	}
	r.endAnchor()
	r.doc.add(Block{Kind: Code, Lang: r.lang, Text: trimCode(string(r.buf))})
	r.buf, r.lang = r.buf[:0], ""
}

func (r *htmlReader) breakLine() {
	if r.pre > 0 {
		r.buf = append(r.buf, '\n')
		return
	}
	r.space()
}

func (r *htmlReader) space() { r.buf = append(r.buf, ' ') }

func (r *htmlReader) image(attrs attributes) {
	caption := attrs.alt
	if caption == "" {
		caption = attrs.title
	}
	if img, ok := newImage(attrs.src, caption); ok {
		r.doc.Images = append(r.doc.Images, img)
	}
}

// endCaption gives the caption to the images of the figure that have none.
func (r *htmlReader) endCaption() {
	if r.caption < 0 || r.figure < 0 {
		return
	}
	caption := strings.Join(strings.Fields(string(r.buf[min(r.caption, len(r.buf)):])), " ")
	for i := r.figure; i < len(r.doc.Images); i++ {
		if r.doc.Images[i].Caption == "" {
			r.doc.Images[i].Caption = caption
		}
	}
	r.figure = len(r.doc.Images)
}

func (r *htmlReader) startAnchor(href string) {
	r.endAnchor()
	if href != "" {
		r.anchor, r.href = len(r.buf), href
	}
}

func (r *htmlReader) endAnchor() {
	if r.anchor < 0 {
		return
	}
	text := strings.Join(strings.Fields(string(r.buf[r.anchor:])), " ")
	r.doc.Links = append(r.doc.Links, Link{URL: r.href, Text: text})
	r.anchor = -1
}

// attributes are those of a tag that matter here.
type attributes struct{ src, href, alt, title, class, dataLang string }

func readAttributes(z *html.Tokenizer) (a attributes) {
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "src":
			a.src = string(value)
		case "data-src":
			if a.src == "" {
				a.src = string(value)
			}
		case "href":
			a.href = strings.TrimSpace(string(value))
		case "alt":
			a.alt = string(value)
		case "title":
			a.title = string(value)
		case "class":
			a.class = string(value)
		case "data-lang", "data-language", "lang":
			a.dataLang = string(value)
		}
		if !more {
			return a
		}
	}
}

// lang is the language of code by the usual class names.
func (a attributes) lang() string {
	if a.dataLang != "" {
		return fenceLang(a.dataLang)
	}
	for class := range strings.FieldsSeq(a.class) {
		for _, prefix := range []string{"language-", "lang-", "highlight-source-", "sourceCode", "brush:"} {
			if rest, ok := strings.CutPrefix(class, prefix); ok && rest != "" {
				return fenceLang(rest)
			}
		}
	}
	return ""
}

//nolint:gochecknoglobals // immutable table
var skipped = atoms(atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Iframe,
	atom.Object, atom.Select, atom.Head, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Noembed,
	atom.Noframes)

//nolint:gochecknoglobals // immutable table
var wanted = atoms(atom.A, atom.Img, atom.Pre, atom.Code)

// blocks are the elements that begin and end a block of text.
//
//nolint:gochecknoglobals // immutable table
var blocks = atoms(atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center,
	atom.Dd, atom.Details, atom.Dialog, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure,
	atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Html,
	atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Section, atom.Summary, atom.Table,
	atom.Tbody, atom.Tfoot, atom.Thead, atom.Title, atom.Tr, atom.Ul)

func atoms(list ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(list))
	for _, a := range list {
		m[a] = true
	}
	return m
}
