// Command trec prints the measures of a run by query, one line each: measure, tab,
// query, tab, value; the mean has the query "all". It exists to be compared with
// other evaluation tools; see compare.py beside it.
//
//	go run ./benchmarks/relevance/trec -measures "nDCG@10 AP" QRELS RUN
//	go run ./benchmarks/relevance/trec -bm25 DIR       the run of the plain baseline on a collection
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/baseline"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("trec", flag.ContinueOnError)
	names := flags.String("measures", "nDCG@10 RR AP", "measures by their names in ir_measures")
	collection := flags.String("bm25", "", "write the run of the plain baseline on this collection instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *collection != "" {
		return writeBaseline(ctx, stdout, *collection)
	}
	if flags.NArg() != 2 {
		return errors.New("usage: trec [-measures LIST] QRELS RUN")
	}
	measures, err := relevance.ParseMeasures(*names)
	if err != nil {
		return err
	}
	qrels, err := relevance.ReadQrels(flags.Arg(0))
	if err != nil {
		return err
	}
	retrieved, err := relevance.ReadRun(flags.Arg(1))
	if err != nil {
		return err
	}
	return write(stdout, qrels.Queries(), relevance.Evaluate(measures, qrels, retrieved))
}

func write(w io.Writer, queries []string, scores []relevance.Scores) error {
	out := bufio.NewWriter(w)
	for _, s := range scores {
		for _, query := range queries {
			fmt.Fprintf(out, "%s\t%s\t%.17g\n", s.Measure, query, s.ByQuery[query])
		}
		fmt.Fprintf(out, "%s\tall\t%.17g\n", s.Measure, s.Mean)
	}
	return out.Flush()
}

// writeBaseline writes scores with two decimals: enough ties for a comparison to
// be worth something, and nothing of a machine's arithmetic.
func writeBaseline(ctx context.Context, w io.Writer, dir string) error {
	c, err := relevance.Open(dir)
	if err != nil {
		return err
	}
	src, err := c.Documents()
	if err != nil {
		return err
	}
	system := baseline.New()
	if err := system.Index(ctx, src); err != nil {
		return err
	}
	out := make(relevance.Run, len(c.Queries))
	for _, q := range c.Queries {
		docs, err := system.Search(ctx, q.Text, relevance.Depth)
		if err != nil {
			return err
		}
		for i := range docs {
			docs[i].Score = math.Round(docs[i].Score*100) / 100
		}
		out[q.ID] = docs
	}
	return relevance.WriteRun(w, out, "bm25")
}
