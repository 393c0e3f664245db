package compare

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
)

// Options says what [Run] compares.
type Options struct {
	Task    relevance.Task
	Dataset string
	// Baseline and Candidate are each the path of a saved run, in TREC form or,
	// when it ends in .json, as ranx writes it, or a configuration as
	// [relevance.ParseConfig] reads it.
	Baseline, Candidate string
	// Systems are those that a configuration can name; Default is the one that is
	// meant where none is named.
	Systems map[string]relevance.Opener
	Default string
	// Measures are what to compare, the first one first; nil means
	// [relevance.DefaultMeasures].
	Measures []relevance.Measure
	// Seed starts the randomisation test.
	Seed uint64
	// Now is the clock.
	Now func() time.Time
	// Progress, if not nil, is told after each query of the side.
	Progress func(side string, done, total int)
}

// Run obtains both runs, measuring what is not saved, and compares them.
func Run(ctx context.Context, o Options) (*Comparison, error) {
	collection, err := relevance.Open(o.Dataset)
	if err != nil {
		return nil, err
	}
	in := Input{
		Dataset: collection.Name, Task: o.Task, Queries: collection.Queries, Qrels: collection.Judgments(o.Task),
		Measures: o.Measures, Seed: o.Seed,
	}
	if in.Baseline, err = Measure(ctx, o, collection, o.Baseline); err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	if in.Candidate, err = Measure(ctx, o, collection, o.Candidate); err != nil {
		return nil, fmt.Errorf("candidate: %w", err)
	}
	if in.Titles, err = titles(ctx, collection, in); err != nil {
		return nil, err
	}
	return Compare(in), nil
}

// Measure obtains one side: it reads the run that spec names, or measures the
// configuration. Baseline, Candidate and Measures of the options do not count.
func Measure(ctx context.Context, o Options, c *relevance.Collection, spec string) (Side, error) {
	if info, err := os.Stat(spec); err == nil && info.Mode().IsRegular() {
		run, err := readRun(spec)
		if err == nil {
			err = checkRun(c, run)
		}
		if err != nil {
			return Side{}, fmt.Errorf("%s: %w", spec, err)
		}
		return Side{Name: spec, Run: c.Allowed(o.Task, run)}, nil
	}
	known := func(name string) bool { return o.Systems[name] != nil }
	name, config, err := relevance.ParseConfig(spec, o.Default, known)
	if err != nil {
		return Side{}, fmt.Errorf("%w, and there is no file of that name", err)
	}
	return o.measure(ctx, c, spec, name, config)
}

func (o Options) measure(ctx context.Context, c *relevance.Collection, spec, name string, config relevance.Config) (side Side, err error) {
	system, err := o.Systems[name](ctx, config)
	if err != nil {
		return Side{}, err
	}
	defer func() { err = errors.Join(err, system.Close()) }()
	report, err := relevance.BenchCollection(ctx, c, relevance.Options{
		Task: o.Task, System: system, NoRules: config.NoRules, Now: o.Now,
		Progress: func(done, total int) {
			if o.Progress != nil {
				o.Progress(spec, done, total)
			}
		},
	})
	if err != nil {
		return Side{}, err
	}
	return Side{Name: spec, Run: report.Run, Times: report.Times}, nil
}

func readRun(path string) (relevance.Run, error) {
	if strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".json") {
		return relevance.ReadRanxRun(path)
	}
	return relevance.ReadRun(path)
}

// checkRun refuses a run of other queries: every measure would be 0.
func checkRun(c *relevance.Collection, run relevance.Run) error {
	for _, q := range c.Queries {
		if len(run[q.ID]) > 0 {
			return nil
		}
	}
	return fmt.Errorf("the run has no query of collection %s", c.Name)
}

// titles reads the titles of the documents that the comparison can show.
func titles(ctx context.Context, c *relevance.Collection, in Input) (map[string]string, error) {
	src, err := c.Documents()
	if errors.Is(err, relevance.ErrNoDocuments) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool)
	for query := range in.Qrels {
		for _, run := range []relevance.Run{in.Baseline.Run, in.Candidate.Run} {
			docs := relevance.Order(run[query])
			for _, doc := range docs[:min(shownHits, len(docs))] {
				wanted[doc.ID] = true
			}
		}
		for _, id := range slices.Collect(maps.Keys(in.Qrels[query])) {
			wanted[id] = true
		}
	}
	out := make(map[string]string, len(wanted))
	for post, err := range src.Posts(ctx) {
		if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
			continue
		}
		if err != nil {
			return nil, err
		}
		if wanted[post.ID] {
			out[post.ID] = post.Title
		}
	}
	return out, nil
}
