package highlight

// Claim: leaving pieces of text out by the first letters of the terms finds what
// analysing all of it finds.

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/analysis"
)

// sieveWords are what texts are made of: inflected, exceptional, joined, initials,
// numbers, other scripts.
var sieveWords = []string{
	"die", "dying", "skies", "sky", "idly", "news", "generation", "generously", "use", "used", "using", "a", "I",
	"A.M.", "P.S.V.R", "e.g.", "x.y.z", "1,600", "1600", "10,195", "1,000,000", "1.22", "v1.2.3", "node.js", "Node.js 18",
	"C++", "c", ".NET", "F#", "client_ip_headers", "useEffect", "HTTPServer", "http.Server", "a/b/c", "well-known", "don't",
	"naïve", "Straße", "straßen", "日本語", "検索", "кошки", "кошка", "ﬁnding", "finding", "K8s", "k8s", "É", "été", "🙂", "maan", "manen",
}

func TestSieveMissesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, lang := range []string{"en", "de", "nl", "fr", "ru", "ja"} {
		for range 400 {
			h := New(someTerms(rng, lang))
			text := someText(rng)
			all := *h
			all.sieve = sieve{any: true}
			got, want := h.matches(text, lang), all.matches(text, lang)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(match{})); diff != "" {
				t.Fatalf("%s: terms %v in %q (-all +sieved):\n%s", lang, h.terms, text, diff)
			}
		}
	}
}

// someTerms are terms as an index has them: tokens of words, whole or stemmed, or
// the beginnings of those.
func someTerms(rng *rand.Rand, lang string) []Term {
	a := analysis.For(lang)
	stemmer := a.NewStemmer()
	var out []Term
	for range 1 + rng.IntN(4) {
		for _, token := range a.Append(nil, sieveWords[rng.IntN(len(sieveWords))], analysis.Prose) {
			switch term := token.Term; rng.IntN(3) {
			case 0:
				out = append(out, Term{Text: term, Kind: Exact})
			case 1:
				out = append(out, Term{Text: stemmer.Stem(term), Kind: Stem})
			default:
				out = append(out, Term{Text: firstLetters(term, 1+rng.IntN(4)), Kind: Prefix})
			}
		}
	}
	return out
}

func firstLetters(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// someText is long enough for several pieces.
func someText(rng *rand.Rand) string {
	gaps := []string{" ", " ", " ", "\n", ", ", " the quick brown fox jumps over it ", ". ", "("}
	var b strings.Builder
	for range 1 + rng.IntN(200) {
		b.WriteString(sieveWords[rng.IntN(len(sieveWords))])
		b.WriteString(gaps[rng.IntN(len(gaps))])
	}
	return b.String()
}
