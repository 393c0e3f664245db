package exec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alphanode/index"
	"alphanode/index/bleveindex/postings"
)

// fastPlan is a plan with its postings.
type fastPlan struct {
	*plan
	required, excluded, optional []fastNode
	// scored says that some node gives a relevance.
	scored bool
}

// compile fetches the postings of a plan and computes document frequencies. Required
// nodes are put in order of their cost.
func (s *searcher) compile(p *plan) (*fastPlan, error) {
	out, nodes := &s.scratch.planning.compiled, s.scratch.nodes[:0]
	*out = fastPlan{plan: p}
	for _, part := range []struct {
		from []node
		to   *[]fastNode
	}{{p.required, &out.required}, {p.optional, &out.optional}, {p.excluded, &out.excluded}} {
		first := len(nodes)
		for _, n := range part.from {
			compiled, err := s.compileNode(n)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, compiled)
		}
		*part.to = slices.Clip(nodes[first:])
	}
	s.scratch.nodes = nodes[:0]
	out.scored = slices.ContainsFunc(out.required, scores) || slices.ContainsFunc(out.optional, scores)
	slices.SortStableFunc(out.required, func(a, b fastNode) int { return cmp.Compare(a.cost(), b.cost()) })
	return out, nil
}

// scores reports whether a node gives a relevance.
func scores(n fastNode) bool {
	_, selects := n.(*fastSelection)
	return !selects
}

func (s *searcher) compileNode(n node) (fastNode, error) {
	if err := s.late(); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case *word:
		return s.compileWord(n)
	case *phrase:
		return s.compilePhrase(n)
	case *group:
		out := &fastGroup{all: n.all}
		for _, part := range n.nodes {
			compiled, err := s.compileNode(part)
			if err != nil {
				return nil, err
			}
			out.nodes = append(out.nodes, compiled)
		}
		return out, nil
	case *selection:
		out := &fastSelection{}
		for seg := range s.segments {
			set, err := s.fastFilter(seg, n.filter)
			if err != nil {
				return nil, err
			}
			out.sets = append(out.sets, set)
		}
		return out, nil
	default:
		return nil, fmt.Errorf("plan: %T is not known", n)
	}
}

func (s *searcher) compileWord(w *word) (*fastWord, error) {
	out, terms := s.newWord(w.lists())
	var err error
	if w.df, err = s.prepare(out, terms.key); err != nil {
		return nil, err
	}
	w.idf = idf(s.live, w.df)
	out.scale = w.weight * w.idf
	return out, nil
}

// wordTerms are the terms of a word by what they count.
type wordTerms struct {
	*word
	stems []string
	// merged are the variants of one term at the same level, which are added up once
	// a segment; single the other variants.
	merged []mergedTerms
	single []variant
	key    string // identifies what the word matches
}

// mergedTerms is a set of terms that count alike.
type mergedTerms struct {
	level index.Level
	terms []string
	name  string // identifies the set
	set   *prefixSet
}

func (w *word) lists() wordTerms {
	out := wordTerms{word: w, stems: w.stemTerms()}
	if w.prefixes != nil {
		out.merged = append(out.merged, mergedTerms{level: index.Prefix, terms: w.prefixes.sorted, name: w.prefixes.name, set: w.prefixes})
	}
	others := w.others
	if w.onlyPrefixes() {
		others = nil
	}
	for _, v := range others {
		if len(v.terms) > 1 || v.synonym != nil {
			out.single = append(out.single, v)
			continue
		}
		if v.level == index.Prefix && w.prefixes != nil {
			continue // Of the set.
		}
		i := slices.IndexFunc(out.merged, func(m mergedTerms) bool { return m.level == v.level })
		if i < 0 {
			i = len(out.merged)
			out.merged = append(out.merged, mergedTerms{level: v.level})
		}
		out.merged[i].terms = append(out.merged[i].terms, v.terms[0])
	}
	for i := range out.merged {
		if m := &out.merged[i]; m.set == nil {
			slices.Sort(m.terms)
			m.name = "\x02" + shortHash(strings.Join(m.terms, "\x00"))
		}
	}
	out.key = out.identify()
	return out
}

// keyRoom is how much longer than its term the key of a plain word is at most.
const keyRoom = 8

