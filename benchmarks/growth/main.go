// Command growth measures how opening, keystrokes and memory grow with the number of
// posts: it serves each data directory in turn, smallest first, asks for what stands in
// the box while the words of titles are typed letter by letter, and writes a result.
//
//	alphanode generate --posts N --seed 1 --out N.jsonl
//	alphanode import --data DIR N.jsonl
//	go run ./benchmarks/growth [-bin bin/alphanode] [-result benchmarks/results/search-growth.json] DIR...
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
	"strings"
	"time"

	"alphanode/benchmarks/results"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// options are the flags.
type options struct {
	bin, addr, flags, result string
	words, rounds            int
	seed                     uint64
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	var o options
	set := flag.NewFlagSet("growth", flag.ContinueOnError)
	set.StringVar(&o.bin, "bin", "bin/alphanode", "program that serves")
	set.StringVar(&o.addr, "addr", "127.0.0.1:18080", "address to serve on")
	set.StringVar(&o.flags, "flags", "--read-only --similar=false", "further flags of serve")
	set.StringVar(&o.result, "result", "", "file of the result; none when empty")
	set.IntVar(&o.words, "words", 150, "words that are typed")
	set.IntVar(&o.rounds, "rounds", 3, "how often each keystroke is asked for again")
	set.Uint64Var(&o.seed, "seed", 1, "seed of the posts and of the draw of words")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() == 0 {
		return errors.New("name the data directories")
	}
	keys := keystrokes(o.seed, o.words)
	var rows [][]any
	for _, dir := range set.Args() {
		m, err := measure(ctx, &o, dir, keys)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		fmt.Fprintln(stdout, m)
		rows = append(rows, m.row())
	}
	if o.result == "" {
		return nil
	}
	return write(ctx, o.result, rows)
}

// What the result says of itself, unless it says something else already.
const (
	title = "Typing, opening and memory by the number of generated posts"
	note  = "Words of titles of generated posts (alphanode generate, seed 1), their first one to four letters typed one by one, alone and after the word before them: GET /v1/search, first page, " +
		"default field table, highlights and snippets, the thirteen facets of the search page, exact totals, one connection. Opening is from the start of the program to the first answer. First touch is what was asked " +
		"for the first time, right after opening; the others are repeated. Generated posts share their words: three letters stand for two thirds of all posts. Memory is the most resident memory without mapped files. " +
		"Similar posts are left out (serve --similar=false)."
)

// write writes the result; its title, note and command are kept when it is there.
func write(ctx context.Context, file string, rows [][]any) error {
	r := results.Result{
		Section: results.Speed, Title: title, Note: note, Date: time.Now().Format(time.DateOnly),
		Commit: results.ThisCommit(ctx, "."), Machine: results.ThisMachine(), Command: "go run ./benchmarks/growth -result FILE DIR...",
		Columns: columns(), Rows: rows, Plot: plotted(),
	}
	if err := r.NameAfter(file); err != nil {
		return err
	}
	data, err := r.Encode()
	if err == nil {
		err = os.WriteFile(file, data, 0o644) //nolint:gosec // a file of the repository
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return os.WriteFile(strings.TrimSuffix(file, filepath.Ext(file))+".svg", []byte(r.SVG()), 0o644) //nolint:gosec // a file of the repository
}
