package exec

// Kinds of values that the cache of postings keeps by what a word stands for.
const (
	listsOfWord  = "\x01lists"
	mergedOfWord = "\x01merged"
)

// prepare fetches what a word or phrase stands for in all segments, and gives its
// document frequency. Key identifies it.
func (s *searcher) prepare(w *fastWord, key string) (int, error) {
	n := len(s.segments)
	w.segments, w.fetched = make([][]fieldLists, n), make([]bool, n)
	if !s.config.Fast.lists.Keeps() {
		if err := w.fetchAll(s); err != nil {
			return 0, err
		}
		return s.documentFrequency(key, w), nil
	}
	var known bool
	w.df, known = s.memo.frequency(key)
	all, err := s.mergedOfAll(w, key, known)
	if err != nil {
		return 0, err
	}
	w.merged = all
	for _, m := range all {
		if m != nil {
			w.postings += len(m.docs)
		}
	}
	if known {
		return w.df, nil
	}
	for seg, m := range all {
		if m != nil {
			w.df += m.live(s.segments[seg])
		}
	}
	s.memo.keepFrequency(key, w.df)
	return w.df, nil
}

// mergedOfAll gives what a word stands for in each segment. Of a word that may be new and is
// one of many terms, or of many posts in the largest segment, several are made at a time.
func (s *searcher) mergedOfAll(w *fastWord, key string, known bool) ([]*merged, error) {
	all, done := make([]*merged, len(s.segments)), -1
	one := func(s *searcher, seg int) (err error) {
		if seg != done {
			all[seg], err = s.mergedOf(w, key, seg)
		}
		return err
	}
	if known || len(all) < 2 {
		return all, s.inTurn(one)
	}
	many := termsOf(w.of) >= manyTerms
	if !many {
		largest := s.largest()
		if err := one(s, largest); err != nil {
			return nil, err
		}
		done = largest
		many = all[largest] != nil && len(all[largest].docs) >= windowSize
	}
	if many {
		return all, s.spread(one)
	}
	return all, s.inTurn(one)
}

// largest is the segment with the most posts.
func (s *Snapshot) largest() int {
	out := 0
	for i, segment := range s.segments {
		if segment.columns.Docs > s.segments[out].columns.Docs {
			out = i
		}
	}
	return out
}

// mergedOf gives what a word stands for in one segment; nil for nothing. It is made anew
// when the average lengths have changed so much that its bounds say little.
func (s *searcher) mergedOf(w *fastWord, key string, seg int) (*merged, error) {
	cache, reader := s.config.Fast.lists, s.segments[seg].shared.reader
	compute := func() (any, int64, error) { return s.makeMerged(w, seg) }
	v, err := cache.Value(reader, mergedOfWord, key, compute)
	if err != nil {
		return nil, err
	}
	m := v.(*merged) //nolint:forcetypeassert // made above
	if m == nil {
		return nil, nil //nolint:nilnil // documented: nothing
	}
	if most, least := m.stretch(s.averageLength); most > maxLoose*least {
		cache.Forget(reader, mergedOfWord, key)
		if v, err = cache.Value(reader, mergedOfWord, key, compute); err != nil {
			return nil, err
		}
	}
	return v.(*merged), nil //nolint:forcetypeassert // made above
}

// makeMerged fetches and adds up the postings of a word in one segment.
func (s *searcher) makeMerged(w *fastWord, seg int) (*merged, int64, error) {
	if s.ctx.Err() != nil {
		return nil, 0, s.ctx.Err()
	}
	fields, err := w.of.lists(s, seg)
	if err != nil || len(fields) == 0 {
		return nil, 0, err
	}
	w.segments[seg], w.fetched[seg] = s.reweighed(fields), true
	m, postings := s.merge(seg, fields), 0
	for i := range fields {
		fields[i].each(func(c *cursor) { postings += len(c.list.Docs) })
	}
	if postings <= keptPostings {
		m.fields = fields
	}
	return m, m.size(), nil
}
