package exec

// Document frequencies are counted by segment, and remembered with the number of
// posts that were deleted when they were: after more are, only those are looked for
// in the postings.

// counted is how many live posts have some postings after so many were deleted.
type counted struct{ n, gone int }

const (
	// maxCounts is how many counts a segment remembers.
	maxCounts = 2048
	// lookedUp is how many postings it is worth to go through for one search in them.
	lookedUp = 16
)

func (d *derived) count(key string) (counted, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.counts[key]
	return c, ok
}

func (d *derived) keepCount(key string, c counted) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.counts) >= maxCounts {
		clear(d.counts)
	}
	d.counts[key] = c
}

// documentFrequency is the number of live posts that have any of the postings. It
// sets w.postings.
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
		n += s.frequencyIn(seg, key, fields)
	}
	s.memo.keepFrequency(key, n)
	return n
}

// frequencyIn is the number of live posts of a segment that have any of the postings.
func (s *searcher) frequencyIn(seg int, key string, fields []fieldLists) int {
	segment := s.segments[seg]
	if len(fields) == 0 {
		return 0
	}
	if !segment.ordered {
		return s.union(seg, fields)
	}
	known, ok := segment.shared.count(key)
	if ok && known.gone == len(segment.gone) {
		return known.n
	}
	n := 0
	if ok && known.gone < len(segment.gone) && s.fewGone(segment.gone[known.gone:], fields) {
		n = known.n - goneFrom(fields, segment.gone[known.gone:])
	} else {
		n = s.union(seg, fields)
	}
	if !ok || known.gone < len(segment.gone) {
		segment.shared.keepCount(key, counted{n, len(segment.gone)})
	}
	return n
}

// fewGone reports whether it is less work to look for docs than to count anew.
func (s *searcher) fewGone(docs []uint32, fields []fieldLists) bool {
	lists, postings := 0, 0
	for i := range fields {
		fields[i].each(func(c *cursor) {
			lists++
			postings += len(c.list.Docs)
		})
	}
	return len(docs)*lists*lookedUp < postings
}

// goneFrom is how many of docs are in any of the lists.
func goneFrom(fields []fieldLists, docs []uint32) int {
	n := 0
	for _, doc := range docs {
		if inAny(fields, doc) {
			n++
		}
	}
	return n
}

func inAny(fields []fieldLists, doc uint32) bool {
	for i := range fields {
		f := &fields[i]
		for _, list := range [...][]cursor{f.linear, f.exact, f.stems, f.others} {
			for j := range list {
				if _, found := list[j].list.Find(doc, 0); found {
					return true
				}
			}
		}
	}
	return false
}
