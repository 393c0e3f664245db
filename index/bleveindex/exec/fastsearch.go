package exec

import (
	"container/heap"
	"context"
	"math"
	"math/bits"

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

func (s *searcher) enterFast() {
	s.memo.tables.Do(s.makeTables)
	s.inverse = s.memo.inverse
	s.scratch = s.config.Fast.acquire()
}

// leaveFast gives the working memory back. After a panic it is left to the garbage
// collector: it may not be clean.
func (s *searcher) leaveFast() {
	if r := recover(); r != nil {
		panic(r)
	}
	s.config.Fast.release(s.scratch)
}

// answerFast is the second half of answer.
func (s *searcher) answerFast(c *collector, p *plan, result *index.Result) error {
	fp, err := s.compile(p)
	if err != nil {
		return err
	}
	fit := s.newFastFit(p)
	defer fit.done()
	run := &fastRun{searcher: s, collector: c, plan: fp, fit: fit}
	run.prepare()
	failed := run.segmentsIn()
	if failed != nil && !s.expired(failed) {
		return failed
	}
	s.ctx = context.WithoutCancel(s.ctx)
	result.Total = run.total
	result.Facets = make(map[string][]index.FacetCount, len(c.facets))
	for _, counter := range c.facets {
		result.Facets[counter.field.Name] = counter.fast.result(s.scratch)
	}
	f := &found{}
	if c.req.Explain {
		f.fit = s.newTitleFit(p)
	}
	if err := c.hits(p, f, run.best.sorted(), result); err != nil {
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
	best      *topK
	// scores says that relevance is needed: there are hits to be listed.
	scores bool
	// key is what hits are ordered by first; floor its value for the worst that is
	// kept, once there are enough.
	key   sortKey
	floor float64
	full  bool
	total int

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
	r.best = &topK{c: c, k: c.req.From + c.req.Size}
	r.scores = r.best.k > 0
	r.window = windowRun{searcher: r.searcher, scratch: r.scratch}
	r.key = r.firstKey()
	for _, counter := range c.facets {
		counter.fast = r.newFastCounter(counter)
	}
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
		err = r.ctx.Err()
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
	dirty := r.match(&set, score)
	if !set.empty() {
		r.count(&set)
		if r.all != nil {
			set.andSet(r.all, w.from)
		}
		r.total += set.count()
		r.collect(&set)
	}
	if score == nil {
		return
	}
	r.clean(&dirty)
}

// match narrows set to the posts that match and adds up their relevance. It returns
// the posts that may have a score.
func (r *fastRun) match(set *windowSet, score *accumulator) (dirty windowSet) {
	var one windowSet
	for _, n := range r.plan.required {
		n.window(&r.window, &one, set, score)
		one.and(set)
		dirty.or(&one)
		*set = one
		if set.empty() {
			return dirty
		}
	}
	for _, n := range r.plan.excluded {
		n.window(&r.window, &one, set, nil)
		set.andNot(&one)
	}
	var any windowSet
	for _, n := range r.plan.optional {
		n.window(&r.window, &one, set, score)
		one.and(set)
		any.or(&one)
	}
	dirty.or(&any)
	if len(r.plan.required) == 0 && !r.plan.all {
		set.and(&any)
	}
	return dirty
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

// count counts the facets of a window's matching posts.
func (r *fastRun) count(set *windowSet) {
	for _, counter := range r.collector.facets {
		if len(r.own) == 0 {
			counter.fast.window(r.window.from, set)
			continue
		}
		narrowed := *set
		for field, in := range r.own {
			if field != counter.field.Name {
				narrowed.andSet(in, r.window.from)
			}
		}
		counter.fast.window(r.window.from, &narrowed)
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
	fits := r.fits
	if fits != nil {
		fits = fits[r.window.from>>6:]
	}
	for i, word := range set {
		var fit uint64
		if i < len(fits) {
			fit = fits[i]
		}
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			k := (i<<6 + bit) & (windowSize - 1)
			doc := r.window.from + uint32(k) //nolint:gosec // within the window
			score := r.scratch.score[k]
			if fit>>bit&1 != 0 {
				score += r.fit.of(r.window.seg, doc)
			}
			if prior != nil {
				score *= 1 + r.config.Beta*(2*float64(prior[doc])-1)
			}
			r.offer(candidate{r.window.seg, doc, score})
		}
	}
}

// offer keeps a hit that is among the best so far.
func (r *fastRun) offer(h candidate) {
	if !r.full {
		heap.Push(r.best, h)
		r.full = len(r.best.kept) == r.best.k
	} else {
		if r.key.number != byID {
			if v := r.primary(h); v < r.floor || v == r.floor && r.collector.compare(h, r.best.kept[0]) >= 0 {
				return
			}
		} else if r.collector.compare(h, r.best.kept[0]) >= 0 {
			return
		}
		r.best.kept[0] = h
		heap.Fix(r.best, 0)
	}
	if r.full && r.key.number != byID {
		r.floor = r.primary(r.best.kept[0])
	}
}

// primary is what hits are ordered by first, the higher the better; absent numbers
// are last whatever the direction.
func (r *fastRun) primary(h candidate) float64 {
	v := h.score
	if r.key.number >= 0 {
		if v = r.segments[h.seg].columns.Numbers[r.key.number][h.doc]; absent(v) {
			return math.Inf(-1)
		}
	}
	if !r.key.desc {
		return -v
	}
	return v
}
