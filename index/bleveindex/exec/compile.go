package exec

import (
	"cmp"
	"crypto/sha256"
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
	out := &fastPlan{plan: p}
	for _, part := range []struct {
		from []node
		to   *[]fastNode
	}{{p.required, &out.required}, {p.optional, &out.optional}, {p.excluded, &out.excluded}} {
		for _, n := range part.from {
			compiled, err := s.compileNode(n)
			if err != nil {
				return nil, err
			}
			*part.to = append(*part.to, compiled)
		}
	}
	for _, n := range slices.Concat(out.required, out.optional) {
		_, selects := n.(*fastSelection)
		out.scored = out.scored || !selects
	}
	slices.SortStableFunc(out.required, func(a, b fastNode) int { return cmp.Compare(a.cost(), b.cost()) })
	return out, nil
}

func (s *searcher) compileNode(n node) (fastNode, error) {
	if s.ctx.Err() != nil {
		return nil, s.ctx.Err()
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
	out := &fastWord{segments: make([][]fieldLists, 0, len(s.segments))}
	lists := w.lists()
	for seg := range s.segments {
		fields, err := s.wordLists(&lists, seg)
		if err != nil {
			return nil, err
		}
		out.segments = append(out.segments, fields)
	}
	w.df = s.documentFrequency(lists.key, out)
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
}

func (w *word) lists() wordTerms {
	out := wordTerms{word: w, stems: w.stemTerms()}
	for _, v := range w.others {
		if len(v.terms) > 1 {
			out.single = append(out.single, v)
			continue
		}
		i := slices.IndexFunc(out.merged, func(m mergedTerms) bool { return m.level == v.level })
		if i < 0 {
			i = len(out.merged)
			out.merged = append(out.merged, mergedTerms{level: v.level})
		}
		out.merged[i].terms = append(out.merged[i].terms, v.terms[0])
	}
	for i := range out.merged {
		m := &out.merged[i]
		slices.Sort(m.terms)
		sum := sha256.Sum256([]byte(strings.Join(m.terms, "\x00")))
		m.name = "\x02" + string(sum[:16])
	}
	out.key = out.identify()
	return out
}

func (w *wordTerms) identify() string {
	var b strings.Builder
	b.WriteString("\x05" + strconv.Itoa(w.field) + "\x00" + w.term)
	for _, t := range w.stems {
		b.WriteString("\x00" + t)
	}
	for _, m := range w.merged {
		b.WriteString("\x02" + strconv.Itoa(int(m.level)) + m.name)
	}
	for _, v := range w.single {
		b.WriteString("\x03" + strconv.Itoa(int(v.level)) + strings.Join(v.terms, "\x00"))
	}
	return b.String()
}

// keptPostings is up to how many postings the lists of a word in a segment are kept
// together. Of more, each list is kept on its own, and fetching them is little
// beside going through them.
const keptPostings = 2048

// wordLists gives the postings of a word in one segment, not to be changed.
func (s *searcher) wordLists(w *wordTerms, seg int) ([]fieldLists, error) {
	v, err := s.config.Fast.lists.Value(s.segments[seg].shared.reader, w.key, func() (any, int64, error) {
		fields, err := s.fetchLists(w, seg)
		size, postings := int64(0), 0
		for i := range fields {
			fields[i].each(func(c *cursor) {
				size += c.list.Size() + 64
				postings += len(c.list.Docs)
			})
		}
		if postings > keptPostings {
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
		f := fieldLists{field: field, weight: s.weight(field)}
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
		l, err := s.leastList(seg, field, v.terms)
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

func (s *searcher) compilePhrase(p *phrase) (*fastWord, error) {
	out := &fastWord{}
	for seg := range s.segments {
		var fields []fieldLists
		err := s.fields(p.field, func(field int) error {
			l, err := s.phraseList(p, seg, field)
			if err == nil && l != nil {
				fields = append(fields, fieldLists{field: field, weight: s.weight(field), linear: []cursor{{list: l, level: 1}}})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		out.segments = append(out.segments, fields)
	}
	p.df = s.documentFrequency(fmt.Sprintf("p\x00%d\x00%s", p.field, p.key()), out)
	p.idf = idf(s.live, p.df)
	out.scale = p.weight * p.idf
	return out, nil
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
		positions[i], err = s.segments[seg].shared.reader.ReadPositionsAt(s.fieldName(field), []byte(t.term), places[i])
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

// documentFrequency is the number of live posts that have any of the postings; it is
// remembered by the snapshot. It sets w.postings.
func (s *searcher) documentFrequency(key string, w *fastWord) int {
	for _, fields := range w.segments {
		for i := range fields {
			fields[i].each(func(c *cursor) { w.postings += len(c.list.Docs) })
		}
	}
	if n, ok := s.memo.frequency(key); ok {
		return n
	}
	n := 0
	for seg, fields := range w.segments {
		n += s.union(seg, fields)
	}
	s.memo.keepFrequency(key, n)
	return n
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
