package compare

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"alphanode/benchmarks/relevance"
)

// Side is one of the two that are compared.
type Side struct {
	Name string `json:"name"`
	// Run holds its results.
	Run relevance.Run `json:"-"`
	// Times are how long its queries took; nil when the run was read from a file.
	Times []time.Duration `json:"-"`
	// LatencyUS has percentiles of Times.
	LatencyUS *Latency `json:"latency_us,omitempty"`
}

// Latency has percentiles in whole microseconds.
type Latency struct {
	P50 int64 `json:"p50"`
	P90 int64 `json:"p90"`
	P99 int64 `json:"p99"`
	Max int64 `json:"max"`
}

// Input is what is compared.
type Input struct {
	Dataset   string
	Task      relevance.Task
	Queries   []relevance.Query
	Qrels     relevance.Qrels
	Measures  []relevance.Measure
	Baseline  Side
	Candidate Side
	// Titles has the titles of documents, by id, where they are known.
	Titles map[string]string
	// Seed starts the randomisation test.
	Seed uint64
	// Resamples is how many assignments that test draws; 0 means 100,000.
	Resamples int
	// Level is that of confidence intervals; 0 means 0.95.
	Level float64
}

// Comparison is the outcome.
type Comparison struct {
	Dataset   string         `json:"dataset"`
	Task      relevance.Task `json:"task"`
	Queries   int            `json:"queries"`
	Baseline  Side           `json:"baseline"`
	Candidate Side           `json:"candidate"`
	Seed      uint64         `json:"seed"`
	Level     float64        `json:"level"`
	// Measures are in the order asked for; the first one is what queries are
	// ordered by.
	Measures []Result `json:"measures"`
	// Differences has the change of the first measure for every query, the largest
	// loss first.
	Differences []Difference `json:"differences"`
	// Worst and Best are at most ten queries each that lost and won most, with
	// both result lists.
	Worst []Contrast `json:"worst"`
	Best  []Contrast `json:"best"`
	// RecallPrecision has the interpolated precision at recall 0, 0.1, ... 1.
	RecallPrecision [2][]float64 `json:"recall_precision"`
	// Verdict is that of the gate, when one was asked.
	Verdict *Verdict `json:"verdict,omitempty"`
}

