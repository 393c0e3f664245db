package exec

import (
	"fmt"
	"strings"

	"alphanode/index"
	"alphanode/index/bleveindex/layout"
	"alphanode/index/query"
)

// filter gives the posts of a segment that match f; deleted ones may be among
// them. A nil filter matches all.
func (s *searcher) filter(seg int, f query.Filter) (bitset, error) {
	if s.ctx.Err() != nil {
		return nil, s.ctx.Err()
	}
	docs := s.segments[seg].columns.Docs
	switch f := f.(type) {
	case nil:
		return fullBitset(docs), nil
	case query.Term:
		return s.filterTerm(seg, f)
	case query.Between:
		return s.filterRange(seg, f)
	case query.And:
		return s.filterAll(seg, f.Filters)
	case query.AnyOf:
		return s.filterAny(seg, f.Filters)
	case query.Not:
		in, err := s.filter(seg, f.Filter)
		if err != nil {
			return nil, err
		}
		out := fullBitset(docs)
		out.andNot(in)
		return out, nil
	default:
		return nil, fmt.Errorf("filter %s: %T is not known", f, f)
	}
}

func (s *searcher) filterAll(seg int, filters []query.Filter) (bitset, error) {
	out := fullBitset(s.segments[seg].columns.Docs)
	for _, f := range filters {
		in, err := s.filter(seg, f)
		if err != nil {
			return nil, err
		}
		out.and(in)
	}
	return out, nil
}

func (s *searcher) filterAny(seg int, filters []query.Filter) (bitset, error) {
	if ids := idsOf(filters); ids != nil {
		return s.filterIDs(seg, ids)
	}
	out := newBitset(s.segments[seg].columns.Docs)
	for _, f := range filters {
		in, err := s.filter(seg, f)
		if err != nil {
			return nil, err
		}
		out.or(in)
	}
	return out, nil
}

func (s *searcher) filterRange(seg int, f query.Between) (bitset, error) {
	i := s.config.Schema.NumberIndex(f.Field)
	if i < 0 {
		return nil, &index.FieldError{Field: f.Field, Use: "ranges"}
	}
	c := s.segments[seg].columns
	out := newBitset(c.Docs)
	for doc := range uint32(c.Docs) { //nolint:gosec // documents are numbered by uint32
		if v := c.Numbers[i].At(doc); !absent(v) && f.Range.Contains(v) {
			out.add(doc)
		}
	}
	return out, nil
}

func (s *searcher) filterTerm(seg int, f query.Term) (bitset, error) {
	if f.Field == "id" {
		return s.filterIDs(seg, []string{f.Value})
	}
	if i := s.config.Schema.KeywordIndex(f.Field); i >= 0 {
		return s.filterKeyword(seg, i, f.Value)
	}
	if i := s.config.Schema.TextIndex(f.Field); i >= 0 {
		return s.filterText(seg, i, f.Value)
	}
	return nil, &index.FieldError{Field: f.Field, Use: "values"}
}

// idsOf are the ids of filters that are each an id; nil when one is another.
func idsOf(filters []query.Filter) []string {
	out := make([]string, len(filters))
	for i, f := range filters {
		t, ok := f.(query.Term)
		if !ok || t.Field != "id" {
			return nil
		}
		out[i] = t.Value
	}
	return out
}

func (s *searcher) filterIDs(seg int, ids []string) (bitset, error) {
	out := newBitset(s.segments[seg].columns.Docs)
	found, err := s.segments[seg].seg.DocNumbers(ids)
	if err != nil {
		return nil, fmt.Errorf("ids %.10q: %w", ids, err)
	}
	for it := found.Iterator(); it.HasNext(); {
		out.add(it.Next())
	}
	return out, nil
}

// filterKeyword unites the postings of all spellings that fold to the value.
func (s *searcher) filterKeyword(seg, field int, value string) (bitset, error) {
	name := s.config.Schema.Keyword[field].Name
	out := newBitset(s.segments[seg].columns.Docs)
	dict, err := s.segments[seg].seg.Dictionary(name)
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", name, err)
	}
	prefix := layout.FacetKeyPrefix(layout.FacetKey(value))
	terms := dict.AutomatonIterator(nil, []byte(prefix), nil)
	for {
		entry, err := terms.Next()
		if err != nil {
			return nil, fmt.Errorf("values of %s: %w", name, err)
		}
		if entry == nil || !strings.HasPrefix(entry.Term, prefix) {
			return out, nil
		}
		list, err := dict.PostingsList([]byte(entry.Term), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("value %q of %s: %w", entry.Term, name, err)
		}
		it := list.Iterator(false, false, false, nil)
		for p, err := it.Next(); p != nil || err != nil; p, err = it.Next() {
			if err != nil {
				return nil, fmt.Errorf("value %q of %s: %w", entry.Term, name, err)
			}
			out.add(uint32(p.Number())) //nolint:gosec // documents are numbered by uint32
		}
	}
}

// filterText finds the words of value, following each other, in a text field.
func (s *searcher) filterText(seg, field int, value string) (bitset, error) {
	out := newBitset(s.segments[seg].columns.Docs)
	p := s.phraseOf(value, field)
	if p == nil {
		return out, nil
	}
	err := p.eachIn(s, seg, field, func(doc uint32, _ float64) { out.add(doc) })
	return out, err
}

// conjuncts are the filters that must all hold.
func conjuncts(f query.Filter) []query.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case query.And:
		var out []query.Filter
		for _, part := range f.Filters {
			out = append(out, conjuncts(part)...)
		}
		return out
	default:
		return []query.Filter{f}
	}
}

// fieldOf is the field that a filter chooses values of, when it does nothing but
// choose values of one field; else "". An exclusion chooses nothing: it holds for
// the field's own facet too.
func fieldOf(f query.Filter) string {
	switch f := f.(type) {
	case query.Term:
		return f.Field
	case query.Between:
		return f.Field
	case query.AnyOf:
		field := fieldOf(f.Filters[0])
		for _, part := range f.Filters[1:] {
			if fieldOf(part) != field {
				return ""
			}
		}
		return field
	default:
		return ""
	}
}
