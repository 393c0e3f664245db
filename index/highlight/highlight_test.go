package highlight_test

// Claims:
//  1. Exact terms, stems, prefixes and parts of identifiers are marked where they
//     stand, neighbours under one mark, and nothing else is.
//  2. Whatever the text, the output has no markup but balanced <mark>, and HTML
//     without the marks, unescaped, is the text (FuzzHighlight).
//  3. A snippet is the first passage whose different words weigh most, starts at a
//     sentence or word, and never has more characters than asked for.
//  4. Time is linear in the text.

import (
	"html"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"alphanode/index/highlight"
)

func terms(spec string) []highlight.Term {
	var out []highlight.Term
	for i, f := range strings.Fields(spec) {
		t := highlight.Term{Word: i}
		switch {
		case strings.HasSuffix(f, "*"):
			t.Kind = highlight.Prefix
		case strings.HasSuffix(f, "~"):
			t.Kind = highlight.Stem
		}
		t.Text = strings.TrimRight(f, "*~")
		out = append(out, t)
	}
	return out
}

func TestHTML(t *testing.T) {
	for _, c := range []struct{ terms, text, want string }{
		{"go", "Go <b>now</b> & go.", "<mark>Go</mark> &lt;b&gt;now&lt;/b&gt; &amp; <mark>go</mark>."},
		{"garbage collector", "The garbage collector.", "The <mark>garbage collector</mark>."},
		{"index~", "Indexes, indexing, indexed, indices", "<mark>Indexes</mark>, <mark>indexing</mark>, <mark>indexed</mark>, indices"},
		{"kube*", "Kubernetes, kind", "<mark>Kubernetes</mark>, kind"},
		{"ip", "the client_ip_headers", "the client_<mark>ip</mark>_headers"},
		{"ip headers", "the client_ip_headers", "the client_<mark>ip_headers</mark>"},
		{"client_ip_headers", "the client_ip_headers", "the <mark>client_ip_headers</mark>"},
		{"effect", "useEffect", "use<mark>Effect</mark>"},
		{"cafe", "Un café", "Un <mark>café</mark>"},
		{"日本 本語", "これは日本語です", "これは<mark>日本語</mark>です"},
		{"node.js js", "node.js and js", "<mark>node.js</mark> and <mark>js</mark>"},
		{"well-known", "A well-known, known thing", "A <mark>well-known</mark>, known thing"},
		{"known", "A well-known, known thing", "A well-<mark>known</mark>, <mark>known</mark> thing"},
		{"a b", "a  b a, b a\nb", "<mark>a</mark>  <mark>b a</mark>, <mark>b a</mark>\n<mark>b</mark>"},
		{"don't", "I don’t", "I <mark>don’t</mark>"},
		{"c++ c#", "C++ or C#?", "<mark>C++</mark> or <mark>C#</mark>?"},
		{"", "a <mark>b</mark>", "a &lt;mark&gt;b&lt;/mark&gt;"},
	} {
		if got := highlight.New(terms(c.terms)).HTML(c.text, "en"); got != c.want {
			t.Errorf("%q in %q\n got %s\nwant %s", c.terms, c.text, got, c.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	long := "Intro sentence here. " + strings.Repeat("Filler words go on. ", 20) + "The bbolt store survives a crash. " + strings.Repeat("More filler. ", 20)
	for _, c := range []struct {
		terms, text string
		max         int
		want        string
	}{
		{"bbolt crash", long, 40, "…The <mark>bbolt</mark> store survives a <mark>crash</mark>. More…"},
		{"bbolt", long, 20, "…The <mark>bbolt</mark> store…"},
		{"zzz", "One two three four", 9, "One two…"},
		{"zzz", "Short.", 100, "Short."},
		{"three", "One\n\n two\tthree", 100, "One two <mark>three</mark>"},
		{"x", "", 100, ""},
		{"x", "x", 0, ""},
		{"go", strings.Repeat("é", 50) + " go", 10, "…<mark>go</mark>"},
		{"本語", "あいうえおかきくけこ日本語", 5, "…けこ日<mark>本語</mark>"},
	} {
		if got := highlight.New(terms(c.terms)).Snippet(c.text, "en", c.max); got != c.want {
			t.Errorf("%q in %.30q\n got %s\nwant %s", c.terms, c.text, got, c.want)
		}
	}
}

// Long texts are analysed block by block; no token may be lost or cut.
func TestBlocks(t *testing.T) {
	h := highlight.New(terms("garbage http.server index~ 日本"))
	piece := "The garbage of http.Server, indexed in U.S. 日本語 text; --garbage-flag. "
	for n := 1; n < 400; n = n*3 + 1 {
		text := strings.Repeat(piece, n)
		if got, want := h.HTML(text, "en"), strings.Repeat(h.HTML(piece, "en"), n); got != want {
			t.Fatalf("%d pieces are marked otherwise than each", n)
		}
	}
}

func TestSnippetWeights(t *testing.T) {
	text := "Common words are common here. " + strings.Repeat("Nothing to see. ", 20) + "The rare word stands alone. " +
		strings.Repeat("Nothing to see. ", 20) + "Common and common again."
	h := highlight.New([]highlight.Term{
		{Text: "common", Word: 0, Weight: 1},
		{Text: "words", Word: 0, Weight: 0.5}, // another term of the same word
		{Text: "rare", Word: 1, Weight: 3},
	})
	if got, want := h.Snippet(text, "en", 30), "…The <mark>rare</mark> word stands alone.…"; got != want {
		t.Errorf("heavier word: got %s, want %s", got, want)
	}
	h = highlight.New([]highlight.Term{{Text: "common"}, {Text: "words"}})
	if got, want := h.Snippet(text, "en", 30), "<mark>Common words</mark> are <mark>common</mark> here.…"; got != want {
		t.Errorf("earliest of equals: got %s, want %s", got, want)
	}
}

// Claim: of passages with the same words, one where they stand side by side is taken, also
// across a line break, and a passage with more words goes before it.
func TestSnippetPrefersNeighbours(t *testing.T) {
	far := strings.Repeat("Nothing to see. ", 20)
	h := highlight.New([]highlight.Term{{Text: "memory", Word: 0}, {Text: "safety", Word: 1}, {Text: "rust", Word: 2}})
	for _, c := range []struct{ text, want string }{
		{"Memory is cheap, safety is not. " + far + "On memory safety. " + far, "…On <mark>memory safety</mark>. Nothing to…"},
		{"Memory is cheap, safety is not. " + far + "On memory\nsafety. " + far, "…On <mark>memory</mark> <mark>safety</mark>. Nothing to…"},
		{"On memory safety. " + far + "Rust: memory and safety. " + far, "…<mark>Rust</mark>: <mark>memory</mark> and <mark>safety</mark>.…"},
		{"Memory memory. " + far + "Memory: safety. " + far, "…<mark>Memory</mark>: <mark>safety</mark>. Nothing to see.…"},
	} {
		if got := h.Snippet(c.text, "en", 31); got != c.want {
			t.Errorf("%.40q: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestSnippetKeepsCharactersWhole(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("e\u0301", 50),
		strings.Repeat("👩\u200d🚀", 50),
		strings.Repeat("👍🏽", 50),
		strings.Repeat("กำ", 50),
	} {
		for size := 1; size < 20; size++ {
			got := strings.TrimSuffix(highlight.New(nil).Snippet(text, "en", size), "…")
			rest := strings.TrimPrefix(text, got)
			if next, _ := utf8.DecodeRuneInString(rest); unicode.IsMark(next) || next == 0x200D || next == 0x1F3FD || strings.HasSuffix(got, "\u200d") {
				t.Errorf("%.20q cut to %d: %q", text, size, got)
			}
		}
	}
}

func TestLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses ten texts of 1 MiB")
	}
	var many []highlight.Term
	for i := range 2000 {
		many = append(many, highlight.Term{Text: "go" + strconv.Itoa(i), Word: i % 64}, highlight.Term{Text: "g" + strconv.Itoa(i), Kind: highlight.Stem})
	}
	many = append(many, highlight.Term{Text: "go", Word: 5})
	h := highlight.New(many)
	const size = 1 << 20
	for name, unit := range map[string]string{
		"matches": "go ", "words": "gopher runs ", "spaces": " ", "one word": "x", "newlines": "go\n\n", "dots": ". ", "Han": "日本",
		"dashes": "a-", "marks": "\u0301", "escapes": "<&>",
	} {
		text := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		h.Snippet(text, "en", 200)
		h.HTML(text, "en")
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

func FuzzHighlight(f *testing.F) {
	f.Add("go kube* index~ 日本", "Go <b> &amp; kubernetes indexing 日本語\xff 👨‍👩‍👧", 20)
	f.Add("mark", "<mark>mark</mark>", 3)
	f.Add("a", "e\u0301a\u0301  \n\n a. b", 2)
	f.Fuzz(func(t *testing.T, spec, text string, size int) {
		h := highlight.New(terms(spec))
		marked := h.HTML(text, "en")
		bare := strip(t, marked)
		if want := strings.ToValidUTF8(text, "\uFFFD"); bare != want {
			t.Fatalf("%q in %q gives %q", spec, text, marked)
		}
		size %= 300
		passage := strip(t, h.Snippet(text, "en", size))
		if n := utf8.RuneCountInString(strings.Trim(passage, "…")); n > max(size, 0) {
			t.Fatalf("%q in %q: %d characters, not %d: %q", spec, text, n, size, passage)
		}
	})
}

// strip checks that the marks are the only markup, balanced, and removes them.
func strip(t *testing.T, marked string) string {
	t.Helper()
	bare := strings.ReplaceAll(strings.ReplaceAll(marked, "<mark>", ""), "</mark>", "")
	if strings.ContainsAny(bare, "<>\"'") || !utf8.ValidString(marked) {
		t.Fatalf("unsafe: %q", marked)
	}
	if strings.Count(marked, "<mark>") != strings.Count(marked, "</mark>") {
		t.Fatalf("unbalanced: %q", marked)
	}
	return html.UnescapeString(bare)
}

func BenchmarkHighlight(b *testing.B) {
	sentence := "The garbage collector stops goroutines now and then, and client_ip_headers holds addresses for a short time. "
	h := highlight.New(terms("garbage collector goroutin~ addr* headers"))
	for name, n := range map[string]int{"title": 1, "post": 30, "book": 4000} {
		text := strings.Repeat(sentence, n)
		b.Run("HTML/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				h.HTML(text, "en")
			}
		})
		b.Run("Snippet/"+name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				h.Snippet(text, "en", 200)
			}
		})
	}
}
