package main

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"time"
)

// measurement is one run of the comparison.
type measurement struct {
	options       options
	out           io.Writer
	tsv, sum      string // the posts as drivers read them, and their checksum
	posts         int
	load          string
	queries, warm []query
	left          []bool // queries that are not timed, because their hits differ
	same          int
	peers         []*peer
	// times are those of a stage and peer, by query.
	times map[stage]map[string][][]time.Duration
	// liked is how many posts a second get their similar ones, by peer.
	liked map[string]float64
}

// stage is when a query is timed.
type stage string

const (
	// cold is the first question after the start.
	cold stage = "cold"
	// fresh is the first time that this query is asked, after other ones.
	fresh stage = "new"
	// exact is a query asked again, with exact totals.
	exact stage = "exact"
	// skip is a query asked again, where only the ten best are wanted.
	skip stage = "skip"
)

func (m *measurement) rng() *rand.Rand { return rand.New(rand.NewPCG(m.options.seed, 4)) }

// step is how often queries are asked, and for which stage; "" to warm up.
type step struct {
	stage   stage
	queries []query
	command string
	passes  int
}

// time asks every query that may be timed. The steps follow each other in one process of
// each peer: other queries, of which the first pass is cold; these queries for the first
// time; again; and again without totals. Peers take turns at each pass, so that a machine
// that is slower for a while is so for all of them.
func (m *measurement) time(ctx context.Context) error {
	m.times = make(map[stage]map[string][][]time.Duration)
	return m.together(ctx, func(peers []*peer) error {
		askers := make([]*asker, len(peers))
		for i, p := range peers {
			askers[i] = &asker{m: m, p: p, rng: m.rng()}
		}
		for _, s := range []step{
			{cold, m.warm, "TOP10_COUNT", 1},
			{"", m.warm, "TOP10_COUNT", m.options.warmup},
			{fresh, m.queries, "TOP10_COUNT", 1},
			{exact, m.queries, "TOP10_COUNT", m.options.rounds},
			{"", m.queries, "TOP10", (m.options.warmup + 9) / 10},
			{skip, m.queries, "TOP10", m.options.rounds},
		} {
			if err := m.takeTurns(askers, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// takeTurns lets each of the askers pass once, then each again.
func (m *measurement) takeTurns(askers []*asker, s step) error {
	for _, a := range askers {
		a.spent, a.times = 0, make([][]time.Duration, len(s.queries))
	}
	for pass := range s.passes {
		for _, a := range askers {
			if err := a.pass(s, pass == 0); err != nil {
				return err
			}
		}
	}
	if s.stage == "" {
		return nil
	}
	m.times[s.stage] = make(map[string][][]time.Duration)
	for _, a := range askers {
		m.times[s.stage][a.p.name] = a.times
	}
	return nil
}

// asker asks one peer.
type asker struct {
	m   *measurement
	p   *peer
	rng *rand.Rand
	// spent and times are those of a step, times by query.
	spent time.Duration
	times [][]time.Duration
}

// pass asks the queries of a step once, or until its budget is used up; but for a share of
// them, which are asked in any case in the first pass.
func (a *asker) pass(s step, first bool) error {
	start, left := time.Now(), a.m.budgetOf(a.p)-a.spent
	defer func() { a.spent += time.Since(start) }()
	places, share := order(s.queries, a.rng)
	for n, i := range places {
		if (!first || n >= share) && time.Since(start) > left {
			break
		}
		q := s.queries[i]
		if a.p.differs[q.kind] != "" || q.kind == facet && s.command == "TOP10" {
			continue
		}
		took, _, err := a.p.ask(q.line(s.command))
		if err != nil {
			return err
		}
		a.times[i] = append(a.times[i], took)
	}
	return nil
}

// similar measures similar posts.
func (m *measurement) similar(ctx context.Context) error {
	m.liked = make(map[string]float64)
	for _, p := range m.peers {
		if !in(m.options.similar, p.name) {
			continue
		}
		var err error
		if m.liked[p.name], err = p.similar(ctx, m.tsv, m.options.sample); err != nil {
			return err
		}
	}
	return nil
}

// typical are the measures of a kind of query, in microseconds.
type typical struct {
	p50, mean float64 // over the queries, of each the median of its times
	p99       float64 // over all times
}

// of gives the measures of a kind; false when none was timed.
func (m *measurement) of(s stage, p *peer, kind string) (t typical, ok bool) {
	queries, left := m.queries, m.left
	if s == cold {
		queries, left = m.warm, nil
	}
	var medians, all []time.Duration
	for i, times := range m.times[s][p.name] {
		if queries[i].kind == kind && len(times) > 0 && (left == nil || !left[i]) {
			medians = append(medians, quantile(times, 0.5))
			all = append(all, times...)
		}
	}
	if len(medians) == 0 {
		return t, false
	}
	var sum time.Duration
	for _, d := range medians {
		sum += d
	}
	return typical{
		p50: micro(quantile(medians, 0.5)), mean: micro(sum) / float64(len(medians)), p99: micro(quantile(all, 0.99)),
	}, true
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// quantile is the smallest value that a share q of the values do not exceed.
func quantile(values []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
