package body

// Claim: the fast reader gives what the parser gives, block for block, link for link
// and image for image, for any source.

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/text"
)

func parsed(src string) Doc {
	var doc Doc
	w := walker{doc: &doc, source: []byte(src)}
	w.blocks(converter.Parser().Parse(text.NewReader([]byte(src))))
	return doc
}

func compareReaders(t *testing.T, src string) {
	t.Helper()
	src = normalize(src)
	if tooCostly(src) {
		return
	}
	var got Doc
	readMarkdown(&got, src)
	if diff := cmp.Diff(parsed(src), got); diff != "" {
		t.Fatalf("%q (-parser +fast):\n%s", src, diff)
	}
}

// pieces are what random sources are made of.
var pieces = []string{
	"\n", "\n", "\n\n", "\n\n", " ", " ", " ", "word", "two words", "Été", "日本", "a", "1", "2024 was", "1. ", "2. ", "10) ", "- ", "* ", "+ ", "-", "* * *", "---", "===",
	"# ", "## ", "#", "####### ", "# a #", "## b {#c}", "```", "```go\n", "\n```\n", "~~~", "````", "`", "``", "`a`", "` a `", "`a b`", "*", "**", "***", "_", "__", "*a*", "**b**",
	"_c_", "snake_case", "a*b", "(*d*)", "**e**:", "[", "]", "[f](g)", "[h](/i#j?k=l)", "[m]", "[n] (o)", "[p][q]", "[r]: /s", "![t](u.png)", "[`v`](w)", "[*x*](y)", "[a [b](c)](d)",
	"<", "<b>", "</b>", "<div>", "</div>", "<!-- ", " -->", "<pre>", "</pre>", "<script>", "<br>", "&", "&amp;", "& ", "\\", "\\*", "\\[", "\\]", "\\\n", "&copy", "&#65;", "&nbsp;", "AT&T", " @x", "~~z~~", "~", "!", "|", "a | b", "--|--", "|-|-|",
	"> ", ">", "    ", "  ", "   ", "\t", ": ", ":", "term\n: definition", "[^1]", "[^1]: note", "http://a.bc", "see https://d.ef/g_h.", "www.i.jk", "l@m.no", "://", "ftp://x", "\u00a0", "\\[", "\\]", "\\\n", "&copy", "&#65;", "&nbsp;", "AT&T", " @x", "a@b.c",
	"\f", "\x01", "{.class}", "$x$", "\"quoted\"", "it's", ".", ",", ":", ";", "?", "(", ")", "  \n", "- [ ] ", "- [x] done", "- item\n", "- : what\n", "**`a`**", "*`b`*,", "(**c**)", "\"*d*\"", "**_e_**", "*f*g", "  - nested\n", "  more\n", "1. one\n", "2. two\n", "   deep\n", "  ```\n", "   ```sh\n", "\n\n  second", "- a\n\n  ```\n  x\n    y\n  ```\n",
	"[def]: /to\n", "[def]", "[text][def]", "[Def]: /x \"t\"\n", "<!-- a -->", "<pre>\n\nx\n</pre>\n", "<!-- a\n\nb -->\n", "<div>\n", "\n# H\n", "\nprose\n",
}

func randomSource(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(24) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestFastReaderIsTheParser(t *testing.T) {
	n := 60_000
	if testing.Short() {
		n = 10_000
	}
	r := rand.New(rand.NewPCG(1, 8)) //nolint:gosec // reproducible
	for range n {
		compareReaders(t, randomSource(r))
	}
}

func FuzzFastReader(f *testing.F) {
	r := rand.New(rand.NewPCG(2, 8)) //nolint:gosec // reproducible
	for range 200 {
		f.Add(randomSource(r))
	}
	for _, piece := range pieces {
		f.Add(piece)
	}
	f.Fuzz(compareReaders)
}

// A body that is cheap at first sight is not too costly at second.
func TestCheapIsNotTooCostly(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8)) //nolint:gosec // reproducible
	for range 300 {
		piece := pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))] + []string{"", "\n"}[r.IntN(2)]
		src := strings.Repeat(piece, 1+r.IntN(1<<r.IntN(17)))
		var e estimate
		for line := range strings.Lines(src) {
			e.line(line)
		}
		e.paragraph()
		if costly := e.depth > maxNesting || e.work+workLabel*e.labels*e.labels > maxWork; costly && cheap(src) {
			t.Errorf("%d times %q: cheap, but %d", len(src)/len(piece), piece, e.work)
		}
	}
}

// Sources that are made to cost the fast reader time take little more of it than
// the parser.
func TestFastReaderStaysFast(t *testing.T) {
	for _, piece := range []string{">\n\na\n\n", "- a\n\n  > b\n\n", "\\*", "&amp;", "`a` ", "[a](b) ", "*a* ", "1. a\n\n   ```\n", "a\n- b\n\n", "<!-- ", "[a]: b\n\n[a]\n\n", "- ", "# a\n<b\n\n"} {
		src := strings.Repeat(piece, 1<<18/len(piece))
		start := time.Now()
		var doc Doc
		readMarkdown(&doc, src)
		fast := time.Since(start)
		start = time.Now()
		if tooCostly(src) {
			readText(&doc, src)
		} else {
			parsed(src)
		}
		if slow := time.Since(start); fast > 4*slow+time.Second/2 {
			t.Errorf("%q: %v, the parser takes %v", piece, fast, slow)
		}
	}
}
