// Command verify checks the experiments: the figures that are claimed, against
// what the program gives now. It prints OK, FAIL or SKIP for each, and ends with
// status 1 when one fails.
//
//	go run ./benchmarks/relevance/verify [-update] [FILE...]
//
// The public collections are found in the folder that the environment variable
// ALPHANODE_COLLECTIONS names; experiments on them are skipped without it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"alphanode/benchmarks"
	"alphanode/benchmarks/relevance"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "verify:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	folder := flags.String("experiments", "benchmarks/relevance/experiments", "folder of the experiments, when no files are named")
	update := flags.Bool("update", false, "write what is measured into the experiments")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files := flags.Args()
	if len(files) == 0 {
		var err error
		if files, err = relevance.Experiments(*folder); err != nil {
			return err
		}
	}
	v := relevance.Verifier{
		Systems: benchmarks.Systems(time.Now), Collections: os.Getenv("ALPHANODE_COLLECTIONS"), Now: time.Now, Out: stdout, Update: *update,
	}
	counts, err := v.Verify(ctx, files...)
	if err == nil && counts.Failed > 0 {
		err = errors.New("figures are not as claimed; when that is meant, run with -update and add a line to benchmarks/CHANGES.md")
	}
	return err
}
