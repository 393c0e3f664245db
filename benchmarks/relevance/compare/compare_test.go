// Claims proved here:
//
//  1. Means, differences, wins, losses and the order of the queries are right on
//     a comparison worked out by hand; the lists side by side show grades, moves
//     and relevant documents that are missing.
//  2. A comparison of a run with itself passes the gate, whatever the seed; a
//     candidate that is worse on most queries does not, nor one below a floor.
//  3. Text, Markdown, JSON and HTML have the verdict and the lists, and no text of
//     a document or query gets out of its place.
package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/html"

	"alphanode/benchmarks/relevance"
)

func measures(t *testing.T, names string) []relevance.Measure {
	t.Helper()
	m, err := relevance.ParseMeasures(names)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// small has two queries: q1 loses its relevant document a from place 1 to 3, and
// q2 stays the same.
func small(t *testing.T) Input {
	t.Helper()
	return Input{
		Dataset: "small", Task: relevance.SearchTask, Measures: measures(t, "RR AP"), Seed: 1,
		Queries: []relevance.Query{{ID: "q1", Text: "first"}, {ID: "q2", Text: "second"}},
		Qrels:   relevance.Qrels{"q1": {"a": 1, "b": 0, "z": 2}, "q2": {"a": 1}},
		Titles:  map[string]string{"a": "Title of A"},
		Baseline: Side{Name: "old", Run: relevance.Run{
			"q1": {{ID: "a", Score: 3}, {ID: "b", Score: 2}}, "q2": {{ID: "a", Score: 1}},
		}},
		Candidate: Side{Name: "new", Run: relevance.Run{
			"q1": {{ID: "b", Score: 3}, {ID: "c", Score: 2}, {ID: "a", Score: 1}}, "q2": {{ID: "a", Score: 1}},
		}},
	}
}

func TestCompareByHand(t *testing.T) {
	c := Compare(small(t))
	rr := c.Measures[0]
	// RR 1 and 1 before; 1/3 and 1 after. Differences -2/3 and 0.
	if math.Abs(rr.Baseline-1) > 1e-12 || math.Abs(rr.Candidate-2.0/3) > 1e-12 || math.Abs(rr.Difference+1.0/3) > 1e-12 {
		t.Errorf("means %+v", rr)
	}
	// One difference: both signs are as extreme.
	if rr.Wins != 0 || rr.Losses != 1 || rr.Ties != 1 || rr.PRandomisation != 1 {
		t.Errorf("counts %+v", rr)
	}
	// Standard error of (-2/3, 0) is 1/3; t = -1 with one degree of freedom: p = 0.5; half the
	// interval is 12.7062/3, more than a difference can be.
	if math.Abs(rr.PT-0.5) > 1e-9 || rr.Low != -1 || rr.High != 1 {
		t.Errorf("t-test %+v", rr)
	}
	one, zero, two := 1, 0, 2
	want := []Contrast{{
		Difference:    Difference{Query: "q1", Text: "first", Baseline: 1, Candidate: 1.0 / 3, Delta: 1.0/3 - 1},
		BaselineHits:  []Hit{{ID: "a", Title: "Title of A", Grade: &one, Rank: 1, Other: 3}, {ID: "b", Grade: &zero, Rank: 2, Other: 1}},
		CandidateHits: []Hit{{ID: "b", Grade: &zero, Rank: 1, Other: 2}, {ID: "c", Rank: 2}, {ID: "a", Title: "Title of A", Grade: &one, Rank: 3, Other: 1}},
		Missed:        []Hit{{ID: "z", Grade: &two}},
	}}
	if diff := cmp.Diff(want, c.Worst, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	if len(c.Best) != 0 || len(c.Differences) != 2 || c.Differences[0].Query != "q1" {
		t.Errorf("best %v, differences %v", c.Best, c.Differences)
	}
	// Baseline q1: recall 1/2 at rank 1 with precision 1, z never found: 1 up to recall 0.5, then 0. q2: 1 throughout.
	if diff := cmp.Diff([]float64{1, 1, 1, 1, 1, 1, .5, .5, .5, .5, .5}, c.RecallPrecision[0]); diff != "" {
		t.Error(diff)
	}
}

// many has n queries with one relevant document each, at the rank that place
// gives.
func many(n int, place func(i int) int) (relevance.Qrels, relevance.Run) {
	qrels, run := make(relevance.Qrels), make(relevance.Run)
	for i := range n {
		query := fmt.Sprint(i)
		qrels[query] = map[string]int{"a": 1}
		for rank := 1; rank <= 20; rank++ {
			id := fmt.Sprintf("d%d", rank)
			if rank == place(i) {
				id = "a"
			}
			run[query] = append(run[query], relevance.Ranked{ID: id, Score: float64(-rank)})
		}
	}
	return qrels, run
}

func TestGate(t *testing.T) {
	qrels, good := many(40, func(i int) int { return 1 + i%3 })
	_, bad := many(40, func(i int) int { return 1 + i%3 + i%4 })
	in := Input{
		Dataset: "many", Task: relevance.SearchTask, Qrels: qrels, Resamples: 1000,
		Baseline: Side{Name: "A", Run: good}, Candidate: Side{Name: "A", Run: good},
	}
	for seed := range uint64(100) {
		in.Seed = seed
		if err := Compare(in).Check(Gate{First: true}); err != nil {
			t.Fatalf("a run compared with itself, seed %d: %v", seed, err)
		}
	}
	in.Candidate.Run = bad
	c := Compare(in)
	err := c.Check(Gate{First: true})
	if !errors.Is(err, ErrGate) || c.Verdict.Pass || !strings.Contains(err.Error(), "nDCG@10 fell from") {
		t.Errorf("a worse candidate: %v, %+v", err, c.Verdict)
	}
	// The other way round it is an improvement.
	in.Baseline, in.Candidate = in.Candidate, in.Baseline
	c = Compare(in)
	if err := c.Check(Gate{Measures: []string{"nDCG@10", "RR"}}); err != nil || !c.Verdict.Pass {
		t.Errorf("a better candidate: %v", err)
	}
	err = c.Check(Gate{Floors: map[string]float64{"RR": 0.99}})
	if !errors.Is(err, ErrGate) || !strings.Contains(err.Error(), "below its floor of 0.9900") {
		t.Errorf("below the floor: %v", err)
	}
	if err := c.Check(Gate{Measures: []string{"RBP"}}); err == nil || errors.Is(err, ErrGate) {
		t.Errorf("a measure that was not computed: %v", err)
	}
}

// hostile is a comparison whose texts try to get out of every format.
func hostile(t *testing.T) *Comparison {
	t.Helper()
	in := small(t)
	const evil = `</title><script>alert(1)</script> | **x** "quoted"` + "\n# head"
	in.Dataset, in.Baseline.Name, in.Candidate.Name = evil, evil, evil
	in.Queries[0].Text = evil
	in.Titles["a"] = evil
	in.Candidate.Times = []time.Duration{time.Millisecond, 3 * time.Second}
	c := Compare(in)
	if err := c.Check(Gate{Floors: map[string]float64{"RR": 0.9}}); !errors.Is(err, ErrGate) {
		t.Fatal(err)
	}
	return c
}

func TestWriteHTML(t *testing.T) {
	var out bytes.Buffer
	if err := hostile(t).WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?i)<script|<link|src=|https?://|url\(`).Match(out.Bytes()) {
		t.Error("the page runs or loads something")
	}
	for _, want := range []string{"Failed", "below its floor", "Queries that lost most", "&lt;script&gt;", "<svg", "Latency", "down from 1", "new"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if _, err := html.Parse(&out); err != nil {
		t.Error(err)
	}
}

func TestWriteMarkdown(t *testing.T) {
	var out bytes.Buffer
	if err := hostile(t).WriteMarkdown(&out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if strings.HasPrefix(line, "|") && cells != 9 && cells != 4 {
			t.Errorf("table row with %d bars: %s", cells, line)
		}
		if strings.Contains(line, "<script>") && !strings.Contains(line, `\<script\>`) {
			t.Errorf("not escaped: %s", line)
		}
	}
	if !strings.Contains(out.String(), "**Failed**") || !strings.Contains(out.String(), "<details>") {
		t.Errorf("got %s", out.String())
	}
}

func TestWriteTextAndJSON(t *testing.T) {
	c := hostile(t)
	var out bytes.Buffer
	if err := c.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"RR", "-0.3333 (-33.3 %)", "FAIL: RR is 0.6667, below its floor", "queries that lost most, by RR", "relevant, at no place and no place: z", "p99 3000000 µs"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	out.Reset()
	if err := c.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var back Comparison
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Measures, back.Measures) + cmp.Diff(c.Worst, back.Worst) + cmp.Diff(c.Verdict, back.Verdict); diff != "" {
		t.Error(diff)
	}
}
