package exec

import (
	"cmp"
	"math/bits"
	"slices"

	"alphanode/index"
)

// fastCounter counts the values of one facet field.
type fastCounter struct {
	*facetCounter

	table   *valueTable
	scratch *facetScratch
	seg     int
	current *ordinals
	// sets are those of the segment, once asked is true: they are asked for when a window
	// has many posts.
	sets  *valueSets
	asked bool
	// few says that touched lists the values of the segment that were counted: there are
	// many more.
	few     bool
	touched []uint32
	// twice is the number of posts that spell a value in several ways, by key.
	twice map[string]int
	// ranked is the result, where values were counted one by one.
	ranked []index.FacetCount
}

// facetScratch is the working memory of one facet; its counts are zero between
// uses.
type facetScratch struct {
	local   []int32 // by ordinal of the segment, one up
	lanes   laneCounts
	laned   bool    // lanes has counts
	global  []int32 // by number in the valueTable
	touched []uint32
	listed  []uint32           // memory of fastCounter.touched
	places  [windowSize]uint16 // memory of windowPosts.docs
	keys    keyCounts
}

func (r *fastRun) newFastCounter(c *facetCounter) *fastCounter {
	tables := r.config.Fast.numbers
	if c.field.Kind == index.Keyword {
		tables = r.config.Fast.keywords
	}
	f := &fastCounter{facetCounter: c, table: tables[c.place]}
	if n := len(r.scratch.facets); n > 0 {
		f.scratch = r.scratch.facets[n-1]
		r.scratch.facets = r.scratch.facets[:n-1]
	} else {
		f.scratch = &facetScratch{}
	}
	return f
}

// manyValues is from how many values of a field in a segment those that were counted
// are listed rather than looked for, as long as they are less than one in fewValues.
const (
	manyValues = 512
	fewValues  = 8
)

// start goes to a segment.
func (f *fastCounter) start(seg int) {
	f.ordinalsOf(seg)
	f.seg, f.sets, f.asked = seg, nil, false
	f.few, f.touched = len(f.current.keys) >= manyValues, f.scratch.listed[:0]
	if n := len(f.current.keys) + 1; len(f.scratch.local) < n {
		f.scratch.local = make([]int32, n)
	}
}

// ordinalsOf gets the values of the posts of a segment.
func (f *fastCounter) ordinalsOf(seg int) {
	shared := f.s.segments[seg].shared
	if f.field.Kind == index.Keyword {
		f.current = shared.keywordOrdinals(f.place, f.table)
	} else {
		f.current = shared.numberOrdinals(f.facetCounter, f.table)
	}
}

// windowPosts are the posts of a window as its facets take them.
type windowPosts struct {
	from uint32
	set  *windowSet
	n    int
	docs []uint16 // places in the window; filled by list
}

// list lists the posts, once.
func (w *windowPosts) list(s *facetScratch) []uint16 {
	if w.docs == nil {
		w.docs = w.set.list(s.places[:0])
	}
	return w.docs
}

// count counts the facets of a window's matching posts.
func (r *fastRun) count(set *windowSet) {
	if len(r.collector.facets) == 0 {
		return
	}
	all := windowPosts{from: r.window.from, set: set, n: set.count()}
	for _, counter := range r.collector.facets {
		if len(r.own) == 0 {
			counter.fast.window(r, &all)
			continue
		}
		narrowed := *set
		for field, in := range r.own {
			if field != counter.field.Name {
				narrowed.andSet(in, r.window.from)
			}
		}
		counter.fast.window(r, &windowPosts{from: r.window.from, set: &narrowed, n: narrowed.count()})
	}
}

// valueSets gives the sets of a facet's values in the current segment; nil where there are
// none, or no room for them.
func (s *searcher) valueSets(f *fastCounter) *valueSets {
	docs := s.segments[f.seg].columns.Docs
	if docs < manyPosts || int64(docs)*setBytes > s.config.Fast.room {
		return nil
	}
	v, err := s.config.Fast.lists.Value(s.segments[f.seg].shared.reader, setsOfValues, f.field.Name, func() (any, int64, error) {
		sets := newValueSets(f.current, docs)
		return sets, sets.size(), nil
	})
	if err != nil {
		return nil // It is made without.
	}
	return v.(*valueSets) //nolint:forcetypeassert // made above
}

