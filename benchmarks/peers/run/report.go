package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"alphanode/benchmarks/results"
)

// view is one table of times.
type view struct {
	suffix, title string
	stage         stage
	pick          func(typical) float64
}

func mean(t typical) float64 { return t.mean }

//nolint:gochecknoglobals // immutable table
var views = []view{
	{"", "queries asked again, ten best and exact total, mean µs", exact, mean},
	{"-p50", "queries asked again, ten best and exact total, median µs", exact, func(t typical) float64 { return t.p50 }},
	{"-p99", "queries asked again, ten best and exact total, 99th percentile, µs", exact, func(t typical) float64 { return t.p99 }},
	{"-skip", "queries asked again, ten best, no total wanted, mean µs", skip, mean},
	{"-new", "queries never asked before by a process that answered others, ten best and exact total, mean µs", fresh, mean},
	{"-cold", "first questions after the start, ten best and exact total, mean µs", cold, mean},
}

// tables are all results.
func (m *measurement) tables() []results.Result {
	var out []results.Result
	for _, v := range views {
		out = append(out, m.table(v))
	}
	out = append(out, m.indexing())
	if len(m.liked) > 0 {
		out = append(out, m.likeThis())
	}
	return out
}

// searchers are the peers that answer queries.
func (m *measurement) searchers() []*peer {
	var out []*peer
	for _, p := range m.peers {
		if !p.indexOnly {
			out = append(out, p)
		}
	}
	return out
}

func (m *measurement) table(v view) results.Result {
	r := results.Result{Name: v.suffix, Title: v.title, Note: m.note(v.stage), Columns: []string{"kind"}}
	for _, p := range m.searchers() {
		r.Columns = append(r.Columns, p.name)
		if v.suffix == "" && in(m.options.plot, p.name) {
			r.Plot = append(r.Plot, p.name)
		}
	}
	for _, kind := range kinds(m.queries) {
		if kind == facet && v.stage == skip {
			continue // All hits are counted anyway.
		}
		row := []any{kind}
		for _, p := range m.searchers() {
			if t, ok := m.of(v.stage, p, kind); ok {
				row = append(row, math.Round(10*v.pick(t))/10)
			} else {
				row = append(row, p.differs[kind])
			}
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// indexing is what it took to index.
func (m *measurement) indexing() results.Result {
	r := results.Result{
		Name: "-index", Title: "time and space to index",
		Note:    "From the start of the program to its end. Memory is the maximum resident set, mapped files included.",
		Columns: []string{"engine", "posts/s", "seconds", "CPU seconds", "MB on disk", "MB in memory"},
	}
	for _, p := range m.peers {
		b := p.built
		r.Rows = append(r.Rows, []any{
			p.name, math.Round(float64(b.Posts) / b.Seconds), math.Round(10*b.Seconds) / 10, math.Round(10*b.CPU) / 10,
			math.Round(mega(b.Disk)), math.Round(mega(b.Memory)),
		})
	}
	return r
}

// likeThis is how fast similar posts are found.
func (m *measurement) likeThis() results.Result {
	r := results.Result{
		Name: "-similar", Title: "similar posts, two threads, ten for each post, posts a second",
		Note: fmt.Sprintf("Lucene: MoreLikeThis with 25 words that a post has twice or more, from 5 posts up to a fifth of all; bleve: the same words in a disjunction; both for %d posts spread over all. "+
			"tantivy: its query of that name with the same limits. alphanode: the ten most similar of all posts at once, from finished vectors; alphanode-default: the same as rows with rules and reasons.", m.options.sample),
		Columns: []string{"engine", "posts/s"},
	}
	for _, p := range m.peers {
		if rate, ok := m.liked[p.name]; ok {
			r.Rows = append(r.Rows, []any{p.name, math.Round(10*rate) / 10})
		}
	}
	return r
}

// note says what was measured.
func (m *measurement) note(s stage) string {
	note := fmt.Sprintf("%d posts, %d queries, of which %d were timed: for those all engines find the same posts. ", m.posts, len(m.queries), m.same)
	switch s {
	case cold:
		note += "The process was started and the query is asked for the first time; files are in the page cache. "
	case fresh:
		note += "The process answered other queries of the same kinds before, up to " + fmt.Sprint(m.options.warmup) + " times. "
	case exact, skip:
		note += fmt.Sprintf("Each was asked up to %d times after a warm-up, in an order by chance (seed %d), and the median of its times counts. ", m.options.rounds, m.options.seed)
	}
	if m.options.cpu >= 0 {
		note += "Engines run on one core and take turns at each pass. "
	}
	return note + "Load of the machine: " + m.load + "."
}

// loadAverage is that of the last minute.
func loadAverage() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	load, _, _ := strings.Cut(string(data), " ")
	return load
}

func (m *measurement) print() {
	for _, r := range m.tables() {
		fmt.Fprintf(m.out, "\n%s\n", r.Title)
		table := tabwriter.NewWriter(m.out, 0, 8, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, strings.Join(r.Columns, "\t")+"\t")
		for _, row := range r.Rows {
			for _, cell := range row {
				fmt.Fprintf(table, "%v\t", cell)
			}
			fmt.Fprintln(table)
		}
		_ = table.Flush() // Nothing can be done about a terminal that is gone.
	}
	fmt.Fprintf(m.out, "\nload of the machine: %s\n", m.load)
}

func (m *measurement) save(ctx context.Context) error {
	if m.options.result == "" {
		return nil
	}
	commit, machine := results.ThisCommit(ctx, "."), results.ThisMachine()
	for _, r := range m.tables() {
		r.Section, r.Date, r.Commit, r.Machine = results.Peers, time.Now().Format(time.DateOnly), commit, machine
		r.Title = fmt.Sprintf("%s posts: %s", thousands(m.posts), r.Title)
		r.Command = "go run ./benchmarks/peers/run -posts posts.jsonl -queries queries.tsv -warm other.tsv"
		file := m.options.result + r.Name + ".json"
		r.Name = strings.TrimSuffix(filepath.Base(file), ".json")
		data, err := r.Encode()
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil { //nolint:gosec // a file of the repository, not a secret
			return err
		}
	}
	return nil
}

// thousands puts a comma between groups of three digits.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
