package body

import (
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"alphanode/corpus"
)

// policy lets through what an article is made of: text, links, images, lists,
// tables, code. No script, style, frame, form, SVG, MathML or event attribute
// passes; addresses are relative or http, https and mailto.
//
//nolint:gochecknoglobals // immutable value, costly to make
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.RequireNoFollowOnLinks(false)
	p.AllowRelativeURLs(true)
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp", "var",
		"b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "abbr", "cite", "dfn", "q", "span", "div",
		"section", "article", "aside", "header", "footer", "figure", "figcaption", "details", "summary", "dl", "dt", "dd",
		"ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "time", "wbr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img", "a", "abbr", "dfn")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td", "tr")
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9]\d?$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^\d{1,9}$`)).OnElements("ol")
	p.AllowAttrs("open").Matching(regexp.MustCompile(`^$`)).OnElements("details")
	p.AllowAttrs("datetime").Matching(bluemonday.ISO8601).OnElements("time")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[\w+#.-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$`)).Globally()
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\pL\pN][\pL\pN:._-]{0,120}$`)).Globally()
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.SkipElementsContent("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "head",
		"textarea", "audio", "video", "canvas", "noembed", "noframes", "title")
	return p
}

// Render gives src, written in format (empty means Markdown), as HTML that is
// safe to embed: sanitised, every element closed, ids and links to them prefixed
// by "post-" so that they meet no name of the page around. Headings have ids.
//
// A Markdown body beyond the bounds of Parse is shown as its paragraphs of text.
func Render(format corpus.BodyFormat, src string) string {
	src = normalize(src)
	switch format {
	case corpus.Text:
		return textHTML(src)
	case corpus.HTML:
		clean, _ := cleanTemplates(src, corpus.HTML)
		return balance(policy.Sanitize(clean))
	default:
		clean, _ := cleanTemplates(src, corpus.Markdown)
		if out, ok := markdownHTML(clean); ok {
			return balance(policy.Sanitize(out))
		}
		return textHTML(src)
	}
}

// textHTML writes paragraphs, with their line breaks.
func textHTML(src string) string {
	var b strings.Builder
	var lines []string
	flush := func() {
		if len(lines) > 0 {
			b.WriteString("<p>" + strings.Join(lines, "<br>\n") + "</p>\n")
			lines = lines[:0]
		}
	}
	for line := range strings.SplitSeq(src, "\n") {
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		lines = append(lines, html.EscapeString(strings.TrimSpace(line)))
	}
	flush()
	return b.String()
}
