package exec

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"alphanode/index"
)

// The fast form evaluates a plan window by window over decoded postings, and does
// in the same pass what the plain form does one after the other: relevance, title
// fit, prior, filters, facets and the best hits. docs/decisions/0015 describes it.

// isFast reports whether searches of the snapshot take the fast form. Levels that
// do not count are left to the plain form: a match on them is none.
func (s *Snapshot) isFast() bool {
	if s.config.Fast == nil {
		return false
	}
	for _, w := range s.config.Scoring.LevelWeight {
		if w <= 0 {
			return false
		}
	}
	for _, seg := range s.segments {
		if seg.shared == nil {
			return false
		}
	}
	return true
}

// enterFast takes the tables of the snapshot.
func (s *searcher) enterFast() {
	s.memo.tables.Do(s.makeTables)
	s.inverse = s.memo.inverse
}

// answerFast is the second half of answer.
func (s *searcher) answerFast(c *collector, p *plan, result *index.Result) error {
	fp, err := s.compile(p)
	if err != nil {
		return err
	}
	fit := s.newFastFit(p)
	defer fit.done()
	second := s.newNearness(c, p)
	run := &s.scratch.run
	*run = fastRun{searcher: s, collector: c, plan: fp, fit: fit, depth: max(second.depth(c.req), c.depth())}
	run.prepare()
	failed := run.evaluate()
	if failed != nil && !s.expired(failed) {
		return failed
	}
	s.ctx = uncancelled(s.ctx)
	result.Total = run.total
	result.TotalExact = !run.least
	result.Facets = make(map[string][]index.FacetCount, len(c.facets))
	for _, counter := range c.facets {
		result.Facets[counter.field.Name] = counter.fast.result(s.scratch)
	}
	f := &found{}
	if c.req.Explain {
		f.fit = s.newTitleFit(p)
	}
	best := run.best.sorted()
	s.scratch.hits = best[:0]
	if err := c.hits(p, f, second, best, result); err != nil {
		return err
	}
	return failed
}

// fastRun is the pass over all windows.
type fastRun struct {
	*searcher
	collector *collector
	plan      *fastPlan
	fit       *fastFit
	best      topK
	depth     int // hits to be kept
	// scores says that relevance is needed: there are hits to be listed.
	scores bool
	// key is what hits are ordered by first; floor its value for the worst that is
	// kept, once there are enough.
	key   sortKey
	floor float64
	full  bool
	total int
	// least says that the total is a lower bound.
	least bool

	// tail is the sum of the bounds of the optional nodes from each on; single the only
	// node that gives a relevance, if it is a word.
	tail   []float64
	single *fastWord
	// most is the greatest factor of a prior.
	most float64

	window windowRun
	// Of the current segment: the filters that narrow everything, nil for none; those
	// of each facet's own field; all of those together, nil for none; the posts with
	// title fit, nil for none.
	rest bitset
	own  map[string]bitset
	all  bitset
	fits bitset
}

func (r *fastRun) prepare() {
	c := r.collector
	r.best = topK{c: c, k: r.depth, kept: r.scratch.hits[:0]}
	r.scores = r.best.k > 0
	r.window = windowRun{searcher: r.searcher, scratch: r.scratch}
	r.key = r.firstKey()
	r.prepareBounds()
	for _, counter := range c.facets {
		counter.fast = r.newFastCounter(counter)
	}
}

// prepareBounds puts the optional nodes in order of what they may be worth, most
// first.
func (r *fastRun) prepareBounds() {
	k1 := r.config.Scoring.K1
	optional := r.plan.optional
	slices.SortStableFunc(optional, func(a, b fastNode) int { return cmp.Compare(b.bound(k1), a.bound(k1)) })
	r.scratch.tail = slices.Grow(r.scratch.tail[:0], len(optional)+1)
	r.tail = r.scratch.tail[:len(optional)+1]
	r.tail[len(optional)] = 0
	for i := len(optional) - 1; i >= 0; i-- {
		r.tail[i] = r.tail[i+1] + optional[i].bound(k1)
	}
	switch required := r.plan.required; {
	case len(required) == 1 && len(optional) == 0:
		r.single, _ = required[0].(*fastWord)
	case len(required) == 0 && len(optional) == 1:
		r.single, _ = optional[0].(*fastWord)
	}
	r.most = 1
	if r.config.Beta > 0 {
		r.most += r.config.Beta
	}
	r.most *= r.mostBoost()
}