// manyPosts is from how many posts of a window the sets of values are used, wholeCost
// how many posts one of them costs.
const (
	manyPosts = 48
	wholeCost = 40
	// setBytes is about what the sets of a field cost a post.
	setBytes = 10
	// setsOfValues is the kind under which the cache keeps them.
	setsOfValues = "\x01values"
)

// window counts the posts of a window.
func (f *fastCounter) window(r *fastRun, w *windowPosts) {
	if len(f.current.keys) == 0 || w.n == 0 {
		return
	}
	if f.current.doubled != nil {
		f.countTwice(w)
	}
	if w.n >= manyPosts {
		if !f.asked {
			f.sets, f.asked = r.valueSets(f), true
		}
		if s := f.sets; s != nil && (!s.complete || w.n >= wholeCost*len(s.heads)) {
			f.few, f.scratch.laned = false, f.scratch.laned || s.narrow != nil
			var docs []uint16
			if !s.complete {
				docs = w.list(f.scratch)
			}
			s.count(f.scratch.local, &f.scratch.lanes, w.from, w.set, docs)
			return
		}
	}
	switch {
	case f.few:
		f.countFew(w)
	case f.current.single != nil && w.n >= manyPosts:
		countSingle(f.scratch.local, f.current.single[w.from:], w.list(f.scratch))
	default:
		f.countEach(w)
	}
}

func countSingle(counts []int32, single, docs []uint16) {
	for _, k := range docs {
		counts[single[k]]++
	}
}

// countEach goes through the values of each post.
func (f *fastCounter) countEach(w *windowPosts) {
	counts, lists := f.scratch.local, &f.current.lists
	if single := f.current.single; single != nil {
		single = single[w.from:]
		for i, word := range w.set {
			for ; word != 0; word &= word - 1 {
				counts[single[i<<6+bits.TrailingZeros64(word)]]++
			}
		}
		return
	}
	for i, word := range w.set {
		for ; word != 0; word &= word - 1 {
			for _, ord := range lists.Of(w.from + uint32(i<<6+bits.TrailingZeros64(word))) { //nolint:gosec // within the window
				counts[ord+1]++
			}
		}
	}
}

// countFew is countEach with a list of the values that were counted.
func (f *fastCounter) countFew(w *windowPosts) {
	single, lists := f.current.single, &f.current.lists
	for i, word := range w.set {
		for ; word != 0; word &= word - 1 {
			doc := w.from + uint32(i<<6+bits.TrailingZeros64(word)) //nolint:gosec // within the window
			if single != nil {
				f.touch(uint32(single[doc]))
				continue
			}
			for _, ord := range lists.Of(doc) {
				f.touch(ord + 1)
			}
		}
	}
	f.few = len(f.touched) < len(f.current.keys)/fewValues
}

// touch counts an ordinal, one up.
func (f *fastCounter) touch(ord uint32) {
	counts := f.scratch.local
	if counts[ord]++; counts[ord] == 1 && ord > 0 {
		f.touched = append(f.touched, ord-1)
	}
}

// countTwice notes the posts that spell a value in several ways.
func (f *fastCounter) countTwice(w *windowPosts) {
	doubled := f.current.doubled[w.from>>6:]
	for i, word := range w.set[:min(len(w.set), len(doubled))] {
		for word &= doubled[i]; word != 0; word &= word - 1 {
			f.noteTwice(f.current.lists.Of(w.from + uint32(i<<6+bits.TrailingZeros64(word)))) //nolint:gosec // within the window
		}
	}
}

func (f *fastCounter) noteTwice(ords []uint32) {
	keys := f.current.keys
	for i := 1; i < len(ords); i++ {
		if key := keys[ords[i]]; key == keys[ords[i-1]] {
			if f.twice == nil {
				f.twice = make(map[string]int)
			}
			f.twice[key]++
		}
	}
}

// end adds the counts of the segment to those of all.
func (f *fastCounter) end() {
	s := f.scratch
	if len(f.current.keys) == 0 {
		return
	}
	values, _ := f.table.view()
	if len(s.global) < len(values) {
		s.global = append(make([]int32, 0, len(values)+len(values)/8), s.global...)[:len(values)+len(values)/8]
	}
	if s.laned {
		s.lanes.drain(s.local)
		s.laned = false
	}
	if f.few {
		for _, ord := range f.touched {
			f.move(ord)
		}
	} else {
		for ord := range f.current.global {
			f.move(uint32(ord)) //nolint:gosec // fewer than 2^32 values
		}
	}
	s.local[0], s.listed = 0, f.touched
}

