package server_test

import (
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parseHTML reads a page.
func parseHTML(tb testing.TB, r io.Reader) *html.Node {
	tb.Helper()
	doc, err := html.Parse(r)
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

// all finds elements by a selector of names, .classes, #ids and [attributes],
// spaces between ancestors.
func all(root *html.Node, selector string) []*html.Node {
	found := []*html.Node{root}
	for part := range strings.FieldsSeq(selector) {
		var next []*html.Node
		seen := map[*html.Node]bool{}
		for _, n := range found {
			for d := range n.Descendants() {
				if d.Type == html.ElementNode && matches(d, part) && !seen[d] {
					seen[d] = true
					next = append(next, d)
				}
			}
		}
		found = next
	}
	return found
}

// one finds exactly one element.
func one(tb testing.TB, root *html.Node, selector string) *html.Node {
	tb.Helper()
	found := all(root, selector)
	if len(found) != 1 {
		tb.Fatalf("%d elements are %q, want 1", len(found), selector)
	}
	return found[0]
}

// matches tests one compound selector, such as a.more[data-live].
func matches(n *html.Node, selector string) bool {
	for selector != "" {
		end := strings.IndexAny(selector[1:], ".#[") + 1
		if end == 0 {
			end = len(selector)
		}
		part := selector[:end]
		selector = selector[end:]
		var ok bool
		switch part[0] {
		case '.':
			ok = hasWord(attr(n, "class"), part[1:])
		case '#':
			ok = attr(n, "id") == part[1:]
		case '[':
			name, value, exact := strings.Cut(strings.Trim(part, "[]"), "=")
			ok = hasAttr(n, name) && (!exact || attr(n, name) == strings.Trim(value, `"`))
		default:
			ok = n.Data == part
		}
		if !ok {
			return false
		}
	}
	return true
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// attr is the value of an attribute; "" when absent.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is the text in an element, white space folded.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// texts is the text of each element.
func texts(nodes []*html.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, text(n))
	}
	return out
}
