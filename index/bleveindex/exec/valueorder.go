package exec

import (
	"cmp"
	"slices"
	"weak"
)

// valueOrder has the values of a facet field by how many posts of an index have them at
// most, most first; spellings of one key go together. It is made for the segments of one
// snapshot and good for others: a value has no more posts than it says, and those of the
// segments that are not covered. Immutable.
type valueOrder struct {
	covered map[weak.Pointer[derived]]bool
	// ids are the values of each group, from starts[i] to starts[i+1]; most is how many
	// posts a group has, work what it costs, in nanoseconds, to count all groups before.
	ids, starts []uint32
	most        []int
	work        []float64
	// known is how many values there were.
	known int
}

const (
	// maxUncovered is one in how many posts may be in segments that an order does not cover.
	maxUncovered = 16
	// maxFresh is how many values an order may not know.
	maxFresh = 64
)

// ranked gives the order of the values of a field, and how many posts it does not cover.
func (s *searcher) ranked(t *valueTable, posts []*valuePosts) (*valueOrder, int) {
	values, keyOf := t.view()
	if o := t.order.Load(); o != nil && len(values)-o.known <= maxFresh {
		if uncovered := o.uncovered(s); uncovered*maxUncovered <= s.live {
			return o, uncovered
		}
	}
	o := newValueOrder(s, len(values), keyOf, posts)
	t.order.Store(o)
	return o, 0
}

func (o *valueOrder) uncovered(s *searcher) int {
	n := 0
	for _, seg := range s.segments {
		if !o.covered[weak.Make(seg.shared.derived)] {
			n += seg.columns.Docs
		}
	}
	return n
}

func newValueOrder(s *searcher, values int, keyOf []uint32, posts []*valuePosts) *valueOrder {
	o := &valueOrder{known: values, covered: make(map[weak.Pointer[derived]]bool)}
	all := 0
	for _, seg := range s.segments {
		o.covered[weak.Make(seg.shared.derived)] = true
		all += seg.columns.Docs
	}
	most := make([]int, values) // by key
	key := func(id uint32) uint32 {
		if keyOf == nil {
			return id
		}
		return keyOf[id]
	}
	o.ids = make([]uint32, values)
	for id := range o.ids {
		o.ids[id] = uint32(id) //nolint:gosec // fewer than 2^32 values
		for _, v := range posts {
			most[key(uint32(id))] += v.all(uint32(id)) //nolint:gosec // fewer than 2^32 values
		}
	}
	slices.SortFunc(o.ids, func(a, b uint32) int {
		ka, kb := key(a), key(b)
		return cmp.Or(cmp.Compare(most[kb], most[ka]), cmp.Compare(ka, kb), cmp.Compare(a, b))
	})
	o.group(key, most, all)
	return o
}

// What counting costs, in nanoseconds: a word of a set, a post of a list, a value in a segment.
const (
	costOfWord    = 0.6
	costOfListed  = 0.8
	costOfSegment = 8
)

// group notes where each key begins, and what it costs to count those before.
func (o *valueOrder) group(key func(uint32) uint32, most []int, all int) {
	work, segments := 0.0, float64(len(o.covered)*costOfSegment)
	for i, id := range o.ids {
		k := key(id)
		if i == 0 || k != key(o.ids[i-1]) {
			o.starts = append(o.starts, uint32(i)) //nolint:gosec // fewer than 2^32 values
			o.most, o.work = append(o.most, most[k]), append(o.work, work)
		}
		work += min(float64(all)/64*costOfWord, float64(most[k])*costOfListed) + segments
	}
	o.starts, o.work = append(o.starts, uint32(len(o.ids))), append(o.work, work) //nolint:gosec // fewer than 2^32 values
}

// estimate is about what it costs to find the limit most frequent values of the posts of a
// search that matches a share of all, in nanoseconds.
func (o *valueOrder) estimate(limit int, share float64) float64 {
	groups := len(o.most)
	if groups <= limit {
		return o.work[groups]
	}
	least := int(float64(o.most[limit-1]) * share * likely)
	end, _ := slices.BinarySearchFunc(o.most, least, func(n, least int) int { return cmp.Compare(least, n) })
	return o.work[max(end, limit)]
}

// likely is by how much the last of the most frequent values is less frequent among the
// posts of a search, it is assumed, than its share says.
const likely = 0.8
