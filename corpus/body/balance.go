package body

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// idPrefix keeps the ids of a body apart from those of the page around it.
	idPrefix = "post-"
	// maxOpen is how many elements may be open at once; deeper ones are dropped,
	// their content stays.
	maxOpen = 256
)

// balance makes a fragment of sanitised HTML that cannot reach beyond itself: end
// tags that close nothing are dropped, what is open at the end is closed.
func balance(src string) string {
	b := balancer{}
	b.out.Grow(len(src) + len(src)/8)
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			b.closeTo(0)
			return b.out.String()
		case html.TextToken:
			b.out.Write(z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			b.start(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		default: // Comments and document types say nothing.
		}
	}
}

type balancer struct {
	out  strings.Builder
	open []string
	live map[string]int // how many elements of each name are open
}

func (b *balancer) start(t html.Token) {
	void := voidTags[t.DataAtom]
	if !void {
		if len(b.open) >= maxOpen {
			return
		}
		if b.live == nil {
			b.live = make(map[string]int)
		}
		b.open = append(b.open, t.Data)
		b.live[t.Data]++
	}
	b.out.WriteByte('<')
	b.out.WriteString(t.Data)
	for _, a := range t.Attr {
		b.attribute(a)
	}
	if t.DataAtom == atom.Img {
		b.out.WriteString(` loading="lazy"`)
	}
	b.out.WriteByte('>')
}

func (b *balancer) attribute(a html.Attribute) {
	switch {
	case a.Key == "id":
		a.Val = idPrefix + a.Val
	case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#':
		a.Val = "#" + idPrefix + a.Val[1:]
	}
	b.out.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
}

// end closes the innermost element of that name, and those opened in it.
func (b *balancer) end(name string) {
	if b.live[name] == 0 {
		return
	}
	for i, open := range slices.Backward(b.open) {
		if open == name {
			b.closeTo(i)
			return
		}
	}
}

func (b *balancer) closeTo(n int) {
	for _, name := range slices.Backward(b.open[n:]) {
		b.out.WriteString("</" + name + ">")
		b.live[name]--
	}
	b.open = b.open[:n]
}

//nolint:gochecknoglobals // immutable table
var voidTags = atoms(atom.Br, atom.Hr, atom.Img, atom.Wbr)
