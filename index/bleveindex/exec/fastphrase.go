package exec

import (
	"fmt"
	"slices"
	"strings"

	"alphanode/index/bleveindex/postings"
)

func (s *searcher) compilePhrase(p *phrase) (*fastWord, error) {
	out := &fastWord{of: p}
	var err error
	if p.df, err = s.prepare(out, fmt.Sprintf("p\x00%d\x00%s", p.field, p.key())); err != nil {
		return nil, err
	}
	p.idf = idf(s.live, p.df)
	out.scale = p.weight * p.idf
	return out, nil
}

func (p *phrase) lists(s *searcher, seg int) ([]fieldLists, error) {
	var fields []fieldLists
	err := s.fields(p.field, func(field int) error {
		l, err := s.phraseList(p, seg, field)
		if err == nil && l != nil {
			fields = append(fields, fieldLists{field: field, weight: s.ownWeight(field), linear: []cursor{{list: l, level: 1}}})
		}
		return err
	})
	return fields, err
}

func (p *phrase) key() string {
	var b strings.Builder
	for _, t := range p.terms {
		fmt.Fprintf(&b, "%d\x00%s\x00", t.offset, t.term)
	}
	return b.String()
}

// phraseList is the posts that have the phrase, with the number of its occurrences;
// nil when there are none.
func (s *searcher) phraseList(p *phrase, seg, field int) (*postings.List, error) {
	lists := make([]*postings.List, len(p.terms))
	for i, t := range p.terms {
		l, err := s.termList(seg, field, t.term)
		if err != nil || l == nil {
			return nil, err
		}
		lists[i] = l
	}
	if len(lists) == 1 {
		return lists[0], nil
	}
	return s.computed(seg, field, "\x04"+p.key(), func() (*postings.List, error) {
		return s.findPhrase(p, seg, field, lists)
	})
}

// findPhrase reads positions only of posts that have all terms.
func (s *searcher) findPhrase(p *phrase, seg, field int, lists []*postings.List) (*postings.List, error) {
	var docs, freqs []uint32
	places := make([][]int, len(lists))
	intersect(lists, func(doc uint32, at []int) {
		docs = append(docs, doc)
		for i := range places {
			places[i] = append(places[i], at[i])
		}
	})
	if len(docs) == 0 {
		return nil, nil //nolint:nilnil // documented: no postings
	}
	positions := make([]*postings.Positions, len(p.terms))
	for i, t := range p.terms {
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		var err error
		positions[i], err = s.segments[seg].shared.reader.ReadPositionsAt(s.fieldName(field), []byte(t.term), lists[i], places[i])
		if err != nil {
			return nil, fmt.Errorf("positions of %q: %w", t.term, err)
		}
		if positions[i] == nil {
			return nil, nil //nolint:nilnil // documented: no postings
		}
	}
	kept := docs[:0]
	for i, doc := range docs {
		if n := p.count(positions, i); n > 0 {
			kept, freqs = append(kept, doc), append(freqs, n)
		}
	}
	if len(kept) == 0 {
		return nil, nil //nolint:nilnil // documented: no postings
	}
	return postings.NewList(slices.Clone(kept), freqs), nil
}

// count is the number of places where all terms stand at their offsets, in the post
// of the given place.
func (p *phrase) count(positions []*postings.Positions, at int) uint32 {
	n := uint32(0)
next:
	for _, first := range positions[0].At(at) {
		for i := 1; i < len(p.terms); i++ {
			if _, ok := slices.BinarySearch(positions[i].At(at), first+p.terms[i].offset); !ok {
				continue next
			}
		}
		n++
	}
	return n
}
