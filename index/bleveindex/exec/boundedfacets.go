package exec

// countFacets counts the facets of the posts that match, once these are known in all
// segments. At the deadline, facets that it did not come to are left out.
func (b *boundedRun) countFacets() error {
	for _, counter := range b.collector.facets {
		if err := b.late(); err != nil {
			return err
		}
		sets, matching := b.countedBy(counter)
		if counter.fast.countRanked(sets, matching) {
			continue
		}
		if err := b.countEachPost(counter.fast, sets); err != nil {
			return err
		}
	}
	return nil
}

// countedBy gives the posts that a facet is counted of, by segment: those that match, and
// that the filters of the other facets' fields let through.
func (b *boundedRun) countedBy(counter *facetCounter) (sets []bitset, matching int) {
	if len(b.collector.own) == 0 {
		return b.found, b.total
	}
	sets = make([]bitset, len(b.found))
	for seg, found := range b.found {
		if found == nil {
			continue
		}
		sets[seg] = found.clone()
		for field, in := range b.owns[seg] {
			if field != counter.field.Name {
				sets[seg].and(in)
			}
		}
		matching += sets[seg].count()
	}
	return sets, matching
}

// countEachPost goes through the values of each post.
func (b *boundedRun) countEachPost(f *fastCounter, sets []bitset) error {
	w := &b.window.marked
	for seg, set := range sets {
		if set == nil {
			continue
		}
		if err := b.late(); err != nil {
			return err
		}
		f.start(seg)
		for from := uint32(0); int(from) < len(set)<<6; from += windowSize {
			if w.load(set, from); !w.empty() {
				f.window(b.fastRun, &windowPosts{from: from, set: w, n: w.count()})
			}
		}
		f.end()
	}
	return nil
}
