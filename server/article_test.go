package server

// Claims, on HTML as the sanitiser gives it:
//  1. A body's headings come below the page's own; their ids are never ours, and
//     links to them follow.
//  2. Addresses are resolved against the post's own.
//  3. Pictures are links unless they may be loaded, and never links within links.
//  4. What may scroll sideways can be focused.
//  5. Everything else stays as it is, byte for byte.

import (
	"net/url"
	"testing"
)

func TestArticleRewrite(t *testing.T) {
	base, err := url.Parse("https://e.test/blog/post/")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, in, want string
		images, noBase bool
	}{
		{name: "text stays", in: "a &lt;b&gt; &amp; c<br/>", want: "a &lt;b&gt; &amp; c<br/>"},
		{name: "headings move down", in: `<h1 id="q">A</h1><h2>B</h2><h6>C</h6>`, want: `<h2 id="h-q">A</h2><h3>B</h3><h6>C</h6>`},
		{name: "without h1 they stay", in: `<h2 id="main">A</h2>`, want: `<h2 id="h-main">A</h2>`},
		{name: "fragments", in: `<a href="#main">x</a>`, want: `<a href="#h-main">x</a>`},
		{name: "relative", in: `<a href="../other?a=1&amp;b=2">x</a>`, want: `<a href="https://e.test/blog/other?a=1&amp;b=2">x</a>`},
		{name: "absolute", in: `<a href="http://x.test/">x</a>`, want: `<a href="http://x.test/">x</a>`},
		{name: "no base", in: `<a href="/x">x</a>`, want: `<a href="/x">x</a>`, noBase: true},
		{name: "picture as link", in: `<img src="a.png" alt="A &lt;tree&gt;"/>`, want: `<a class="picture" href="https://e.test/blog/post/a.png" rel="nofollow noreferrer noopener">Picture: A &lt;tree&gt;</a>`},
		{name: "picture in link", in: `<a href="/x"><img src="a.png" alt="A"></a>`, want: `<a href="https://e.test/x"><span class="picture">Picture: A</span></a>`},
		{name: "picture nowhere", in: `<img src="data:image/png;base64,x">`, want: `<span class="picture">Picture</span>`},
		{name: "picture loaded", in: `<img src="a.png" alt="A">`, images: true, want: `<img src="https://e.test/blog/post/a.png" alt="A" loading="lazy" decoding="async" referrerpolicy="no-referrer"/>`},
		{name: "picture without base", in: `<img src="a.png" alt="A">`, images: true, noBase: true, want: `<span class="picture">Picture: A</span>`},
		{name: "code", in: "<pre><code class=\"language-go\">a &lt; b\n</code></pre>", want: "<pre tabindex=\"0\"><code class=\"language-go\">a &lt; b\n</code></pre>"},
	} {
		a := articleWriter{base: base, images: tc.images, shift: tc.name == "headings move down"}
		if tc.noBase {
			a.base = nil
		}
		if got := string(a.rewrite(tc.in)); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.want)
		}
	}
}

func TestFormats(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -12345: "-12,345", -123: "-123"} {
		if got := groupDigits(n); got != want {
			t.Errorf("groupDigits(%d) = %q, want %q", n, got, want)
		}
	}
	for in, want := range map[string]string{">=80": "≥ 80", "<5": "< 5", ">": ">", "go": "go", "<script>": "<script>", "5-9": "5-9"} {
		if got := shownValue(in); got != want {
			t.Errorf("shownValue(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"日本語": "日本", "abcdefgh": "abcdefg", "abc": "abc", "": ""} {
		if got := cut(in, 7); got != want {
			t.Errorf("cut(%q, 7) = %q, want %q", in, got, want)
		}
	}
}