// slack is by how much a bound must be below what it is compared with, to be on the
// safe side of rounding.
const slack = 1 - 1e-9

// needed is the relevance, before title fit, that a post without title fit must have
// to be among the best; at most 0 when that is not known.
func (r *fastRun) needed() float64 {
	if !r.full || r.key.number != byScore || !r.key.desc || r.floor <= 0 {
		return 0
	}
	return r.floor / r.most * slack
}

// cut is the weighted frequency up to which a post of a query of one word is none of
// the best.
func (r *fastRun) cut() float64 {
	needed := r.needed()
	if r.single == nil || needed <= 0 {
		return -1
	}
	k1 := r.config.Scoring.K1
	saturation := needed / (r.single.scale * (k1 + 1))
	if saturation >= 1 {
		return math.Inf(1)
	}
	return saturation * k1 / (1 - saturation) * slack
}

// firstKey is the first criterion in which hits can differ: without words all
// scores are 0.
func (r *fastRun) firstKey() sortKey {
	for _, k := range r.collector.sort {
		if k.number != byScore || r.plan.scored {
			return k
		}
	}
	if r.plan.scored {
		return sortKey{byScore, true}
	}
	return sortKey{r.collector.published, true}
}

// evaluate goes over all segments, in the way that suits the plan.
func (r *fastRun) evaluate() error {
	if b := r.bounded(); b != nil {
		return b.run()
	}
	for _, nodes := range [][]fastNode{r.plan.required, r.plan.optional, r.plan.excluded} {
		for _, n := range nodes {
			if err := n.fetchAll(r.searcher); err != nil {
				return err
			}
		}
	}
	return r.segmentsIn()
}

// segmentsIn runs over all segments.
func (r *fastRun) segmentsIn() error {
	if r.plan.nothing {
		return r.ctx.Err()
	}
	for seg := range r.segments {
		if err := r.segment(seg); err != nil {
			return err
		}
	}
	return r.collector.failed
}

func (r *fastRun) segment(seg int) error {
	if err := r.filters(seg); err != nil {
		return err
	}
	if r.scores {
		r.fits = r.fit.mark(seg)
	}
	for _, nodes := range [][]fastNode{r.plan.required, r.plan.optional, r.plan.excluded} {
		for _, n := range nodes {
			n.start(seg)
		}
	}
	for _, counter := range r.collector.facets {
		counter.fast.start(seg)
	}
	docs := uint32(r.segments[seg].columns.Docs) //nolint:gosec // documents are numbered by uint32
	r.window.seg = seg
	var err error
	for from := r.next(0); from < docs && err == nil; from = r.next(r.window.from + windowSize) {
		r.window.from, r.window.to = from, min(from+windowSize, docs)
		r.one()
		err = r.late()
	}
	for _, counter := range r.collector.facets {
		counter.fast.end()
	}
	return err
}

// next is where the next window begins that may have matching posts: a multiple of
// 64.
func (r *fastRun) next(from uint32) uint32 {
	switch {
	case len(r.plan.required) > 0:
		from = nextOfAll(r.plan.required, from)
	case !r.plan.all:
		from = nextOfAny(r.plan.optional, from)
	}
	return from &^ 63
}

// filters evaluates the filters of a segment.
func (r *fastRun) filters(seg int) error {
	c := r.collector
	var err error
	if r.rest, err = r.fastFilterAll(seg, c.rest); err != nil {
		return err
	}
	r.all = nil
	if len(c.own) == 0 {
		return nil
	}
	r.own = make(map[string]bitset, len(c.own))
	for field, filters := range c.own {
		if r.own[field], err = r.fastFilterAll(seg, filters); err != nil {
			return err
		}
		if r.all == nil {
			r.all = r.own[field].clone()
		} else {
			r.all.and(r.own[field])
		}
	}
	return nil
}

// one evaluates a window.
func (r *fastRun) one() {
	w := &r.window
	var set windowSet
	set.load(r.segments[w.seg].live, w.from)
	if r.rest != nil {
		set.andSet(r.rest, w.from)
	}
	if len(r.collector.facets) == 0 && r.all != nil {
		set.andSet(r.all, w.from)
	}
	if set.empty() {
		return
	}
	score := &r.scratch.score
	if !r.scores {
		score = nil
	}
	w.fits = windowSet{}
	if r.fits != nil {
		w.fits.load(r.fits, w.from)
	}
	w.cut = r.cut()
	dirty, worth := r.match(&set, score)
	if !set.empty() {
		r.count(&set)
		if r.all != nil {
			set.andSet(r.all, w.from)
		}
		r.total += set.count()
		if len(r.collector.pins) > 0 {
			r.collector.notePins(w.seg, func(doc uint32) bool { return set.contains(doc, w.from) })
		}
		set.and(&worth)
		r.collect(&set)
	}
	if score == nil {
		return
	}
	r.clean(&dirty)
}

