package exec

// match gives the posts of a segment that may be hits: those that match, where they are
// to be counted, or else those that the filters let through; in any case but for the
// filters of the facets' own fields. Nil is all posts.
func (b *boundedRun) match(seg int) bitset {
	segment := b.segments[seg]
	if !b.counts {
		return b.letThrough(seg)
	}
	set := b.roomToMatch(seg)
	for i := range b.lists {
		switch l := &b.lists[i]; {
		case i == 0:
			l.copyTo(set)
		case i < b.required:
			b.narrow(set, l.merged)
		case b.required == 0:
			l.addTo(set)
		}
	}
	b.filter(seg, set)
	if segment.deleted != nil {
		set.and(segment.live)
	}
	if b.rest != nil {
		set.and(b.rest)
	}
	return set
}

// roomToMatch gives a set for the posts of a segment that match, which facets are counted of
// once all segments were gone over.
func (b *boundedRun) roomToMatch(seg int) bitset {
	words := len(b.segments[seg].live)
	if b.found == nil {
		return roomFor(&b.scratch.match, words)
	}
	if n := len(b.segments); len(b.scratch.found) < n {
		b.scratch.found = append(b.scratch.found, make([]bitset, n-len(b.scratch.found))...)
	}
	b.found[seg] = roomFor(&b.scratch.found[seg], words)
	return b.found[seg]
}

// letThrough gives the posts that the filters let through and that are not excluded.
func (b *boundedRun) letThrough(seg int) bitset {
	segment, filtered := b.segments[seg], len(b.plan.excluded) > 0 || b.musts < len(b.plan.required)
	switch {
	case !filtered && b.rest == nil:
		return segment.notDeleted()
	case !filtered && segment.deleted == nil:
		return b.rest
	}
	set := roomFor(&b.scratch.match, len(segment.live))
	copy(set, segment.live)
	if b.rest != nil {
		set.and(b.rest)
	}
	b.filter(seg, set)
	return set
}

// notDeleted is nil where no post is deleted.
func (s *Segment) notDeleted() bitset {
	if s.deleted == nil {
		return nil
	}
	return s.live
}

// filter takes away what required filters do not let through and what is excluded.
func (b *boundedRun) filter(seg int, set bitset) {
	for _, n := range b.plan.required {
		if n, ok := n.(*fastSelection); ok {
			set.and(n.sets[seg])
		}
	}
	for _, n := range b.plan.excluded {
		switch n := n.(type) {
		case *fastSelection:
			set.andNot(n.sets[seg])
		case *fastWord:
			if m := n.merged[seg]; m != nil {
				m.removeFrom(set)
			}
		}
	}
}

// roomFor gives a set of so many words, with whatever it had.
func roomFor(b *bitset, words int) bitset {
	if len(*b) < words {
		*b = make(bitset, words+words/8)
	}
	return (*b)[:words]
}

// narrow keeps what is in m.
func (b *boundedRun) narrow(set bitset, m *merged) {
	if m.set != nil {
		set.and(m.set)
		return
	}
	mark := roomFor(&b.scratch.mark, len(set))
	m.copyTo(mark)
	set.and(mark)
}

func (m *merged) copyTo(set bitset) {
	if m.set != nil {
		copy(set, m.set)
		return
	}
	clear(set)
	m.addTo(set)
}

func (m *merged) addTo(set bitset) {
	if m.set != nil {
		set.or(m.set)
		return
	}
	for _, doc := range m.docs {
		set.add(doc)
	}
}

func (m *merged) removeFrom(set bitset) {
	if m.set != nil {
		set.andNot(m.set)
		return
	}
	for _, doc := range m.docs {
		set.remove(doc)
	}
}

// countMatching adds to the total, and leaves in allowed what may be a hit.
func (b *boundedRun) countMatching() {
	set, r := b.allowed, b.fastRun
	if r.all != nil {
		if b.found != nil {
			set = roomFor(&b.scratch.match, len(set))
			copy(set, b.allowed)
			b.owns[r.window.seg], b.allowed = r.own, set
		}
		set.and(r.all)
	}
	r.total += set.count()
	if len(r.collector.pins) > 0 {
		r.collector.notePins(r.window.seg, set.contains)
	}
}
