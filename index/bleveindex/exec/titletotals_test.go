package exec

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Claim: as long as weights are said to hold, none of the least is above the idf of its term and
// none of the greatest below it, however frequencies and the number of posts have moved; and they
// are said to hold after small changes, so that they are of use.
func TestTitleWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 29))
	held := 0
	for range 2000 {
		live := 1 + rng.IntN(5000)
		freq := make([]uint32, 40)
		for i := range freq {
			freq[i] = uint32(rng.IntN(live + 1)) //nolint:gosec // not negative
		}
		w := newTitleWeights(live, slices.Clone(freq))
		if !w.holds(live, freq) {
			t.Fatal("weights do not hold for what they were made for")
		}
		live = max(1, live+rng.IntN(1+live/5)-live/10)
		for i := range freq {
			freq[i] = min(freq[i]+uint32(rng.IntN(2+int(freq[i])/6)), uint32(live)) //nolint:gosec // not negative
			freq[i] -= min(freq[i], uint32(rng.IntN(2+int(freq[i])/6)))             //nolint:gosec // not negative
		}
		freq = append(freq, uint32(rng.IntN(live+1))) //nolint:gosec // not negative
		if !w.holds(live, freq) {
			continue
		}
		held++
		for id, df := range freq {
			got := idf(live, int(df))
			if df > 0 && id < len(w.least) && float64(w.least[id]) > got {
				t.Fatalf("least weight %g of a term with idf %g", w.least[id], got)
			}
			if greatest := w.greatestOf(uint32(id)); df > 0 && float64(greatest) < got { //nolint:gosec // few
				t.Fatalf("greatest weight %g of a term with idf %g", greatest, got)
			}
		}
	}
	if held < 500 {
		t.Errorf("held %d times of 2000", held)
	}
}
