package exec

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"alphanode/index"
	"alphanode/index/bleveindex/postings"
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
	// counts says that the posts that match have to be known. Alone is the only word of a
	// search without filters: its document frequency is the total.
	counts bool
	alone  *fastWord
	// tried is how many posts were found to match while hits were looked for.
	tried int
	// widest is the greatest factor of the request on the weight of a field, at least 1;
	// mostFit is no less than any title fit.
	widest, mostFit float64

	// Of the current segment: its lists, how many of them are required, which come first;
	// and the posts that may be hits.
	lists    []boundedList
	required int
	allowed  bitset
	// Allowed is nil where all posts are.
	// need is needed().
	need   float64
	failed error
}

// boundedList is a word in the current segment.
type boundedList struct {
	*merged
	word *fastWord
	// worth is what 1 of a bound stands for, most the relevance that no post has more of,
	// rest the sum of most over the lists after.
	worth, most, rest float64
	// at is where to look for the next post from, place where the current one is; -1 when
	// it is not there.
	at, place int
}

const (
	// maxBoundedWords is up to how many words a search is a bounded run: of many words
	// few are passed over.
	maxBoundedWords = 12
	// maxBoundedDepth is up to how many hits: of many, few are passed over.
	maxBoundedDepth = 400
)

// bounded gives the bounded run of a search; nil where it has to go window by window.
func (r *fastRun) bounded() *boundedRun {
	if !r.memo.bounded || r.depth > maxBoundedDepth || r.scores && r.key != (sortKey{byScore, true}) {
		return nil
	}
	b := &boundedRun{fastRun: r, widest: 1}
	if !b.takeWords() || len(b.words) == 0 || len(b.words) > maxBoundedWords {
		return nil
	}
	c := r.collector
	if narrowed := len(c.rest)+len(c.own)+len(r.plan.excluded) > 0; !narrowed && len(r.plan.required)+len(r.plan.optional) == 1 {
		b.alone = b.words[0]
	}
	b.counts = len(c.facets)+len(c.pins) > 0 || b.alone == nil && (c.req.Totals == index.TotalsExact || c.req.After != nil || !r.scores)
	for _, f := range r.factors {
		b.widest = max(b.widest, f)
	}
	b.mostFit = r.fit.most()
	return b
}

// takeWords reports whether all nodes are words or filters, and each post that matches
// has a word that gives a relevance.
func (b *boundedRun) takeWords() bool {
	for i, nodes := range [][]fastNode{b.plan.required, b.plan.optional, b.plan.excluded} {
		for _, n := range nodes {
			switch n := n.(type) {
			case *fastWord:
				if n.merged == nil {
					return false
				}
				if i < 2 {
					b.words = append(b.words, n)
				}
				if i == 0 {
					b.musts++
				}
			case *fastSelection:
				if i == 1 {
					return false
				}
			default:
				return false
			}
		}
	}
	return b.musts > 0 || len(b.plan.required) == 0 && !b.plan.all
}

// run goes over all segments.
func (b *boundedRun) run() error {
	if b.plan.nothing {
		return b.ctx.Err()
	}
	var failed error
	for seg := range b.segments {
		if failed = b.late(); failed == nil {
			failed = b.segment(seg)
		}
		if failed != nil {
			break
		}
	}
	if !b.counts {
		b.total = b.countTried(failed == nil)
	}
	return cmp.Or(failed, b.collector.failed)
}

