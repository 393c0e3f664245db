package exec

import "cmp"

// sharedFacets is from how many matching posts on facets are counted by all processors.
const sharedFacets = 1 << 13

// countBeside goes over all segments for the posts that match, and then counts facets while it
// looks for hits: where many posts match, on several processors.
func (b *boundedRun) countBeside() error {
	for seg := range b.segments {
		if err := b.late(); err != nil {
			return err
		}
		ok, err := b.enter(seg)
		if err != nil {
			return err
		}
		if ok {
			b.countMatching()
		}
	}
	if b.total < sharedFacets || b.searcher.alone || !b.scores {
		return cmp.Or(b.lookInAll(), b.countFacets())
	}
	return parallel(len(b.collector.facets)+1, func(bool) (func(int) error, func()) {
		return func(i int) error {
			if i == 0 {
				return b.lookInAll()
			}
			return b.countFacet(i - 1)
		}, func() {}
	})
}

// lookInAll looks for hits in all segments, of which it is known which posts match.
func (b *boundedRun) lookInAll() error {
	if !b.scores {
		return nil
	}
	all := len(b.plan.required)+len(b.plan.excluded)+len(b.collector.rest) == 0 // Of a list match.
	for seg, found := range b.found {
		if found == nil {
			continue
		}
		if err := b.late(); err != nil {
			return err
		}
		b.window.seg, b.allowed = seg, found
		if b.open(seg); all {
			b.allowed = b.segments[seg].notDeleted()
		}
		b.lookForHits()
	}
	return nil
}

// countFacets counts the facets of the posts that match, once these are known in all
// segments. At the deadline, facets that it did not come to are left out.
func (b *boundedRun) countFacets() error {
	n := len(b.collector.facets)
	if n > 1 && b.total >= sharedFacets && !b.searcher.alone {
		return parallel(n, func(bool) (func(int) error, func()) { return b.countFacet, func() {} })
	}
	for i := range n {
		if err := b.countFacet(i); err != nil {
			return err
		}
	}
	return nil
}

func (b *boundedRun) countFacet(i int) error {
	if err := b.late(); err != nil {
		return err
	}
	counter := b.collector.facets[i]
	sets, matching := b.countedBy(counter)
	if counter.fast.countRanked(sets, matching) {
		return nil
	}
	return b.countEachPost(counter.fast, sets)
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
	var w windowSet
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
				f.window(b.fastRun, &windowPosts{from: from, set: &w, n: w.count()})
			}
		}
		f.end()
	}
	return nil
}
