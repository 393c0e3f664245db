package body_test

// Claim: what site generators put into a body never shows as text: code tags
// become code, images images, the text of paired tags and useful arguments stay,
// the rest goes. Within code everything stays as it is written.

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// outline writes the blocks of a document, code behind its language.
func outline(d body.Doc) string {
	var lines []string
	for _, b := range d.Blocks {
		switch b.Kind {
		case body.Code:
			lines = append(lines, "code("+b.Lang+") "+b.Text)
		case body.Heading:
			lines = append(lines, "# "+b.Text)
		case body.Paragraph:
			lines = append(lines, b.Text)
		}
	}
	for _, i := range d.Images {
		lines = append(lines, "image "+i.URL+" "+i.Caption)
	}
	for _, l := range d.Links {
		lines = append(lines, "link "+l.URL+" "+l.Text)
	}
	return strings.Join(lines, "\n")
}

func TestTemplatesInMarkdown(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"Hugo unpaired":       {`See {{< param "x" >}} and {{% current %}} now.`, "See and now."},
		"Hugo paired":         {"{{< note >}}\nMind *this*.\n{{< /note >}}", "Mind this."},
		"Hugo title":          {"{{< details summary=\"More on it\" >}}\nInside.\n{{< /details >}}", "More on it\nInside."},
		"Hugo highlight":      {"{{< highlight go \"linenos=table\" >}}\nx := `a`\n{{< /highlight >}}\n\nAfter.", "code(go) x := `a`\nAfter."},
		"Hugo inline code":    {"Use {{< hl >}}go build{{< /hl >}} here.", "Use go build here."},
		"Hugo figure":         {`{{< figure src="/a.png" caption="A *b*" >}}`, "image /a.png A *b*"},
		"Hugo ref":            {`[there]({{< relref "docs/a.md" >}})`, "there\nlink docs/a.md there"},
		"Hugo param in link":  {`[there]({{< param Base >}}docs/a.html)`, "there\nlink docs/a.html there"},
		"Hugo escaped":        {"Write {{</* note */>}} so.", "Write {{< note >}} so."},
		"Hugo in code":        {"`{{< note >}}` and\n\n```\n{{ .Title }}\n```", "{{< note >}} and\ncode() {{ .Title }}"},
		"Hugo open":           {"a {{< b", "a {{< b"},
		"Jekyll highlight":    {"Text\n{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}\nmore", "Text\ncode(ruby) puts 1\nmore"},
		"Jekyll without end":  {"{% highlight ruby %}\nputs 1", "puts 1"},
		"Jekyll output":       {"Version {{ site.version }} of {{page.title | escape}}.", "Version of ."},
		"Jekyll base":         {"[a]({{ site.baseurl }}/b) ![c]({{ \"/d.png\" | relative_url }})", "a\nimage /d.png c\nlink /b a"},
		"Jekyll post_url":     {"[a]({% post_url 2019-03-01-b %})", "a\nlink 2019-03-01-b a"},
		"Jekyll control":      {"{% for a in b %}\n- x\n{% endfor %}", "x"},
		"Jekyll raw":          {"Use {% raw %}{{ x }}{% endraw %} so.", "Use {{ x }} so."},
		"Jekyll raw in code":  {"`{% raw %}{{ x }}{% endraw %}`", "{{ x }}"},
		"Jekyll comment":      {"a {% comment %} secret {% endcomment %} b", "a b"},
		"Jekyll image":        {`{% image "assets/a.jpg" "wide" "Two people talking" %}`, "image assets/a.jpg Two people talking"},
		"Jekyll include":      {"a {% include b.html c=\"d\" %} e", "a e"},
		"Kramdown attributes": {"{: .note}\nA *b*{: .c} d\n{: #e .f}\n\n* TOC\n{:toc}\n\n## H {#h}\n{:.no_toc}", "A b d\n# H"},
		"Zola pair":           {"{% quote(author=\"Ann\") %}\nWise words\n{% end %}", "Wise words"},
		"Zola function":       {`{{ figure(src="a.png", caption="B") }} {{ youtube(id="x") }}`, "image a.png B"},
		"Nunjucks":            {"{% set a = 1 %}{# a remark #}{%- if b -%}c{%- endif -%}", "c"},
		"Docusaurus admonition": {
			":::tip[Good to know]\n\nUse *this*.\n\n:::\n\n:::note\nAnd that.\n:::\n\n:::caution Take care\nHot.\n:::",
			"Good to know\nUse this.\nAnd that.\nTake care\nHot.",
		},
		"MDX modules":        {"import Tabs from '@theme/Tabs';\nimport {A, B} from \"x\"\n\nexport const C = () => (\n  <b/>\n);\n\nText.", "Text."},
		"MDX words":          {"import duties rose.\n\nexport is a word from 'here'.", "import duties rose.\nexport is a word from 'here'."},
		"MDX components":     {"<Tabs groupId=\"os\" values={[{label: 'a'}]}>\n<TabItem value=\"a\">\n\nText *a*.\n\n</TabItem>\n</Tabs>", "Text a."},
		"MDX style":          {"<div style={{color: 'red'}}>\n\nRed\n\n</div>", "Red"},
		"MDX comment":        {"a {/* hidden */} b", "a b"},
		"generics are words": {"A `Vec<String>` and HashMap\\<K, V> stay.", "A Vec<String> and HashMap<K, V> stay."},
		"more mark":          {"Lead.\n\n<!--more-->\n\nRest.", "Lead.\nRest."},
		"alert":              {"> [!NOTE]\n> Mind it.", "Mind it."},
		"contents":           {"[TOC]\n\n[[toc]]\n\nText.", "Text."},
		"TeX":                {"The sum $x^{{2}}$ and $\\mathbf{{v}}$.", "The sum $x^{{2}}$ and $\\mathbf{{v}}$."},
		"shell":              {"Set ${{ secrets.X }} there.", "Set ${{ secrets.X }} there."},
		"braces":             {"a {b} {{}} c", "a {b} {{}} c"},
		"indented code":      {"Text:\n\n    {{ x }}\n    {% y %}\n\nEnd.", "Text:\ncode() {{ x }}\n{% y %}\nEnd."},
		"raw HTML code":      {"<pre>{{ x }}</pre>\n\n<code>{% y %}</code> z", "code() {{ x }}\n{% y %} z"},
		"image within HTML":  {"<p>\n  {% image \"a.png\" \"An image\" %}\n</p>", "image a.png An image"},
		"fence within list":  {"- a\n\n  ```\n  {{ x }}\n  ```\n- {{ y }}b", "a\ncode() {{ x }}\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, outline(body.Parse(corpus.Markdown, c.src))); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.src, diff)
			}
		})
	}
}

func TestTemplatesInHTML(t *testing.T) {
	src := "<p>{{ page.title }} a</p>{% highlight js %}\nlet x = `<b>`\n{% endhighlight %}<p>{% include x %}b</p>{{< figure src=\"c.png\" alt=\"C\" >}}<code>{{ y }}</code>"
	want := "a\ncode(js) let x = `<b>`\nb\n{{ y }}\nimage c.png C"
	if diff := cmp.Diff(want, outline(body.Parse(corpus.HTML, src))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
