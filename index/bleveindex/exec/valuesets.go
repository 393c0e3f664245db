package exec

import (
	"cmp"
	"math/bits"
	"slices"
)

// valueSets is a second form of the values of one facet field in one segment, for
// windows of which many posts match: the posts of each frequent value as a bit set,
// whose common posts with a window are counted by the word, and the other values of a
// post in the lanes of one number, which are read without a branch. Immutable.
type valueSets struct {
	heads    []bitset // the posts of each frequent value
	ordinals []uint32 // of heads
	// complete says that every value is among heads. Otherwise the others are in narrow
	// or wide, one up: 0 is none.
	complete bool
	narrow   []uint32 // four lanes of 8 bits a post
	wide     []uint64 // four lanes of 16 bits a post
	// more are the posts that have further values, nil for none; ranks how many of them
	// come before each 64 posts. Those of the i-th are rest[starts[i]:starts[i+1]].
	more         bitset
	ranks        []uint32
	starts, rest []uint32
}

const (
	// laneCount is how many values of a post are packed.
	laneCount = 4
	// narrowValues is how many values fit lanes of 8 bits, wideValues lanes of 16.
	narrowValues = 1<<8 - 1
	wideValues   = 1<<16 - 1
	// headShare is one in how many posts have a value whose posts are kept as a set.
	headShare = 16
	// wholeValues is up to how many values of a field with one value a post are kept as
	// sets: all or none, since one that is not there costs a pass over the posts.
	wholeValues = 16
)

// newValueSets makes the sets of a segment of so many posts; nil where they do not pay:
// the field has too many values, or one a post.
func newValueSets(o *ordinals, docs int) *valueSets {
	switch {
	case len(o.keys) == 0 || len(o.keys) > wideValues:
		return nil
	case o.single != nil && len(o.keys) <= wholeValues:
		return wholeSets(o, docs)
	case o.single != nil:
		return nil
	}
	v := &valueSets{}
	place := v.chooseHeads(o, docs)
	if len(o.keys) <= narrowValues {
		v.narrow = make([]uint32, docs)
	} else {
		v.wide = make([]uint64, docs)
	}
	for doc := range uint32(docs) { //nolint:gosec // documents are numbered by uint32
		lane := 0
		for _, ord := range o.lists.Of(doc) {
			if h := place[ord]; h > 0 {
				v.heads[h-1].add(doc)
				continue
			}
			v.pack(doc, ord, lane, docs)
			lane++
		}
	}
	if v.more != nil {
		v.starts = append(v.starts, uint32(len(v.rest))) //nolint:gosec // fewer than 2^32 values
		v.ranks = v.more.ranks()
	}
	return v
}

// wholeSets are the sets of a field with one value a post.
func wholeSets(o *ordinals, docs int) *valueSets {
	v := &valueSets{complete: true}
	for ord := range o.keys {
		v.heads, v.ordinals = append(v.heads, newBitset(docs)), append(v.ordinals, uint32(ord)) //nolint:gosec // few
	}
	for doc, ord := range o.single {
		if ord > 0 {
			v.heads[ord-1].add(uint32(doc)) //nolint:gosec // documents are numbered by uint32
		}
	}
	return v
}

