package main

import (
	"context"
	"errors"
	"iter"

	"github.com/spf13/cobra"

	"alphanode/benchmarks"
	"alphanode/corpus"
	"alphanode/corpus/importer"
)

// newBenchSpeed is "bench speed".
func newBenchSpeed(root *rootOptions) *cobra.Command {
	o := benchmarks.SpeedOptions{Now: root.now, Repository: "."}
	var posts string
	cmd := &cobra.Command{
		Use:   "speed [--server URL | --data DIR]",
		Short: "Send a workload at given rates and report percentiles",
		Long: `Send queries of several kinds to a running server, or to the index of a data
directory in this process. With a rate the load is open loop: a request is due at
its time whether the one before has ended or not, and its latency counts from then.`,
		Example: `  alphanode bench speed --server http://127.0.0.1:8080 --rate 50 --rate 200 --duration 30s
  alphanode bench speed --data ./data --kinds term,or,facets --bench
  alphanode bench speed --server http://127.0.0.1:8080 --workload queries.jsonl --rate 100 --clients 8 --edits posts.jsonl --edits-per-minute 1000`,
		Args: exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if posts != "" {
				src, err := importer.Open(importer.Auto, []string{posts}, importer.Options{Now: root.now})
				if err != nil {
					return err
				}
				o.Posts = src
			}
			return root.benchSpeed(cmd.Context(), o)
		},
	}
	root.dataFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.Server, "server", "", "base URL of a running server; in process when empty")
	flags.StringVar(&o.Workload, "workload", "", "file of queries; drawn from the posts when empty")
	flags.StringVar(&o.SaveWorkload, "save-workload", "", "write the queries here")
	flags.IntVar(&o.PerKind, "per-kind", 50, "queries drawn of each kind")
	flags.StringSliceVar(&o.Kinds, "kinds", nil, "only these kinds of queries")
	flags.Float64SliceVar(&o.Rates, "rate", nil, "requests a second; 0 is one after the other; may be repeated")
	flags.Float64Var(&o.Share, "share", 0, "instead of a rate: measure the greatest throughput for the duration, then this part of it")
	flags.BoolVar(&o.Once, "once", false, "ask each query once, in order, none before it is measured")
	flags.IntSliceVar(&o.Clients, "clients", nil, "without a rate: how many ask at once (default 1); with one: connections (default 256); may be repeated")
	flags.StringVar(&posts, "posts", "", "file of posts to draw the queries from instead of the directory")
	flags.StringVar(&o.Edits, "edits", "", "file of posts, JSON lines, that are edited on the server meanwhile: a sentence at their end")
	flags.Float64Var(&o.EditsPerMinute, "edits-per-minute", 0, "how many are edited (default 60)")
	flags.DurationVar(&o.Duration, "duration", 0, "how long each rate is kept (default 30s)")
	flags.IntVar(&o.Rounds, "rounds", 0, "without a rate: how often each query is asked (default 5)")
	flags.IntVar(&o.Runs, "runs", 0, "repeat everything (default 1)")
	flags.Uint64Var(&o.Seed, "seed", 1, "seed of the draw and the order")
	flags.BoolVar(&o.Bench, "bench", false, "write lines that benchstat reads")
	flags.StringVar(&o.ResultOut, "result-out", "", "write the last run as a result file")
	return cmd
}

// benchSpeed asks the named server; or the index of the directory, in process.
// The workload is drawn from the directory's public posts.
func (o *rootOptions) benchSpeed(ctx context.Context, opts benchmarks.SpeedOptions) error {
	if opts.Server != "" && (opts.Workload != "" || opts.Posts != nil) {
		return benchmarks.Speed(ctx, o.stdout, opts)
	}
	return o.with(ctx, func(c *client) error {
		switch {
		case c.app == nil && opts.Workload == "" && opts.Posts == nil:
			return errors.New("a server holds the directory: give it --posts or a --workload, or draw one with --save-workload while it is stopped")
		case c.app == nil:
			opts.Server = c.base
		default:
			if opts.Searcher = c.app.Engine; opts.Posts == nil {
				opts.Posts = publicPosts{c.app.Store}
			}
		}
		return benchmarks.Speed(ctx, o.stdout, opts)
	})
}

// publicPosts is what of a store may be shown.
type publicPosts struct{ store *corpus.Store }

// Posts implements corpus.Source.
func (p publicPosts) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for change, err := range p.store.Feed(ctx, 0) {
			switch {
			case err != nil:
				yield(corpus.Post{}, err)
				return
			case change.Post != nil && !yield(*change.Post, nil):
				return
			}
		}
	}
}
