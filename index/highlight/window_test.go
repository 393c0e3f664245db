package highlight

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Claim: the score of a window is the sum over the query words of the best term in it,
// whatever came in and went out, with terms of one weight a word and of several.
func TestWindowScore(t *testing.T) {
	for _, weights := range []int{1, 3} {
		rng := rand.New(rand.NewPCG(uint64(weights), 29)) //nolint:gosec // not negative
		terms := make([]Term, 30)
		for i := range terms {
			word := rng.IntN(4)
			terms[i] = Term{Text: fmt.Sprintf("term%d", i), Word: word, Weight: float64(1 + word + rng.IntN(weights))}
		}
		w := newWindow(New(terms))
		var in []int
		for range 5000 {
			if len(in) == 0 || rng.IntN(2) == 0 {
				in = append(in, rng.IntN(len(terms)))
				w.add(in[len(in)-1])
			} else {
				w.remove(in[0])
				in = in[1:]
			}
			var best [4]float64
			for _, i := range in {
				best[terms[i].Word] = max(best[terms[i].Word], terms[i].Weight)
			}
			if want := best[0] + best[1] + best[2] + best[3]; w.score() != want {
				t.Fatalf("%d weights a word: score %g of %v, want %g", weights, w.score(), in, want)
			}
		}
	}
}
