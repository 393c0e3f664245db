package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"alphanode/benchmarks"
	"alphanode/benchmarks/relevance"
)

// newBenchJudge is "bench judge".
func newBenchJudge(root *rootOptions) *cobra.Command {
	o := benchmarks.JudgeOptions{Task: relevance.SearchTask, Now: root.now}
	var similar, terminal bool
	cmd := &cobra.Command{
		Use:   "judge --dataset DIR --book FILE",
		Short: "Grade the results of several configurations by hand",
		Long: `Pool the first results of several configurations and grade them, on a page or, with
--terminal, on the terminal with the keyboard alone. Grades are kept in the book as
they are given, so grading goes on where it stopped; several judges may use one book.`,
		Example: `  alphanode bench judge --dataset judgments --book grades.jsonl --qrels-out test.qrels
  alphanode bench judge --dataset judgments --book grades.jsonl --terminal --judge ada`,
		Args: exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Dataset == "" || o.Book == "" {
				return usage(errors.New("--dataset and --book are required"))
			}
			if similar {
				o.Task = relevance.SimilarTask
			}
			if terminal {
				return root.judgeOnTerminal(cmd.Context(), o)
			}
			o.Listening = func(addr string) { fmt.Fprintf(root.stdout, "grade on http://%s/ (Ctrl-C ends)\n", addr) }
			return benchmarks.Judge(cmd.Context(), root.stdout, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Dataset, "dataset", "", "the collection (required)")
	flags.StringVar(&o.Book, "book", "", "the file that keeps the grades (required)")
	flags.StringArrayVar(&o.Sides, "side", nil, "what is pooled: saved runs and configurations; default: alphanode and bm25")
	flags.IntVar(&o.Depth, "depth", 10, "documents of each that are graded")
	flags.Uint64Var(&o.Seed, "seed", 1, "seed of the order of the documents")
	flags.StringVar(&o.QrelsOut, "qrels-out", "", "write all judgments in TREC form here at the end")
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:8090", "where the page is served")
	flags.StringVar(&o.Judge, "judge", "", "name of the judge, on the terminal")
	flags.BoolVar(&similar, "similar", false, "grade similar documents instead of search results")
	flags.BoolVar(&terminal, "terminal", false, "grade on the terminal")
	return cmd
}

// judgeOnTerminal puts the terminal into raw mode, so that single keys arrive.
func (o *rootOptions) judgeOnTerminal(ctx context.Context, opts benchmarks.JudgeOptions) (err error) {
	in, ok := o.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return usage(errors.New("--terminal needs a terminal"))
	}
	fd := int(in.Fd())
	state, err := term.MakeRaw(fd)
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(fd, state)) }()
	opts.Addr, opts.Keys, opts.Width = "", in, 80
	if width, _, err := term.GetSize(fd); err == nil {
		opts.Width = width
	}
	return benchmarks.Judge(ctx, o.stdout, opts)
}
