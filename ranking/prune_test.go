package ranking

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Pruning by selection keeps what sorting keeps, in its order.
func TestPrunePairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		limit := 1 + rng.IntN(40)
		b := &builder{infos: make([]info, 50), pairs: newPairs(), termHash: []uint64{hashString("a"), hashString("b"), hashString("c"), hashString("d"), hashString("e"), hashString("f"), hashString("g")}}
		var ids []uint32
		var counts []uint8
		for range n {
			id := b.pairs.number(pairKey(uint32(rng.IntN(7)), uint32(rng.IntN(7))))
			for int(id) >= len(b.df[pairChannel]) {
				b.df[pairChannel] = append(b.df[pairChannel], uint32(1+rng.IntN(4)))
			}
			if !slices.Contains(ids, id) {
				ids, counts = append(ids, id), append(counts, uint8(1+rng.IntN(3)))
			}
		}
		b.channels[pairChannel].add(ids, counts)
		var all []weighed
		for k, id := range ids {
			if df := b.df[pairChannel][id]; df >= rareFeature {
				all = append(all, weighed{id, counts[k], idf(50, df) * roots[counts[k]], b.pairs.hash(id, b.termHash)})
			}
		}
		var want []uint32
		for _, e := range heaviest(all, limit) {
			want = append(want, e.id)
		}
		p := pairPruner{builder: b, weights: knownIDF(50)[:3], limit: limit}
		got, _ := p.prune(0)
		if d := cmp.Diff(want, slices.Clip(append([]uint32(nil), got...))); d != "" {
			t.Fatalf("%d of %d pairs (-sorted +selected):\n%s", limit, n, d)
		}
	}
}

func TestGreatest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 60; n++ {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.IntN(n))
		}
		sorted := slices.Clone(x)
		slices.Sort(sorted)
		for k := 1; k <= n; k++ {
			if got, want := greatest(slices.Clone(x), k), sorted[n-k]; got != want {
				t.Fatalf("number %d of %v: %v, want %v", k, x, got, want)
			}
		}
	}
}
