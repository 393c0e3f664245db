package body

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// oracle reads Markdown with a full CommonMark parser and returns the words of
// prose and headings, the words of code, and the addresses of links.
func oracle(src string) (prose, code, links []string) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithHeadingAttribute()))
	source := []byte(src)
	root := md.Parser().Parse(text.NewReader(source))
	var p, c bytes.Buffer
	var doc Doc
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeBlock && !entering {
			p.WriteByte('\n')
		}
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			p.Write(unescaped(n, source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				p.WriteByte('\n')
			}
		case *ast.String:
			p.Write(n.Value)
		case *ast.CodeSpan:
			for t := n.FirstChild(); t != nil; t = t.NextSibling() {
				p.Write(t.(*ast.Text).Segment.Value(source))
			}
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			if tag := string(n.Segments.Value(source)); strings.HasPrefix(tag, "<br") {
				p.WriteByte(' ')
			}
		case *ast.AutoLink:
			p.Write(n.Label(source))
			links = append(links, string(n.URL(source)))
		case *ast.Link:
			links = append(links, string(n.Destination))
		case *extast.FootnoteBacklink:
			return ast.WalkSkipChildren, nil
		case *ast.FencedCodeBlock:
			c.Write(n.Lines().Value(source))
		case *ast.CodeBlock:
			c.Write(n.Lines().Value(source))
		case *ast.HTMLBlock:
			raw := string(n.Lines().Value(source))
			if n.HasClosure() {
				raw += string(n.ClosureLine.Value(source))
			}
			sub := Doc{}
			readHTML(&sub, raw)
			p.WriteString(sub.Prose() + "\n" + sub.Headings())
			c.WriteString(sub.Code())
			doc.Links = append(doc.Links, sub.Links...)
		}
		return ast.WalkContinue, nil
	})
	return words(p.String()), words(c.String()), links
}

// unescaped resolves backslashes and entities of a text node.
func unescaped(n *ast.Text, source []byte) []byte {
	if n.IsRaw() {
		return n.Segment.Value(source)
	}
	return []byte(unescape(string(n.Segment.Value(source))))
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
