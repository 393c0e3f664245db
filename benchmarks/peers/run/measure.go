package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"alphanode/benchmarks/results"
)

// measurement is one run of the comparison.
type measurement struct {
	options options
	out     io.Writer
	posts   int
	queries []query
	peers   []*peer
	// times has the median time of each query, by peer; 0 where it was not asked.
	times map[string][]time.Duration
}

// each starts one driver after the other.
func (m *measurement) each(ctx context.Context, do func(p *peer) error) error {
	for _, p := range m.peers {
		if err := p.start(ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		err := do(p)
		if err = errors.Join(err, p.stop()); err != nil {
			return err
		}
	}
	return nil
}

// verify compares the sets of hits.
func (m *measurement) verify(ctx context.Context) error {
	sets := make([]map[string]string, len(m.queries)) // by query, then peer
	err := m.each(ctx, func(p *peer) error {
		for i, q := range m.queries {
			set, err := p.ask("SET", q.text)
			if errors.Is(err, errUnsupported) {
				p.differs[q.kind] = "unsupported"
				continue
			}
			if err != nil {
				return err
			}
			if sets[i] == nil {
				sets[i] = make(map[string]string)
			}
			sets[i][p.name] = set
		}
		return nil
	})
	if err != nil {
		return err
	}
	same := 0
	for i, q := range m.queries {
		if m.compare(q, sets[i]) {
			same++
		}
	}
	fmt.Fprintf(m.out, "the hits of %d of %d queries are the same for all engines that answer them\n", same, len(m.queries))
	return nil
}

// compare marks the peers that are not of the majority.
func (m *measurement) compare(q query, sets map[string]string) bool {
	votes := make(map[string]int)
	majority := ""
	for _, p := range m.peers {
		if set, ok := sets[p.name]; ok {
			if votes[set]++; votes[set] > votes[majority] {
				majority = set
			}
		}
	}
	for _, p := range m.peers {
		if set, ok := sets[p.name]; ok && set != majority {
			fmt.Fprintf(m.out, "%s: %s query %s has %s hits, the others %s\n", p.name, q.kind, q.text, hits(set), hits(majority))
			p.differs[q.kind] = "other hits"
		}
	}
	return len(votes) <= 1
}

func hits(set string) string {
	n, _, _ := strings.Cut(set, "\t")
	return n
}

// time asks every query that may be timed, in a shuffled order, several times.
func (m *measurement) time(ctx context.Context) error {
	m.times = make(map[string][]time.Duration)
	return m.each(ctx, func(p *peer) error {
		rounds := make([][]time.Duration, len(m.queries))
		rng := rand.New(rand.NewPCG(m.options.seed, 4))
		for round := range m.options.warmup + m.options.rounds {
			for _, i := range rng.Perm(len(m.queries)) {
				q := m.queries[i]
				if p.differs[q.kind] != "" {
					continue
				}
				start := time.Now()
				if _, err := p.ask(m.options.command, q.text); err != nil {
					return err
				}
				if took := time.Since(start); round >= m.options.warmup {
					rounds[i] = append(rounds[i], took)
				}
			}
		}
		for _, times := range rounds {
			m.times[p.name] = append(m.times[p.name], median(times))
		}
		return nil
	})
}

func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(times))[len(times)/2]
}

// typical is the median over the queries of a kind, in microseconds; nil when none
// was timed.
func (m *measurement) typical(p *peer, kind string) any {
	var times []time.Duration
	for i, q := range m.queries {
		if t := m.times[p.name][i]; q.kind == kind && t > 0 {
			times = append(times, t)
		}
	}
	if len(times) == 0 {
		return nil
	}
	return median(times).Microseconds()
}

func (m *measurement) print() {
	table := tabwriter.NewWriter(m.out, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s, µs\t", m.options.command)
	for _, p := range m.peers {
		fmt.Fprintf(table, "%s\t", p.name)
	}
	fmt.Fprintln(table)
	for _, kind := range kinds(m.queries) {
		fmt.Fprintf(table, "%s\t", kind)
		for _, p := range m.peers {
			cell := m.typical(p, kind)
			if cell == nil {
				cell = p.differs[kind]
			}
			fmt.Fprintf(table, "%v\t", cell)
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // Nothing can be done about a terminal that is gone.
}

// note says what was measured.
func (m *measurement) note() string {
	var note strings.Builder
	fmt.Fprintf(&note, "%d queries, %d rounds after %d to warm up.", len(m.queries), m.options.rounds, m.options.warmup)
	if m.posts > 0 {
		fmt.Fprintf(&note, " %d posts; time to index:", m.posts)
		for _, p := range m.peers {
			fmt.Fprintf(&note, " %s %.0f s.", p.name, p.indexed.Seconds())
		}
	}
	return note.String()
}

// result is the table to be checked in.
func (m *measurement) result() results.Result {
	r := results.Result{
		Title:   m.options.command + ", median µs of a query",
		Note:    m.note(),
		Command: "go run ./benchmarks/peers/run -posts posts.jsonl -queries queries.tsv",
		Columns: []string{"kind"},
	}
	for _, p := range m.peers {
		r.Columns = append(r.Columns, p.name)
	}
	r.Plot = r.Columns[1:]
	for _, kind := range kinds(m.queries) {
		row := []any{kind}
		for _, p := range m.peers {
			cell := m.typical(p, kind)
			if cell == nil {
				cell = p.differs[kind]
			}
			row = append(row, cell)
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}
