package exec

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Claim: sets of values count what a walk over the values of each post counts, whatever
// the number of posts, of values and of values a post, how often each occurs, and which
// posts of which windows match.

func TestValueSets(t *testing.T) {
	for seed, tc := range []struct {
		name                string
		docs, values, most  int
		skew                float64 // 1 is even
		nilSets, wantNarrow bool
	}{
		{"few values, one a post", 5000, 7, 1, 1, false, false},
		{"sixty values, one a post", 5000, 60, 1, 1, true, false},
		{"frequent and rare values", 9000, 200, 3, 4, false, true},
		{"more values than lanes", 9000, 250, 9, 3, false, true},
		{"lanes of sixteen bits", 6000, 3000, 7, 3, false, false},
		{"last window is short", 4096 + 65, 40, 5, 2, false, true},
		{"as many as fit narrow lanes", 5000, narrowValues, 4, 1, false, true},
		{"one more than fits narrow lanes", 5000, narrowValues + 1, 4, 1, false, false},
		{"no values", 5000, 0, 3, 1, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(seed), 29)) //nolint:gosec // not negative
			o := randomOrdinals(rng, tc.docs, tc.values, tc.most, tc.skew)
			v := newValueSets(o, tc.docs)
			if (v == nil) != tc.nilSets {
				t.Fatalf("sets: %v, want nil: %t", v != nil, tc.nilSets)
			}
			if v == nil {
				return
			}
			if got := v.narrow != nil; got != tc.wantNarrow {
				t.Errorf("narrow: %t, want %t", got, tc.wantNarrow)
			}
			for _, share := range []float64{0.01, 0.2, 0.7, 1} {
				set := newBitset(tc.docs)
				for doc := range uint32(tc.docs) { //nolint:gosec // not negative
					if rng.Float64() < share {
						set.add(doc)
					}
				}
				if diff := cmp.Diff(countPlainly(o, set), countSets(v, o, set)); diff != "" {
					t.Errorf("of a share of %g (-plain +sets):\n%s", share, diff)
				}
			}
		})
	}
}

// randomOrdinals are those of a field where a value is the less frequent the greater its
// ordinal.
func randomOrdinals(rng *rand.Rand, docs, values, most int, skew float64) *ordinals {
	o := &ordinals{lists: Lists{Start: make([]uint32, docs+1)}}
	for i := range values {
		o.keys = append(o.keys, fmt.Sprintf("%05d", i))
	}
	for doc := range docs {
		last := -1
		for range rng.IntN(most + 1) {
			x := 1.0
			for range int(skew) {
				x *= rng.Float64()
			}
			if ord := last + 1 + int(x*float64(values)); ord < values {
				o.lists.Items = append(o.lists.Items, uint32(ord)) //nolint:gosec // not negative
				last = ord
			}
		}
		o.lists.Start[doc+1] = uint32(len(o.lists.Items)) //nolint:gosec // few
	}
	o.single = singleOrdinals(o.lists, values)
	return o
}

func countPlainly(o *ordinals, set bitset) []int32 {
	counts := make([]int32, len(o.keys)+1)
	set.each(func(doc uint32) {
		for _, ord := range o.lists.Of(doc) {
			counts[ord+1]++
		}
	})
	return counts
}

func countSets(v *valueSets, o *ordinals, set bitset) []int32 {
	counts := make([]int32, len(o.keys)+1)
	var lanes laneCounts
	for from := 0; from < len(set)*64; from += windowSize {
		var w windowSet
		w.load(set, uint32(from))                                     //nolint:gosec // not negative
		v.count(counts, &lanes, uint32(from), &w, w.list([]uint16{})) //nolint:gosec // not negative
	}
	lanes.drain(counts)
	counts[0] = 0
	if lanes != (laneCounts{}) {
		panic("lanes are not clear")
	}
	return counts
}