// countTried is how many posts match, or at least do, where they were not counted.
func (b *boundedRun) countTried(whole bool) int {
	b.least = b.full && b.alone == nil
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

func (b *boundedRun) segment(seg int) error {
	b.window.seg = seg
	if !b.open(seg) {
		return nil
	}
	if err := b.filters(seg); err != nil {
		return err
	}
	if b.allowed = b.match(seg); b.counts {
		b.countMatching()
	}
	if !b.scores {
		return nil
	}
	b.need = b.needed()
	b.tryFitting(b.fit.mark(seg))
	for i := range b.lists[:b.drivers()] {
		b.scan(i)
	}
	return b.failed
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
	stretch, _ := m.stretch(b.averageLength)
	l := boundedList{merged: m, word: w}
	l.worth = m.step * w.scale * (k1 + 1) * stretch * b.widest / slack
	l.most = min(l.worth*maxBound, w.bound(k1)/slack)
	return l
}

// order sorts lists: required ones before others, and the shortest of them first, since
// posts are looked for there; others by what they are worth.
func (b *boundedRun) order() {
	slices.SortStableFunc(b.lists[:b.required], func(x, y boundedList) int { return cmp.Compare(len(x.docs), len(y.docs)) })
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
	for j := range b.lists {
		b.lists[j].at = 0
	}
	l := &b.lists[i]
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

// try offers a post of a list, unless it is in a list before, or worth too little. It
// reports whether it was offered.
func (b *boundedRun) try(i, place int) bool {
	l := &b.lists[i]
	doc := l.docs[place]
	if b.allowed != nil && !b.allowed.contains(doc) || b.fits != nil && b.fits.contains(doc) {
		return false
	}
	l.place = place
	bound := l.worth * float64(l.bounds[place])
	for j := i + 1; j < len(b.lists); j++ {
		o := &b.lists[j]
		if o.look(doc) {
			bound += o.worth * float64(o.bounds[o.place])
		} else if j < b.required {
			return false
		}
		if bound+o.rest < b.need {
			return false
		}
	}
	for j := range i {
		if b.lists[j].look(doc) {
			return false
		}
	}
	b.tried++
	return b.offerAbove(doc, bound, 0)
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

// tryFitting offers the posts with title fit.
func (b *boundedRun) tryFitting(fits bitset) {
	if b.fits = fits; fits == nil {
		return
	}
	for j := range b.lists {
		b.lists[j].at = 0
	}
	for i, word := range fits {
		if b.allowed != nil {
			word &= b.allowed[i]
		}
		for ; word != 0; word &= word - 1 {
			b.tryFit(uint32(i<<6 + bits.TrailingZeros64(word))) //nolint:gosec // below the segment's size
		}
	}
}

// tryFit offers a post with title fit, if it matches.
func (b *boundedRun) tryFit(doc uint32) {
	bound, found := 0.0, false
	for j := range b.lists {
		o := &b.lists[j]
		if o.look(doc) {
			bound, found = bound+o.worth*float64(o.bounds[o.place]), true
		} else if j < b.required {
			return
		}
		if bound+o.rest+b.mostFit < b.need {
			return
		}
	}
	if !found {
		return
	}
	b.tried++
	if fit := b.fit.of(b.window.seg, doc); bound+fit >= b.need {
		b.offerAbove(doc, bound, fit)
	}
}

// offerAbove scores a post whose places are known, and offers it, unless its bound is
// below what is needed with its own prior and boosts.
func (b *boundedRun) offerAbove(doc uint32, bound, fit float64) bool {
	prior, boosts := b.multipliers(doc)
	if b.need > 0 && (bound+fit)*prior*boosts < b.floor*slack {
		return false
	}
	score := 0.0
	for _, w := range b.words {
		if w.list < 0 || b.lists[w.list].place < 0 {
			continue
		}
		x, err := b.exact(w, doc, b.lists[w.list].place)
		if err != nil {
			b.failed = err
			return false
		}
		k1 := b.config.Scoring.K1
		score += w.scale * ((k1 + 1) * x / (x + k1))
	}
	score += fit
	score = score * prior * boosts
	b.offer(candidate{seg: b.window.seg, doc: doc, score: score})
	b.need = b.needed()
	return true
}

// multipliers are what the relevance of a post is multiplied by.
func (b *boundedRun) multipliers(doc uint32) (prior, boosts float64) {
	prior, boosts = 1, 1
	if p := b.segments[b.window.seg].prior; p != nil && b.config.Beta != 0 {
		prior = 1 + b.config.Beta*(2*float64(p[doc])-1)
	}
	if len(b.boosts) > 0 {
		boosts = b.boostOf(b.window.seg, doc)
	}
	return prior, boosts
}

// exact is the weighted frequency of a word in a post, as the window run adds it up.
// Place is that of the post in the merged postings: it is not before that in any list.
func (b *boundedRun) exact(w *fastWord, doc uint32, place int) (float64, error) {
	fields, err := w.fetch(b.searcher, b.window.seg)
	if err != nil {
		return 0, err
	}
	x := 0.0
	for i := range fields {
		f := &fields[i]
		for j := range f.linear {
			c := &f.linear[j]
			if tf, found := frequencyAt(c.list, doc, place); found {
				x += f.weight * (c.level * float64(tf)) * b.window.inverseNorm(f.field, doc)
			}
		}
		if len(f.exact)+len(f.stems) > 0 {
			if tf, found := f.inflectedAt(b.levels(), doc, place); found {
				x += f.weight * tf * b.window.inverseNorm(f.field, doc)
			}
		}
	}
	return x, nil
}

// inflectedAt is the frequency of a word with its stems in a post.
func (f *fieldLists) inflectedAt(levels *[index.NumLevels]float64, doc uint32, place int) (float64, bool) {
	exact, hasExact := sumAt(f.exact, doc, place)
	stem, hasStem := sumAt(f.stems, doc, place)
	other, hasOther := 0.0, false
	for i := range f.others {
		c := &f.others[i]
		if tf, found := frequencyAt(c.list, doc, place); found {
			other, hasOther = other+c.level*float64(tf), true
		}
	}
	return inflected(levels, exact, stem, other), hasExact || hasStem || hasOther
}

func sumAt(lists []cursor, doc uint32, place int) (sum uint32, found bool) {
	for i := range lists {
		if tf, here := frequencyAt(lists[i].list, doc, place); here {
			sum, found = sum+tf, true
		}
	}
	return sum, found
}

// frequencyAt is the frequency of a post in a list, where it is at a place or before.
func frequencyAt(l *postings.List, doc uint32, place int) (uint32, bool) {
	high := min(place, len(l.Docs)-1)
	if high < 0 {
		return 0, false
	}
	low, step := high, 1
	for low > 0 && l.Docs[low] > doc {
		high = low
		low = max(0, low-step)
		step *= 2
	}
	at := seek(l.Docs[:high+1], low, doc)
	if at > high || l.Docs[at] != doc {
		return 0, false
	}
	return l.Freq(at), true
}
