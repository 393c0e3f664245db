package exec

// Kinds of values that the cache of postings keeps by what a word stands for.
const (
	listsOfWord  = "\x01lists"
	mergedOfWord = "\x01merged"
)

// prepare fetches what a word or phrase stands for in all segments, and gives its
// document frequency. Key identifies it.
func (s *searcher) prepare(w *fastWord, key string) (int, error) {
	if !s.config.Fast.lists.Keeps() {
		if err := w.fetchAll(s); err != nil {
			return 0, err
		}
		return s.documentFrequency(key, w), nil
	}
	known, _ := s.config.Fast.lists.Whole(mergedOfWord, key).(*wordParts)
	if known == nil || known.of == nil || known.of != s.name {
		var err error
		if known, err = s.resolve(w, known); err != nil {
			return 0, err
		}
		s.config.Fast.lists.KeepWhole(mergedOfWord, key, known)
	}
	w.merged, w.df, w.postings = known.merged, known.df, known.postings
	return w.df, nil
}

// resolve gives what a word stands for in the segments of the snapshot, from what is known
// of some of them; nil for nothing.
func (s *searcher) resolve(w *fastWord, known *wordParts) (*wordParts, error) {
	out := &wordParts{of: s.name, merged: make([]*merged, len(s.segments))}
	var missing []int
	for seg, segment := range s.segments {
		m, ok := known.part(segment.shared.reader)
		if !ok || m != nil && m.isLoose(s.averageLength) {
			missing = append(missing, seg)
			continue
		}
		out.merged[seg] = m
	}
	if err := s.mergeMissing(w, out.merged, missing); err != nil {
		return nil, err
	}
	for seg, m := range out.merged {
		if m != nil {
			out.df += m.live(s.segments[seg])
			out.postings += m.len()
		}
	}
	out.take(s, known)
	return out, nil
}

// mergeMissing makes what a word stands for in some segments. Of a word that is one of many
// terms, or of many posts in the largest of these, several are made at a time.
func (s *searcher) mergeMissing(w *fastWord, all []*merged, missing []int) error {
	if len(missing) == 0 {
		return nil
	}
	w.makeRoom(len(s.segments))
	wanted := make([]bool, len(s.segments))
	for _, seg := range missing {
		wanted[seg] = true
	}
	one := func(s *searcher, seg int) (err error) {
		if wanted[seg] {
			all[seg], err = s.makeMerged(w, seg)
		}
		return err
	}
	if len(missing) == 1 {
		return one(s, missing[0])
	}
	if termsOf(w.of) >= manyTerms || s.isWideSet(w.of) {
		return s.spread(one)
	}
	largest := s.largest(missing)
	if err := one(s, largest); err != nil {
		return err
	}
	wanted[largest] = false
	if all[largest] != nil && all[largest].len() >= windowSize {
		return s.spread(one)
	}
	return s.inTurn(one)
}

// largest is the one of some segments that has the most posts.
func (s *Snapshot) largest(among []int) int {
	out := among[0]
	for _, i := range among {
		if s.segments[i].columns.Docs > s.segments[out].columns.Docs {
			out = i
		}
	}
	return out
}

// makeMerged fetches and adds up the postings of a word in one segment; nil for nothing.
func (s *searcher) makeMerged(w *fastWord, seg int) (*merged, error) {
	if s.ctx.Err() != nil {
		return nil, s.ctx.Err()
	}
	if s.isWideSet(w.of) {
		return s.mergeWide(w.of.(*wordTerms), seg) //nolint:forcetypeassert // checked above
	}
	many := termsOf(w.of) >= manyTerms
	fields, err := s.listsOnce(w.of, seg)
	if err != nil || len(fields) == 0 {
		return nil, err
	}
	w.segments[seg], w.fetched[seg] = s.reweighed(fields), true
	m := s.merge(seg, fields)
	switch plain := s.config.Schema.Plain && (!many || m.set == nil); {
	case plain || postingsOf(fields) <= keptPostings:
		m.fields = fields
	default:
		if m.compact = compactFields(fields, s.segments[seg].columns.Docs); m.set != nil {
			m.docs = nil
		}
	}
	return m, nil
}

// listsOnce are the postings of a word that are kept with what they add up to, and not on
// their own. The terms of a phrase are kept: other phrases have them, too.
func (s *searcher) listsOnce(of source, seg int) ([]fieldLists, error) {
	w, ok := of.(*wordTerms)
	if !ok {
		return of.lists(s, seg)
	}
	s.once = true
	fields, err := s.fetchLists(w, seg)
	s.once = false
	return fields, err
}

// postingsOf is the number of postings in all lists.
func postingsOf(fields []fieldLists) int {
	n := 0
	for i := range fields {
		fields[i].each(func(c *cursor) { n += len(c.list.Docs) })
	}
	return n
}
