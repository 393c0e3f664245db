package ranking

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFirstOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		list := make([]uint16, n)
		for k := range list {
			list[k] = uint16(rng.IntN(100))
		}
		slices.Sort(list)
		for x := range uint16(101) {
			if want, _ := slices.BinarySearch(list, x); firstOf(list, x) != want {
				t.Fatalf("the first of at least %d in %v is at %d, not %d", x, list, want, firstOf(list, x))
			}
		}
	}
}
