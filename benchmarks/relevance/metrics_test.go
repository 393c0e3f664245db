// Claims proved here: each measure has the value that its definition gives by
// hand on one small ranking, with a grade of 2, an unjudged document, a judged
// irrelevant one, and relevant documents that were not retrieved.
package relevance_test

import (
	"math"
	"testing"

	"alphanode/benchmarks/relevance"
)

// The ranking a u b n c, of which u is not judged and n is judged 0. Relevant:
// a 1, b 2, c 1, and x 3, y 1, which were not retrieved. Judged 0: n, m, o.
// R = 5 relevant documents, N = 3 judged irrelevant ones.
func handQrels() relevance.Qrels {
	return relevance.Qrels{"q": {"a": 1, "b": 2, "c": 1, "x": 3, "y": 1, "n": 0, "m": 0, "o": 0}}
}

func handRun() relevance.Run {
	return relevance.Run{"q": {{"a", 9}, {"u", 8}, {"b", 7}, {"n", 6}, {"c", 5}}}
}

func TestMeasuresByHand(t *testing.T) {
	tests := map[string]float64{
		// dcg = 1/log2(2) + 2/log2(4) + 1/log2(6) = 1 + 1 + 0.386853 = 2.386853.
		// ideal 3 2 1 1 1 = 3 + 1.261860 + 0.5 + 0.430677 + 0.386853 = 5.579389.
		"nDCG": 2.386853 / 5.579389,
		// dcg of the first 3 = 2; ideal of 3 = 4.761860.
		"nDCG@3": 2 / 4.761860,
		// gains 1, 3, 1: 1 + 1.5 + 0.386853; ideal 7 + 3*0.630930 + 0.5 + 0.430677 + 0.386853.
		"nDCG(dcg='exp-log2')": 2.886853 / 10.210319,
		// Precisions at the relevant ranks 1, 3, 5: 1 + 2/3 + 3/5, over 5.
		"AP": (1 + 2.0/3 + 3.0/5) / 5,
		// Rank 5 is cut off; still over 5.
		"AP@3": (1 + 2.0/3) / 5,
		// Only b at rank 3 (x was not retrieved): 1/3, over 2.
		"AP(rel=2)": (1.0 / 3) / 2,
		"RR":        1,
		"RR(rel=2)": 1.0 / 3,
		// b is below the cutoff.
		"RR(rel=2)@2": 0,
		"P@5":         3.0 / 5,
		// Five retrieved; still over 10.
		"P@10":             3.0 / 10,
		"P(rel=2)@5":       1.0 / 5,
		"R@3":              2.0 / 5,
		"R@100":            3.0 / 5,
		"Rprec":            3.0 / 5,
		"Success@1":        1,
		"Success(rel=2)@2": 0,
		// a and b have no judged irrelevant document above, c has 1: 1 + 1 + (1 - 1/min(3,5)), over 5.
		"Bpref": (1 + 1 + (1 - 1.0/3)) / 5,
		// 0.2 (1 + 0.8^2 + 0.8^4).
		"RBP": 0.2 * (1 + 0.64 + 0.4096),
		// 0.5 (1 + 0.5^2 + 0.5^4).
		"RBP(p=0.5)": 0.5 * (1 + 0.25 + 0.0625),
		// Stops: a 1/16, b 3/16, c 1/16: 1/16 + 15/16 * 3/16 / 3 + 15/16 * 13/16 * 1/16 / 5.
		"ERR": 0.0625 + 0.9375*0.1875/3 + 0.9375*0.8125*0.0625/5,
		// With 2 as the highest grade: a 1/4, b 3/4: 1/4 + 3/4 * 3/4 / 3.
		"ERR(max_rel=2)@3": 0.25 + 0.75*0.75/3,
		// All but u.
		"Judged":   4.0 / 5,
		"Judged@2": 1.0 / 2,
		// Fewer than 10 were retrieved: over 5.
		"Judged@10": 4.0 / 5,
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			if got := value(t, name, handQrels(), handRun()); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s = %.7f, want %.7f", name, got, want)
			}
		})
	}
}

func value(t *testing.T, name string, qrels relevance.Qrels, run relevance.Run) float64 {
	t.Helper()
	m, err := relevance.ParseMeasure(name)
	if err != nil {
		t.Fatal(err)
	}
	return relevance.Evaluate([]relevance.Measure{m}, qrels, run)[0].Mean
}

// Claims: equal scores rank by id descending, as in trec_eval; scores that are
// equal in single precision are equal; ranks follow scores, not the order given.
func TestTies(t *testing.T) {
	qrels := relevance.Qrels{"q": {"b": 1}}
	for name, test := range map[string]struct {
		docs []relevance.Ranked
		want float64
	}{
		"id descending":    {[]relevance.Ranked{{"a", 1}, {"b", 1}}, 1},
		"single precision": {[]relevance.Ranked{{"a", 1 + 1e-12}, {"b", 1}}, 1},
		"not a tie":        {[]relevance.Ranked{{"a", 1 + 1e-6}, {"b", 1}}, 0.5},
		"any order":        {[]relevance.Ranked{{"a", 1}, {"b", 2}}, 1},
	} {
		if got := value(t, "RR", qrels, relevance.Run{"q": test.docs}); got != test.want {
			t.Errorf("%s: RR = %v, want %v", name, got, test.want)
		}
	}
}

// Claims: the mean is over all judged queries; one without results, and one
// without relevant documents, counts as 0; one without judgments does not count;
// a grade below 0 is no judgment.
func TestMeanIsOverJudgedQueries(t *testing.T) {
	qrels := relevance.Qrels{"found": {"a": 1}, "empty": {"a": 1}, "irrelevant": {"a": 0}, "withdrawn": {"a": -1}}
	found := []relevance.Ranked{{"a", 1}}
	run := relevance.Run{"found": found, "irrelevant": found, "withdrawn": found, "not judged": found}
	for name, want := range map[string]float64{
		"RR": 1.0 / 4, "nDCG@10": 1.0 / 4, "AP": 1.0 / 4, "Bpref": 1.0 / 4, "Success@1": 1.0 / 4,
		"Judged@10": 2.0 / 4, // found and irrelevant
	} {
		if got := value(t, name, qrels, run); got != want {
			t.Errorf("mean %s = %v, want %v", name, got, want)
		}
	}
}
