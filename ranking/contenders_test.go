package ranking

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Contenders, proved here: as posts come and go, they are the posts of greatest sums,
// ties in order, whatever came before; and who may decide the list is told.

func TestContenders(t *testing.T) {
	tie := func(place uint32) uint32 { return place * 0x9e3779b1 }
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var all []candidate
		for place := range rng.Uint32N(30) {
			all = append(all, candidate{uint64(1+rng.Uint32N(12))<<32 | uint64(tie(place<<14)), place << 14})
		}
		order := func() {
			slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(b.key, a.key) })
		}
		order()
		most := 1 + rng.IntN(20)
		c := newContenders(all[:min(most, len(all))], rng.IntN(most+2), most >= len(all))
		for n := range 60 {
			if len(all) > 0 && rng.IntN(2) == 0 {
				at := rng.IntN(len(all))
				sum, had := uint32(all[at].key>>32), c.len()
				if ok := c.leave(sum, all[at].place); ok != (at >= c.settled || at >= had) {
					t.Fatalf("seed %d: number %d of %d went, %d decide: %v", seed, at, had, c.settled, ok)
				}
				all = slices.Delete(all, at, at+1)
			} else {
				x := candidate{place: uint32(100+n) << 14}
				x.key = uint64(1+rng.Uint32N(12))<<32 | uint64(tie(x.place))
				all = append(all, x)
				order()
				at, had := slices.Index(all, x), c.len()
				ok := c.enter(uint32(x.key>>32), x.place, tie)
				if want := at >= c.settled || at >= had && !c.whole; ok != want {
					t.Fatalf("seed %d: number %d came to %d, %d decide: %v", seed, at, had, c.settled, ok)
				}
				c.limit(most)
			}
			if c.whole && c.len() != len(all) {
				t.Fatalf("seed %d: whole with %d of %d", seed, c.len(), len(all))
			}
			var got []candidate
			for e := range c.len() {
				sum, place := c.at(e)
				got = append(got, candidate{uint64(sum)<<32 | uint64(tie(place)), place})
			}
			if d := gocmp.Diff(all[:c.len()], got, gocmp.AllowUnexported(candidate{}), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("seed %d, step %d (-want +got): %s", seed, n, d)
			}
			if f := c.floor(); c.whole != (f == 0) {
				t.Fatalf("seed %d: the floor is %d, whole %v", seed, f, c.whole)
			}
		}
	}
}
