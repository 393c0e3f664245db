package exec

import (
	"fmt"
	"strings"

	"alphanode/index/bleveindex/lexicon"
	"alphanode/index/bleveindex/postings"
)

// termList is the postings of a term; nil when there are none.
func (s *searcher) termList(seg, field int, term string) (*postings.List, error) {
	read := s.config.Fast.lists.List
	if s.once {
		read = s.config.Fast.lists.ListOnce
	}
	l, err := read(s.segments[seg].shared.reader, s.config.Schema.Text[field].Name, term)
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
	compute := func() (*postings.List, error) { return s.addLists(seg, field, m) }
	if s.once {
		return compute()
	}
	return s.computed(seg, field, m.name, compute)
}

func (s *searcher) addLists(seg, field int, m *mergedTerms) (*postings.List, error) {
	sum := s.newListSum(seg, field)
	var err error
	if m.set != nil {
		for term, e := range s.members(seg, field, m.set, &err) {
			if failed := sum.add(term, e); failed != nil {
				err = failed
				break
			}
		}
	} else {
		for _, term := range m.terms {
			if err = sum.add(term, lexicon.Entry{}); err != nil {
				break
			}
		}
	}
	docs, freqs := gatherCounts(sum.set, sum.counts)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	return postings.NewList(docs, freqs), nil
}

// listSum adds up frequencies by post.
type listSum struct {
	s          *searcher
	seg, field int
	set        bitset
	counts     []uint32
	added      int
}

func (s *searcher) newListSum(seg, field int) *listSum {
	docs := s.segments[seg].columns.Docs
	return &listSum{s: s, seg: seg, field: field, set: s.scratch.bitset(docs), counts: s.scratch.countsOf(docs)}
}

// add adds the postings of a term: by its entry, where there is one.
func (m *listSum) add(term string, e lexicon.Entry) error {
	if m.added++; m.added&0xff == 0 && m.s.ctx.Err() != nil {
		return m.s.ctx.Err()
	}
	l, err := m.list(term, e)
	if err != nil || l == nil {
		return err
	}
	freqs := l.Freqs()
	for i, doc := range l.Docs {
		m.set.add(doc)
		if f := freqs[i]; f != postings.ManyFreq {
			m.counts[doc] += uint32(f)
		} else {
			m.counts[doc] += l.Freq(i)
		}
	}
	return nil
}

// list is the postings of a term, good until the next call.
func (m *listSum) list(term string, e lexicon.Entry) (*postings.List, error) {
	if e.Value() == 0 {
		return m.s.termList(m.seg, m.field, term)
	}
	l := &m.s.scratch.list
	if err := m.s.segments[m.seg].shared.reader.ReadValue(e.Value(), l); err != nil {
		return nil, fmt.Errorf("postings of %q: %w", term, err)
	}
	return l, nil
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
