package exec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Claim: the terms that are put in front are those that a sort puts there, whatever the
// frequencies, and as many as were asked for at least.
func TestSplitTerms(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 29))
	for _, n := range []int{0, 1, 9, 10, 20, 21, 500, 5000} {
		for _, most := range []int{1, 3, 1000, 100000} {
			const limit = 10
			terms := make([]countedTerm, n)
			for i := range terms {
				terms[i] = countedTerm{fmt.Sprintf("%05d", rng.IntN(n*3)), 1 + rng.IntN(most)*rng.IntN(most)/most}
			}
			sorted := slices.Clone(terms)
			sortByFrequency(sorted)
			k := split(terms, limit)
			if k < min(limit, n) {
				t.Errorf("%d terms up to %d: %d in front", n, most, k)
			}
			sortByFrequency(terms[:k])
			if diff := cmp.Diff(sorted[:k], terms[:k], cmp.AllowUnexported(countedTerm{})); diff != "" {
				t.Errorf("%d terms up to %d (-sorted +split):\n%s", n, most, diff)
			}
		}
	}
}
