package relevance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"alphanode/corpus"
)

// Task is what is measured.
type Task string

// The tasks.
const (
	// SearchTask asks with the text of the queries.
	SearchTask Task = "relevance"
	// SimilarTask asks for the documents like the one whose id is the query's.
	SimilarTask Task = "similar"
)

// Depth is how many documents a query is evaluated on, and a run file holds.
const Depth = 1000

// ruled is how many places of a list of similar posts the rules order.
const ruled = 10

// Options says what to measure and how.
type Options struct {
	Task Task
	// Dataset is the path of a collection, as [Open] takes it.
	Dataset string
	// Documents replace those of the collection; nil means [Collection.Documents].
	Documents corpus.Source
	// System answers. Bench does not close it.
	System System
	// Indexed says that System already holds the documents.
	Indexed bool
	// Measures are what to compute; nil means [DefaultMeasures].
	Measures []Measure
	// NoRules leaves the rules out of lists of similar posts.
	NoRules bool
	// RunOut is a file to write the run to, in TREC form; empty writes none.
	RunOut string
	// Now is the clock that latencies are measured with.
	Now func() time.Time
	// Progress, if not nil, is told after each query.
	Progress func(done, total int)
}

// Report is the outcome, in the JSON form of "alphanode bench".
type Report struct {
	Dataset string `json:"dataset"`
	Task    Task   `json:"task"`
	// Queries counts the judged queries, which are those that were asked.
	Queries int                `json:"queries"`
	Metrics map[string]float64 `json:"metrics"`
	// IndexSeconds is from the first document read to all searchable; 0 when an
	// index that existed was measured.
	IndexSeconds float64 `json:"index_seconds"`
	Latency      Latency `json:"latency_us"`
	// Site are measures of the lists of all documents, where the task is similar posts
	// and the system can tell them.
	Site map[string]float64 `json:"site,omitempty"`
	// Rejected counts documents that could not be read.
	Rejected int `json:"rejected,omitempty"`

	// Scores, Run and Collection are what the report was made of; Times are those
	// of the single queries, ascending.
	Scores     []Scores        `json:"-"`
	Run        Run             `json:"-"`
	Collection *Collection     `json:"-"`
	Times      []time.Duration `json:"-"`
}

// Latency has percentiles of the time that single queries took, asked one after
// the other, in whole microseconds.
type Latency struct {
	P50 int64 `json:"p50"`
	P99 int64 `json:"p99"`
}

// Bench indexes a collection with a system, asks all judged queries, and scores
// the answers.
func Bench(ctx context.Context, o Options) (*Report, error) {
	c, err := Open(o.Dataset)
	if err != nil {
		return nil, err
	}
	report, err := BenchCollection(ctx, c, o)
	if err != nil || o.Task != SimilarTask || o.NoRules {
		return report, err
	}
	if s, ok := o.System.(Surveyor); ok {
		if report.Site, err = s.Survey(ctx); err != nil {
			return nil, fmt.Errorf("measure all lists of %s: %w", c.Name, err)
		}
	}
	return report, nil
}

// BenchCollection is [Bench] for a collection that is open; without judgments all its
// queries are asked, and every measure is 0.
func BenchCollection(ctx context.Context, c *Collection, o Options) (*Report, error) {
	report := &Report{Dataset: c.Name, Task: o.Task, Queries: len(c.Queries), Collection: c}
	if !o.Indexed {
		if err := report.index(ctx, o); err != nil {
			return nil, err
		}
	}
	if err := report.ask(ctx, o); err != nil {
		return nil, err
	}
	if len(o.Measures) == 0 {
		o.Measures = DefaultMeasures()
	}
	report.score(o.Measures)
	if o.RunOut == "" {
		return report, nil
	}
	return report, writeRunFile(o.RunOut, report.Run)
}

func (r *Report) index(ctx context.Context, o Options) error {
	src := o.Documents
	if src == nil {
		var err error
		if src, err = r.Collection.Documents(); err != nil {
			return err
		}
	}
	counted := &countingSource{Source: src}
	start := o.Now()
	if err := o.System.Index(ctx, counted); err != nil {
		return fmt.Errorf("index collection %s: %w", r.Dataset, err)
	}
	if p, ok := o.System.(Preparer); ok {
		if err := p.Prepare(ctx, o.Task); err != nil {
			return fmt.Errorf("index collection %s: %w", r.Dataset, err)
		}
	}
	r.IndexSeconds = o.Now().Sub(start).Seconds()
	r.Rejected = len(counted.rejected)
	if counted.posts == 0 {
		return fmt.Errorf("index collection %s: no document could be read: %w", r.Dataset, errors.Join(counted.rejected...))
	}
	return nil
}

func (r *Report) ask(ctx context.Context, o Options) error {
	r.Run = make(Run, len(r.Collection.Queries))
	times := make([]time.Duration, 0, len(r.Collection.Queries))
	for i, q := range r.Collection.Queries {
		start := o.Now()
		docs, err := answer(ctx, o, q)
		times = append(times, o.Now().Sub(start))
		if err != nil {
			return fmt.Errorf("query %q: %w", q.ID, err)
		}
		r.Run[q.ID] = docs
		if o.Progress != nil {
			o.Progress(i+1, len(r.Collection.Queries))
		}
	}
	slices.Sort(times)
	r.Times = times
	r.Latency = Latency{P50: percentile(times, 50), P99: percentile(times, 99)}
	return nil
}

// answer gives the ranking of one query as it is evaluated.
func answer(ctx context.Context, o Options, q Query) (docs []Ranked, err error) {
	never := q.never(o.Task)
	switch o.Task {
	case SearchTask:
		docs, err = o.System.Search(ctx, q.Text, Depth+len(never))
	case SimilarTask:
		var found Neighbours
		found, err = o.System.Similar(ctx, q.ID, Depth+len(never))
		if o.NoRules {
			found.Shown = nil
		}
		docs = found.ranking()
	default:
		err = fmt.Errorf("task %q is neither %s nor %s", o.Task, SearchTask, SimilarTask)
	}
	docs = allowed(docs, never)
	return strictly(docs[:min(Depth, len(docs))]), err
}

// ranking gives the first places in the order of the rules, then everything else
// by score: what the rules displaced is not lost.
func (n Neighbours) ranking() []Ranked {
	shown := n.Shown[:min(ruled, len(n.Shown))]
	out := slices.Clone(shown)
	for _, doc := range n.Raw {
		if !slices.ContainsFunc(shown, func(d Ranked) bool { return d.ID == doc.ID }) {
			out = append(out, doc)
		}
	}
	return out
}

func (r *Report) score(measures []Measure) {
	r.Scores = Evaluate(measures, r.Collection.Judgments(r.Task), r.Run)
	r.Metrics = make(map[string]float64, len(measures))
	for _, s := range r.Scores {
		r.Metrics[s.Measure.String()] = s.Mean
	}
}

// percentile gives the smallest of the sorted times that p per cent do not
// exceed, in microseconds.
func percentile(sorted []time.Duration, p int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1].Microseconds()
}

func writeRunFile(path string, run Run) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return WriteRun(f, run, "alphanode")
}
