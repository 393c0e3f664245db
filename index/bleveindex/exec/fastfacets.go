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
	current *ordinals
	// twice is the number of posts that spell a value in several ways, by key.
	twice map[string]int
}

// facetScratch is the working memory of one facet; its counts are zero between
// uses.
type facetScratch struct {
	local   []int32 // by ordinal of the segment, one up
	global  []int32 // by number in the valueTable
	touched []uint32
}

func (r *fastRun) newFastCounter(c *facetCounter) *fastCounter {
	tables := r.config.Fast.numbers
	if c.field.Kind == index.Keyword {
		tables = r.config.Fast.keywords
	}
	f := &fastCounter{facetCounter: c, table: tables[c.place], scratch: &facetScratch{}}
	if n := len(r.scratch.facets); n > 0 {
		f.scratch = r.scratch.facets[n-1]
		r.scratch.facets = r.scratch.facets[:n-1]
	}
	return f
}

// start goes to a segment.
func (f *fastCounter) start(seg int) {
	shared := f.s.segments[seg].shared
	if f.field.Kind == index.Keyword {
		f.current = shared.keywordOrdinals(f.place, f.table)
	} else {
		f.current = shared.numberOrdinals(f.facetCounter, f.table)
	}
	if n := len(f.current.keys) + 1; len(f.scratch.local) < n {
		f.scratch.local = make([]int32, n)
	}
}

// window counts the posts of a window that begins at from.
func (f *fastCounter) window(from uint32, set *windowSet) {
	counts := f.scratch.local
	if single := f.current.single; single != nil {
		single = single[from:]
		for i, word := range set {
			for ; word != 0; word &= word - 1 {
				counts[single[i<<6+bits.TrailingZeros64(word)]]++
			}
		}
		return
	}
	lists := &f.current.lists
	for i, word := range set {
		for ; word != 0; word &= word - 1 {
			doc := from + uint32(i<<6+bits.TrailingZeros64(word)) //nolint:gosec // within the window
			ords := lists.Items[lists.Start[doc]:lists.Start[doc+1]]
			for _, ord := range ords {
				counts[ord+1]++
			}
			if f.current.spelled && len(ords) > 1 {
				f.countTwice(ords)
			}
		}
	}
}

func (f *fastCounter) countTwice(ords []uint32) {
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
	values, _ := f.table.view()
	if len(s.global) < len(values) {
		s.global = append(make([]int32, 0, len(values)+len(values)/8), s.global...)[:len(values)+len(values)/8]
	}
	for ord, id := range f.current.global {
		if n := s.local[ord+1]; n != 0 {
			s.local[ord+1] = 0
			if s.global[id] == 0 {
				s.touched = append(s.touched, id)
			}
			s.global[id] += n
		}
	}
	s.local[0] = 0
}

// result gives the most frequent values, each in its most frequent spelling, and
// gives the working memory back.
func (f *fastCounter) result(to *scratch) []index.FacetCount {
	s := f.scratch
	values, spelled := f.table.view()
	out := []index.FacetCount{}
	if spelled {
		for _, id := range s.touched {
			if v := values[id]; begins(v.key, f.prefix) {
				f.add(v.key, v.value, int(s.global[id]))
				f.posts[v.key] += int(s.global[id])
			}
		}
		for key, n := range f.twice {
			if _, ok := f.posts[key]; ok {
				f.posts[key] -= n
			}
		}
		out = f.facetCounter.result()
	} else {
		for _, id := range s.touched {
			if v := values[id]; begins(v.key, f.prefix) {
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
