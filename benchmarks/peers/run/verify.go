package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// each starts one driver after the other.
func (m *measurement) each(ctx context.Context, do func(p *peer) error) error {
	for _, p := range m.peers {
		if p.indexOnly {
			continue
		}
		if err := p.start(ctx, m.options.cpu); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		err := do(p)
		if err = errors.Join(err, p.stop()); err != nil {
			return err
		}
	}
	return nil
}

// together starts all drivers, which wait while they are not asked.
func (m *measurement) together(ctx context.Context, do func(peers []*peer) error) (err error) {
	var started []*peer
	defer func() {
		for _, p := range started {
			err = errors.Join(err, p.stop())
		}
	}()
	for _, p := range m.peers {
		if p.indexOnly {
			continue
		}
		if err := p.start(ctx, m.options.cpu); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		started = append(started, p)
	}
	return do(started)
}

// verify compares the hits, and what was counted.
func (m *measurement) verify(ctx context.Context) error {
	found := make([]map[string]string, len(m.queries)) // by query, then peer
	for i := range found {
		found[i] = make(map[string]string)
	}
	err := m.each(ctx, func(p *peer) error {
		start := time.Now()
		places, share := order(m.queries, m.rng())
		for n, i := range places {
			if n >= share && time.Since(start) > m.budgetOf(p) {
				fmt.Fprintf(m.out, "%s: the hits of %d queries were compared, the time is over\n", p.name, n)
				break
			}
			hits, err := p.hits(m.queries[i])
			if errors.Is(err, errUnsupported) {
				p.differs[m.queries[i].kind] = "unsupported"
				continue
			}
			if err != nil {
				return err
			}
			found[i][p.name] = hits
		}
		return nil
	})
	if err == nil {
		m.compare(found)
	}
	return err
}

// names are those of the values of facets: of values with the same count any may be
// among the most frequent ones.
var names = regexp.MustCompile(`[^=,:\t]*:`)

// hits are the number and checksum of the hits, and the counts of facets.
func (p *peer) hits(q query) (string, error) {
	_, set, err := p.ask(q.line("SET"))
	if err != nil || q.kind != facet {
		return set, err
	}
	_, answer, err := p.ask(q.line("TOP10_COUNT"))
	fields := strings.SplitN(answer, "\t", 3)
	return set + "\t" + fields[0] + "\t" + names.ReplaceAllString(fields[len(fields)-1], ""), err
}

// compare finds for each kind the peers that differ from the majority: where that is
// for more than a tenth of the queries the peer is not timed, else those queries are
// left out for all.
func (m *measurement) compare(found []map[string]string) {
	m.left = make([]bool, len(m.queries))
	differing := make(map[*peer]map[string][]int)
	for i, answers := range found {
		majority := vote(m.peers, answers)
		for _, p := range m.peers {
			if answer, ok := answers[p.name]; ok && answer != majority {
				if differing[p] == nil {
					differing[p] = make(map[string][]int)
				}
				q := m.queries[i]
				differing[p][q.kind] = append(differing[p][q.kind], i)
				if n := len(differing[p][q.kind]); n <= shownDifferences {
					fmt.Fprintf(m.out, "%s: %s query %s has %q, the others %q\n", p.name, q.kind, q.text, answer, majority)
				}
			}
		}
	}
	for _, p := range m.peers {
		for _, kind := range kinds(m.queries) {
			if places := differing[p][kind]; len(places) > 0 {
				m.judge(p, kind, places, found)
			}
		}
	}
	left := 0
	for _, out := range m.left {
		if out {
			left++
		}
	}
	m.same = len(m.queries) - left
	fmt.Fprintf(m.out, "the hits of %d of %d queries are the same for all engines that are timed with them\n", m.same, len(m.queries))
}

// shownDifferences is how many differing queries of a kind are printed.
const shownDifferences = 3

func (m *measurement) judge(p *peer, kind string, places []int, found []map[string]string) {
	asked := 0
	for i, q := range m.queries {
		if _, ok := found[i][p.name]; ok && q.kind == kind {
			asked++
		}
	}
	fmt.Fprintf(m.out, "%s: %d of %d queries of kind %s have other hits\n", p.name, len(places), asked, kind)
	if 10*len(places) > asked {
		p.differs[kind] = "other hits"
		return
	}
	for _, i := range places {
		m.left[i] = true
	}
}

// vote gives the answer that most peers give, of several the first one's.
func vote(peers []*peer, answers map[string]string) string {
	votes := make(map[string]int)
	majority := ""
	for _, p := range peers {
		if answer, ok := answers[p.name]; ok {
			if votes[answer]++; votes[answer] > votes[majority] {
				majority = answer
			}
		}
	}
	return majority
}