// match narrows set to the posts that match and adds up the relevance of those that
// are worth it: the others are none of the best. Dirty are those that may have a
// score.
func (r *fastRun) match(set *windowSet, score *accumulator) (dirty, worth windowSet) {
	if r.matchRequired(set, &dirty, score); set.empty() {
		return dirty, worth
	}
	var one windowSet
	for _, n := range r.plan.excluded {
		n.window(&r.window, &one, set, nil)
		set.andNot(&one)
	}
	worth = *set
	if len(r.plan.optional) > 0 {
		r.matchOptional(set, &dirty, &worth, score)
	}
	if r.window.cut >= 0 {
		worth.and(&r.window.kept)
		dirty = r.window.kept
	}
	return dirty, worth
}

// matchRequired evaluates the required nodes. Of several, relevance is added up once
// it is known which posts have all.
func (r *fastRun) matchRequired(set, dirty *windowSet, score *accumulator) {
	var one windowSet
	first := score
	if len(r.plan.required) > 1 {
		first = nil
	}
	for _, n := range r.plan.required {
		n.window(&r.window, &one, set, first)
		one.and(set)
		if *set = one; set.empty() {
			break
		}
	}
	if score == nil || len(r.plan.required) == 0 {
		return
	}
	dirty.or(set)
	if first != nil || set.empty() {
		return
	}
	for _, n := range r.plan.required {
		n.rewind()
		n.window(&r.window, &one, set, score)
	}
}

// matchOptional evaluates the optional nodes. Once the nodes from some place on are
// together worth less than the worst of the best, only posts that match one of
// those before, or have title fit, can be hits.
func (r *fastRun) matchOptional(set, dirty, worth *windowSet, score *accumulator) {
	essential := len(r.plan.optional)
	if needed := r.needed(); needed > 0 && score != nil && r.single == nil && len(r.plan.required) == 0 && !r.plan.all {
		for essential > 0 && r.tail[essential-1] < needed {
			essential--
		}
	}
	var one, matched windowSet
	for i, n := range r.plan.optional {
		if i == essential {
			*worth = matched
			fits := r.window.fits
			fits.and(set)
			worth.or(&fits)
			dirty.or(worth)
		}
		if i >= essential {
			n.split(&r.window, &one, set, worth, score)
		} else {
			n.window(&r.window, &one, set, score)
		}
		one.and(set)
		matched.or(&one)
	}
	dirty.or(&matched)
	if len(r.plan.required) == 0 && !r.plan.all {
		set.and(&matched)
	}
}

// clean zeroes the scores of the window.
func (r *fastRun) clean(dirty *windowSet) {
	for i, word := range dirty {
		switch {
		case word == 0:
		case bits.OnesCount64(word) > 16:
			clear(r.scratch.score[i<<6 : i<<6+64])
		default:
			for ; word != 0; word &= word - 1 {
				r.scratch.score[i<<6+bits.TrailingZeros64(word)] = 0
			}
		}
	}
}

// collect offers the hits of a window to the best.
func (r *fastRun) collect(set *windowSet) {
	if !r.scores {
		return
	}
	prior := r.segments[r.window.seg].prior
	if r.config.Beta == 0 {
		prior = nil
	}
	needed := r.needed()
	for i, word := range set {
		fit := r.window.fits[i]
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			k := (i<<6 + bit) & (windowSize - 1)
			score := r.scratch.score[k]
			if score < needed && fit>>bit&1 == 0 {
				continue
			}
			doc := r.window.from + uint32(k) //nolint:gosec // within the window
			if fit>>bit&1 != 0 {
				score += r.fit.of(r.window.seg, doc)
			}
			if prior != nil {
				score *= 1 + r.config.Beta*(2*float64(prior[doc])-1)
			}
			if len(r.boosts) > 0 {
				score *= r.boostOf(r.window.seg, doc)
			}
			r.offer(candidate{seg: r.window.seg, doc: doc, score: score})
			needed = r.needed()
		}
	}
}
