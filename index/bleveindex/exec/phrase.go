package exec

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"alphanode/index/bleveindex/zapwriter"
)

// match finds the posts in which the terms follow each other in one field. A
// phrase scores like a word whose frequency is the number of its occurrences.
func (p *phrase) match(s *searcher) (*matches, error) {
	m := &matches{segments: make([]segmentMatch, len(s.segments))}
	for seg := range s.segments {
		n := s.segments[seg].columns.Docs
		x, found := make([]float64, n), newBitset(n)
		err := s.fields(p.field, func(field int) error {
			return p.eachIn(s, seg, field, func(doc uint32, tf float64) {
				x[doc] += s.normalised(seg, field, doc, tf)
				found.add(doc)
			})
		})
		if err != nil {
			return nil, err
		}
		m.segments[seg] = gather(x, found)
	}
	p.df = m.count()
	p.idf = idf(s.live, p.df)
	m.weigh(s, p.weight*p.idf)
	return m, nil
}

// eachIn calls f with the live posts that have the phrase in a field, ascending,
// and how often they have it.
func (p *phrase) eachIn(s *searcher, seg, field int, f func(doc uint32, tf float64)) error {
	if len(p.terms) == 1 {
		return s.each(seg, field, p.terms[0].term, f)
	}
	candidates, err := p.candidates(s, seg, field)
	if err != nil || len(candidates) == 0 {
		return err
	}
	positions := make([]positionLists, len(p.terms))
	for i, t := range p.terms {
		if positions[i], err = s.positions(seg, field, t.term, candidates); err != nil {
			return err
		}
	}
	for i, doc := range candidates {
		if tf := p.occurrences(positions, i); tf > 0 {
			f(doc, float64(tf))
		}
	}
	return nil
}

// candidates are the live posts that have all terms in the field.
func (p *phrase) candidates(s *searcher, seg, field int) ([]uint32, error) {
	n := s.segments[seg].columns.Docs
	all := fullBitset(n)
	for _, t := range p.terms {
		has := newBitset(n)
		if err := s.each(seg, field, t.term, func(doc uint32, _ float64) { has.add(doc) }); err != nil {
			return nil, err
		}
		all.and(has)
	}
	var docs []uint32
	all.each(func(doc uint32) { docs = append(docs, doc) })
	return docs, nil
}

// positionLists are the positions of a term in several posts.
type positionLists struct {
	start []int // by post, and one more
	items []uint32
}

// positions reads the positions of term in docs, all of which have it.
func (s *searcher) positions(seg, field int, term string, docs []uint32) (positionLists, error) {
	all, err := s.allPositions(seg, field, term)
	if err != nil {
		return positionLists{}, fmt.Errorf("positions of %q: %w", term, err)
	}
	out := positionLists{start: make([]int, 1, len(docs)+1)}
	for i, doc := range docs {
		if i&0xfff == 0xfff && s.ctx.Err() != nil {
			return positionLists{}, s.ctx.Err()
		}
		at, found := slices.BinarySearchFunc(all, doc, func(p zapwriter.Posting, doc uint32) int { return cmp.Compare(p.Doc, doc) })
		if found {
			out.items = append(out.items, all[at].Positions...)
		}
		out.start = append(out.start, len(out.items))
	}
	return out, nil
}

func (s *searcher) allPositions(seg, field int, term string) ([]zapwriter.Posting, error) {
	raw, ok, err := zapwriter.OpenRaw(s.segments[seg].seg)
	if err != nil || !ok {
		return nil, errors.Join(err, zapwriter.ErrCorrupt)
	}
	return raw.Postings(s.fieldName(field), term)
}

func (l *positionLists) of(i int) []uint32 { return l.items[l.start[i]:l.start[i+1]] }

// occurrences counts the places where all terms stand at their offsets.
func (p *phrase) occurrences(positions []positionLists, i int) int {
	n := 0
	for _, at := range positions[0].of(i) {
		if p.at(positions, i, at) {
			n++
		}
	}
	return n
}

func (p *phrase) at(positions []positionLists, i int, first uint32) bool {
	for t := 1; t < len(p.terms); t++ {
		if _, ok := slices.BinarySearch(positions[t].of(i), first+p.terms[t].offset); !ok {
			return false
		}
	}
	return true
}
