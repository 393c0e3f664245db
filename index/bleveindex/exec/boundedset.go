package exec

// match gives the posts of a segment that match and that the filters let through, but
// for those of the facets' own fields.
func (b *boundedRun) match(seg int) bitset {
	segment := b.segments[seg]
	words := len(segment.live)
	set := roomFor(&b.scratch.match, words)
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
	if segment.deleted != nil {
		set.and(segment.live)
	}
	if b.rest != nil {
		set.and(b.rest)
	}
	return set
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

// countMatching counts facets and total, and leaves in allowed what may be a hit.
func (b *boundedRun) countMatching() {
	set, r := b.allowed, b.fastRun
	if facets := r.collector.facets; len(facets) > 0 {
		for _, counter := range facets {
			counter.fast.start(r.window.seg)
		}
		for from := 0; from < len(set)<<6; from += windowSize {
			r.window.from = uint32(from) //nolint:gosec // documents are numbered by uint32
			r.window.found.load(set, r.window.from)
			if !r.window.found.empty() {
				r.count(&r.window.found)
			}
		}
		for _, counter := range facets {
			counter.fast.end()
		}
	}
	if r.all != nil {
		set.and(r.all)
	}
	r.total += set.count()
	if len(r.collector.pins) > 0 {
		r.collector.notePins(r.window.seg, set.contains)
	}
}
