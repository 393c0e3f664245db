package highlight_test

import (
	"html"
	"strings"
	"testing"
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
