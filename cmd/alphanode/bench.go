package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/engine"
)

func newBenchCommand(root *rootOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure relevance, similar posts and speed",
		Long: `Measure on judged collections: folders in BEIR layout, or what TREC, Quepid and ranx
write. The collection is indexed into a temporary directory, with the default
configuration.`,
		Example: `  alphanode bench relevance --dataset collections/scifact
  alphanode bench similar --dataset collections/blog-links --json --run-out run.txt`,
	}
	cmd.AddCommand(
		newBenchTask(root, relevance.SearchTask, "Search a collection's queries and score the answers"),
		newBenchTask(root, relevance.SimilarTask, "List similar documents and score the lists"),
	)
	return cmd
}

type benchOptions struct {
	*rootOptions
	task             relevance.Task
	dataset, runOut  string
	asJSON           bool
	config           relevance.Config
	progress, metric string
}

func newBenchTask(root *rootOptions, task relevance.Task, short string) *cobra.Command {
	o := &benchOptions{rootOptions: root, task: task}
	cmd := &cobra.Command{
		Use:     string(task) + " --dataset DIR",
		Short:   short,
		Example: "  alphanode bench " + string(task) + " --dataset collections/cacm --json",
		Args:    exactArgs(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&o.dataset, "dataset", "", "the collection (required)")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&o.runOut, "run-out", "", "write the TREC run of the first 1,000 here")
	cmd.Flags().BoolVar(&o.config.NoPrior, "no-prior", false, "rank by relevance alone")
	cmd.Flags().BoolVar(&o.config.NoRules, "no-rules", false, "similar: order by score alone")
	cmd.Flags().StringVar(&o.metric, "measures", "", "measures such as 'nDCG@10 RR AP(rel=2)'; a default set when empty")
	cmd.Flags().StringVar(&o.progress, "progress", "auto", "auto, json or none")
	return cmd
}

func (o *benchOptions) run(ctx context.Context) (err error) {
	if o.dataset == "" {
		return usage(errors.New("--dataset is required"))
	}
	show, err := newProgress(o.progress, o.stderr, o.now)
	if err != nil {
		return err
	}
	measures, err := o.measures()
	if err != nil {
		return usage(err)
	}
	system, err := engine.Open(o.config, o.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, system.Close()) }()
	report, err := relevance.Bench(ctx, relevance.Options{
		Task: o.task, Dataset: o.dataset, System: system, Measures: measures, NoRules: o.config.NoRules, RunOut: o.runOut, Now: o.now,
		Progress: func(done, total int) { show.Report("queries", int64(done), int64(total)) },
	})
	show.Done()
	if err != nil {
		return err
	}
	return o.print(report)
}

func (o *benchOptions) measures() ([]relevance.Measure, error) {
	if o.metric == "" {
		return nil, nil
	}
	return relevance.ParseMeasures(o.metric)
}

func (o *benchOptions) print(r *relevance.Report) error {
	if o.asJSON {
		return json.NewEncoder(o.stdout).Encode(r)
	}
	fmt.Fprintf(o.stdout, "%s %s: %d queries, indexed in %.1f s, p50 %d us, p99 %d us\n",
		r.Task, r.Dataset, r.Queries, r.IndexSeconds, r.Latency.P50, r.Latency.P99)
	for _, name := range slices.Sorted(maps.Keys(r.Metrics)) {
		fmt.Fprintf(o.stdout, "  %-12s %.4f\n", name, r.Metrics[name])
	}
	return nil
}
