package exec

import (
	"fmt"
	"strings"

	"alphanode/index/bleveindex/postings"
)

// termList is the postings of a term; nil when there are none.
func (s *searcher) termList(seg, field int, term string) (*postings.List, error) {
	l, err := s.config.Fast.lists.List(s.segments[seg].shared.reader, s.config.Schema.Text[field].Name, term)
	if err != nil {
		return nil, fmt.Errorf("postings of %q: %w", term, err)
	}
	return l, nil
}

func (s *searcher) computed(seg, field int, name string, compute func() (*postings.List, error)) (*postings.List, error) {
	return s.config.Fast.lists.Computed(s.segments[seg].shared.reader, s.config.Schema.Text[field].Name, name, compute)
}

// mergedList adds up the postings of several terms.
func (s *searcher) mergedList(seg, field int, m *mergedTerms) (*postings.List, error) {
	if len(m.terms) == 1 {
		return s.termList(seg, field, m.terms[0])
	}
	return s.computed(seg, field, m.name, func() (*postings.List, error) {
		terms, err := s.present(seg, field, m.terms)
		if err != nil {
			return nil, err
		}
		set := s.scratch.bitset(s.segments[seg].columns.Docs)
		counts := s.scratch.countsOf(s.segments[seg].columns.Docs)
		var failed error
		for i, term := range terms {
			if i&0xff == 0xff && s.ctx.Err() != nil {
				failed = s.ctx.Err()
				break
			}
			l, err := s.termList(seg, field, term)
			if err != nil {
				failed = err
				break
			}
			if l == nil {
				continue
			}
			for i, doc := range l.Docs {
				set.add(doc)
				counts[doc] += l.Freq(i)
			}
		}
		docs, freqs := gatherCounts(set, counts)
		if failed != nil || len(docs) == 0 {
			return nil, failed
		}
		return postings.NewList(docs, freqs), nil
	})
}

// gatherCounts lists what was counted and clears it.
func gatherCounts(set bitset, counts []uint32) (docs, freqs []uint32) {
	n := set.count()
	docs, freqs = make([]uint32, 0, n), make([]uint32, 0, n)
	set.each(func(doc uint32) {
		docs, freqs = append(docs, doc), append(freqs, counts[doc])
		counts[doc] = 0
	})
	clear(set)
	return docs, freqs
}

func (s *scratch) countsOf(n int) []uint32 {
	if len(s.counts) < n {
		s.counts = make([]uint32, n)
	}
	return s.counts[:n]
}

// manyTerms is from how many terms it is worth to walk through those that a field
// has, rather than to look each up.
const manyTerms = 64

// present leaves out terms that a field of a segment does not have; it may keep
// some. Terms are in byte order and have a beginning in common when they are many.
func (s *searcher) present(seg, field int, terms []string) ([]string, error) {
	if len(terms) < manyTerms {
		return terms, nil
	}
	lex, err := s.segments[seg].shared.lexicon(s.config.Fast, field, s.fieldName(field))
	if err != nil {
		return nil, err
	}
	var failed error
	var out []string
	next := 0
	for term := range s.withPrefix(seg, field, lex, commonPrefix(terms[0], terms[len(terms)-1]), &failed) {
		for next < len(terms) && terms[next] < term {
			next++
		}
		if next == len(terms) {
			break
		}
		if terms[next] == term {
			out = append(out, term)
		}
	}
	return out, failed
}

func commonPrefix(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// leastList is the posts that have all terms, with the least of the frequencies.
func (s *searcher) leastList(seg, field int, terms []string) (*postings.List, error) {
	lists := make([]*postings.List, len(terms))
	for i, term := range terms {
		l, err := s.termList(seg, field, term)
		if err != nil || l == nil {
			return nil, err
		}
		lists[i] = l
	}
	return s.computed(seg, field, "\x03"+strings.Join(terms, "\x00"), func() (*postings.List, error) {
		var docs, freqs []uint32
		intersect(lists, func(doc uint32, at []int) {
			least := lists[0].Freq(at[0])
			for i := range lists {
				least = min(least, lists[i].Freq(at[i]))
			}
			docs, freqs = append(docs, doc), append(freqs, least)
		})
		if len(docs) == 0 {
			return nil, nil //nolint:nilnil // documented: no postings
		}
		return postings.NewList(docs, freqs), nil
	})
}

// intersect calls f with the posts that all lists have, ascending, and their places.
func intersect(lists []*postings.List, f func(doc uint32, at []int)) {
	cursors := make([]cursor, len(lists))
	rarest := 0
	for i, l := range lists {
		cursors[i].list = l
		if len(l.Docs) < len(lists[rarest].Docs) {
			rarest = i
		}
	}
	at := make([]int, len(lists))
next:
	for i, doc := range lists[rarest].Docs {
		for j := range cursors {
			c := &cursors[j]
			if j == rarest {
				c.at = i
			} else if c.seek(doc); c.at == len(c.list.Docs) {
				return
			} else if c.list.Docs[c.at] != doc {
				continue next
			}
			at[j] = c.at
		}
		f(doc, at)
	}
}
