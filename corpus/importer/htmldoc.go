package importer

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// document is a whole HTML page: what its head says, and the part that is the
// article.
type document struct {
	meta map[string]any
	body string
}

// readDocument reads a page with <html> or <body>; false for a fragment. The
// article is the content of the first <article>, else <main>, else <body>. It
// reads tokens, so that neither nesting nor missing end tags matter.
func readDocument(src string) (document, bool) {
	d := docReader{doc: document{meta: make(map[string]any)}, parts: make(map[atom.Atom]*docPart)}
	z := html.NewTokenizer(strings.NewReader(src))
	at := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := len(z.Raw())
		d.token(z, kind, at, at+raw)
		at += raw
	}
	if !d.whole {
		return document{}, false
	}
	for _, tag := range []atom.Atom{atom.Article, atom.Main, atom.Body} {
		if part := d.parts[tag]; part != nil {
			if part.depth > 0 {
				part.to = len(src)
			}
			d.doc.body = strings.TrimSpace(src[part.from:part.to])
			return d.doc, true
		}
	}
	d.doc.body = strings.TrimSpace(src[d.headEnd:])
	return d.doc, true
}

// docPart is where the content of an element stands.
type docPart struct {
	from, to, depth int
	done            bool
}

type docReader struct {
	doc     document
	parts   map[atom.Atom]*docPart
	whole   bool
	title   bool
	headEnd int
}

func (d *docReader) token(z *html.Tokenizer, kind html.TokenType, from, to int) {
	switch kind {
	case html.TextToken:
		if title := strings.TrimSpace(html.UnescapeString(string(z.Raw()))); d.title && title != "" {
			d.put("title", title)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		d.start(z.Token(), to)
	case html.EndTagToken:
		name, _ := z.TagName()
		d.end(atom.Lookup(name), from, to)
	case html.DoctypeToken:
		d.whole = true
	default: // Comments say nothing.
	}
}

func (d *docReader) start(t html.Token, to int) {
	switch t.DataAtom {
	case atom.Html:
		d.whole = true
		if lang := attribute(t, "lang"); lang != "" {
			d.put("lang", lang)
		}
	case atom.Title:
		d.title = d.parts[atom.Body] == nil
	case atom.Meta:
		d.metaTag(t)
	case atom.Link:
		if strings.EqualFold(attribute(t, "rel"), "canonical") {
			d.put("url", attribute(t, "href"))
		}
	case atom.Body, atom.Main, atom.Article:
		d.whole = d.whole || t.DataAtom == atom.Body
		part := d.parts[t.DataAtom]
		if part == nil {
			part = &docPart{from: to}
			d.parts[t.DataAtom] = part
		}
		if !part.done {
			part.depth++
		}
	default:
	}
}

func (d *docReader) end(tag atom.Atom, from, to int) {
	switch tag {
	case atom.Title:
		d.title = false
	case atom.Head:
		d.headEnd = to
	case atom.Body, atom.Main, atom.Article:
		if part := d.parts[tag]; part != nil && !part.done && part.depth > 0 {
			if part.depth--; part.depth == 0 {
				part.to, part.done = from, true
			}
		}
	default:
	}
}

// metaNames of documents by the names that they have in head.
//
//nolint:gochecknoglobals // immutable table
var headNames = map[string]string{
	"description": "description", "og:description": "excerpt", "keywords": "keywords", "author": "author", "date": "date",
	"article:published_time": "publishedtime", "article:modified_time": "updated", "article:author": "author", "article:section": "category",
	"og:title": "headline", "og:image": "image", "article:tag": "tags",
}

func (d *docReader) metaTag(t html.Token) {
	name := strings.ToLower(attribute(t, "name"))
	if name == "" {
		name = strings.ToLower(attribute(t, "property"))
	}
	value := strings.TrimSpace(attribute(t, "content"))
	member, known := headNames[name]
	if !known || value == "" {
		return
	}
	if old, ok := d.doc.meta[member].(string); ok && member == "tags" {
		value = old + ", " + value
	} else if d.doc.meta[member] != nil {
		return
	}
	d.doc.meta[member] = value
}

func (d *docReader) put(name, value string) {
	if _, taken := d.doc.meta[name]; !taken && value != "" {
		d.doc.meta[name] = value
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
