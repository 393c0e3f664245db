package ranking

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// What stage one walks of a post, proved here: the most valuable features that the easy
// part of the budget allows, then those that are worth it, until the budget is spent. What
// is taken in spite of the budgets is of the value of nothing that is not.

// plainCut is the value that all exceed which are taken.
func plainCut(k *kernel, all []wanted) float32 {
	slices.SortFunc(all, func(a, b wanted) int { return cmp.Compare(b.value, a.value) })
	spent := uint32(0)
	for _, w := range all {
		if spent += k.cost(w.count); int(spent) > k.budget || int(spent) > k.easy && w.value <= k.worthy {
			return w.value
		}
	}
	return 0
}

func TestProbeTakesWhatIsWorthIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	reasons := map[string]int{}
	for round := range 2000 {
		k := &kernel{budget: rng.IntN(3000), dense: 50, worthy: rng.Float32() / 2}
		k.easy = k.budget / (1 + rng.IntN(8))
		all := make([]wanted, rng.IntN(60))
		for n := range all {
			all[n] = wanted{feature: uint32(n), count: uint32(1 + rng.IntN(100)), value: float32(rng.IntN(40)) / 40}
		}
		want := plainCut(k, slices.Clone(all))
		p := newProbe(k)
		p.wanted = slices.Clone(all)
		kept, least := p.cut()
		// Between two values any cut is the same.
		for _, w := range all {
			if (w.value > want) != (w.value > least) {
				t.Fatalf("round %d: cut at %v, want %v", round, least, want)
			}
			if slices.ContainsFunc(kept, func(x wanted) bool { return x.feature == w.feature }) != (w.value > least) {
				t.Fatalf("round %d: %v with a cut of %v", round, w, least)
			}
		}
		switch {
		case want == 0:
			reasons["nothing"]++
		case want > k.worthy:
			reasons["budget"]++
		default:
			reasons["worth"]++
		}
	}
	if len(reasons) < 3 {
		t.Error("cut by", reasons)
	}
}

func TestGuessKeepsWhatIsPromised(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for round := range 2000 {
		all := make([]promise, rng.IntN(50))
		for n := range all {
			all[n] = promise{uint32(1 + rng.IntN(30)), 1 + rng.IntN(3)*6}
		}
		weight, want := 1+rng.IntN(200), uint32(0)
		for least := uint32(1); least <= 30; least++ {
			sum := 0
			for _, x := range all {
				if x.sum >= least {
					sum += x.weight
				}
			}
			if sum >= weight {
				want = least
			}
		}
		if got := kept(slices.Clone(all), weight); got != want {
			t.Fatalf("round %d: %d, want %d", round, got, want)
		}
	}
}
