package exec

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"alphanode/index"
)

// boundedRun goes over the segments by what words are worth at most. The posts that
// match are a bitset, of which total and facets follow. Hits are looked for in the
// lists of the words, most valuable first: a post is looked at in the first list that
// has it, where its bound there and the greatest ones of the lists after are together
// enough for one of the best (MaxScore, Turtle and Flood 1995, by first list). Blocks
// of postings whose greatest bound is not are passed over. What is left is scored from
// frequencies and lengths, in the order of the window run, so that scores are the same
// to the last bit.
type boundedRun struct {
	*fastRun
	// words are those that give a relevance, in the order in which it is added up.
	words []*fastWord
	// musts is how many of them are required: the first ones.
	musts int
	// found are the posts that match, by segment, but for the filters of the facets' own
	// fields, and owns these filters; found is nil without facets.
	found []bitset
	owns  []map[string]bitset
	// counts says that the posts that match have to be known. Alone is the only word of a
	// search without filters: its document frequency is the total.
	counts bool
	alone  *fastWord
	// tried is how many posts were found to match while hits were looked for.
	tried int
	// widest is the greatest factor of the request on the weight of a field, at least 1,
	// narrowest the least, at most 1.
	widest, narrowest float64

	// Of the current segment: its lists, how many of them are required, which come first;
	// and the posts that may be hits.
	lists    []boundedList
	required int
	allowed  bitset
	// Allowed is nil where all posts are.
	// need is the relevance, with title fit, that a post must have to be among the best; at
	// most 0 when that is not known.
	need float64
	// contenders are the posts that may be among the best, least the best relevances that
	// posts have at least, with the least of them first.
	contenders []contender
	sureBest   []float64
}

// boundedList is a word in the current segment.
type boundedList struct {
	*merged
	word *fastWord
	// worth is what 1 of a bound stands for at most, and sure at least, but for the last one;
	// most the relevance that no post has more of, rest the sum of most over the lists after.
	worth, sure, most, rest float64
	// at is where to look for the next post from, place where the current one is; -1 when
	// it is not there.
	at, place int
}

const (
	// maxBoundedWords is up to how many words a search is a bounded run: of many words
	// few are passed over.
	maxBoundedWords = 12
	// fewer is how many postings it is worth to go through for a post that is looked for.
	fewer = 16
	// maxBoundedDepth is up to how many hits: of many, few are passed over.
	maxBoundedDepth = 400
)

// bounded gives the bounded run of a search; nil where it has to go window by window. Of a
// page that goes on from a place it is not known from bounds which posts come after.
func (r *fastRun) bounded() *boundedRun {
	if !r.memo.bounded || r.depth > maxBoundedDepth || r.collector.after != nil || r.scores && r.key != (sortKey{byScore, true}) {
		return nil
	}
	b := &r.scratch.bounded
	*b = boundedRun{fastRun: r, words: r.scratch.words[:0], widest: 1, narrowest: 1}
	taken := b.takeWords()
	r.scratch.words = b.words[:0]
	if !taken || len(b.words) == 0 || len(b.words) > maxBoundedWords {
		return nil
	}
	c := r.collector
	if narrowed := len(c.rest)+len(c.own)+len(r.plan.excluded) > 0; !narrowed && len(b.words) == 1 && len(r.plan.required) <= 1 {
		b.alone = b.words[0]
	}
	b.counts = len(c.facets)+len(c.pins) > 0 || b.alone == nil && (c.req.Totals == index.TotalsExact || c.req.After != nil || !r.scores) ||
		b.musts == 0 && len(c.rest)+len(c.own) > 0 // What matches is then known at less cost than it saves.
	for _, f := range r.factors {
		b.widest, b.narrowest = max(b.widest, f), min(b.narrowest, f)
	}
	return b
}

// takeWords reports whether all nodes are words or filters, and each post that matches
// has a word that gives a relevance.
func (b *boundedRun) takeWords() bool {
	for _, n := range b.plan.required {
		if w, ok := n.(*fastWord); ok && w.merged != nil {
			b.words = append(b.words, w)
			b.musts++
		} else if !isSelection(n) {
			return false
		}
	}
	for _, n := range b.plan.excluded {
		if w, ok := n.(*fastWord); (!ok || w.merged == nil) && !isSelection(n) {
			return false
		}
	}
	return b.takeOptional(b.plan.optional) && (b.musts > 0 || len(b.plan.required) == 0 && !b.plan.all)
}

