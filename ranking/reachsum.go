package ranking

import (
	"math"
	"sync/atomic"
)

// exactSum makes the sum of one post for another who asks, out of what the two have
// in common alone: what the blocks add up for all posts. Not safe for concurrent use.
type exactSum struct {
	kernel *kernel
	probe  *probe
	asked  asked
	titles []titleTerm
}

// titleTerm is a term of the title asked about that the other's prose has.
type titleTerm struct {
	feature  uint32
	covering float32
}

func (k *kernel) newExactSum() *exactSum { return &exactSum{kernel: k, probe: newProbe(k)} }

// cut is what all that is walked for post a exceeds.
func (s *exactSum) cut(a int) float32 {
	k := s.kernel
	place := k.place[a]
	if bits := atomic.LoadUint32(&k.cuts[place]); bits != noCut {
		return math.Float32frombits(bits)
	}
	s.choose(a)
	return math.Float32frombits(atomic.LoadUint32(&k.cuts[place]))
}

// choose is what is walked for post a, until the next call; its cut is noted.
func (s *exactSum) choose(a int) []wanted {
	k := s.kernel
	v := k.model.textView(a)
	k.model.ask(&v, &s.asked)
	walked, cut := s.probe.choose(&s.asked)
	k.noteCut(k.place[a], cut)
	return walked
}

// of is the sum of the post with these entries for post a, without arrows and date.
func (s *exactSum) of(a int, e *entries) uint16 {
	m := s.kernel.model
	v := m.textView(a)
	cut := s.cut(a)
	s.cover(&v, e)
	sum := uint16(0)
	for p, pr := range products {
		if m.weights[p] > 0 && pr.kind != covered && e.wants[pr.candidate] {
			sum += s.part(part(p), &v, e, cut)
		}
	}
	for _, t := range s.titles {
		sum += s.add(wanted{channel: proseChannel, feature: t.feature, covering: t.covering}, e, cut)
	}
	return sum
}

// cover lists the terms of the title that the other's prose has.
func (s *exactSum) cover(v *view, e *entries) {
	m := s.kernel.model
	s.titles = s.titles[:0]
	if m.weights[coveredPart] == 0 {
		return
	}
	scale, title := m.askScale(coveredPart, v), &v.vectors[titleChannel]
	for k, id := range title.ids {
		if e.has[proseChannel][id] == 0 {
			continue
		}
		if t := uint32(scale*m.askWeight(products[coveredPart], id, title.counts[k], v) + 0.5); t > 0 {
			s.titles = append(s.titles, titleTerm{id, float32(t) / oneAsked})
		}
	}
}

// part is what one part adds, and for the prose what its terms in the title do.
func (s *exactSum) part(p part, v *view, e *entries, cut float32) (sum uint16) {
	k := s.kernel
	pr, has := products[p], e.has[products[p].candidate]
	scale := -1.0
	vec := &v.vectors[pr.asked]
	for n, id := range vec.ids {
		if has[id] == 0 {
			continue
		}
		if scale < 0 {
			scale = k.model.askScale(p, v)
		}
		t := uint32(scale*k.model.askWeight(pr, id, vec.counts[n], v) + 0.5)
		if t == 0 {
			continue
		}
		w := wanted{channel: pr.candidate, feature: id, weight: float32(t) / oneAsked}
		if pr.kind != shared {
			w.weight *= k.postings[pr.candidate].features[id].idf
		}
		if p == prosePart {
			w.covering = s.takeTitle(id)
		}
		sum += s.add(w, e, cut)
	}
	return sum
}

// takeTitle is what covering a term of the title weighs, which then is seen to.
func (s *exactSum) takeTitle(id uint32) float32 {
	for k, t := range s.titles {
		if t.feature == id {
			last := len(s.titles) - 1
			s.titles[k] = s.titles[last]
			s.titles = s.titles[:last]
			return t.covering
		}
	}
	return 0
}

// add is what a feature adds if it is walked.
func (s *exactSum) add(w wanted, e *entries, cut float32) uint16 {
	k := s.kernel
	w.count = k.postings[w.channel].features[w.feature].frozen
	if w.count == 0 || int(w.count) > k.limit || s.probe.worth(&w) <= cut {
		return 0
	}
	return k.adds(&w)[e.has[w.channel][w.feature]-1]
}
