package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"alphanode/benchmarks/results"
	"alphanode/benchmarks/speed"
	"alphanode/corpus"
)

// SpeedOptions are the flags of "alphanode bench speed".
type SpeedOptions struct {
	// Server is the base URL of a running server, and Key one of its search keys
	// where it has keys; without a server Searcher is asked in process.
	Server, Key string
	Searcher    speed.Searcher
	// Workload is a file of queries; without one they are drawn from Posts, PerKind
	// (0: 50) of each kind.
	Workload string
	Posts    corpus.Source
	PerKind  int
	// SaveWorkload is a file to write the queries to.
	SaveWorkload string
	// Kinds leaves other kinds of queries out; empty means all.
	Kinds []string
	// Rates are the loads, in requests a second, one after the other; 0 is one
	// request after the other. Empty means just that.
	Rates []float64
	// Share, where it is not 0, takes the place of Rates: the greatest throughput of
	// Clients is measured first, for Duration, and the rate is this part of it; with
	// Edits, once before anything is edited and once while it is.
	Share float64
	// Once asks each query once, in the order of the workload, and none of them before it
	// is measured: what is met for the first time counts.
	Once bool
	// Duration is how long each rate is kept; 0 means 30 s. With rate 0 every query
	// is asked Rounds (0: 5) times instead.
	Duration time.Duration
	Rounds   int
	// Clients is how many send one request after the other without a rate, and how many
	// connections there are with one; several are measured one after the other. Empty means 1
	// without a rate, 256 with one.
	Clients []int
	// Edits is a file of posts, JSON lines, that are edited on the server meanwhile,
	// EditsPerMinute (0: 60); empty means none.
	Edits          string
	EditsPerMinute float64
	// Warmup is sent before each; 0 means a tenth of the run.
	Warmup time.Duration
	// Runs repeats everything; 0 means once. Seed shuffles, and draws.
	Runs int
	Seed uint64
	// Bench writes lines that benchstat reads instead of tables.
	Bench bool
	// ResultOut is a file for the last run at the first rate, to be checked in.
	ResultOut string
	// Repository is the folder whose revision is recorded.
	Repository string
	Now        func() time.Time
	// Progress, if not nil, is told before each run.
	Progress func(stage string, done, total int)
}

// Speed sends a workload at each rate and writes the percentiles to stdout.
// Requests that failed make an error after everything was written.
func Speed(ctx context.Context, stdout io.Writer, o SpeedOptions) error {
	o.defaults()
	target, err := o.target()
	if err != nil {
		return err
	}
	editor, err := o.editor(target)
	if err != nil {
		return err
	}
	workload, err := o.queries(ctx)
	if err != nil {
		return err
	}
	session := &speedSession{o: &o, target: target, editor: editor, workload: workload}
	if err := session.all(ctx); err != nil {
		return err
	}
	if err := o.report(ctx, stdout, session.runs); err != nil {
		return err
	}
	return session.failure()
}

// editor is nil where nothing is edited.
func (o *SpeedOptions) editor(target speed.Target) (*speed.Editor, error) {
	if o.Edits == "" {
		return nil, nil //nolint:nilnil // documented: none
	}
	server, ok := target.(*speed.Server)
	if !ok {
		return nil, errors.New("speed: posts can be edited on a server only: give its address")
	}
	return speed.NewEditor(server, o.Edits, o.EditsPerMinute, o.Now)
}

func (o *SpeedOptions) defaults() {
	if len(o.Rates) == 0 {
		o.Rates = []float64{0}
	}
	if len(o.Clients) == 0 {
		o.Clients = []int{0}
	}
	if o.Duration == 0 {
		o.Duration = 30 * time.Second
	}
	if o.Warmup == 0 {
		o.Warmup = o.Duration / 10
	}
	if o.EditsPerMinute == 0 {
		o.EditsPerMinute = 60
	}
	o.Rounds, o.Runs, o.PerKind = orDefault(o.Rounds, 5), orDefault(o.Runs, 1), orDefault(o.PerKind, 50)
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

func (o *SpeedOptions) target() (speed.Target, error) {
	switch {
	case o.Server != "":
		return speed.NewServer(o.Server, o.Key, max(slices.Max(o.Clients), 256))
	case o.Searcher != nil:
		return speed.InProcess{Searcher: o.Searcher}, nil
	}
	return nil, errors.New("speed: neither a server nor an index is given")
}

func (o *SpeedOptions) queries(ctx context.Context) (w speed.Workload, err error) {
	switch {
	case o.Workload != "":
		w, err = speed.ReadWorkload(o.Workload)
	case o.Posts != nil:
		w, err = speed.Draw(ctx, o.Posts, o.Seed, o.PerKind)
	default:
		err = errors.New("speed: neither a workload nor posts to draw one from are given")
	}
	if err != nil {
		return nil, err
	}
	if w, err = w.Only(o.Kinds...); err != nil {
		return nil, err
	}
	return w, writeFile(o.SaveWorkload, w.Write)
}

func (o *SpeedOptions) report(ctx context.Context, stdout io.Writer, runs []*speed.Measurement) error {
	commit := results.ThisCommit(ctx, o.Repository)
	var err error
	if o.Bench {
		err = speed.WriteBenchmarks(stdout, results.ThisMachine(), commit, runs...)
	} else {
		err = speed.WriteText(stdout, runs...)
	}
	if err != nil || o.ResultOut == "" {
		return err
	}
	m := runs[len(runs)-o.aRun()]
	return saveResult(o.ResultOut, results.Result{
		Section: results.Speed, Title: "Queries at " + loadTitle(m), Date: o.Now().Format(time.DateOnly), Commit: commit,
		Machine: results.ThisMachine(), Command: "alphanode bench speed", Columns: speed.Columns(), Rows: m.Rows(), Plot: []string{"p50 ms", "p99 ms"},
	})
}

func loadTitle(m *speed.Measurement) string {
	switch {
	case m.Rate > 0:
		return fmt.Sprintf("%g requests a second", m.Rate)
	case m.Clients > 1:
		return fmt.Sprintf("full load, %d clients", m.Clients)
	}
	return "no load, one after the other"
}

// saveResult writes a result to a file, which names it; what people wrote in a file
// that is there is kept.
func saveResult(path string, r results.Result) error {
	if err := r.NameAfter(path); err != nil {
		return err
	}
	data, err := r.Encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, data, 0o644); err != nil { //nolint:gosec // a file of the repository, not a secret
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}
