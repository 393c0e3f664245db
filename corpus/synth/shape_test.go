// Claims proved here, at 10,000 posts (2,000 with -short; any number with -measure):
//
//  1. Titles are distinct, all but a few.
//  2. Hardly any post has a near-duplicate: another one with which it shares more
//     than half of its five-word shingles.
//  3. The vocabulary follows Zipf's law as text of people does, with a long tail.
package synth_test

import (
	"flag"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"alphanode/corpus/synth"
)

var measure = flag.Int("measure", 10_000, "number of posts that TestShape measures")

// shape holds the bounds; docs/generator.md has the measured figures.
var bounds = struct {
	distinctTitles     float64 // At least, percent.
	nearDuplicates     float64 // At most, percent of posts.
	steepest, flattest float64 // Slope of log frequency over log rank, ranks 10 to 10,000.
	onceShare          float64 // At least, percent of words that occur once.
}{99.5, 0.1, -1.6, -0.8, 25}

func TestShape(t *testing.T) {
	n := *measure
	if testing.Short() {
		n = 2000
	}
	titles := map[string]bool{}
	frequencies := map[string]int{}
	shingles := newShingles(n)
	total := 0
	for p, err := range synth.New(1, n).Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		titles[p.Title] = true
		tokens := strings.FieldsFunc(strings.ToLower(p.Title+" "+p.Body), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
		})
		total += len(tokens)
		if n <= 20_000 { // Memory: some 5 KB a post.
			shingles.add(tokens)
		}
		for _, word := range tokens {
			frequencies[word]++
		}
	}
	distinct := 100 * float64(len(titles)) / float64(n)
	slope, once := zipf(frequencies)
	t.Logf("%d posts, %d words, %d different, %.1f %% of them once; slope %.2f; distinct titles %.2f %%",
		n, total, len(frequencies), once, slope, distinct)
	if distinct < bounds.distinctTitles && n <= 10_000 {
		t.Errorf("%.2f %% of titles are distinct, want at least %.2f", distinct, bounds.distinctTitles)
	}
	if slope < bounds.steepest || slope > bounds.flattest {
		t.Errorf("slope %.2f, want %.1f to %.1f", slope, bounds.steepest, bounds.flattest)
	}
	if once < bounds.onceShare {
		t.Errorf("%.1f %% of words occur once, want at least %.1f", once, bounds.onceShare)
	}
	if n <= 20_000 {
		shingles.check(t)
	}
}

// check compares the share of posts that have a near-duplicate with its bound.
func (s *shingleSets) check(t *testing.T) {
	t.Helper()
	near, closest, a, b := s.nearDuplicates()
	share := 100 * float64(near) / float64(len(s.sets))
	t.Logf("near-duplicates: %d posts, %.3f %%; closest pair %d and %d, similarity %.3f", near, share, a, b, closest)
	if share > bounds.nearDuplicates {
		t.Errorf("%.3f %% of posts have a near-duplicate, want at most %.3f (closest: posts %d and %d)", share, bounds.nearDuplicates, a, b)
	}
}

// zipf returns the slope of the line through log frequency over log rank, at
// ranks evenly spaced in the logarithm, and the share of words that occur once.
func zipf(frequencies map[string]int) (slope, once float64) {
	counts := make([]int, 0, len(frequencies))
	for _, c := range frequencies {
		counts = append(counts, c)
	}
	slices.SortFunc(counts, func(a, b int) int { return b - a })
	ones := len(counts) - slices.Index(counts, 1)
	var n, sx, sy, sxx, sxy float64
	for r := 10.0; r <= 10_000 && int(r) < len(counts); r *= 1.1 {
		x, y := math.Log(r), math.Log(float64(counts[int(r)-1]))
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx), 100 * float64(ones) / float64(len(counts))
}

// shingleSets holds the set of shingle hashes of each post.
type shingleSets struct {
	seed maphash.Seed
	sets [][]uint64
}

func newShingles(n int) *shingleSets {
	return &shingleSets{seed: maphash.MakeSeed(), sets: make([][]uint64, 0, min(n, 20_000))}
}

// add makes a set of the hashes of every five words in a row.
func (s *shingleSets) add(tokens []string) {
	words := make([]uint64, len(tokens))
	for k, token := range tokens {
		words[k] = maphash.String(s.seed, token)
	}
	set := make([]uint64, 0, len(tokens))
	for k := 0; k+5 <= len(words); k++ {
		h := uint64(0)
		for _, w := range words[k : k+5] {
			h = (h ^ w) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		set = append(set, h)
	}
	slices.Sort(set)
	s.sets = append(s.sets, slices.Compact(set))
}

// nearDuplicates counts the posts with another one whose Jaccard similarity is
// above 0.5, and finds the closest pair. All pairs are compared by an eighth of
// their shingles, chosen by hash; pairs that look more similar than 0.3 are then
// compared by all of them. With some 70 shingles in a sample, a similarity of 0.5
// looks like less than 0.3 for one pair in three thousand.
func (s *shingleSets) nearDuplicates() (posts int, closest float64, a, b int) {
	holders := map[uint64][]int32{} // Posts seen so far that have the shingle.
	sizes := make([]int, len(s.sets))
	shared := make([]int, len(s.sets))
	near := map[int]bool{}
	for i, set := range s.sets {
		clear(shared)
		for _, h := range set {
			if h%8 != 0 {
				continue
			}
			sizes[i]++
			for _, j := range holders[h] {
				shared[j]++
			}
			holders[h] = append(holders[h], int32(i))
		}
		for j, both := range shared[:i] {
			estimate := float64(both) / float64(max(1, sizes[i]+sizes[j]-both))
			if estimate < min(0.3, closest) {
				continue
			}
			similarity := jaccard(set, s.sets[j])
			if similarity > closest {
				closest, a, b = similarity, j, i
			}
			if similarity > 0.5 {
				near[i], near[j] = true, true
			}
		}
	}
	return len(near), closest, a, b
}

func jaccard(a, b []uint64) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			both, i, j = both+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
