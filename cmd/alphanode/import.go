package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

type importOptions struct {
	*rootOptions
	format, publish, progress string
	asJSON                    bool
}

func newImportCommand(root *rootOptions) *cobra.Command {
	o := &importOptions{rootOptions: root}
	cmd := &cobra.Command{
		Use:   "import [flags] PATH...",
		Short: "Read posts into the data directory",
		Long: `Read posts from files and directories, store them, and wait until they are searchable.

A post that is already stored just so is left alone, so the same import run twice
changes nothing, and one that was stopped goes on when it is run again. A record
that cannot be read costs only itself: it is reported with file, line and reason,
and the exit code is 3.`,
		Example: `  alphanode import --data ./data content/posts
  alphanode import --data ./data --format jsonl posts.jsonl.gz
  alphanode import --data ./data --publish all drafts/`,
		Args: exactArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args) },
	}
	o.dataFlag(cmd)
	cmd.Flags().StringVar(&o.format, "format", importer.Auto, "auto, jsonl, beir, page or markdown")
	cmd.Flags().StringVar(&o.publish, "publish", "reviewed", "reviewed: the review gate holds; all: it is lifted for these posts")
	cmd.Flags().StringVar(&o.progress, "progress", "auto", "auto, json or none")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print the counts as one JSON object")
	return cmd
}

// policy reads --publish.
func (o *importOptions) policy() (corpus.Policy, error) {
	switch o.publish {
	case "reviewed":
		return corpus.PublishReviewed, nil
	case "all":
		return corpus.PublishAll, nil
	default:
		return "", usage(fmt.Errorf("--publish %q: want reviewed or all", o.publish))
	}
}

func (o *importOptions) run(ctx context.Context, paths []string) error {
	policy, err := o.policy()
	if err != nil {
		return err
	}
	show, err := newProgress(o.progress, o.stderr, o.now)
	if err != nil {
		return err
	}
	src, err := o.source(paths)
	if err != nil {
		return err
	}
	var sum importer.Summary
	start := o.now()
	err = o.with(ctx, func(c *client) (err error) {
		sum, err = o.feed(ctx, c, src, policy, show)
		return err
	})
	if err != nil {
		return err
	}
	sum.Seconds = o.now().Sub(start).Seconds()
	return o.report(sum)
}

// source opens the paths; what it warns of goes to stderr.
func (o *importOptions) source(paths []string) (importer.Source, error) {
	src, err := importer.Open(o.format, paths, importer.Options{
		Stdin:     o.stdin,
		Now:       o.now,
		OnWarning: func(w *corpus.RecordError) { o.logger.Info("kept under extra", "reason", w.Error()) },
	})
	if errors.Is(err, importer.ErrFormat) {
		return nil, usage(err)
	}
	return src, err
}

// feed stores the posts, here or by way of the serving process, and returns
// when they are searchable. Here it waits for merges too: segments that are still being
// merged when the process ends would be merged by the next one, and take their room till then.
func (o *importOptions) feed(ctx context.Context, c *client, src importer.Source, policy corpus.Policy, show progress) (importer.Summary, error) {
	opts := importer.RunOptions{
		Publish:    policy,
		OnReject:   func(r *corpus.RecordError) { fmt.Fprintln(o.stderr, "rejected:", r) },
		OnProgress: func(p importer.Progress) { showImport(show, p) },
	}
	defer show.Done()
	if c.app == nil {
		return c.importRemote(ctx, src, opts)
	}
	sum, err := importer.Run(ctx, c.app.Store, src, opts)
	if err != nil {
		return sum, err
	}
	if err := c.app.CatchUp(ctx); err != nil {
		return sum, err
	}
	return sum, c.app.Index.Settle(ctx)
}

// showImport counts bytes where their total is known, and records otherwise.
func showImport(show progress, p importer.Progress) {
	if p.BytesTotal > 0 {
		show.Report("import", p.BytesRead, p.BytesTotal)
		return
	}
	show.Report("import", int64(p.Records), 0)
}

// report prints the counts and chooses the exit code.
func (o *importOptions) report(sum importer.Summary) error {
	if o.asJSON {
		if err := json.NewEncoder(o.stdout).Encode(sum); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(o.stdout, "%d added, %d changed, %d unchanged, %d removed, %d rejected, %d warnings in %.1f s\n",
			sum.Added, sum.Changed, sum.Unchanged, sum.Removed, sum.Rejected, sum.Warnings, sum.Seconds)
	}
	if sum.Rejected > 0 {
		return &exitError{code: exitRejected}
	}
	return nil
}
