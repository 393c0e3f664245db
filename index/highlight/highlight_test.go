package highlight_test

// Claims:
//  1. Exact terms, stems, prefixes and parts of identifiers are marked where they
//     stand, and nothing else is.
//  2. Whatever the text, the output has no markup but <mark>, and HTML without the
//     marks, unescaped, is the text.
//  3. A snippet is the passage with the most different words, starts at a
//     sentence or word, and never has more runes than asked for.

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"alphanode/index/highlight"
)

func terms() []highlight.Term {
	return []highlight.Term{
		{Text: "garbage", Word: 0},
		{Text: "collector", Word: 1},
		{Text: "collect", Kind: highlight.Stem, Word: 1},
		{Text: "goro", Kind: highlight.Prefix, Word: 2},
	}
}

func TestHTML(t *testing.T) {
	h := highlight.New(terms())
	for in, want := range map[string]string{
		"The Garbage collector":       "The <mark>Garbage</mark> <mark>collector</mark>",
		"It collects <b>":             "It <mark>collects</mark> &lt;b&gt;",
		"goroutines & gophers":        "<mark>goroutines</mark> &amp; gophers",
		"nothing here":                "nothing here",
		"":                            "",
		`a "garbage" </mark><script>`: "a &#34;<mark>garbage</mark>&#34; &lt;/mark&gt;&lt;script&gt;",
	} {
		if got := h.HTML(in, "en"); got != want {
			t.Errorf("HTML(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestIdentifierPart(t *testing.T) {
	h := highlight.New([]highlight.Term{{Text: "headers"}})
	if got, want := h.HTML("set client_ip_headers now", "en"), "set client_ip_<mark>headers</mark> now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("Some words that do not matter at all. ", 50)
	text := filler + "One garbage word. " + filler + "The garbage collector stops goroutines. " + filler
	got := highlight.New(terms()).Snippet(text, "en", 120)
	if !strings.Contains(got, "The <mark>garbage</mark> <mark>collector</mark> stops <mark>goroutines</mark>") {
		t.Errorf("not the best passage: %q", got)
	}
	if !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") {
		t.Errorf("no ellipses: %q", got)
	}
	if n := utf8.RuneCountInString(plain(got)); n > 122 {
		t.Errorf("%d runes: %q", n, got)
	}
	if got := highlight.New(nil).Snippet("  Short\n text ", "en", 100); got != "Short text" {
		t.Errorf("without a match: %q", got)
	}
}

// plain undoes marks and escapes.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "<mark>", ""), "</mark>", "")
	return html.UnescapeString(s)
}

func FuzzHighlight(f *testing.F) {
	f.Add("The garbage <i>collector</i> & goroutines\n\n日本語 テキスト", 20)
	f.Add("</mark><script>garbage", 3)
	f.Add("garbage\xff\xfecollector\u00a0goro", 0)
	f.Fuzz(func(t *testing.T, text string, size int) {
		h := highlight.New(terms())
		size = min(max(size, 0), 500)
		marked := h.HTML(text, "en")
		if strings.ContainsAny(plainMarks(marked), "<>") {
			t.Fatalf("markup in %q", marked)
		}
		if got := plain(marked); got != text && !strings.ContainsAny(text, "&\x00\r") {
			t.Fatalf("HTML(%q) undone is %q", text, got)
		}
		snippet := h.Snippet(text, "en", size)
		if strings.ContainsAny(plainMarks(snippet), "<>") {
			t.Fatalf("markup in snippet %q", snippet)
		}
	})
}

func plainMarks(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "<mark>", ""), "</mark>", "")
}

func BenchmarkSnippet(b *testing.B) {
	text := strings.Repeat("The garbage collector stops goroutines now and then, for a short time. ", 60)
	h := highlight.New(terms())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		h.Snippet(text, "en", 220)
	}
}
