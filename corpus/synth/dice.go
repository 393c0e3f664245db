package synth

import (
	"math/bits"
	"math/rand/v2"
	"strings"
)

// The streams of random numbers of a post or a block of posts. What is drawn
// from one does not move what is drawn from another.
const (
	streamPlan uint64 = iota + 1
	streamText
	streamMeta
	streamSeries
)

// dice draws numbers for one post. Only the generator's documented output is
// used, with integer arithmetic, so that every machine and every release of Go
// draws the same.
type dice struct{ pcg rand.PCG }

// newDice returns the dice of item i of a stream.
func newDice(seed uint64, stream uint64, i int) dice {
	var d dice
	d.pcg.Seed(mix(seed^stream<<56), mix(uint64(i)+stream))
	return d
}

// mix is the finaliser of splitmix64 (Steele, Lea and Flood, 2014): neighbouring
// inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// n returns a number in 0..n-1; 0 when n is not positive. The bias of the
// multiplication is below 2^-40 for the sizes in use.
func (d *dice) n(n int) int {
	if n <= 0 {
		return 0
	}
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number in low..high, both included.
func (d *dice) between(low, high int) int { return low + d.n(high-low+1) }

// percent is true in p of 100 draws.
func (d *dice) percent(p int) bool { return d.n(100) < p }

// word draws one of a list.
func (d *dice) word(list []string) string { return list[d.n(len(list))] }

// weights is a list of cumulative integer weights.
type weights []int

// harmonic weighs rank r (0, 1, 2, ...) by 1/(r+offset): Zipf's law with a
// flattened head (Mandelbrot's form with exponent 1), in integers.
func harmonic(n, offset int) weights {
	w := make(weights, n)
	sum := 0
	for r := range n {
		sum += 1 << 20 / (r + offset)
		w[r] = sum
	}
	return w
}

// draw returns an index of w, by weight.
func (d *dice) draw(w weights) int {
	x := d.n(w[len(w)-1])
	low, high := 0, len(w)-1
	for low < high {
		mid := (low + high) / 2
		if w[mid] > x {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// kebab writes words in lower case with hyphens: "invoice API" is "invoice-api".
func kebab(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "-")) }
