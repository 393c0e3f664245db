package exec

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"alphanode/index"
)

// Claim: the most frequent values, counted value by value until no other can be among them,
// are those that a count of all values gives: whatever the number of segments, values, values
// a post and values shown, how many posts match, whether values are spelled in several ways,
// and whether the order was made for these segments, with these values, or before.

func TestTopValues(t *testing.T) {
	for seed, tc := range []struct {
		name         string
		values, most int
		skew         float64
		spellings    int
		covered      int // segments of four that the order was made for
	}{
		{"few values, one a post", 5, 1, 1, 1, 4},
		{"many values, one a post", 300, 1, 3, 1, 4},
		{"several values a post", 200, 5, 4, 1, 4},
		{"even values", 400, 4, 1, 1, 4},
		{"spelled in several ways", 300, 6, 3, 3, 4},
		{"order of before", 200, 5, 4, 1, 3},
		{"order of before, spelled in several ways", 300, 6, 3, 2, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(seed), 30)) //nolint:gosec // not negative
			f := newRankedFixture(rng, tc.values, tc.most, tc.skew, tc.spellings, tc.covered)
			for _, share := range []float64{0.02, 0.3, 0.7, 0.996, 1} {
				sets := f.match(rng, share)
				for _, limit := range []int{1, 3, 10, 1000} {
					want := f.plainly(sets, limit)
					if diff := gocmp.Diff(want, f.topValues(sets, limit)); diff != "" {
						t.Errorf("%d of a share of %g (-plain +ranked):\n%s", limit, share, diff)
					}
				}
			}
		})
	}
}

// rankedFixture is a field in four segments, with an order that covers some of them.
type rankedFixture struct {
	s         *searcher
	table     *valueTable
	ordinals  []*ordinals
	posts     []*valuePosts
	order     *valueOrder
	uncovered int
}

func newRankedFixture(rng *rand.Rand, values, most int, skew float64, spellings, covered int) *rankedFixture {
	f := &rankedFixture{s: &searcher{Snapshot: &Snapshot{}}, table: newValueTable()}
	for seg := range 4 {
		docs := 500 + rng.IntN(1000)
		o := randomOrdinals(rng, docs, values, most, skew)
		written := make([]string, values)
		for i, key := range o.keys {
			o.keys[i] = fmt.Sprintf("%05d", i/spellings)
			written[i] = fmt.Sprintf("%s-%d-%d", key, i%spellings, seg/3*rng.IntN(2))
		}
		o.global = f.table.add(o.keys, written)
		o.findDoubled()
		shared := &Shared{derived: &derived{}}
		f.s.segments = append(f.s.segments, &Segment{columns: &Columns{Docs: docs}, shared: shared})
		f.s.live += docs
		f.ordinals, f.posts = append(f.ordinals, o), append(f.posts, newValuePosts(o, docs))
		if seg+1 == covered {
			known, keyOf := f.table.view()
			f.order = newValueOrder(f.s, len(known), keyOf, f.posts)
		}
	}
	f.uncovered = f.order.uncovered(f.s)
	return f
}

func (f *rankedFixture) match(rng *rand.Rand, share float64) []bitset {
	sets := make([]bitset, len(f.ordinals))
	for seg := range sets {
		docs := f.s.segments[seg].columns.Docs
		sets[seg] = newBitset(docs)
		for doc := range uint32(docs) { //nolint:gosec // few
			if rng.Float64() < share {
				sets[seg].add(doc)
			}
		}
	}
	return sets
}

func (f *rankedFixture) topValues(sets []bitset, limit int) []index.FacetCount {
	c := &fastCounter{facetCounter: &facetCounter{s: f.s, limit: limit}, table: f.table}
	for seg, set := range sets {
		o := f.ordinals[seg]
		o.doubledIn(set, func(doc uint32) { c.current = o; c.noteTwice(o.lists.Of(doc)) })
	}
	return c.topValues(f.order, f.uncovered, f.posts, sets)
}

// plainly counts posts by key, and by spelling.
func (f *rankedFixture) plainly(sets []bitset, limit int) []index.FacetCount {
	values, _ := f.table.view()
	posts, spelled := make(map[string]int), make(map[string]map[string]int)
	for seg, set := range sets {
		o := f.ordinals[seg]
		set.each(func(doc uint32) {
			seen := make(map[string]bool)
			for _, ord := range o.lists.Of(doc) {
				v := values[o.global[ord]]
				if spelled[v.key] == nil {
					spelled[v.key] = make(map[string]int)
				}
				spelled[v.key][v.value]++
				if !seen[v.key] {
					seen[v.key] = true
					posts[v.key]++
				}
			}
		})
	}
	out := []index.FacetCount{}
	for key, n := range posts {
		out = append(out, index.FacetCount{Value: mostFrequent(spelled[key], 1)[0], Count: n})
	}
	slices.SortFunc(out, func(a, b index.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), limit)]
}
