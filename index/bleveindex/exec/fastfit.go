package exec

import "math"

// fastFit is the title fit of a query: see titleFit, whose values it gives. The
// posts that can have any are found from the terms of titles.
type fastFit struct {
	s *searcher
	// asked is, by post of the segment that was marked last, what the terms of the title are
	// worth that the query asks for: m of titleFit; greatest is the greatest of all segments
	// marked so far. totals are bounds of T from below.
	asked, totals []float32
	greatest      float32
	// plan is what is asked; wide are the words of it that have a reach, here their reaches in
	// the segment, rare the title terms of the others.
	plan *plan
	wide []*wordTerms
	here []reachHere
	rare []uint32
}

// newFastFit takes the shares of the title terms from the plain form's rules.
func (s *searcher) newFastFit(p *plan) *fastFit {
	if s.config.Scoring.TitleFit <= 0 {
		return nil
	}
	if len(s.scratch.share) < len(s.titleFreq) {
		s.scratch.share = make([]float64, len(s.titleFreq)+len(s.titleFreq)/8)
	}
	for _, w := range p.words {
		if w.weight == 0 {
			continue // Of a phrase.
		}
		s.titleTerms(w, func(id uint32, share float64) {
			if s.scratch.share[id] == 0 {
				s.scratch.asked = append(s.scratch.asked, id)
			}
			s.scratch.share[id] = max(s.scratch.share[id], w.weight*share)
		})
	}
	if len(s.scratch.asked) == 0 {
		return nil
	}
	return &fastFit{s: s, plan: p}
}

// done clears the shares.
func (f *fastFit) done() {
	if f == nil {
		return
	}
	for _, id := range f.s.scratch.asked {
		f.s.scratch.share[id] = 0
	}
	f.s.scratch.asked = f.s.scratch.asked[:0]
}

// loose is by how much sums of float32 may be off, from rounding.
const loose = 1 + 1e-3

// atMost is no less than the title fit of a post of the segment that was marked last.
func (f *fastFit) atMost(doc uint32) float64 {
	total := float64(f.totals[doc])
	if total == 0 {
		return math.Inf(1)
	}
	m := float64(f.asked[doc]) * loose
	if len(f.here) > 0 {
		root := m/math.Sqrt(total) + f.rootAt(doc)
		return f.s.config.Scoring.TitleFit * root * root
	}
	return f.s.config.Scoring.TitleFit * m * m / total
}

// far reports whether a post has much of what the query asks for in its title: at least
// half of what any has.
func (f *fastFit) far(doc uint32) bool { return 2*f.asked[doc] >= f.greatest }

// mark gives the posts of a segment whose titles have a term of the query, of one of its words
// without a reach; nil when there are none. The set is good until the next call.
func (f *fastFit) mark(seg int) bitset {
	if f == nil {
		return nil
	}
	segment, ids := f.s.segments[seg], f.s.scratch.asked
	if f.wide != nil {
		ids = f.rare
	}
	if len(ids) == 0 {
		return nil
	}
	set := f.room(segment.columns.Docs)
	f.totals = segment.shared.titleTotals(f.s.memo.titleWeights)
	found := false
	for _, id := range ids {
		worth := float32(f.s.memo.titleIDF[id] * f.s.scratch.share[id])
		for _, doc := range segment.shared.titles().of(id) {
			set.add(doc)
			found = true
			f.asked[doc] += worth
			f.greatest = max(f.greatest, f.asked[doc])
		}
	}
	if !found {
		return nil
	}
	return set
}

// room gives an empty set for a segment of so many posts, and clears asked.
func (f *fastFit) room(docs int) bitset {
	words := (docs + 63) / 64
	if s := f.s.scratch; len(s.fit) < words {
		s.fit, s.fitted = make(bitset, words+words/8), make([]float32, (words+words/8)<<6)
	}
	set := f.s.scratch.fit[:words]
	f.asked = f.s.scratch.fitted[:words<<6]
	clear(set)
	clear(f.asked)
	return set
}

// of is the title fit of one post: titleFit.of with tables.
func (f *fastFit) of(seg int, doc uint32) float64 {
	var m, total float64
	share, weights := f.s.scratch.share, f.s.memo.titleIDF
	columns := f.s.segments[seg].columns
	for _, ord := range columns.Titles.Of(doc) {
		id := columns.TitleIDs[ord]
		w := weights[id]
		total += w
		m += w * share[id]
	}
	if m == 0 {
		return 0
	}
	return f.s.config.Scoring.TitleFit * m * m / total
}
