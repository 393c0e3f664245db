package relevance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Opener makes a new system with its own, empty index.
type Opener func(ctx context.Context, c Config) (System, error)

// Verifier checks experiments.
type Verifier struct {
	// Systems are those that trials can name.
	Systems map[string]Opener
	// Collections is the folder of the public collections; empty when there is
	// none: their experiments are skipped.
	Collections string
	// Now is the clock.
	Now func() time.Time
	// Out receives a line for every value: OK, FAIL or SKIP.
	Out io.Writer
	// Update writes what was measured into the experiments instead of failing.
	Update bool
}

// Verified counts what a verification found.
type Verified struct{ OK, Failed, Skipped int }

// Verify checks experiments, each in full even when one before it failed. An
// error is what kept a value from being measured; a wrong value is none, but
// counted.
func (v *Verifier) Verify(ctx context.Context, files ...string) (Verified, error) {
	var total Verified
	var errs []error
	for _, file := range files {
		e, err := LoadExperiment(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if err := v.experiment(ctx, e, &total); err != nil {
			errs = append(errs, fmt.Errorf("experiment %s: %w", e.Name, err))
		}
	}
	fmt.Fprintf(v.Out, "%d values as expected, %d not, %d experiments skipped\n", total.OK, total.Failed, total.Skipped)
	return total, errors.Join(errs...)
}

func (v *Verifier) experiment(ctx context.Context, e *Experiment, total *Verified) error {
	if why := v.absent(e); why != "" {
		total.Skipped++
		fmt.Fprintf(v.Out, "SKIP %s: %s\n", e.Name, why)
		return nil
	}
	if err := v.checksums(ctx, e, total); err != nil {
		return err
	}
	for i := range e.Runs {
		if err := v.trial(ctx, e, &e.Runs[i], total); err != nil {
			return fmt.Errorf("%s: %w", e.Runs[i].System, err)
		}
	}
	if v.Update {
		return e.Save()
	}
	return nil
}

// absent says why the collection cannot be read; empty when it can.
func (v *Verifier) absent(e *Experiment) string {
	if e.Collection.Generated == nil && v.Collections == "" {
		return "no folder of collections is given (ALPHANODE_COLLECTIONS)"
	}
	if dir := e.dir(v.Collections); !isDir(dir) {
		return "collection is not at " + dir
	}
	return ""
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// checksums compares the files, because figures of another collection say
// nothing.
func (v *Verifier) checksums(ctx context.Context, e *Experiment, total *Verified) error {
	c, err := Open(e.dir(v.Collections))
	if err != nil {
		return err
	}
	actual := Checksums{}
	if actual.Corpus, err = e.corpusSum(ctx, c); err != nil {
		return err
	}
	if actual.Queries, err = fileSum(c.QueryFile); err != nil {
		return err
	}
	if actual.Qrels, err = fileSum(c.QrelsFile); err != nil {
		return err
	}
	if v.Update {
		e.Collection.SHA256 = actual
	}
	want := e.Collection.SHA256
	v.same(e, total, "checksum of corpus", want.Corpus, actual.Corpus)
	v.same(e, total, "checksum of queries", want.Queries, actual.Queries)
	v.same(e, total, "checksum of judgments", want.Qrels, actual.Qrels)
	return nil
}

func (v *Verifier) same(e *Experiment, total *Verified, what, want, actual string) {
	status := "OK  "
	if want == actual {
		total.OK++
	} else {
		total.Failed++
		status = "FAIL"
	}
	fmt.Fprintf(v.Out, "%s %-16s %-12s %-22s expected %.12s  actual %.12s\n", status, e.Name, "", what, want, actual)
}

func (v *Verifier) trial(ctx context.Context, e *Experiment, run *Trial, total *Verified) (err error) {
	open, ok := v.Systems[run.System]
	if !ok {
		return fmt.Errorf("system is unknown; there are %v", slices.Sorted(maps.Keys(v.Systems)))
	}
	system, err := open(ctx, run.Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, system.Close()) }()
	src, err := e.documents(v.Collections)
	if err != nil {
		return err
	}
	measures := make([]Measure, 0, len(run.Expected))
	for _, name := range slices.Sorted(maps.Keys(run.Expected)) {
		m, err := ParseMeasure(name)
		if err != nil {
			return err
		}
		measures = append(measures, m)
	}
	report, err := Bench(ctx, Options{
		Task: e.Task, Dataset: e.dir(v.Collections), Documents: src, System: system,
		Measures: measures, NoRules: run.Config.NoRules, Now: v.Now,
	})
	if err != nil {
		return err
	}
	if err := v.statistics(ctx, e, run, system, total); err != nil {
		return err
	}
	for _, s := range report.Scores {
		v.value(e, run, total, s.Measure.String(), s.Mean)
	}
	return nil
}

func (v *Verifier) value(e *Experiment, run *Trial, total *Verified, measure string, actual float64) {
	if v.Update {
		run.Expected[measure] = math.Round(actual*1e4) / 1e4
	}
	v.number(e, run, total, measure, run.Expected[measure], actual, e.tolerance(*run, measure))
}

// number prints and counts one comparison.
func (v *Verifier) number(e *Experiment, run *Trial, total *Verified, what string, want, actual, tolerance float64) {
	status := "OK  "
	if math.Abs(actual-want) <= tolerance+1e-9 {
		total.OK++
	} else {
		total.Failed++
		status = "FAIL"
	}
	digits := 4
	if tolerance == 0 {
		digits = 0
	}
	fmt.Fprintf(v.Out, "%s %-16s %-12s %-22s expected %10.*f  actual %10.*f  difference %+.*f  tolerance %g\n",
		status, e.Name, run.Label(), what, digits, want, digits, actual, digits, actual-want, tolerance)
}

// Label names the trial: the system, and what differs from its default
// configuration.
func (t *Trial) Label() string {
	s := t.System
	if t.Config.NoPrior {
		s += " -prior"
	}
	if t.Config.NoRules {
		s += " -rules"
	}
	var weights strings.Builder
	for _, field := range slices.Sorted(maps.Keys(t.Config.Weight)) {
		fmt.Fprintf(&weights, " %s=%g", field, t.Config.Weight[field])
	}
	return s + weights.String()
}

// statistics compares what the index holds: figures can only be compared when
// the analysis made the same terms.
func (v *Verifier) statistics(ctx context.Context, e *Experiment, run *Trial, system System, total *Verified) error {
	s, ok := system.(Statistician)
	if run.Index == nil || !ok {
		return nil
	}
	actual, err := s.Stats(ctx)
	if err != nil {
		return fmt.Errorf("index statistics: %w", err)
	}
	if v.Update {
		run.Index = actual.rounded()
	}
	v.number(e, run, total, "documents", float64(run.Index.Documents), float64(actual.Documents), 0)
	v.number(e, run, total, "terms", float64(run.Index.Terms), float64(actual.Terms), 0)
	v.number(e, run, total, "tokens", float64(run.Index.Tokens), float64(actual.Tokens), 0)
	for _, field := range slices.Sorted(maps.Keys(run.Index.AverageLength)) {
		v.number(e, run, total, "average "+field, run.Index.AverageLength[field], actual.AverageLength[field], 0.0001)
	}
	return nil
}

// rounded gives average lengths four digits.
func (s IndexStats) rounded() *IndexStats {
	lengths := make(map[string]float64, len(s.AverageLength))
	for field, length := range s.AverageLength {
		lengths[field] = math.Round(length*1e4) / 1e4
	}
	s.AverageLength = lengths
	return &s
}

// Experiments lists the experiment files of a folder, by name.
func Experiments(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(globEscape(dir), "*.yaml"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no experiment (*.yaml) in %s", dir)
	}
	return files, err
}
