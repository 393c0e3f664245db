package compare

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// exactLimit is the number of differing queries up to which the randomisation
// test goes through all assignments instead of drawing some.
const exactLimit = 16

// mean of values; 0 of none.
func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// standardError is that of the mean, with n-1 degrees of freedom.
func standardError(values []float64) float64 {
	n := float64(len(values))
	if n < 2 {
		return 0
	}
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / (n - 1) / n)
}

// randomisation gives the two-sided p-value of Fisher's paired randomisation
// test for the mean of differences: under the hypothesis that the two systems are
// the same, each difference could as well have the other sign. Recommended for
// retrieval by Smucker, Allan and Carterette, "A comparison of statistical
// significance tests for information retrieval evaluation", 2007.
func randomisation(differences []float64, resamples int, seed uint64) float64 {
	moved := make([]float64, 0, len(differences))
	observed := 0.0
	for _, d := range differences {
		observed += d
		if d != 0 {
			moved = append(moved, d)
		}
	}
	// Sums of the same numbers in another order must count as equal.
	bound := math.Abs(observed) - 1e-9
	if len(moved) <= exactLimit {
		return exactRandomisation(moved, bound)
	}
	rng := rand.New(rand.NewPCG(seed, uint64(len(moved))))
	extreme := 0
	for range resamples {
		if math.Abs(flipped(moved, rng)) >= bound {
			extreme++
		}
	}
	return float64(extreme+1) / float64(resamples+1)
}

// flipped is the sum with random signs.
func flipped(values []float64, rng *rand.Rand) float64 {
	sum, signs := 0.0, uint64(0)
	for i, v := range values {
		if i%64 == 0 {
			signs = rng.Uint64()
		}
		if signs&1 == 0 {
			sum += v
		} else {
			sum -= v
		}
		signs >>= 1
	}
	return sum
}

func exactRandomisation(values []float64, bound float64) float64 {
	total := 1 << len(values)
	extreme := 0
	// Gray code: each assignment differs from the one before it in one sign.
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	negative := make([]bool, len(values))
	for i := 1; ; i++ {
		if math.Abs(sum) >= bound {
			extreme++
		}
		if i == total {
			return float64(extreme) / float64(total)
		}
		bit := bits.TrailingZeros(uint(i))
		if negative[bit] = !negative[bit]; negative[bit] {
			sum -= 2 * values[bit]
		} else {
			sum += 2 * values[bit]
		}
	}
}

// tTest gives the two-sided p-value of Student's paired t-test, and half the
// width of the confidence interval of the mean difference at the given level.
func tTest(differences []float64, level float64) (p, half float64) {
	m, se := mean(differences), standardError(differences)
	df := float64(len(differences) - 1)
	switch {
	case df < 1:
		return 1, math.Inf(1)
	case se == 0 && m == 0:
		return 1, 0
	case se == 0:
		return 0, 0
	}
	return 2 * studentTail(math.Abs(m/se), df), se * studentQuantile((1+level)/2, df)
}

// studentTail is P(T > t) for t >= 0.
func studentTail(t, df float64) float64 {
	return incompleteBeta(df/2, 0.5, df/(df+t*t)) / 2
}

// studentQuantile gives t with P(T <= t) = p, for p above one half.
func studentQuantile(p, df float64) float64 {
	low, high := 0.0, 1.0
	for studentTail(high, df) > 1-p {
		high *= 2
	}
	for range 200 {
		middle := (low + high) / 2
		if studentTail(middle, df) > 1-p {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// incompleteBeta is the regularised incomplete beta function I_x(a, b), by its
// continued fraction (Abramowitz and Stegun, 26.5.8), which converges fast on
// the side of x that is taken.
func incompleteBeta(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - incompleteBeta(b, a, 1-x)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	return front * betaFraction(a, b, x)
}

// betaFraction evaluates 1/(1 + d1/(1 + d2/(1 + ...))) from the inside out; the
// depth is enough for a and b up to several thousand.
func betaFraction(a, b, x float64) float64 {
	f := 1.0
	for i := 400; i >= 1; i-- {
		m := float64(i / 2)
		d := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		if i%2 == 1 {
			d = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		f = 1 + d/f
	}
	return 1 / f
}

// holm gives the p-values adjusted for being several, by Holm's step-down
// procedure: reject those below the level, and at most that share of sets of true
// hypotheses has a rejection.
func holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	out := make([]float64, len(ps))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, ps[i]*float64(len(ps)-rank)))
		out[i] = least
	}
	return out
}
