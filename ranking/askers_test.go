package ranking

import "testing"

// Askers, proved here (whom they find: TestKernelReach and the tests of updates): the
// weight that is kept of a walked feature is no less than its own, and what does not fit is
// told.

func TestAskersWeights(t *testing.T) {
	a := &askers{shift: 10}
	a.lists[proseChannel].step = 0.01
	for _, w := range []float32{0.0001, 0.01, 0.0999, 0.1, 5, 10.2} {
		x, ok := a.entry(proseChannel, 77, w)
		if got := float32(x&a.mask()) * 0.01; !ok || got < w || got > w+0.0101 || x>>a.shift != 77 {
			t.Errorf("a weight of %v at 77 is kept as %v at %d, %v", w, got, x>>a.shift, ok)
		}
	}
	for _, x := range []struct {
		place  uint32
		weight float32
	}{{1, 10.24}, {1 << 22, 1}} {
		if _, ok := a.entry(proseChannel, x.place, x.weight); ok {
			t.Errorf("%v at %d fits", x.weight, x.place)
		}
	}
}