// Result compares one measure.
type Result struct {
	Measure   string  `json:"measure"`
	Baseline  float64 `json:"baseline"`
	Candidate float64 `json:"candidate"`
	// Difference is candidate less baseline, with the bounds of its confidence
	// interval (paired, Student's t).
	Difference float64 `json:"difference"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	// PRandomisation and PT are two-sided p-values: paired randomisation test and
	// paired t-test.
	PRandomisation float64 `json:"p_randomisation"`
	PT             float64 `json:"p_t"`
	// Wins, Losses and Ties count queries.
	Wins   int `json:"wins"`
	Losses int `json:"losses"`
	Ties   int `json:"ties"`
}

// Relative is the difference in per cent of the baseline; 0 when that is 0.
func (r Result) Relative() float64 {
	if r.Baseline == 0 {
		return 0
	}
	return 100 * r.Difference / r.Baseline
}

// Difference is the change of one query.
type Difference struct {
	Query     string  `json:"query"`
	Text      string  `json:"text"`
	Baseline  float64 `json:"baseline"`
	Candidate float64 `json:"candidate"`
	Delta     float64 `json:"delta"`
}

// Contrast shows the first results of both sides for one query.
type Contrast struct {
	Difference
	BaselineHits  []Hit `json:"baseline_hits"`
	CandidateHits []Hit `json:"candidate_hits"`
	// Missed are relevant documents that neither side has among the hits shown.
	Missed []Hit `json:"missed,omitempty"`
}

// Hit is one document of a list that is shown.
type Hit struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	// Grade is nil when the document is not judged.
	Grade *int `json:"grade"`
	// Rank is 1-based; Other is the rank on the other side, 0 when it is not
	// retrieved there.
	Rank  int `json:"rank,omitempty"`
	Other int `json:"other,omitempty"`
}

// How many queries and how many hits of each are shown.
const (
	shownQueries = 10
	shownHits    = 10
)

// Compare compares two runs. It does not change its input.
func Compare(in Input) *Comparison {
	if in.Resamples == 0 {
		in.Resamples = 100_000
	}
	if in.Level == 0 {
		in.Level = 0.95
	}
	if len(in.Measures) == 0 {
		in.Measures = relevance.DefaultMeasures()
	}
	before := relevance.Evaluate(in.Measures, in.Qrels, in.Baseline.Run)
	after := relevance.Evaluate(in.Measures, in.Qrels, in.Candidate.Run)
	c := &Comparison{
		Dataset: in.Dataset, Task: in.Task, Queries: len(in.Qrels), Seed: in.Seed, Level: in.Level,
		Baseline: in.Baseline.summed(), Candidate: in.Candidate.summed(),
	}
	for i := range before {
		c.Measures = append(c.Measures, result(before[i], after[i], in))
	}
	c.Differences = differences(before[0], after[0], in.Queries)
	c.RecallPrecision = [2][]float64{recallPrecision(in.Qrels, in.Baseline.Run), recallPrecision(in.Qrels, in.Candidate.Run)}
	c.contrast(in)
	return c
}

// summed fills in the percentiles.
func (s Side) summed() Side {
	if len(s.Times) == 0 {
		return s
	}
	times := slices.Sorted(slices.Values(s.Times))
	at := func(p int) int64 { return times[max((len(times)*p+99)/100, 1)-1].Microseconds() }
	s.LatencyUS = &Latency{P50: at(50), P90: at(90), P99: at(99), Max: at(100)}
	return s
}

func result(before, after relevance.Scores, in Input) Result {
	r := Result{Measure: before.Measure.String(), Baseline: before.Mean, Candidate: after.Mean}
	deltas := make([]float64, 0, len(before.ByQuery))
	for _, query := range slices.Sorted(maps.Keys(before.ByQuery)) {
		d := after.ByQuery[query] - before.ByQuery[query]
		switch {
		case d > 0:
			r.Wins++
		case d < 0:
			r.Losses++
		default:
			r.Ties++
		}
		deltas = append(deltas, d)
	}
	var half float64
	r.Difference = mean(deltas)
	r.PT, half = tTest(deltas, in.Level)
	// No measure leaves 0..1, so no difference leaves -1..1.
	r.Low, r.High = max(-1, r.Difference-half), min(1, r.Difference+half)
	r.PRandomisation = randomisation(deltas, in.Resamples, in.Seed)
	return r
}

func differences(before, after relevance.Scores, queries []relevance.Query) []Difference {
	texts := make(map[string]string, len(queries))
	for _, q := range queries {
		texts[q.ID] = q.Text
	}
	out := make([]Difference, 0, len(before.ByQuery))
	for query, was := range before.ByQuery {
		is := after.ByQuery[query]
		out = append(out, Difference{Query: query, Text: texts[query], Baseline: was, Candidate: is, Delta: is - was})
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Delta, b.Delta), cmp.Compare(a.Query, b.Query))
	})
	return out
}

// contrast picks the queries that lost and won most.
func (c *Comparison) contrast(in Input) {
	for i := 0; i < len(c.Differences) && i < shownQueries && c.Differences[i].Delta < 0; i++ {
		c.Worst = append(c.Worst, in.contrast(c.Differences[i]))
	}
	for i := len(c.Differences) - 1; i >= 0 && len(c.Best) < shownQueries && c.Differences[i].Delta > 0; i-- {
		c.Best = append(c.Best, in.contrast(c.Differences[i]))
	}
}

func (in Input) contrast(d Difference) Contrast {
	before, after := relevance.Order(in.Baseline.Run[d.Query]), relevance.Order(in.Candidate.Run[d.Query])
	c := Contrast{Difference: d, BaselineHits: in.hits(d.Query, before, after), CandidateHits: in.hits(d.Query, after, before)}
	shown := make(map[string]bool)
	for _, hit := range slices.Concat(c.BaselineHits, c.CandidateHits) {
		shown[hit.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(in.Qrels[d.Query])) {
		if grade := in.Qrels[d.Query][id]; grade > 0 && !shown[id] && len(c.Missed) < shownHits {
			c.Missed = append(c.Missed, Hit{ID: id, Title: in.Titles[id], Grade: &grade, Rank: rank(before, id), Other: rank(after, id)})
		}
	}
	return c
}

func (in Input) hits(query string, docs, other []relevance.Ranked) []Hit {
	out := make([]Hit, 0, shownHits)
	for i, doc := range docs[:min(shownHits, len(docs))] {
		hit := Hit{ID: doc.ID, Title: in.Titles[doc.ID], Rank: i + 1, Other: rank(other, doc.ID)}
		if grade, judged := in.Qrels[query][doc.ID]; judged && grade >= 0 {
			hit.Grade = &grade
		}
		out = append(out, hit)
	}
	return out
}

// rank is the 1-based place of a document; 0 when it is absent.
func rank(docs []relevance.Ranked, id string) int {
	return 1 + slices.IndexFunc(docs, func(d relevance.Ranked) bool { return d.ID == id })
}

// recallPrecision gives the highest precision at or beyond each of eleven levels
// of recall, averaged over the queries.
func recallPrecision(qrels relevance.Qrels, run relevance.Run) []float64 {
	curve := make([]float64, 11)
	for query, judged := range qrels {
		relevant := 0
		for _, grade := range judged {
			if grade > 0 {
				relevant++
			}
		}
		found := 0
		var best [11]float64
		for i, doc := range relevance.Order(run[query]) {
			if judged[doc.ID] <= 0 {
				continue
			}
			found++
			for level := range best {
				if 10*found >= level*relevant {
					best[level] = max(best[level], float64(found)/float64(i+1))
				}
			}
		}
		for level := range curve {
			curve[level] += best[level] / float64(len(qrels))
		}
	}
	return curve
}
