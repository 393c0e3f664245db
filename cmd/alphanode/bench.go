package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"alphanode/benchmarks"
	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/compare"
	"alphanode/benchmarks/relevance/engine"
)

func newBenchCommand(root *rootOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure relevance, similar posts and speed; compare; grade results",
		Long: `Measure on judged collections: folders in BEIR layout, or what TREC, Quepid and ranx
write. The collection is indexed into a temporary directory, with the default
configuration. docs/measuring.md is the guide.`,
		Example: `  alphanode bench relevance --dataset collections/scifact
  alphanode bench similar --dataset collections/blog-links --json --run-out run.txt
  alphanode bench relevance --dataset judgments --baseline main.run --gate --markdown comment.md`,
	}
	cmd.AddCommand(
		newBenchTask(root, relevance.SearchTask, "Search a collection's queries and score the answers"),
		newBenchTask(root, relevance.SimilarTask, "List similar documents and score the lists"),
		newBenchSpeed(root), newBenchJudge(root),
	)
	return cmd
}

// newBenchTask is "bench relevance" or "bench similar".
func newBenchTask(root *rootOptions, task relevance.Task, short string) *cobra.Command {
	o := benchmarks.RelevanceOptions{Task: task, Now: root.now}
	var mode, data string
	cmd := &cobra.Command{
		Use:     string(task) + " --dataset DIR",
		Short:   short,
		Example: "  alphanode bench " + string(task) + " --dataset collections/cacm --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && len(o.Gates) > 0 {
				return usage(fmt.Errorf("a gate on a measure is written with an equals sign: --gate=%s", args[0]))
			}
			return exactArgs(cobra.NoArgs)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Dataset == "" {
				return usage(errors.New("--dataset is required"))
			}
			show, err := newProgress(mode, root.stderr, root.now)
			if err != nil {
				return err
			}
			defer show.Done()
			o.Progress = func(stage string, done, total int) { show.Report(stage, int64(done), int64(total)) }
			err = root.benchRelevance(cmd.Context(), data, o)
			if errors.Is(err, compare.ErrGate) {
				return &exitError{code: exitFailed, err: err}
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Dataset, "dataset", "", "the collection (required)")
	flags.StringVar(&data, "data", "", "measure the index of this data directory instead of indexing the collection")
	flags.BoolVar(&o.JSON, "json", false, "print one JSON object")
	flags.StringVar(&o.RunOut, "run-out", "", "write the TREC run of the first 1,000 here")
	flags.BoolVar(&o.NoPrior, "no-prior", false, "rank by relevance alone")
	flags.BoolVar(&o.NoRules, "no-rules", false, "similar: order by score alone")
	flags.StringVar(&o.Config, "config", "", "a configuration such as 'title=0' or 'bm25'; see docs/measuring.md")
	flags.StringVar(&o.Measures, "measures", "", "measures such as 'nDCG@10 RR AP(rel=2)'; a default set when empty")
	flags.StringVar(&o.Baseline, "baseline", "", "compare with this saved run or configuration")
	flags.StringVar(&o.Candidate, "candidate", "", "what is compared; the default configuration when empty")
	flags.StringVar(&o.HTML, "html", "", "write the comparison as one page here")
	flags.StringVar(&o.Markdown, "markdown", "", "write the comparison as Markdown here")
	flags.StringArrayVar(&o.Gates, "gate", nil, "exit 1 when the candidate is significantly worse by the first measure, --gate=MEASURE by this one, --gate='MEASURE>=VALUE' when it is below; may be repeated")
	flags.Lookup("gate").NoOptDefVal = benchmarks.GateFirst
	flags.StringArrayVar(&o.Floors, "floor", nil, "MEASURE=VALUE: exit 1 when the candidate is below; may be repeated")
	flags.Uint64Var(&o.Seed, "seed", 1, "seed of the randomisation test")
	flags.StringVar(&mode, "progress", "auto", "auto, json or none")
	return cmd
}

// benchRelevance measures in a temporary directory or, with a data directory, what
// that holds.
func (o *rootOptions) benchRelevance(ctx context.Context, data string, opts benchmarks.RelevanceOptions) error {
	if data == "" {
		return benchmarks.Relevance(ctx, o.stdout, opts)
	}
	o.data = data
	return o.with(ctx, func(c *client) error {
		if c.app == nil {
			return fmt.Errorf("%s is in use by a server: stop it to measure its index", data)
		}
		if err := c.buildGraph(ctx, noProgress{}); err != nil {
			return err
		}
		opts.Existing = engine.Attach(c.app.Engine)
		return benchmarks.Relevance(ctx, o.stdout, opts)
	})
}
