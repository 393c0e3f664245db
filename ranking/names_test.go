package ranking

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"alphanode/corpus"
)

// What lies under the similarity, proved here:
//  1. Two addresses of one page have one key; what is no page has none.
//  2. A signature estimates the share of common runs to within its error.
//  3. Titles are split at the first colon or free-standing dash.
//  4. Addresses in a text are no words.
//  5. Words are said that tell a reader something.

func TestAddressKey(t *testing.T) {
	for _, tt := range []struct{ address, base, want string }{
		{"https://www.Example.org/Blog/Post.html", "", "example.org/blog/post"},
		{"http://example.org/blog/post/?q=1#top", "", "example.org/blog/post"},
		{"//example.org/blog/post/index.html", "", "example.org/blog/post"},
		{"/blog/post", "example.org/x/y", "example.org/blog/post"},
		{"/blog/post", "x/y", "blog/post"},
		{"../b", "example.org/x/y", "example.org/b"},
		{"b.md", "docs/x/a", "docs/x/b"},
		{"../../../../b", "docs/a", "b"},
		{"rust-blog/1.0-Timeline", "", "rust-blog/1.0-timeline"},
		{"#part", "docs/a", ""},
		{"?page=2", "docs/a", ""},
		{"mailto:a@example.org", "docs/a", ""},
		{"javascript:alert(1)", "docs/a", ""},
		{"http://[::bad", "", ""},
		{"100%", "", ""},
		{"", "docs/a", ""},
		{"https://example.org", "", "example.org"},
	} {
		if got := addressKey(tt.address, tt.base); got != tt.want {
			t.Errorf("addressKey(%q, %q) = %q, want %q", tt.address, tt.base, got, tt.want)
		}
	}
}

func TestSignature(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	signatureOf := func(terms []uint64) signature {
		var s shingler
		s.add(terms)
		return s.take()
	}
	runs := func(terms []uint64) map[[shingleTerms]uint64]bool {
		out := map[[shingleTerms]uint64]bool{}
		for i := 0; i+shingleTerms <= len(terms); i++ {
			out[[shingleTerms]uint64(terms[i:i+shingleTerms])] = true
		}
		return out
	}
	worst := 0.0
	for range 300 {
		a := make([]uint64, 40+rng.IntN(600))
		for i := range a {
			a[i] = rng.Uint64N(5000)
		}
		b := append([]uint64(nil), a...)
		for range rng.IntN(len(b)) / (1 + rng.IntN(30)) {
			b[rng.IntN(len(b))] = rng.Uint64()
		}
		common, ra, rb := 0, runs(a), runs(b)
		for r := range ra {
			if rb[r] {
				common++
			}
		}
		exact := float64(common) / float64(len(ra)+len(rb)-common)
		sa, sb := signatureOf(a), signatureOf(b)
		worst = max(worst, math.Abs(sa.resemblance(&sb)-exact))
	}
	if worst > 0.25 { // Four standard errors of 64 hashes.
		t.Errorf("an estimate is %v off", worst)
	}
	short := signatureOf([]uint64{1, 2, 3})
	if short != (signature{}) || short.resemblance(&short) != 0 {
		t.Error("a text of three terms has a signature")
	}
}

func TestSplitTitle(t *testing.T) {
	for title, want := range map[string][2]string{
		"Rust 1.0: Scheduling the trains": {"Rust 1.0", "Scheduling the trains"},
		"State - of: the art":             {"State", "of: the art"},
		"Well-known ports":                {"Well-known ports", ""},
		"std::vector":                     {"std::vector", ""},
		": odd":                           {": odd", ""},
		"":                                {"", ""},
	} {
		if head, tail := splitTitle(title); head != want[0] || tail != want[1] {
			t.Errorf("splitTitle(%q) = %q, %q", title, head, tail)
		}
	}
}

func TestWithoutURLs(t *testing.T) {
	for text, want := range map[string]string{
		"see https://example.org/a?b=c now": "see   now",
		"://":                               " ",
		"a (http://x.y) b":                  "a ( ) b",
		"none":                              "none",
		"git+ssh://h/r and ftp://h/é end":   "  and   end",
	} {
		if got := withoutURLs(text); got != want {
			t.Errorf("withoutURLs(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSayable(t *testing.T) {
	for word, want := range map[string]bool{
		"bbolt": true, "Go": true, "C++": true, "x": false, "12": false, "1.22": false, "3e3374efde": false, "decade": true,
		"日": true, "21st": false, "3scale": true, "": false, "v8": true, strings.Repeat("f0", 20): false,
	} {
		if got := sayable(word); got != want {
			t.Errorf("sayable(%q) = %v", word, got)
		}
	}
}

// A name of several terms is found where they stand side by side, and only there.
func TestFinder(t *testing.T) {
	f := newFinder()
	names := [][]uint32{{1, 2, 3}, {2, 3}, {7}, {3, 1}, {1, 2, 3}, {}}
	for _, terms := range names {
		f.add(terms, func(key uint64) uint32 { return uint32(key % 7) })
	}
	for _, tt := range []struct {
		text []uint32
		want string
	}{
		{[]uint32{9, 1, 2, 3, 9}, "[0 1 4]"},
		{[]uint32{1, 2, 9, 3}, "[]"},
		{[]uint32{2, 3, 1, 7}, "[1 2 3]"},
		{nil, "[]"},
	} {
		pairs := make([]uint32, max(len(tt.text), 1)-1)
		for i := range pairs {
			pairs[i] = uint32(i)
		}
		found := make([]bool, len(names))
		search := f.over(len(pairs), func(i int) uint64 { return pairKey(tt.text[i], tt.text[i+1]) })
		search.find(tt.text, pairs, func(name uint32) { found[name] = true })
		got := []int{}
		for name, ok := range found {
			if ok {
				got = append(got, name)
			}
		}
		if s := fmt.Sprint(got); s != tt.want {
			t.Errorf("names in %v: %s, want %s", tt.text, s, tt.want)
		}
	}
}

// However long a text is, in however many blocks, only so many of its words count.
func TestMaxWords(t *testing.T) {
	c := DefaultConfig()
	c.Similar.Analysis.MaxWords = 100
	var long strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&long, "word%dx ", i)
	}
	for _, text := range []string{long.String(), strings.ReplaceAll(long.String(), " ", "\n\n")} {
		b := newBatch(c)
		b.add(&corpus.Post{ID: "x", Title: long.String(), Summary: long.String(), Body: text + "\n\n    " + long.String()})
		for ch, v := range b.docs[0].channels {
			if len(v.ids) > 100+2*maxTitleWords+100 {
				t.Errorf("channel %d has %d features", ch, len(v.ids))
			}
		}
		if got := len(b.docs[0].channels[proseChannel].ids); got < 100 {
			t.Errorf("%d words of prose count, want 100", got)
		}
	}
}