// chooseHeads makes empty sets for the frequent values, most frequent first, and gives
// the place of each value among them, one up.
func (v *valueSets) chooseHeads(o *ordinals, docs int) []int {
	counts := make([]int, len(o.keys))
	for _, ord := range o.lists.Items {
		counts[ord]++
	}
	for ord, n := range counts {
		if n*headShare >= docs {
			v.ordinals = append(v.ordinals, uint32(ord)) //nolint:gosec // fewer than 2^16
		}
	}
	slices.SortFunc(v.ordinals, func(a, b uint32) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	place := make([]int, len(o.keys))
	for i, ord := range v.ordinals {
		v.heads = append(v.heads, newBitset(docs))
		place[ord] = i + 1
	}
	return place
}

// pack puts a value of a post where there is room.
func (v *valueSets) pack(doc, ord uint32, lane, docs int) {
	switch {
	case lane >= laneCount:
		if v.more == nil {
			v.more = newBitset(docs)
		}
		if lane == laneCount {
			v.more.add(doc)
			v.starts = append(v.starts, uint32(len(v.rest))) //nolint:gosec // fewer than 2^32 values
		}
		v.rest = append(v.rest, ord)
	case v.narrow != nil:
		v.narrow[doc] |= (ord + 1) << (8 * lane)
	default:
		v.wide[doc] |= uint64(ord+1) << (16 * lane)
	}
}

// size is the memory of the sets, in bytes, roughly.
func (v *valueSets) size() int64 {
	if v == nil {
		return 0
	}
	n := 4*len(v.narrow) + 8*len(v.wide) + 8*len(v.more) + 4*(len(v.ranks)+len(v.starts)+len(v.rest))
	for _, h := range v.heads {
		n += 8*len(h) + 32
	}
	return int64(n)
}

// laneCounts are counts by lane and value: neighbours in memory that are the same value
// of several posts would wait for each other.
type laneCounts [laneCount][narrowValues + 1]uint32

// count adds the values of the posts of a window, which docs lists as well, to counts
// by ordinal, one up.
func (v *valueSets) count(counts []int32, lanes *laneCounts, from uint32, set *windowSet, docs []uint16) {
	for i, head := range v.heads {
		counts[v.ordinals[i]+1] += int32(set.common(head, from)) //nolint:gosec // within a window
	}
	switch {
	case v.narrow != nil:
		countNarrow(lanes, v.narrow[from:], docs)
	case v.wide != nil:
		countWide(counts, v.wide[from:], docs)
	}
	if v.more == nil {
		return
	}
	v.countMore(counts, from, set)
}

// countMore adds the values that are not in lanes.
func (v *valueSets) countMore(counts []int32, from uint32, set *windowSet) {
	first := from >> 6
	ranks := v.ranks[first:]
	for i, word := range v.more[first:min(len(v.more), int(first)+len(set))] {
		for left := word & set[i]; left != 0; left &= left - 1 {
			at := ranks[i] + uint32(bits.OnesCount64(word&(left&-left-1))) //nolint:gosec // at most 64
			for _, ord := range v.rest[v.starts[at]:v.starts[at+1]] {
				counts[ord+1]++
			}
		}
	}
}

func countNarrow(lanes *laneCounts, packed []uint32, docs []uint16) {
	for _, k := range docs {
		v := packed[k]
		lanes[0][v&0xff]++
		lanes[1][v>>8&0xff]++
		lanes[2][v>>16&0xff]++
		lanes[3][v>>24]++
	}
}

func countWide(counts []int32, packed []uint64, docs []uint16) {
	for _, k := range docs {
		v := packed[k]
		counts[v&0xffff]++
		counts[v>>16&0xffff]++
		counts[v>>32&0xffff]++
		counts[v>>48]++
	}
}

// drain adds the lanes to counts by ordinal, one up, and clears them.
func (l *laneCounts) drain(counts []int32) {
	for lane := range l {
		for ord, n := range l[lane][:min(len(counts), narrowValues+1)] {
			counts[ord] += int32(n) //nolint:gosec // below the segment's size
		}
		clear(l[lane][:])
	}
}

// common counts the posts that a window that begins at from has in common with a
// segment's set.
func (w *windowSet) common(b bitset, from uint32) int {
	b = b[from>>6:]
	n := 0
	if len(b) < len(w) {
		for i, word := range b {
			n += bits.OnesCount64(word & w[i])
		}
		return n
	}
	b = b[:len(w)]
	for i := 0; i < len(w); i += 4 {
		n += bits.OnesCount64(b[i]&w[i]) + bits.OnesCount64(b[i+1]&w[i+1]) +
			bits.OnesCount64(b[i+2]&w[i+2]) + bits.OnesCount64(b[i+3]&w[i+3])
	}
	return n
}

// list appends the places of the posts of a window.
func (w *windowSet) list(docs []uint16) []uint16 {
	for i, word := range w {
		for ; word != 0; word &= word - 1 {
			docs = append(docs, uint16(i<<6+bits.TrailingZeros64(word))) //nolint:gosec // within the window
		}
	}
	return docs
}
