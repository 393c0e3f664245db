// Command run measures search engines on the same work; see ../README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"alphanode/corpus/importer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	posts, queries, warm, folder, result, plot string
	reuse, indexOnly, similar, slow            string
	rounds, warmup, cpu, sample                int
	seed                                       uint64
	budget                                     time.Duration
}

// defaultPeers are measured when none are named.
const defaultPeers = "alphanode alphanode-default lucene lucene10 tantivy bleve bluge xapian fts5 postgres"

func parse(args []string) (o options, names []string, err error) {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.StringVar(&o.posts, "posts", "", "posts, as alphanode imports them")
	flags.StringVar(&o.queries, "queries", "", "queries: kind, tab, query, tab, tag")
	flags.StringVar(&o.warm, "warm", "", "other queries to warm up with; the same when empty")
	flags.StringVar(&o.folder, "folder", "benchmarks/peers", "folder of the drivers")
	flags.StringVar(&o.result, "result", "", "beginning of the names of the results, to be checked in: benchmarks/results/peers-100k")
	flags.StringVar(&o.plot, "plot", "alphanode,lucene10,lucene,tantivy,bleve", "the engines of the plot")
	flags.StringVar(&o.reuse, "reuse", "", "engines whose index is used when it is there, or all")
	flags.StringVar(&o.indexOnly, "index-only", "alphanode-default", "engines that only index")
	flags.StringVar(&o.similar, "similar", "", "engines to measure similar posts with, none when empty")
	flags.StringVar(&o.slow, "slow", "bluge,fts5,postgres,xapian", "engines that get a third of the budget: they have nothing to compile while they run")
	flags.IntVar(&o.sample, "sample", 2000, "posts to find similar ones for, by engines that do not do all at once")
	flags.IntVar(&o.rounds, "rounds", 10, "how often every query is timed")
	flags.IntVar(&o.warmup, "warmup", 40, "how often every query is asked before, at most")
	flags.DurationVar(&o.budget, "budget", 15*time.Second, "after so long a stage (warm-up, timing) of an engine goes no further than a tenth of the queries")
	flags.IntVar(&o.cpu, "cpu", 1, "the core that engines run on while queries are timed; -1: all")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the order of the queries")
	if err := flags.Parse(args); err != nil {
		return o, nil, err
	}
	if o.posts == "" || o.queries == "" {
		return o, nil, errors.New("-posts and -queries are needed")
	}
	if names = flags.Args(); len(names) == 0 {
		names = strings.Fields(defaultPeers)
	}
	return o, names, nil
}

func run(ctx context.Context, args []string, stdout io.Writer) (err error) {
	o, names, err := parse(args)
	if err != nil {
		return err
	}
	m := &measurement{options: o, out: stdout, load: loadAverage()}
	if m.queries, err = readQueries(o.queries); err != nil {
		return err
	}
	m.warm = m.queries
	if o.warm != "" {
		if m.warm, err = readQueries(o.warm); err != nil {
			return err
		}
	}
	m.tsv = filepath.Join(os.TempDir(), fmt.Sprintf("alphanode-peers-%d.tsv", os.Getpid()))
	defer func() { err = errors.Join(err, m.clean()) }()
	if err := m.prepare(ctx, names); err != nil {
		return err
	}
	if err := m.verify(ctx); err != nil {
		return err
	}
	if err := m.time(ctx); err != nil {
		return err
	}
	if err := m.similar(ctx); err != nil {
		return err
	}
	m.load += " to " + loadAverage()
	m.print()
	return m.save(ctx)
}

// prepare writes the posts as drivers read them, and builds the indexes.
func (m *measurement) prepare(ctx context.Context, names []string) error {
	if err := m.writePosts(ctx); err != nil {
		return err
	}
	for _, name := range names {
		p := &peer{name: name, dir: filepath.Join(m.options.folder, name), indexOnly: in(m.options.indexOnly, name)}
		if err := p.prepare(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(m.out, "%-18s %7.1f s, CPU %7.1f s, %6.1f MB on disk, %6.0f MB in memory\n",
			name, p.built.Seconds, p.built.CPU, mega(p.built.Disk), mega(p.built.Memory))
		m.peers = append(m.peers, p)
	}
	return nil
}

// budgetOf is how long a stage of an engine may take.
func (m *measurement) budgetOf(p *peer) time.Duration {
	if in(m.options.slow, p.name) {
		return m.options.budget / 3
	}
	return m.options.budget
}

// in reports whether a comma-separated list names something.
func in(list, name string) bool {
	return slices.Contains(strings.Split(list, ","), name)
}

func mega(bytes int64) float64 { return float64(bytes) / 1e6 }

// clean removes the posts.
func (m *measurement) clean() error {
	if err := os.Remove(m.tsv); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// writePosts cuts the posts down to plain words.
func (m *measurement) writePosts(ctx context.Context) error {
	src, err := importer.Open(importer.Auto, []string{m.options.posts}, importer.Options{})
	if err != nil {
		return err
	}
	f, err := os.Create(m.tsv)
	if err != nil {
		return err
	}
	m.posts, m.sum, err = writePlain(ctx, f, src)
	return errors.Join(err, f.Close())
}
