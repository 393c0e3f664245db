package ranking

import (
	"math"
	"slices"
)

// Features of many posts are dense: beside their postings they have a table of half a
// byte a place, which the wide vectors of a processor add up for 64 places at a time,
// faster than the postings one by one. Sums are the same either way.
const (
	// commonShare is the part of all posts that a feature may have to be walked, where the
	// budget does not allow for more.
	commonShare = 2
	// denseShare is the part of all posts that a dense feature has at least; walking its
	// table costs as much as so many postings.
	denseShare = 40
	// denseUnit is the unit of what a dense feature adds to a sum, so that it fits into
	// a byte.
	denseUnit = 8
	// nibbles are the bytes of a table for one block.
	nibbles = blockSpan / 2
	// nibbleSpan is the number of places whose halves lie in the bytes of 32: the lower
	// halves are those of the first 32 places.
	nibbleSpan = 64
)

// denseFrom is the number of posts from which a feature is dense: a function of what is
// frozen. Features whose postings are not in blocks never are.
func denseFrom(posts int) int { return max(posts/denseShare, 8*rarePosts) }

// isDense is true for a feature that so many posts had when the statistics were frozen.
func (k *kernel) isDense(frozen uint32) bool { return int(frozen) > k.dense }

// levelOf is the level that an entry counts as: the lowest two of a dense feature are one.
func (k *kernel) levelOf(frozen uint32, level uint8) uint8 {
	if k.isDense(frozen) {
		return max(level, 1)
	}
	return level
}

// cost is what walking a feature takes of the budget.
func (k *kernel) cost(frozen uint32) uint32 { return min(frozen, uint32(k.dense)) }

// rounding bounds what rounding adds to an addition of a feature.
func (k *kernel) rounding(frozen uint32) float64 {
	if k.isDense(frozen) {
		return denseUnit / 2
	}
	return 0.5
}

// denseTables are those of one channel, one after another: by block, the level of each
// place, 1 for the lowest two, 0 where there is no posting. So a half byte needs three
// bits, and nothing has to be masked out before it is looked up.
type denseTables struct {
	at    map[uint32]int // by feature
	bytes []uint8
}

// densify makes the tables of a channel from its postings.
func (k *kernel) densify(p *postings) {
	p.dense.at = map[uint32]int{}
	if !k.wide {
		return
	}
	for f := range p.features {
		if x := &p.features[f]; k.isDense(x.frozen) && x.count > rarePosts {
			p.dense.at[uint32(f)] = len(p.dense.at) * k.blocks * nibbles
		}
	}
	p.dense.bytes = make([]uint8, len(p.dense.at)*k.blocks*nibbles)
	for f, at := range p.dense.at {
		starts := p.starts[p.features[f].start:]
		for b := range k.blocks {
			table := p.dense.bytes[at+b*nibbles : at+(b+1)*nibbles]
			for _, x := range p.items[starts[b]:starts[b+1]] {
				place, level := x>>levelBits, uint8(max(x&levelMask, 1))
				table[place/nibbleSpan*(nibbleSpan/2)+place%(nibbleSpan/2)] |= level << (place % nibbleSpan / (nibbleSpan / 2) * 4)
			}
		}
	}
}

// table is where the table of a feature begins; false when it has none.
func (p *postings) table(k *kernel, w *wanted) (int, bool) {
	if !k.isDense(w.count) {
		return 0, false
	}
	at, ok := p.dense.at[w.feature]
	return at, ok
}

// denseList is a dense feature of a question. The assembly knows its form.
type denseList struct {
	add   [16]uint8 // by nibble, in units of denseUnit
	first *uint8    // of its table
}

func newDenseList(first *uint8, add *[numLevels]uint16) denseList {
	l := denseList{first: first}
	for n, x := range add[1:] {
		l.add[n+1] = uint8(x / denseUnit)
	}
	return l
}

// most is the greatest that it adds.
func (l *denseList) most() int { return int(slices.Max(l.add[:])) }

// pass notes how many dense features are added at a time: as many as a byte can sum.
func (q *question) pass() {
	q.passes = q.passes[:0]
	n, sum := 0, 0
	for i := range q.dense {
		most := q.dense[i].most()
		if sum+most > math.MaxUint8 {
			q.passes = append(q.passes, n)
			n, sum = 0, 0
		}
		n, sum = n+1, sum+most
	}
	q.passes = append(q.passes, n)
}

// addDense adds the dense features of a question.
func (a *adder) addDense(q *question, b int) {
	from := 0
	for _, n := range q.passes {
		addDenseAVX2(&a.sums.each()[0], q.dense[from:from+n], b*nibbles)
		from += n
	}
}
