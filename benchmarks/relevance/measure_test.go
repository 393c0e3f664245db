package relevance_test

import (
	"strings"
	"testing"

	"alphanode/benchmarks/relevance"
)

// Claim: names of ir_measures are read, aliases too, and written canonically.
func TestParseMeasure(t *testing.T) {
	for in, want := range map[string]string{
		"nDCG@10": "nDCG@10", "NDCG@10": "nDCG@10", "ndcg": "nDCG", "nDCG(dcg='exp-log2')@5": "nDCG(dcg='exp-log2')@5",
		"nDCG(dcg=log2)": "nDCG", "MAP": "AP", "AP(rel=2)@100": "AP(rel=2)@100", "AP(rel=1)": "AP", "MRR@10": "RR@10",
		"P(rel=2)@10": "P(rel=2)@10", "Recall@1000": "R@1000", "RBP": "RBP", "RBP(p=0.8)": "RBP",
		"RBP(rel=2, p=0.95)@20": "RBP(rel=2,p=0.95)@20", "ERR@20": "ERR@20", "ERR(max_rel=2)": "ERR(max_rel=2)",
		"BPref": "Bpref", "Rprec": "Rprec", "Success@5": "Success@5", "Judged@10": "Judged@10", " RR ": "RR",
	} {
		m, err := relevance.ParseMeasure(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := m.String(); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		if again, err := relevance.ParseMeasure(m.String()); err != nil || again != m {
			t.Errorf("%q is %+v when read again (%v), was %+v", in, again, err, m)
		}
		if m.Describe() == "" {
			t.Errorf("%s has no description", m)
		}
	}
}

// Claim: what cannot be a measure is an error that names it and says why.
func TestParseMeasureErrors(t *testing.T) {
	for in, want := range map[string]string{
		"": "not of the form", "nDCG@": "not of the form", "nDCG 10": "not of the form", "F@10": "unknown",
		"P": "needs a cutoff", "R": "needs a cutoff", "Bpref@10": "takes no cutoff", "nDCG@0": "from 1",
		"nDCG(rel=2)@10": `"rel=2" is not one of [dcg]`, "P(rel=x)@5": "whole number", "P(rel=0)@5": "whole number",
		"RBP(p=1)": "between 0 and 1", "RBP(p=NaN)": "between 0 and 1", "nDCG(dcg=ln)": "neither", "P(rel)@5": "not one of",
		"nDCG@99999999999999999999": "whole number",
	} {
		_, err := relevance.ParseMeasure(in)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), in) {
			t.Errorf("%q: error %v, want %q in it", in, err, want)
		}
	}
}

func TestParseMeasures(t *testing.T) {
	got, err := relevance.ParseMeasures("nDCG@10, AP RBP(rel=2, p=0.5)@10,Judged@10")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range got {
		names = append(names, m.String())
	}
	if s := strings.Join(names, " "); s != "nDCG@10 AP RBP(rel=2,p=0.5)@10 Judged@10" {
		t.Errorf("got %s", s)
	}
	for _, bad := range []string{"", " , ", "nDCG@10 X", "nDCG@10 ("} {
		if _, err := relevance.ParseMeasures(bad); err == nil {
			t.Errorf("%q is no error", bad)
		}
	}
}
