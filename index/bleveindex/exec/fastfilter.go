package exec

import (
	"fmt"
	"strings"

	"alphanode/index/query"
)

// fastFilter is filter with sets that are kept by segment. The set is not to be
// changed.
func (s *searcher) fastFilter(seg int, f query.Filter) (bitset, error) {
	if s.ctx.Err() != nil {
		return nil, s.ctx.Err()
	}
	switch f := f.(type) {
	case query.And:
		return s.fastFilterAll(seg, f.Filters)
	case query.AnyOf:
		if ids := idsOf(f.Filters); ids != nil {
			return s.keptFilter(seg, "\x02"+strings.Join(ids, "\x00"), f)
		}
		out := newBitset(s.segments[seg].columns.Docs)
		for _, part := range f.Filters {
			in, err := s.fastFilter(seg, part)
			if err != nil {
				return nil, err
			}
			out.or(in)
		}
		return out, nil
	case query.Not:
		in, err := s.fastFilter(seg, f.Filter)
		if err != nil {
			return nil, err
		}
		out := fullBitset(s.segments[seg].columns.Docs)
		out.andNot(in)
		return out, nil
	case query.Term:
		if s.config.Schema.KeywordIndex(f.Field) >= 0 {
			return s.keptFilter(seg, f.Field+"\x00"+f.Value, f)
		}
		if i := s.config.Schema.TextIndex(f.Field); i >= 0 && f.Field != "id" {
			return s.fastFilterText(seg, i, f.Value)
		}
		return s.filter(seg, f)
	case query.Between:
		return s.keptFilter(seg, fmt.Sprintf("%s\x01%v", f.Field, f.Range), f)
	default:
		return s.filter(seg, f)
	}
}

// keptFilter evaluates a filter once a segment.
func (s *searcher) keptFilter(seg int, key string, f query.Filter) (bitset, error) {
	shared := s.segments[seg].shared
	if set := shared.filter(key); set != nil {
		return set, nil
	}
	set, err := s.filter(seg, f)
	if err == nil {
		shared.keepFilter(key, set)
	}
	return set, err
}

// fastFilterAll is nil when there is no filter.
func (s *searcher) fastFilterAll(seg int, filters []query.Filter) (bitset, error) {
	var out bitset
	for i, f := range filters {
		in, err := s.fastFilter(seg, f)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			out = in
		case i == 1:
			out = out.clone()
			fallthrough
		default:
			out.and(in)
		}
	}
	return out, nil
}

func (s *searcher) fastFilterText(seg, field int, value string) (bitset, error) {
	out := newBitset(s.segments[seg].columns.Docs)
	p := s.phraseOf(value, field)
	if p == nil {
		return out, nil
	}
	l, err := s.phraseList(p, seg, field)
	if err != nil || l == nil {
		return out, err
	}
	for _, doc := range l.Docs {
		out.add(doc)
	}
	out.and(s.segments[seg].live)
	return out, nil
}
