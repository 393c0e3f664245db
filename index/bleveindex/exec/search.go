package exec

import (
	"context"
	"errors"
	"fmt"

	"alphanode/index"
)

// Limits of a request.
const (
	maxFacetValues     = 1000
	defaultFacetValues = 10
)

// Search answers req. At the deadline of ctx it returns what it has, marked
// Partial; a cancelled ctx is an error.
func (s *Snapshot) Search(ctx context.Context, req *index.Request) (*index.Result, error) {
	return s.search(ctx, req, false)
}

// search is Search; alone says that it leaves other processors alone.
func (s *Snapshot) search(ctx context.Context, req *index.Request, alone bool) (*index.Result, error) {
	run := s.begin(ctx)
	if run.alone = alone; !alone && s.config.Fast != nil {
		s.config.Fast.searches.enter()
		defer s.config.Fast.searches.leave()
	}
	result := &index.Result{Seq: s.seq, AsOfDay: s.day, TotalExact: true}
	c, err := newCollector(run, req)
	if err != nil {
		return nil, err
	}
	err = run.answer(c, result)
	if err == nil && c.rerun(ctx, result) {
		if c, err = newCollector(run, req); err == nil {
			c.forced = true
			*result = index.Result{Seq: s.seq, AsOfDay: s.day, TotalExact: true}
			err = run.answer(c, result)
		}
	}
	if run.scratch != nil {
		s.config.Fast.release(run.scratch) // Not after a panic: it may not be clean.
	}
	if err != nil {
		if !errors.Is(err, context.DeadlineExceeded) {
			return nil, fmt.Errorf("search %q: %w", req.Query.Raw, err)
		}
		result.Partial, result.TotalExact = true, false
	}
	return result, nil
}

func (s *searcher) answer(c *collector, result *index.Result) error {
	if err := s.late(); err != nil {
		return err
	}
	p, err := s.planFor(c.req)
	if err != nil {
		return err
	}
	if err := c.prepare(); err != nil {
		return err
	}
	p.applied.Rules, p.applied.Boosts = c.req.Rules, s.boostNames()
	result.Applied = p.applied
	result.Words = p.found()
	if s.scratch != nil && c.countsAll(p) {
		return s.answerAll(c, result)
	}
	if s.scratch != nil {
		return s.answerFast(c, p, result)
	}
	f, matchErr := s.evaluate(p)
	if matchErr != nil && !s.expired(matchErr) {
		return matchErr
	}
	if f != nil {
		// What was matched is shown, if the deadline came in between: that is quick.
		s.ctx = context.WithoutCancel(s.ctx)
		if err := c.collect(p, f, result); err != nil {
			return err
		}
	}
	return matchErr
}

func (p *plan) found() []index.Word {
	out := make([]index.Word, len(p.words))
	for i, w := range p.words {
		out[i] = index.Word{Text: w.text, Variants: w.variantsOf()}
	}
	return out
}

// found are the posts that match a query, before its filter, with their relevance.
type found struct {
	sets   []bitset    // by segment
	scores [][]float64 // by segment and post
	fit    *titleFit
}

// evaluate matches all nodes of the plan. At the deadline it returns what the
// optional words gave so far, with the error; nil when not even the required ones
// are known.
func (s *searcher) evaluate(p *plan) (*found, error) {
	f := &found{sets: make([]bitset, len(s.segments)), scores: make([][]float64, len(s.segments))}
	for i, seg := range s.segments {
		f.scores[i] = make([]float64, seg.columns.Docs)
		f.sets[i] = seg.live.clone()
		if p.nothing {
			f.sets[i] = newBitset(seg.columns.Docs)
		}
	}
	if p.all && len(p.excluded) == 0 || p.nothing {
		return f, s.ctx.Err()
	}
	if err := s.narrow(p, f); err != nil {
		return nil, err
	}
	err := s.rank(p, f)
	if err == nil {
		f.fit = s.newTitleFit(p)
		f.fit.addTo(f)
	}
	return f, err
}

// narrow keeps what has all required nodes and no excluded one.
func (s *searcher) narrow(p *plan, f *found) error {
	for _, n := range p.required {
		m, err := n.match(s)
		if err != nil {
			return err
		}
		for i := range f.sets {
			f.sets[i].and(m.segments[i].set(s.segments[i].columns.Docs))
			m.segments[i].addTo(f.scores[i])
		}
	}
	for _, n := range p.excluded {
		m, err := n.match(s)
		if err != nil {
			return err
		}
		for i := range f.sets {
			f.sets[i].andNot(m.segments[i].set(s.segments[i].columns.Docs))
		}
	}
	return nil
}

// rank adds the scores of the optional nodes; where nothing is required, a post
// must match one of them.
func (s *searcher) rank(p *plan, f *found) error {
	var matched []bitset
	if len(p.required) == 0 && !p.all {
		for _, seg := range s.segments {
			matched = append(matched, newBitset(seg.columns.Docs))
		}
	}
	var failed error
	for _, n := range p.optional {
		m, err := n.match(s)
		if err != nil {
			failed = err
			break
		}
		for i := range f.sets {
			m.segments[i].addTo(f.scores[i])
			if matched != nil {
				matched[i].or(m.segments[i].set(s.segments[i].columns.Docs))
			}
		}
	}
	for i := range matched {
		f.sets[i].and(matched[i])
	}
	return failed
}
