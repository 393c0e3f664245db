package exec

// fastFit is the title fit of a query: see titleFit, whose values it gives. The
// posts that can have any are found from the terms of titles.
type fastFit struct {
	s *searcher
}

// newFastFit takes the shares of the title terms from the plain form's rules.
func (s *searcher) newFastFit(p *plan) *fastFit {
	if s.config.Scoring.TitleFit <= 0 {
		return nil
	}
	if len(s.scratch.share) < len(s.titleFreq) {
		s.scratch.share = make([]float64, len(s.titleFreq)+len(s.titleFreq)/8)
	}
	eachShare(p, s.levels(), func(term string, share float64) bool {
		id, ok := s.config.Titles.Lookup(term)
		if !ok || int(id) >= len(s.titleFreq) {
			return false
		}
		if s.scratch.share[id] == 0 {
			s.scratch.asked = append(s.scratch.asked, id)
		}
		s.scratch.share[id] = max(s.scratch.share[id], share)
		return true
	})
	if len(s.scratch.asked) == 0 {
		return nil
	}
	return &fastFit{s: s}
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

// most is no less than any title fit: m is at most what all terms of the query are worth,
// and m / total at most the greatest share.
func (f *fastFit) most() float64 {
	if f == nil {
		return 0
	}
	sum, share := 0.0, 0.0
	for _, id := range f.s.scratch.asked {
		sum += f.s.memo.titleIDF[id] * f.s.scratch.share[id]
		share = max(share, f.s.scratch.share[id])
	}
	return f.s.config.Scoring.TitleFit * sum * share / slack
}

// mark gives the posts of a segment whose titles have a term of the query; nil when
// there are none.
func (f *fastFit) mark(seg int) bitset {
	if f == nil {
		return nil
	}
	segment := f.s.segments[seg]
	words := (segment.columns.Docs + 63) / 64
	if len(f.s.scratch.fit) < words {
		f.s.scratch.fit = make(bitset, words)
	}
	set := f.s.scratch.fit[:words]
	clear(set)
	found := false
	for _, id := range f.s.scratch.asked {
		for _, doc := range segment.shared.titles().of(id) {
			set.add(doc)
			found = true
		}
	}
	if !found {
		return nil
	}
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
