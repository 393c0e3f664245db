package server

import (
	"html/template"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// headingIDs is put before the ids of a post's headings, so that they never are
// the ids of our own page.
const headingIDs = "h-"

// articleHTML is the sanitised body made to fit a page of ours: headings below
// the page's h1, ids apart from ours, addresses resolved against the post's own,
// and pictures as links unless they may be loaded.
func articleHTML(p *corpus.Post, images bool) template.HTML {
	base, err := url.Parse(p.URL)
	if err != nil || !external(p.URL) {
		base = nil
	}
	safe := body.Render(p.BodyFormat, p.Body)
	a := articleWriter{base: base, images: images, shift: strings.Contains(safe, "<h1")}
	return a.rewrite(safe)
}

// articleWriter rewrites sanitised HTML token by token: it changes attributes and
// names and leaves everything else as the sanitiser wrote it.
type articleWriter struct {
	base   *url.URL
	images bool
	shift  bool // headings move down by one, as the page has the only h1
	inLink int
	out    strings.Builder
}

func (a *articleWriter) rewrite(safe string) template.HTML {
	z := html.NewTokenizer(strings.NewReader(safe))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := string(z.Raw())
		t := z.Token()
		switch {
		case kind == html.TextToken || kind == html.CommentToken || kind == html.DoctypeToken:
			a.out.WriteString(raw)
		case t.DataAtom == atom.Img:
			a.image(t)
		default:
			a.tag(t)
		}
	}
	return template.HTML(a.out.String()) //nolint:gosec // sanitised by body.Render; only attributes were changed since
}

// tag writes a start or end tag with its attributes made ours.
func (a *articleWriter) tag(t html.Token) {
	if a.shift {
		t.Data = lowerHeading(t.Data)
	}
	if t.DataAtom == atom.A && t.Type == html.StartTagToken {
		a.inLink++
	}
	if t.DataAtom == atom.A && t.Type == html.EndTagToken {
		a.inLink = max(a.inLink-1, 0)
	}
	for i, attr := range t.Attr {
		switch attr.Key {
		case "id":
			t.Attr[i].Val = headingIDs + attr.Val
		case "href":
			t.Attr[i].Val = a.address(attr.Val)
		}
	}
	if t.Type == html.StartTagToken && (t.DataAtom == atom.Pre || t.DataAtom == atom.Table) {
		// They may scroll sideways, which the keyboard must reach.
		t.Attr = append(t.Attr, attrs("tabindex", "0")...)
	}
	a.out.WriteString(t.String())
}

// lowerHeading is the heading one level below; h6 is the lowest.
func lowerHeading(name string) string {
	if len(name) == 2 && name[0] == 'h' && '1' <= name[1] && name[1] <= '5' {
		return "h" + string(name[1]+1)
	}
	return name
}

// address resolves an address of the body. One that leads nowhere stays as it is.
func (a *articleWriter) address(raw string) string {
	if fragment, ok := strings.CutPrefix(raw, "#"); ok {
		return "#" + headingIDs + fragment
	}
	u, err := url.Parse(raw)
	if err != nil || a.base == nil {
		return raw
	}
	return a.base.ResolveReference(u).String()
}

// image writes a picture, or a link to it, or within a link its description.
func (a *articleWriter) image(t html.Token) {
	var src, alt string
	for _, attr := range t.Attr {
		switch attr.Key {
		case "src":
			src = a.address(attr.Val)
		case "alt":
			alt = attr.Val
		}
	}
	loadable := external(src)
	label := "Picture: " + alt
	if alt == "" {
		label = "Picture"
	}
	switch {
	case a.images && loadable:
		a.write(html.Token{Type: html.SelfClosingTagToken, Data: "img", Attr: attrs("src", src, "alt", alt, "loading", "lazy", "decoding", "async", "referrerpolicy", "no-referrer")})
	case loadable && a.inLink == 0:
		a.write(html.Token{Type: html.StartTagToken, Data: "a", Attr: attrs("class", "picture", "href", src, "rel", "nofollow noreferrer noopener")})
		a.write(html.Token{Type: html.TextToken, Data: label})
		a.write(html.Token{Type: html.EndTagToken, Data: "a"})
	default:
		a.write(html.Token{Type: html.StartTagToken, Data: "span", Attr: attrs("class", "picture")})
		a.write(html.Token{Type: html.TextToken, Data: label})
		a.write(html.Token{Type: html.EndTagToken, Data: "span"})
	}
}

func (a *articleWriter) write(t html.Token) { a.out.WriteString(t.String()) }

// attrs makes attributes of pairs.
func attrs(pairs ...string) []html.Attribute {
	var out []html.Attribute
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, html.Attribute{Key: pairs[i], Val: pairs[i+1]})
	}
	return out
}