func (w *wordTerms) identify() string {
	var b strings.Builder
	b.Grow(len(w.term) + keyRoom)
	b.WriteString("\x05" + strconv.Itoa(w.field) + "\x00" + w.term)
	for _, t := range w.stems {
		b.WriteString("\x00" + t)
	}
	for _, m := range w.merged {
		b.WriteString("\x02" + strconv.Itoa(int(m.level)) + m.name)
	}
	for _, v := range w.single {
		b.WriteString("\x03" + strconv.Itoa(int(v.level)) + strings.Join(v.terms, "\x00"))
		if v.synonym != nil {
			b.WriteString("\x06" + v.synonym.key())
		}
	}
	return b.String()
}

// keptPostings is up to how many postings the lists of a word that was not added up yet are
// kept together. Of more, each list is kept on its own, and fetching them is little beside
// going through them. Of a word of many terms that has more, lists are kept compact.
const keptPostings = 2048

func (w *wordTerms) lists(s *searcher, seg int) ([]fieldLists, error) { return s.wordLists(w, seg) }

// wordLists gives the postings of a word in one segment, not to be changed.
func (s *searcher) wordLists(w *wordTerms, seg int) ([]fieldLists, error) {
	v, err := s.config.Fast.lists.Value(s.segments[seg].shared.reader, listsOfWord, w.key, func() (any, int64, error) {
		fields, err := s.fetchLists(w, seg)
		size := int64(0)
		for i := range fields {
			fields[i].each(func(c *cursor) { size += c.list.Size() + 64 })
		}
		if postingsOf(fields) > keptPostings {
			size = -1
		}
		return fields, size, err
	})
	if err != nil {
		return nil, err
	}
	return v.([]fieldLists), nil //nolint:forcetypeassert // made above
}

// fetchLists fetches the postings of a word in one segment.
func (s *searcher) fetchLists(w *wordTerms, seg int) ([]fieldLists, error) {
	var out []fieldLists
	err := s.fields(w.field, func(field int) error {
		f := fieldLists{field: field, weight: s.ownWeight(field)}
		err := s.fieldTerms(w, seg, field, &f)
		if f.count() > 0 {
			if !w.inflected() || len(f.exact) == 0 || f.count() == 1 { // Nothing to count twice.
				f.linear = slices.Concat(f.exact, f.stems, f.others)
				f.exact, f.stems, f.others = nil, nil, nil
			}
			out = append(out, f)
		}
		return err
	})
	return out, err
}

func (f *fieldLists) count() int {
	return len(f.linear) + len(f.exact) + len(f.stems) + len(f.others)
}

func (s *searcher) fieldTerms(w *wordTerms, seg, field int, f *fieldLists) error {
	levels := s.levels()
	add := func(to *[]cursor, l *postings.List, level index.Level, err error) error {
		if err == nil && l != nil && len(l.Docs) > 0 {
			*to = append(*to, cursor{list: l, level: levels[level]})
		}
		return err
	}
	l, err := s.termList(seg, field, w.term)
	if err := add(&f.exact, l, index.Exact, err); err != nil {
		return err
	}
	for _, stem := range w.stems {
		l, err := s.termList(seg, field, stem)
		if err := add(&f.stems, l, index.Stem, err); err != nil {
			return err
		}
	}
	for _, v := range w.single {
		l, err := s.variantList(seg, field, &v)
		if err := add(&f.others, l, v.level, err); err != nil {
			return err
		}
	}
	for i := range w.merged {
		l, err := s.mergedList(seg, field, &w.merged[i])
		if err := add(&f.others, l, w.merged[i].level, err); err != nil {
			return err
		}
	}
	return nil
}

// union counts the live posts that are in any of the lists.
func (s *searcher) union(seg int, fields []fieldLists) int {
	segment := s.segments[seg]
	if len(fields) == 0 {
		return 0
	}
	if len(fields) == 1 && fields[0].count() == 1 {
		n := 0
		fields[0].each(func(c *cursor) { n = segment.liveOf(c.list.Docs) })
		return n
	}
	set := s.scratch.bitset(segment.columns.Docs)
	for i := range fields {
		fields[i].each(func(c *cursor) {
			for _, doc := range c.list.Docs {
				set.add(doc)
			}
		})
	}
	if segment.deleted != nil {
		set.and(segment.live)
	}
	n := set.count()
	clear(set)
	return n
}

// liveOf counts the docs that are not deleted.
func (s *Segment) liveOf(docs []uint32) int {
	if s.deleted == nil {
		return len(docs)
	}
	n := 0
	for _, doc := range docs {
		if s.live.contains(doc) {
			n++
		}
	}
	return n
}
