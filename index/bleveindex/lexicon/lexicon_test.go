package lexicon_test

// Claims:
//  1. Prefix, Range, All and Find agree with a scan of all terms, for any number of
//     terms around the size of a block, and give the entries that went in.
//     With samples of the terms they are the same, also where many terms begin alike.
//  2. Near finds exactly the terms that a naive distance finds, for distances 1
//     and 2, with letters outside ASCII.
//  3. Bytes that are cut short are an error or a panic that says so, never another
//     answer than that of the whole.

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
			if !yield([]byte(t), entryOf(i)) {
				return
			}
		}
	})
}

// entryOf has all forms of a value: two numbers, an address, and neither.
func entryOf(i int) lexicon.Entry {
	switch i % 5 {
	case 0, 1:
		return lexicon.NewEntry(1, 1<<63|uint64(i*7)<<31|uint64(i)) // One document.
	case 2:
		return lexicon.NewEntry(uint32(i), 1<<63|uint64(i))
	case 3:
		return lexicon.NewEntry(uint32(i), 3<<62|uint64(i))
	default:
		return lexicon.NewEntry(uint32(i), uint64(i)<<20|7)
	}
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
	near := l.Neighbours(0)
	for _, word := range append(terms[:40:40], "abcd", "éa", "zzz", "aéab日c") {
		for distance := 1; distance <= 2; distance++ {
			want, got := map[string]int{}, map[string]int{}
			for _, term := range terms {
				d := naive([]rune(word), []rune(term))
				if d > 0 && d <= distance && []rune(term)[0] == []rune(word)[0] {
					want[term] = d
				}
			}
			for i, d := range near.Near(l, word, distance) {
				got[l.Term(i)] = d
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("Near(%q, %d) (-want +got):\n%s", word, distance, diff)
			}
		}
	}
}

func TestPrefixAndFind(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 32, 33, 500} {
		terms := randomTerms(n, 2)
		l := build(terms)
		for _, prefix := range []string{"", "a", "ab", "é", "日", "zz", "aaaaaaaaa", "\xff"} {
			var want, got []string
			for i, term := range terms {
				if strings.HasPrefix(term, prefix) {
					want = append(want, fmt.Sprint(term, entryOf(i)))
				}
			}
			for term, e := range l.Range(l.Prefix(prefix)) {
				got = append(got, fmt.Sprint(term, e))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d terms, Prefix(%q) (-want +got):\n%s", n, prefix, diff)
			}
		}
		place := 0
		for term, e := range l.All() {
			if string(term) != terms[place] || e != entryOf(place) || l.Term(place) != terms[place] {
				t.Fatalf("term %d of %d: %q %v, want %q %v", place, n, term, e, terms[place], entryOf(place))
			}
			place++
		}
		if place != n || l.Len() != n {
			t.Errorf("%d terms, Len %d, want %d", place, l.Len(), n)
		}
		checkFind(t, l, terms)
	}
}

func TestSampled(t *testing.T) {
	for _, shared := range []int{0, 3, 7, 8, 9} {
		var terms []string
		for i, term := range randomTerms(9000, uint64(shared)) {
			if i%3 > 0 {
				term = strings.Repeat("b", shared) + term
			}
			terms = append(terms, term)
		}
		slices.Sort(terms)
		terms = slices.Compact(terms)
		plain, sampled := build(terms), build(terms).Sampled()
		checkFind(t, sampled, terms)
		for _, prefix := range append(slices.Clip(terms), "", "b", "bbbbbbb", "bbbbbbbb", "bbbbbbbbb", "c", "\xff") {
			from, to := sampled.Prefix(prefix)
			if wantFrom, wantTo := plain.Prefix(prefix); from != wantFrom || to != wantTo {
				t.Fatalf("%d shared: Prefix(%q) = %d, %d, want %d, %d", shared, prefix, from, to, wantFrom, wantTo)
			}
		}
	}
}

func checkFind(t *testing.T, l *lexicon.Lexicon, terms []string) {
	t.Helper()
	for i, term := range terms {
		if at, e, ok := l.Find(term); !ok || at != i || e != entryOf(i) {
			t.Errorf("Find(%q) = %d, %v, %t, want %d, %v", term, at, e, ok, i, entryOf(i))
		}
		if _, _, ok := l.Find(term + "\x00"); ok {
			t.Errorf("Find(%q) found what is not there", term+"\x00")
		}
	}
	for _, term := range []string{"", "\x01", "\xff\xff"} {
		if at, _, ok := l.Find(term); ok {
			t.Errorf("Find(%q) = %d found what is not there", term, at)
		}
	}
}

func TestCutShort(t *testing.T) {
	terms := randomTerms(60, 3)
	var b lexicon.Builder
	for i, term := range terms {
		b.Add([]byte(term), entryOf(i).Count, entryOf(i).Value())
	}
	whole := b.AppendTo(nil)
	for n := 1; n < len(whole); n++ {
		if got, err := readAll(whole[:n:n]); err == nil {
			t.Fatalf("%d of %d bytes: %d terms and no error", n, len(whole), len(got))
		}
	}
	if got, err := readAll(whole); err != nil || !slices.Equal(got, terms) {
		t.Errorf("whole: %v, %v", got, err)
	}
}

func readAll(section []byte) (out []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	l, err := lexicon.Open(section)
	if err != nil {
		return nil, err
	}
	for term := range l.All() {
		out = append(out, string(term))
	}
	return out, nil
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
	near := l.Neighbours(0)
	for _, distance := range []int{1, 2} {
		b.Run(fmt.Sprint(distance), func(b *testing.B) {
			for b.Loop() {
				for range near.Near(l, "kuberntes", distance) {
				}
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	terms := randomTerms(20_000, 9)
	l := build(terms)
	i := 0
	for b.Loop() {
		l.Find(terms[i*7919%len(terms)])
		i++
	}
}

func BenchmarkRange(b *testing.B) {
	l := build(randomTerms(20_000, 9))
	for b.Loop() {
		for range l.Range(0, l.Len()) {
		}
	}
}
