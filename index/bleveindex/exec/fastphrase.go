package exec

import (
	"cmp"
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

// findPhrase reads positions only of posts that have all terms, and of these those of
// the rarer terms first, until no place is left.
func (s *searcher) findPhrase(p *phrase, seg, field int, lists []*postings.List) (*postings.List, error) {
	f := phraseFinder{terms: make([]phraseCursor, len(lists)), order: make([]int, len(lists))}
	for i, t := range p.terms {
		cursor, ok, err := s.segments[seg].shared.reader.PositionCursor(s.fieldName(field), []byte(t.term), lists[i])
		if err != nil {
			return nil, fmt.Errorf("positions of %q: %w", t.term, err)
		}
		if !ok {
			return nil, nil //nolint:nilnil // documented: no postings
		}
		f.terms[i], f.order[i] = phraseCursor{cursor, t.offset}, i
	}
	slices.SortFunc(f.order, func(a, b int) int { return cmp.Compare(len(lists[a].Docs), len(lists[b].Docs)) })
	var docs, freqs []uint32
	intersect(lists, func(doc uint32, at []int) {
		if f.seen++; f.seen&0xfff == 0 && f.err == nil {
			f.err = s.ctx.Err()
		}
		if n := f.count(at); n > 0 {
			docs, freqs = append(docs, doc), append(freqs, n)
		}
	})
	if f.err != nil || len(docs) == 0 {
		return nil, f.err
	}
	return postings.NewList(slices.Clip(docs), freqs), nil
}

// phraseFinder counts the places of a phrase, post by post.
type phraseFinder struct {
	terms       []phraseCursor
	order       []int // of terms, rarest first
	left, other []uint32
	seen        int
	err         error
}

// phraseCursor gives the positions of a term, which stands so far behind the beginning.
type phraseCursor struct {
	postings.PositionCursor

	offset uint32
}

// count is the number of places where all terms stand at their offsets, in the post that
// has them at the given places of their lists.
func (f *phraseFinder) count(at []int) uint32 {
	if f.err != nil {
		return 0
	}
	for n, i := range f.order {
		t := &f.terms[i]
		f.other = f.other[:0]
		if f.other, f.err = t.Append(f.other, at[i]); f.err != nil {
			return 0
		}
		if n == 0 {
			f.left = f.left[:0]
			for _, position := range f.other {
				if position >= t.offset {
					f.left = append(f.left, position-t.offset)
				}
			}
			continue
		}
		if f.left = meet(f.left, f.other, t.offset); len(f.left) == 0 {
			return 0
		}
	}
	return uint32(len(f.left)) //nolint:gosec // below the length of a post
}

// meet keeps those places of left that have one of positions at offset behind them. All
// are ascending.
func meet(left, positions []uint32, offset uint32) []uint32 {
	kept := left[:0]
	i := 0
	for _, place := range left {
		want := place + offset
		for i < len(positions) && positions[i] < want {
			i++
		}
		if i < len(positions) && positions[i] == want {
			kept = append(kept, place)
		}
	}
	return kept
}
