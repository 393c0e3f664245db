// Package benchmarks answers: how good and how fast.
//
// It holds what "alphanode bench" does, on one screen; the parts are in the
// folders: relevance (collections, measures, comparison, experiments), judge
// (grading results by hand), speed (load), peers (other engines on the same
// work) and results (the figures that are checked in). Nothing here imports the
// server.
package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/baseline"
	"alphanode/benchmarks/relevance/compare"
	"alphanode/benchmarks/relevance/engine"
)

// RelevanceOptions are the flags of "alphanode bench relevance" and "bench
// similar". Task, Dataset and Now are needed.
type RelevanceOptions struct {
	Task    relevance.Task
	Dataset string // a folder or file that relevance.Open reads
	// Existing, if not nil, answers from an index that already holds the
	// documents; otherwise the collection is indexed in a temporary directory.
	Existing relevance.System
	NoPrior  bool
	NoRules  bool
	// Config is a configuration as relevance.ParseConfig reads it; empty is the
	// default one. NoPrior and NoRules are added to it.
	Config string
	// Measures are names of ir_measures, separated by spaces; empty means the
	// default ones.
	Measures string
	JSON     bool   // one JSON object instead of text
	RunOut   string // file for the run in TREC form

	// Baseline starts a comparison: a saved run or a configuration; Candidate is
	// another one, and the default configuration when empty.
	Baseline, Candidate string
	HTML, Markdown      string // files for the report of a comparison
	// Gates make a candidate that is significantly worse by a MEASURE, or below
	// MEASURE>=VALUE, an error that wraps compare.ErrGate; see GateFirst.
	Gates  []string
	Floors []string // MEASURE=VALUE, beside a gate on the first measure
	Seed   uint64   // of the randomisation test

	Now func() time.Time
	// Progress, if not nil, is told how many queries of a stage were asked.
	Progress func(stage string, done, total int)
}

// DefaultSystem is the system that is measured when none is named.
const DefaultSystem = "alphanode"

// Systems are what a configuration can name: the engine and the plain baseline.
func Systems(now func() time.Time) map[string]relevance.Opener {
	return map[string]relevance.Opener{
		DefaultSystem: func(_ context.Context, c relevance.Config) (relevance.System, error) { return engine.Open(c, now) },
		"bm25":        func(context.Context, relevance.Config) (relevance.System, error) { return baseline.New(), nil },
	}
}

// Relevance measures one configuration or, with a baseline, compares two, and
// writes the report to stdout.
func Relevance(ctx context.Context, stdout io.Writer, o RelevanceOptions) error {
	var measures []relevance.Measure
	if o.Measures != "" {
		var err error
		if measures, err = relevance.ParseMeasures(o.Measures); err != nil {
			return err
		}
	}
	if o.Baseline != "" {
		return o.compare(ctx, stdout, measures)
	}
	if len(o.Gates) > 0 || o.Candidate != "" || o.HTML != "" || o.Markdown != "" {
		return errors.New("a gate, a candidate and a report need a baseline to compare with")
	}
	return o.measure(ctx, stdout, measures)
}

func (o RelevanceOptions) measure(ctx context.Context, stdout io.Writer, measures []relevance.Measure) (err error) {
	system, config, err := o.open(ctx)
	if err != nil {
		return err
	}
	if o.Existing == nil {
		defer func() { err = errors.Join(err, system.Close()) }()
	}
	report, err := relevance.Bench(ctx, relevance.Options{
		Task: o.Task, Dataset: o.Dataset, System: system, Indexed: o.Existing != nil, Measures: measures,
		NoRules: config.NoRules, RunOut: o.RunOut, Now: o.Now, Progress: o.stage("queries"),
	})
	if err != nil {
		return err
	}
	if o.JSON {
		return report.WriteJSON(stdout)
	}
	return report.WriteText(stdout)
}

// open gives the one system that is measured.
func (o RelevanceOptions) open(ctx context.Context) (relevance.System, relevance.Config, error) {
	systems := Systems(o.Now)
	name, config := DefaultSystem, relevance.Config{}
	if o.Config != "" {
		var err error
		known := func(name string) bool { return systems[name] != nil }
		if name, config, err = relevance.ParseConfig(o.Config, DefaultSystem, known); err != nil {
			return nil, config, err
		}
	}
	config.NoPrior = config.NoPrior || o.NoPrior
	config.NoRules = config.NoRules || o.NoRules
	if o.Existing != nil {
		return o.Existing, config, nil
	}
	system, err := systems[name](ctx, config)
	return system, config, err
}

func (o RelevanceOptions) stage(name string) func(done, total int) {
	return func(done, total int) {
		if o.Progress != nil {
			o.Progress(name, done, total)
		}
	}
}

func (o RelevanceOptions) compare(ctx context.Context, stdout io.Writer, measures []relevance.Measure) error {
	gate, gated, err := parseGate(o.Gates, o.Floors)
	if err != nil {
		return err
	}
	measures = withGated(measures, gated)
	candidate := o.Candidate
	if candidate == "" {
		candidate = DefaultSystem
	}
	c, err := compare.Run(ctx, compare.Options{
		Task: o.Task, Dataset: o.Dataset, Baseline: o.Baseline, Candidate: candidate, Systems: Systems(o.Now),
		Default: DefaultSystem, Measures: measures, Seed: o.Seed, Now: o.Now, Progress: o.Progress,
	})
	if err != nil {
		return err
	}
	var verdict error
	if len(o.Gates) > 0 || len(o.Floors) > 0 {
		if verdict = c.Check(gate); verdict != nil && !errors.Is(verdict, compare.ErrGate) {
			return verdict
		}
	}
	return errors.Join(o.writeReports(stdout, c), verdict)
}

func (o RelevanceOptions) writeReports(stdout io.Writer, c *compare.Comparison) error {
	write := c.WriteText
	if o.JSON {
		write = c.WriteJSON
	}
	return errors.Join(write(stdout), writeFile(o.HTML, c.WriteHTML), writeFile(o.Markdown, c.WriteMarkdown))
}

// writeFile writes a report to a file; nothing when no path is given.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}
