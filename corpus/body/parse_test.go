package body_test

// Claims: 1. Parse gives prose, headings and code as plain text, with links and
// images, whatever the format; 2. the words are those of a full CommonMark
// reading; 3. broken input is read too.

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

func TestParseMarkdown(t *testing.T) {
	src := "# Why *we* moved {#why}\n\nThe `http.Server` is [fast](https://go.example/x \"t\"), really\\*.\nIt costs &lt; 5&nbsp;ms.\n\n" +
		"Second level\n------------\n\n1. first\n   more of it\n2. second\n   - inner **point**\n\n> quoted\n\n" +
		"```Go {linenos=true}\nfunc main() {\n\tx := a[i]\n}\n\n```\n\n    indented := 1\n\n" +
		"| Name | Use |\n|------|-----|\n| `a\\|b` | both |\n\n![A cat](https://img.example/cat.png)\n\n" +
		"Raw <b>bold</b><br>line <img src=\"/dog.jpg\" alt=\"A dog\"> <a href=\"/x\">inner</a>.[^1]\n\n<div>\n<p>In a div</p>\n</div>\n\n[^1]: A note.\n"
	got := body.Parse("", src)
	want := body.Doc{
		Blocks: []body.Block{
			{Kind: body.Heading, Level: 1, Text: "Why we moved"},
			{Text: "The http.Server is fast, really*. It costs < 5 ms."},
			{Kind: body.Heading, Level: 2, Text: "Second level"},
			{Text: "first more of it"},
			{Text: "second"},
			{Text: "inner point"},
			{Text: "quoted"},
			{Kind: body.Code, Lang: "go", Text: "func main() {\n\tx := a[i]\n}"},
			{Kind: body.Code, Text: "indented := 1"},
			{Text: "Name Use"},
			{Text: "a|b both"},
			{Text: "Raw bold line inner."},
			{Text: "In a div"},
			{Text: "A note."},
		},
		Links: []body.Link{{URL: "https://go.example/x", Text: "fast"}, {URL: "/x", Text: "inner"}},
		Images: []corpus.Image{
			{Source: "img.example", URL: "https://img.example/cat.png", Caption: "A cat"},
			{URL: "/dog.jpg", Caption: "A dog"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestParseHTML(t *testing.T) {
	src := `<h2>Tea &amp; time</h2><p>One <em>two</em>
three<br>four</p><script>var x = "no"</script><style>p{}</style>
<ul><li>item <b>one</b><li>item two</ul><pre class="brush: js"><code class="language-rust">fn main() {
  a &lt; b
}</code></pre><figure><img src="https://www.pics.example/a.png"><figcaption>The figure</figcaption></figure>
<svg><text>drawn</text></svg><table><tr><th>k<th>v<tr><td>1<td>2</table>tail <a href="https://x.example/">there</a>`
	want := body.Doc{
		Blocks: []body.Block{
			{Kind: body.Heading, Level: 2, Text: "Tea & time"},
			{Text: "One two three four"},
			{Text: "item one"},
			{Text: "item two"},
			{Kind: body.Code, Lang: "rust", Text: "fn main() {\n  a < b\n}"},
			{Text: "The figure"},
			{Text: "k v"},
			{Text: "1 2"},
			{Text: "tail there"},
		},
		Links:  []body.Link{{URL: "https://x.example/", Text: "there"}},
		Images: []corpus.Image{{Source: "pics.example", URL: "https://www.pics.example/a.png", Caption: "The figure"}},
	}
	if diff := cmp.Diff(want, body.Parse(corpus.HTML, src)); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestParseText(t *testing.T) {
	got := body.Parse(corpus.Text, "one\r\n two\n\n# three <b>\n \n*four*")
	want := []body.Block{{Text: "one two"}, {Text: "# three <b>"}, {Text: "*four*"}}
	if diff := cmp.Diff(want, got.Blocks); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestJoinedTexts(t *testing.T) {
	doc := body.Parse("", "# a\n\nb\n\n```\nc\n```\n\n## d\n\ne\n")
	if doc.Prose() != "b\ne" || doc.Headings() != "a\nd" || doc.Code() != "c" {
		t.Errorf("prose %q, headings %q, code %q", doc.Prose(), doc.Headings(), doc.Code())
	}
}

func TestParseBrokenInput(t *testing.T) {
	for name, src := range map[string]string{
		"invalid UTF-8": "a\xff\xfeb", "NUL": "a\x00b", "byte order mark": "\ufeffa", "open fence": "```\na", "open tag": "<div><p>a",
		"open comment": "<!-- a", "lone carriage returns": "a\rb", "empty": "",
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []corpus.BodyFormat{"", corpus.HTML, corpus.Text} {
				for _, b := range body.Parse(format, src).Blocks {
					if strings.ToValidUTF8(b.Text, "") != b.Text || strings.ContainsAny(b.Text, "\x00\r\ufeff") {
						t.Errorf("%s gives %q", format, b.Text)
					}
				}
			}
		})
	}
}

func TestParseTextCollapsesWhiteSpace(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // reproducible
	pieces := []string{" ", " ", "a", "bc", "\t", "\v", "\x01", "\u0085", "\u00a0", "©", "ß", "\u1680", "\u2003", "’", "\u3000", "日本", "🚀", "\n", "\n\n"}
	for range 20_000 {
		var src strings.Builder
		for range r.IntN(12) {
			src.WriteString(pieces[r.IntN(len(pieces))])
		}
		var want []body.Block
		var words []string
		for line := range strings.SplitSeq(src.String()+"\n\n", "\n") {
			words = append(words, strings.Fields(line)...)
			if len(strings.Fields(line)) == 0 && len(words) > 0 {
				want, words = append(want, body.Block{Text: strings.Join(words, " ")}), nil
			}
		}
		if diff := cmp.Diff(want, body.Parse(corpus.Text, src.String()).Blocks); diff != "" {
			t.Fatalf("Parse(%q) (-want +got):\n%s", src.String(), diff)
		}
	}
}
