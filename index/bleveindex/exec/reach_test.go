package exec

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Claim: no bound of a reach is below what it was made of, nor more than two steps above it; posts
// without any have none; a block has the greatest of its posts.
func TestQuantiseReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 41))
	for range 200 {
		bounds := make([]float32, 1+rng.IntN(500))
		for i := range bounds {
			if rng.IntN(3) > 0 {
				bounds[i] = rng.Float32() * 9
			}
		}
		r := quantiseReach(bounds, slices.Max(bounds))
		for doc, v := range bounds {
			got := r.step * float64(r.bounds[doc])
			if got < float64(v) || got > float64(v)*loose*loose+2*r.step || v == 0 && got != 0 {
				t.Fatalf("bound %g of %g with steps of %g", got, v, r.step)
			}
			if r.blocks[doc>>6] < r.bounds[doc] {
				t.Fatalf("bound %d of a block of a post with %d", r.blocks[doc>>6], r.bounds[doc])
			}
		}
		for i, most := range r.blocks {
			if slices.Max(r.bounds[i<<6:min(len(bounds), (i+1)<<6)]) != most {
				t.Fatalf("block %d has %d", i, most)
			}
		}
	}
}
