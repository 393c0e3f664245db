package ranking

import (
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// The forms of stage one for wide vectors, proved here to give what the plain ones give:
// marks of single sums, hits of a block, and the sums of a whole question, of dense features
// as well.

func TestMarksAreTheSame(t *testing.T) {
	if !hasWide() {
		t.Skip("no wide vectors")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var s sums
	for round := range 200 {
		top := 1 + rng.IntN(maxSum)
		for i := range s.each() {
			s.each()[i] = uint16(rng.IntN(top + 1))
		}
		least := uint32(1 + rng.IntN(top))
		n := rng.IntN(blockSpan/stride + 1)
		plain, wide := make([]uint32, n), make([]uint32, n)
		markWords(s.words[:], plain, least)
		markAVX2(&s.each()[0], wide, least-1)
		if d := gocmp.Diff(plain, wide); d != "" {
			t.Fatalf("round %d, least %d (-plain +wide): %s", round, least, d)
		}
		for i := range n * stride {
			if got := plain[i/stride]>>(i%stride)&1 == 1; got != (uint32(s.each()[i]) >= least) {
				t.Fatalf("round %d: sum %d of %d is marked %v for %d", round, i, s.each()[i], got, least)
			}
		}
	}
}

func TestHitsAreTheSame(t *testing.T) {
	if !hasWide() {
		t.Skip("no wide vectors")
	}
	rng := rand.New(rand.NewPCG(3, 4))
	plain, wide := newAdder(&kernel{}), newAdder(&kernel{wide: true})
	for round := range 200 {
		top, less := 1+rng.IntN(maxSum), make([]uint16, rng.IntN(blockSpans+1))
		for i := range less {
			less[i] = uint16(rng.IntN(top))
		}
		want := []hit{}
		for i := range len(less) * spanPosts {
			x := uint16(rng.IntN(top + 1))
			if plain.sums.each()[i], wide.sums.each()[i] = x, x; x > less[i/spanPosts] {
				want = append(want, hit{uint16(i), x})
			}
		}
		both := gocmp.Options{gocmp.AllowUnexported(hit{})}
		for name, a := range map[string]*adder{"plain": plain, "wide": wide} {
			if d := gocmp.Diff(want, a.takeHits(less), both); d != "" {
				t.Fatalf("round %d, %s (-want +got): %s", round, name, d)
			}
			if a.sums != (sums{}) {
				t.Fatalf("round %d, %s: sums are left", round, name)
			}
		}
	}
}

// bothWays makes the sums of all blocks with wide vectors and without.
func bothWays(t *testing.T, m *Model, dense int) (features int) {
	t.Helper()
	wide := newKernelFrom(m, dense, true)
	plain := newKernelFrom(m, dense, false)
	x, y := newAdder(wide), newAdder(plain)
	var p, q question
	for _, a := range m.living() {
		v := m.view(a)
		x.prepare(&v, &p, 20)
		y.prepare(&v, &q, 20)
		features += len(p.dense)
		for b := range len(wide.gone) {
			x.block(&p, b)
			y.block(&q, b)
			if d := gocmp.Diff(x.sums.words[:], y.sums.words[:]); d != "" {
				t.Fatalf("post %d, block %d (-wide +plain): %s", a, b, d)
			}
			clear(x.sums.words[:])
			clear(y.sums.words[:])
		}
	}
	return features
}

func TestWideSumsAreThePlain(t *testing.T) {
	if !hasWide() {
		t.Skip("no wide vectors")
	}
	m := movedModel(t, 3, searching(1<<20, 400))
	bothWays(t, m, 2)
	m = buildOf(t, shortPosts(2*blockSpan + 500)[:1000])
	if bothWays(t, m, 100) == 0 {
		t.Error("no feature is dense")
	}
}