// takeOptional takes words, and those of groups that match and score as if their words stood
// for themselves. It reports whether there was nothing else.
func (b *boundedRun) takeOptional(nodes []fastNode) bool {
	for _, n := range nodes {
		switch n := n.(type) {
		case *fastWord:
			if n.merged == nil {
				return false
			}
			b.words = append(b.words, n)
		case *fastGroup:
			if n.all || !b.takeOptional(n.nodes) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isSelection(n fastNode) bool {
	_, ok := n.(*fastSelection)
	return ok
}

// run goes over all segments.
func (b *boundedRun) run() error {
	if b.plan.nothing {
		return b.ctx.Err()
	}
	b.contenders, b.sureBest = b.scratch.contenders[:0], b.scratch.sureBest[:0]
	b.fit.takeReaches(b.words)
	failed := b.search()
	b.scratch.contenders, b.scratch.sureBest = b.contenders, b.sureBest
	if failed != nil && !b.expired(failed) {
		return failed
	}
	if !b.counts {
		b.total = b.countTried(failed == nil)
	}
	ctx := b.ctx
	b.ctx = uncancelled(ctx) // What was found is shown.
	err := b.settle()
	b.ctx = ctx
	return cmp.Or(err, failed, b.collector.failed)
}

// search goes over all segments, up to the deadline.
func (b *boundedRun) search() error {
	if n := len(b.segments); len(b.collector.facets) > 0 {
		b.found, b.owns = make([]bitset, n), make([]map[string]bitset, n)
		if len(b.collector.own) == 0 {
			return b.countBeside()
		}
	}
	for seg := range b.segments {
		if err := b.late(); err != nil {
			return err
		}
		if err := b.segment(seg); err != nil {
			return err
		}
	}
	return b.countFacets()
}

// countTried is how many posts match, or at least do, where they were not counted.
func (b *boundedRun) countTried(whole bool) int {
	b.least = b.need > 0 && b.alone == nil
	if !whole || !b.least && b.alone == nil {
		return b.tried
	}
	most := b.tried
	if len(b.plan.required)+len(b.plan.excluded)+len(b.collector.rest)+len(b.collector.own) == 0 || b.alone != nil {
		for _, w := range b.words {
			most = max(most, w.df)
		}
	}
	return most
}

// enter goes to a segment, and makes out which posts may match. It is false where none does.
func (b *boundedRun) enter(seg int) (bool, error) {
	b.window.seg = seg
	if !b.open(seg) {
		return false, nil
	}
	if err := b.filters(seg); err != nil {
		return false, err
	}
	b.allowed = b.match(seg)
	return true, nil
}

func (b *boundedRun) segment(seg int) error {
	if ok, err := b.enter(seg); !ok || err != nil {
		return err
	}
	if b.counts {
		b.countMatching()
		if len(b.plan.required)+len(b.plan.excluded) == 0 && b.rest == nil && b.all == nil {
			b.allowed = b.segments[seg].notDeleted() // All of a list match.
		}
	}
	if b.scores {
		b.lookForHits()
	}
	return nil
}

// lookForHits looks for contenders in the segment.
func (b *boundedRun) lookForHits() {
	reached := b.fit.enter(b.window.seg)
	if b.fits = b.fit.mark(b.window.seg); reached {
		b.tryReached()
		return
	}
	b.tryFitting(true)
	if few := b.few(); few != nil {
		b.tryAll(few)
	} else if b.bySpans() {
		b.tryBySpans()
	} else {
		for i := range b.lists[:b.drivers()] {
			b.scan(i)
		}
	}
	b.tryFitting(false)
}

// few are the posts that may be hits, where they are known and so few that it is less work
// to look for each in the lists than to go through these; else nil.
func (b *boundedRun) few() bitset {
	if b.allowed == nil {
		return nil
	}
	postings := 0
	for _, l := range b.lists[:b.drivers()] {
		postings += l.len()
	}
	if postings > b.allowed.count()*fewer {
		return b.allowed
	}
	return nil
}

// drivers is how many lists posts are looked for in: the first, where it is required.
func (b *boundedRun) drivers() int {
	if b.required > 0 {
		return 1
	}
	return len(b.lists)
}

// open makes the lists of a segment. It reports whether any post of it may match.
func (b *boundedRun) open(seg int) bool {
	b.lists, b.required = b.scratch.lists[:0], 0
	for i, w := range b.words {
		w.list = -1
		m := w.merged[seg]
		switch {
		case m != nil:
			b.lists = append(b.lists, b.list(w, m))
		case i < b.musts:
			return false
		}
	}
	b.scratch.lists = b.lists
	b.required = b.musts
	b.order()
	return len(b.lists) > 0
}

func (b *boundedRun) list(w *fastWord, m *merged) boundedList {
	k1 := b.config.Scoring.K1
	most, least := m.stretch(b.averageLength)
	l := boundedList{merged: m, word: w}
	l.worth = m.step * w.scale * (k1 + 1) * most * b.widest / slack
	l.sure = m.step * w.scale * (k1 + 1) * least * b.narrowest * slack
	l.most = min(l.worth*maxBound, w.bound(k1)/slack)
	return l
}

// order sorts lists: required ones before others, and the shortest of them first, since
// posts are looked for there; others by what they are worth.
func (b *boundedRun) order() {
	slices.SortStableFunc(b.lists[:b.required], func(x, y boundedList) int { return cmp.Compare(x.len(), y.len()) })
	slices.SortStableFunc(b.lists[b.required:], func(x, y boundedList) int { return cmp.Compare(y.most, x.most) })
	rest := 0.0
	for i := len(b.lists) - 1; i >= 0; i-- {
		l := &b.lists[i]
		l.rest, l.word.list = rest, i
		rest += l.most
	}
}

// scan looks for hits in a list.
func (b *boundedRun) scan(i int) {
	b.rewind()
	l := &b.lists[i]
	if l.docs == nil {
		b.scanWords(i)
		return
	}
	low := l.low(b.need)
	for block, most := range l.blocks {
		if int(most) < low {
			continue
		}
		from := block << blockBits
		for k, bound := range l.bounds[from:min(from+blockSize, len(l.bounds))] {
			if int(bound) < low {
				continue
			}
			if b.try(i, from+k) {
				low = l.low(b.need)
			}
		}
	}
}

// low is the least bound in a list by which a post is worth need.
func (l *boundedList) low(need float64) int {
	if need <= l.rest {
		return 0
	}
	return int(math.Ceil(min((need-l.rest)/l.worth*slack, maxBound+1)))
}

// try notes a post of a list that may be among the best, unless it is in a list before. It
// reports whether it did.
func (b *boundedRun) try(i, place int) bool {
	l := &b.lists[i]
	doc := l.docs[place]
	if b.allowed != nil && !b.allowed.contains(doc) || b.fits != nil && b.fits.contains(doc) {
		return false
	}
	l.place = place
	bound, ok := b.addLater(i, doc, l.worth*float64(l.bounds[place]), 0)
	if !ok {
		return false
	}
	b.tried++
	return b.contend(doc, bound, 0)
}

// addLater adds to the bound of a post of list i what the lists after it make of it. It is
// false where the post is not worth enough, title fit included, has no required word, or is in
// a list before, which was gone through already.
func (b *boundedRun) addLater(i int, doc uint32, bound, fit float64) (float64, bool) {
	for j := i + 1; j < len(b.lists); j++ {
		o := &b.lists[j]
		if o.look(doc) {
			bound += o.worth * float64(o.bounds[o.place])
		} else if j < b.required {
			return 0, false
		}
		if bound+o.rest+fit < b.need {
			return 0, false
		}
	}
	for j := range i {
		if b.lists[j].look(doc) {
			return 0, false
		}
	}
	return bound, true
}

// look notes where a post is, and reports whether it is there.
func (l *boundedList) look(doc uint32) bool {
	at, found := l.find(doc, l.at)
	l.at, l.place = at, -1
	if found {
		l.place = at
	}
	return found
}

// tryFitting tries the posts with title fit: those that may have much of it, or, once these
// and the lists have shown what is needed, the others.
func (b *boundedRun) tryFitting(far bool) {
	if b.fits == nil {
		return
	}
	b.rewind()
	most := 0.0
	for j := range b.lists {
		most += b.lists[j].most
	}
	for i, word := range b.fits {
		if b.allowed != nil {
			word &= b.allowed[i]
		}
		for ; word != 0; word &= word - 1 {
			doc := uint32(i<<6 + bits.TrailingZeros64(word)) //nolint:gosec // below the segment's size
			if b.fit.far(doc) != far {
				continue
			}
			if fit := b.fit.atMost(doc); most+fit >= b.need {
				b.tryFit(doc, fit)
			}
		}
	}
}

// tryAll tries the posts of a set, but for those with title fit.
func (b *boundedRun) tryAll(set bitset) {
	b.rewind()
	for i, word := range set {
		if b.fits != nil {
			word &^= b.fits[i]
		}
		for ; word != 0; word &= word - 1 {
			doc := uint32(i<<6 + bits.TrailingZeros64(word)) //nolint:gosec // below the segment's size
			b.tryFit(doc, b.fit.reachAt(doc))
		}
	}
}

// rewind goes to the beginning of all lists.
func (b *boundedRun) rewind() {
	for i := range b.lists {
		b.lists[i].at = 0
	}
}

// tryFit notes a post that may be among the best, if it matches. Most is no less than its title fit: 0 for none.
func (b *boundedRun) tryFit(doc uint32, most float64) {
	bound, found := 0.0, false
	for j := range b.lists {
		o := &b.lists[j]
		if o.look(doc) {
			bound, found = bound+o.worth*float64(o.bounds[o.place]), true
		} else if j < b.required {
			return
		}
		if bound+o.rest+most < b.need {
			return
		}
	}
	if found {
		b.contendFitting(doc, bound, most)
	}
}

// contendFitting notes a post that matches and may be among the best. Most is as for tryFit.
func (b *boundedRun) contendFitting(doc uint32, bound, most float64) {
	b.tried++
	fit := 0.0
	if most > 0 {
		if b.isHopeless(doc, bound+most) {
			return
		}
		fit = b.fit.of(b.window.seg, doc)
	}
	if bound+fit >= b.need {
		b.contend(doc, bound, fit)
	}
}
