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
	"time"

	"alphanode/benchmarks/results"
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
	posts, queries, folder, result, command string
	rounds, warmup                          int
	seed                                    uint64
	reuse                                   bool
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	var o options
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.StringVar(&o.posts, "posts", "", "posts, as alphanode imports them")
	flags.StringVar(&o.queries, "queries", "", "queries: kind, tab, query")
	flags.StringVar(&o.folder, "folder", "benchmarks/peers", "folder of the drivers")
	flags.StringVar(&o.result, "result", "", "file for the result, to be checked in")
	flags.StringVar(&o.command, "command", "TOP10_COUNT", "what to time: TOP10_COUNT or TOP10")
	flags.IntVar(&o.rounds, "rounds", 5, "how often every query is timed")
	flags.IntVar(&o.warmup, "warmup", 2, "how often every query is asked before")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the order of the queries")
	flags.BoolVar(&o.reuse, "reuse", false, "use the indexes that are there")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.posts == "" || o.queries == "" {
		return errors.New("-posts and -queries are needed")
	}
	names := flags.Args()
	if len(names) == 0 {
		names = []string{"alphanode", "bleve", "bluge", "fts5", "lucene"}
	}
	m := &measurement{options: o, out: stdout}
	if err := m.run(ctx, names); err != nil {
		return err
	}
	return m.save(ctx)
}

func (m *measurement) run(ctx context.Context, names []string) (err error) {
	if m.queries, err = readQueries(m.options.queries); err != nil {
		return err
	}
	posts := filepath.Join(os.TempDir(), fmt.Sprintf("alphanode-peers-%d.tsv", os.Getpid()))
	defer func() { err = errors.Join(err, removeIfThere(posts)) }()
	if !m.options.reuse {
		if err := m.writePosts(ctx, posts); err != nil {
			return err
		}
	}
	for _, name := range names {
		p := &peer{name: name, dir: filepath.Join(m.options.folder, name)}
		if err := p.prepare(ctx, posts, m.options.reuse); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if p.indexed > 0 {
			fmt.Fprintf(m.out, "%-10s indexed in %.1f s\n", name, p.indexed.Seconds())
		}
		m.peers = append(m.peers, p)
	}
	if err := m.verify(ctx); err != nil {
		return err
	}
	if err := m.time(ctx); err != nil {
		return err
	}
	m.print()
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// writePosts cuts the posts down to plain words.
func (m *measurement) writePosts(ctx context.Context, path string) error {
	src, err := importer.Open(importer.Auto, []string{m.options.posts}, importer.Options{})
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	m.posts, err = writePlain(ctx, f, src)
	return errors.Join(err, f.Close())
}

func (m *measurement) save(ctx context.Context) error {
	if m.options.result == "" {
		return nil
	}
	r := m.result()
	r.Section, r.Date = results.Peers, time.Now().Format(time.DateOnly)
	r.Commit, r.Machine = results.ThisCommit(ctx, "."), results.ThisMachine()
	if err := r.NameAfter(m.options.result); err != nil {
		return err
	}
	data, err := r.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile(m.options.result, data, 0o644) //nolint:gosec // a file of the repository, not a secret
}
