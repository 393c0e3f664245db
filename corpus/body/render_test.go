package body_test

// Claims: 1. Render shows what an article is made of; 2. nothing that runs, loads
// foreign code or reaches beyond the fragment passes, in any format; 3. template
// markup does not show.

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

func TestRenderMarkdown(t *testing.T) {
	src := "# Big *news*\n\nSee [the docs](/docs/a#b) and [below](#big-news), ~~old~~ https://x.example/y.\n\n" +
		"| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```go\nx := a < b\n```\n\n![A cat](cat.png \"t\")\n\n{{< note >}}\nMind *this*.\n{{< /note >}}\n"
	got := body.Render(corpus.Markdown, src)
	for _, want := range []string{
		`<h1 id="post-big-news">Big <em>news</em></h1>`, `<a href="/docs/a#b">the docs</a>`, `href="#post-big-news"`, `<del>old</del>`,
		`href="https://x.example/y"`, `rel="nofollow noreferrer"`, `<td align="center">2</td>`, `<code class="language-go">x := a &lt; b`,
		`<img src="cat.png" alt="A cat" title="t" loading="lazy">`, `Mind <em>this</em>.`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "{{") {
		t.Errorf("template markup in\n%s", got)
	}
}

func TestRenderText(t *testing.T) {
	got := body.Render(corpus.Text, "a <b>\nline & more\n\n*two*")
	if want := "<p>a &lt;b&gt;<br>\nline &amp; more</p>\n<p>*two*</p>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var attacks = []string{
	`<script>alert(1)</script>`, `<ScRiPt src=//x.example/a.js></sCrIpT>`, `<img src=x onerror=alert(1)>`, `<img/src/onerror=alert(1)>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`,
	`<math href="javascript:alert(1)">x</math>`, `<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>">`,
	`<a href="javascript:alert(1)">x</a>`, "<a href=\"java\nscript:alert(1)\">x</a>", `<a href=" &#14; javascript:alert(1)">x</a>`,
	`<a href="&#106;avascript:alert(1)">x</a>`, `<a href="jAvAsCrIpT&colon;alert(1)">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`,
	`<a href="vbscript:x">x</a>`, `<img src="data:image/svg+xml,<svg onload=alert(1)>">`, `<style>*{background:url(//x.example)}</style>`,
	`<p style="background:url(javascript:alert(1))">x</p>`, `<div style="position:fixed;inset:0">x</div>`, `<link rel=stylesheet href=//x.example>`,
	`<base href="//x.example/">`, `<meta http-equiv=refresh content="0;url=//x.example">`, `<form action=//x.example><input name=a><button>b</button></form>`,
	`<object data="javascript:alert(1)">`, `<embed src=//x.example>`, `<video><source onerror=alert(1)></video>`, `<details open ontoggle=alert(1)>x</details>`,
	`<body onload=alert(1)>`, `<template><script>alert(1)</script></template>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>">`, `<xmp><img src=x onerror=alert(1)></xmp>`, `<plaintext><script>alert(1)`,
	`<!--><script>alert(1)</script>-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<scr<script>ipt>alert(1)</script>`, `<<script>alert(1)//<</script>`,
	"<a href=\"\u202ejavascript:alert(1)\">x</a>", "<img src=x\u00a0onerror=alert(1)>", "<\u0073cript>alert(1)</script>", "\uff1cscript\uff1ealert(1)",
	"[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](<java\tscript:alert(1)>)", "[x](&#106;avascript:alert(1))", "![x](javascript:alert(1))",
	"[x](data:text/html;base64,PHNjcmlwdD4=)", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "# h {onclick=alert(1)}",
	"# h {id=\"x\\\" onclick=alert(1)\"}", "```\"><script>alert(1)</script>\nx\n```", `{{< figure src="x.png" caption="<script>alert(1)</script>" >}}`,
	`{{< figure src="javascript:alert(1)" >}}`, `{% highlight "><script> %}<script>alert(1)</script>{% endhighlight %}`, "`<script>`<script>alert(1)</script>",
	`{% raw %}<script>alert(1)</script>{% endraw %}`, `<img id="getElementById" name="body" src="x.png">`, `</div></article></main><p>out`,
	`<input autofocus onfocus=alert(1)>`, `<select><style></select><img src=x onerror=alert(1)></style>`, `<a href="//evil.example" target=_top>x</a>`,
}

func TestRenderStopsAttacks(t *testing.T) {
	for _, attack := range attacks {
		for _, format := range []corpus.BodyFormat{corpus.Markdown, corpus.HTML, corpus.Text} {
			for _, src := range []string{attack, "text " + attack + " text", "<div>" + attack, "> - " + attack} {
				checkSafe(t, format, src, body.Render(format, src))
			}
		}
	}
}

// checkSafe reads the fragment as a browser would, within an element.
func checkSafe(t *testing.T, format corpus.BodyFormat, src, out string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html><body><main id=outer>" + out + "</main><p id=after>"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if fault := unsafeElement(n); fault != "" {
			t.Errorf("%s %q gives %s:\n%s", format, src, fault, out)
		}
	}
}

func unsafeElement(n *html.Node) string {
	switch n.Data {
	case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "base", "meta", "template",
		"textarea", "select", "video", "audio", "noscript", "plaintext", "xmp":
		return "an element " + n.Data
	}
	for _, a := range n.Attr {
		value := strings.ToLower(strings.Map(dropControls, a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "name", a.Key == "target":
			return "an attribute " + a.Key
		case a.Key == "href" || a.Key == "src":
			for _, scheme := range []string{"javascript:", "data:", "vbscript:"} {
				if strings.HasPrefix(value, scheme) {
					return "an address " + a.Val
				}
			}
		case a.Key == "id" && a.Val != "outer" && a.Val != "after" && !strings.HasPrefix(a.Val, "post-"):
			return "an id " + a.Val
		case a.Key == "id" && a.Val == "after" && n.Parent.Data != "body":
			return "the page within " + n.Parent.Data
		}
	}
	if n.Data == "p" && n.Parent.Data == "body" && len(n.Attr) == 0 {
		return "content outside its element"
	}
	return ""
}

func dropControls(r rune) rune {
	if r <= ' ' || r == '\u202e' {
		return -1
	}
	return r
}

func TestRenderClosesWhatItOpens(t *testing.T) {
	got := body.Render(corpus.HTML, "<div><ul><li><b>a</ul></section><p>b</div></div>c")
	if want := "<div><ul><li><b>a</b></li></ul><p>b</p></div>c"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	deep := body.Render(corpus.HTML, strings.Repeat("<div>", 100_000)+"x")
	if n := strings.Count(deep, "<div>"); n > 256 || !strings.Contains(deep, "x") {
		t.Errorf("%d elements open at once", n)
	}
}
