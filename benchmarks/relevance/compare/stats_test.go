// Claims proved here:
//
//  1. Tail and quantile of Student's distribution are those of the tables.
//  2. The t-test and the exact randomisation test give the values of scipy 1.17
//     (ttest_1samp, permutation_test) on one sample.
//  3. The drawn randomisation test is near the exact one, is the same for the
//     same seed, and keeps its level: of many true hypotheses it rejects few.
package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestStudent(t *testing.T) {
	for _, test := range []struct{ t, df, p float64 }{
		{2.0, 1, 0.2951672353008665},
		{2.228, 10, 0.05001177181711132},
		{1.5, 4, 0.208},
		{0.3, 299, 0.7643856133746422},
		{3.3, 1499, 0.0009895503613835622},
		{12, 5, 7.089492517161522e-05},
		{0, 7, 1},
	} {
		if got := 2 * studentTail(test.t, test.df); math.Abs(got-test.p) > 1e-9 {
			t.Errorf("t %g, df %g: p %.12f, want %.12f", test.t, test.df, got, test.p)
		}
	}
	for _, test := range []struct{ p, df, t float64 }{
		{.975, 1, 12.706204736174694},
		{.975, 10, 2.228138851986274},
		{.95, 51, 1.67528495042491},
		{.975, 299, 1.9679296690656698},
		{.995, 4, 4.604094871349992},
	} {
		if got := studentQuantile(test.p, test.df); math.Abs(got-test.t) > 1e-8 {
			t.Errorf("quantile %g, df %g: %.12f, want %.12f", test.p, test.df, got, test.t)
		}
	}
}

// sample has ten differences with mean 0.103.
func sample() []float64 { return []float64{.1, -.05, .2, .3, 0, -.02, .15, .4, -.1, .05} }

func TestTTest(t *testing.T) {
	p, half := tTest(sample(), 0.95)
	if math.Abs(p-0.07299153626671631) > 1e-9 || math.Abs(0.103+half-0.21780679757839894) > 1e-9 {
		t.Errorf("p %.9f, interval 0.103 ± %.9f", p, half)
	}
	for name, test := range map[string]struct {
		differences []float64
		p           float64
	}{"none": {nil, 1}, "one": {[]float64{1}, 1}, "all zero": {make([]float64, 9), 1}, "all the same": {[]float64{1, 1, 1}, 0}} {
		if p, _ := tTest(test.differences, 0.95); p != test.p {
			t.Errorf("%s: p %v, want %v", name, p, test.p)
		}
	}
}

func TestRandomisation(t *testing.T) {
	if got := randomisation(sample(), 1000, 1); got != 0.0859375 {
		t.Errorf("exact p is %v, want 0.0859375", got)
	}
	if got := randomisation(make([]float64, 100), 1000, 1); got != 1 {
		t.Errorf("p of no differences is %v, want 1", got)
	}
	// Twenty times the same difference: 2 of 2^20 assignments are as extreme.
	same := make([]float64, 20)
	for i := range same {
		same[i] = 0.1
	}
	if got := randomisation(same, 1000, 1); got != 1.0/1001 {
		t.Errorf("p of one direction is %v, want 1/1001", got)
	}
	// Two copies of the sample have more than exactLimit differences.
	twice := append(sample(), sample()...)
	exact := exactRandomisation(twice, 2.06-1e-9)
	drawn := randomisation(twice, 100_000, 3)
	if math.Abs(exact-drawn) > 0.003 {
		t.Errorf("exact %v, drawn %v", exact, drawn)
	}
	if again := randomisation(twice, 100_000, 3); again != drawn {
		t.Errorf("the same seed gives %v and %v", drawn, again)
	}
}

func TestRandomisationKeepsItsLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	rejected := 0
	const trials = 400
	for trial := range trials {
		differences := make([]float64, 60)
		for i := range differences {
			differences[i] = math.Round(rng.NormFloat64()*4) / 10
		}
		if randomisation(differences, 2000, uint64(trial)) < 0.05 {
			rejected++
		}
	}
	// Binomial(400, 0.05) has mean 20 and standard deviation 4.4.
	if rejected < 6 || rejected > 36 {
		t.Errorf("%d of %d true hypotheses rejected at 0.05", rejected, trials)
	}
}

func TestHolm(t *testing.T) {
	// 0.01*4, max(0.04, 0.02*3), then 0.03*2 = 0.06, then 0.5.
	got := holm([]float64{0.03, 0.01, 0.5, 0.02})
	if diff := cmp.Diff([]float64{0.06, 0.04, 0.5, 0.06}, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{1, 1}, holm([]float64{0.6, 0.7})); diff != "" {
		t.Error(diff)
	}
}