// move adds the count of a value of the segment to that of all segments.
func (f *fastCounter) move(ord uint32) {
	s := f.scratch
	n := s.local[ord+1]
	if n == 0 {
		return
	}
	id := f.current.global[ord]
	s.local[ord+1] = 0
	if s.global[id] == 0 {
		s.touched = append(s.touched, id)
	}
	s.global[id] += n
}

// result gives the most frequent values, each in its most frequent spelling, and
// gives the working memory back.
func (f *fastCounter) result(to *scratch) []index.FacetCount {
	s := f.scratch
	if f.ranked != nil {
		to.facets = append(to.facets, s)
		return f.ranked
	}
	values, keyOf := f.table.view()
	out := []index.FacetCount{}
	if keyOf != nil {
		out = f.spelled(values, keyOf)
	} else {
		for _, id := range s.touched {
			if n := len(out); n == f.limit && int(s.global[id]) < out[n-1].Count {
				continue
			}
			if v := values[id]; f.prefix == "" || begins(v.key, f.prefix) {
				out = keepBest(out, index.FacetCount{Value: v.value, Count: int(s.global[id])}, f.limit)
			}
		}
	}
	for _, id := range s.touched {
		s.global[id] = 0
	}
	s.touched = s.touched[:0]
	to.facets = append(to.facets, s)
	return out
}

// spelled is the result where values that were counted may be spellings of one. The spellings
// of a key are chained; which is the most frequent is looked up for keys that are among
// the most frequent.
func (f *fastCounter) spelled(values []facetValue, keyOf []uint32) []index.FacetCount {
	s := f.scratch
	s.keys.reset(len(values))
	for _, id := range s.touched {
		s.keys.add(keyOf[id], id, s.global[id])
	}
	out := []index.FacetCount{}
	for _, key := range s.keys.touched {
		c, last := &s.keys.counts[key], s.keys.counts[key].last
		n := int(c.posts)
		if f.twice != nil {
			n -= f.twice[values[last-1].key]
		}
		*c = keyCount{}
		if have := len(out); have == f.limit && n < out[have-1].Count || f.prefix != "" && !begins(values[last-1].key, f.prefix) {
			continue
		}
		out = keepBest(out, index.FacetCount{Value: s.spelling(values, last), Count: n}, f.limit)
	}
	s.keys.touched = s.keys.touched[:0]
	return out
}

// spelling is the most frequent one of a chain, of several the first.
func (s *facetScratch) spelling(values []facetValue, last uint32) string {
	best := last - 1
	for at := s.keys.before[best]; at > 0; at = s.keys.before[at-1] {
		id := at - 1
		if n, most := s.global[id], s.global[best]; n > most || n == most && values[id].value < values[best].value {
			best = id
		}
	}
	return values[best].value
}

// keyCounts are the counts of posts by key, and the spellings of each that were counted.
// Counts are zero between uses.
type keyCounts struct {
	counts  []keyCount // by number of the key
	before  []uint32   // the spelling before, one up, by number in the valueTable
	touched []uint32
}

type keyCount struct {
	posts int32
	last  uint32 // spelling, one up
}

// reset makes room for so many values.
func (k *keyCounts) reset(values int) {
	if len(k.before) < values {
		k.before = make([]uint32, values+values/8)
		k.counts = make([]keyCount, len(k.before))
	}
}

// add adds the posts of a spelling.
func (k *keyCounts) add(key, id uint32, posts int32) {
	c := &k.counts[key]
	if c.last == 0 {
		k.touched = append(k.touched, key)
	}
	k.before[id] = c.last
	c.posts, c.last = c.posts+posts, id+1
}

// keepBest inserts c into the limit most frequent values.
func keepBest(best []index.FacetCount, c index.FacetCount, limit int) []index.FacetCount {
	order := func(a, b index.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	}
	if len(best) == limit && order(c, best[limit-1]) >= 0 {
		return best
	}
	i, _ := slices.BinarySearchFunc(best, c, order)
	if len(best) == limit {
		best = best[:limit-1]
	}
	return slices.Insert(best, i, c)
}
