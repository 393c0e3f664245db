package lexicon_test

// Claims:
//  1. Prefix and Find agree with a scan of all terms.
//  2. Near finds exactly the terms that a naive distance finds, for distances 1
//     and 2, with letters outside ASCII.

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/bleveindex/lexicon"
)

func randomTerms(n int, seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 2))
	letters := []rune("aaabcdeéß日1")
	set := map[string]bool{}
	for len(set) < n {
		var b strings.Builder
		for range 1 + rng.IntN(7) {
			b.WriteRune(letters[rng.IntN(len(letters))])
		}
		set[b.String()] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func build(terms []string) *lexicon.Lexicon {
	return lexicon.New(func(yield func([]byte, lexicon.Entry) bool) {
		for i, t := range terms {
			if !yield([]byte(t), lexicon.NewEntry(uint32(i), uint64(i)<<40|7)) {
				return
			}
		}
	})
}

// naive is the recursive definition of the distance.
func naive(a, b []rune) int {
	switch {
	case len(a) == 0:
		return len(b)
	case len(b) == 0:
		return len(a)
	}
	d := min(naive(a[1:], b)+1, naive(a, b[1:])+1)
	if a[0] == b[0] {
		return min(d, naive(a[1:], b[1:]))
	}
	d = min(d, naive(a[1:], b[1:])+1)
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, naive(a[2:], b[2:])+1)
	}
	return d
}

func TestNear(t *testing.T) {
	terms := randomTerms(700, 1)
	l := build(terms)
	for _, word := range append(terms[:40:40], "abcd", "éa", "zzz", "aéab日c") {
		for distance := 1; distance <= 2; distance++ {
			want, got := map[string]int{}, map[string]int{}
			for _, term := range terms {
				d := naive([]rune(word), []rune(term))
				if d > 0 && d <= distance && []rune(term)[0] == []rune(word)[0] {
					want[term] = d
				}
			}
			for i, d := range l.Near(word, distance) {
				got[l.Term(i)] = d
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("Near(%q, %d) (-want +got):\n%s", word, distance, diff)
			}
		}
	}
}

func TestPrefixAndFind(t *testing.T) {
	terms := randomTerms(500, 2)
	l := build(terms)
	for _, prefix := range []string{"", "a", "ab", "é", "日", "zz", "aaaaaaaaa", "\xff"} {
		var want []string
		for _, term := range terms {
			if strings.HasPrefix(term, prefix) {
				want = append(want, term)
			}
		}
		var got []string
		from, to := l.Prefix(prefix)
		for i := from; i < to; i++ {
			got = append(got, l.Term(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Prefix(%q) (-want +got):\n%s", prefix, diff)
		}
	}
	for i, term := range terms {
		if at, ok := l.Find(term); !ok || at != i || l.Count(at) != uint32(i) || l.Entry(at).Value() != uint64(i)<<40|7 {
			t.Errorf("Find(%q) = %d, %v, want %d", term, at, ok, i)
		}
		if _, ok := l.Find(term + "\x00"); ok {
			t.Errorf("Find(%q) found what is not there", term+"\x00")
		}
	}
}

func BenchmarkNear(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	set := map[string]bool{}
	for len(set) < 200_000 {
		var s strings.Builder
		for range 4 + rng.IntN(8) {
			s.WriteByte(byte('a' + rng.IntN(26)))
		}
		set[s.String()] = true
	}
	l := build(slices.Sorted(maps.Keys(set)))
	for _, distance := range []int{1, 2} {
		b.Run(fmt.Sprint(distance), func(b *testing.B) {
			for b.Loop() {
				for range l.Near("kuberntes", distance) {
				}
			}
		})
	}
}
