package ranking

import (
	"math"
	"unsafe"
)

// question is one post asked about, while its sums are made block by block.
type question struct {
	asked   asked
	walked  []walked
	dense   []denseList
	passes  []int    // see pass
	singles []single // by block
	starts  []uint32 // by block: where its singles begin, and where the last end
	date    moment
	self    uint32 // its place, noPlace when it has none
	best    best
}

// noPlace is the place of a post that is not in the order.
const noPlace = 1<<32 - 1

// walked is a frequent feature that is walked. The assembly knows its form.
type walked struct {
	starts []uint32 // by block
	items  []uint16
	add    [numLevels]uint16 // by level
}

// single is one addition to the sum of one post.
type single struct {
	place uint32
	add   uint16
}

// sums are those of the posts of one block, of 16 bits each. They are scanned 32
// at a time.
type sums struct{ words [blockSpan / 4]uint64 }

func (s *sums) each() *[blockSpan]uint16 {
	return (*[blockSpan]uint16)(unsafe.Pointer(&s.words)) // The same size, and aligned for more.
}

// adder makes the sums of queries. Not safe for concurrent use.
type adder struct {
	kernel *kernel
	probe  *probe
	sums   sums
	found  []single           // unsorted
	hits   *[blockSpan]hit    // of a block: those that may be among the best
	less   [blockSpans]uint16 // see lessThan
	marks  [blockSpan / stride]uint32
	tried  []uint16 // sums, see guess
	last   uint32   // the last guess
	read   uint16   // keeps what touch reads from being left out
}

func newAdder(k *kernel) *adder {
	return &adder{kernel: k, probe: newProbe(k), hits: new([blockSpan]hit)}
}

// prepare turns a post into a question for so many candidates.
func (a *adder) prepare(v *view, q *question, limit int) {
	k := a.kernel
	q.walked, q.dense, a.found = q.walked[:0], q.dense[:0], a.found[:0]
	k.model.ask(v, &q.asked)
	wanted, cut := a.probe.choose(&q.asked)
	a.touchRare(wanted)
	for i := range wanted {
		a.take(&wanted[i], q)
	}
	q.pass()
	for e := range q.asked.edges {
		for _, x := range q.asked.edges[e] {
			a.found = append(a.found, single{k.place[x.to], k.arrowSum(x)})
		}
	}
	a.spread(q)
	q.date, q.self = k.askedMoment(v.dated), noPlace
	if v.self >= 0 {
		q.self = k.place[v.self]
		k.noteCut(q.self, cut)
	}
	q.best.reset(limit)
}

func (a *adder) take(w *wanted, q *question) {
	k := a.kernel
	p := &k.postings[w.channel]
	add := k.adds(w)
	from, n := p.features[w.feature].start, p.features[w.feature].count
	if at, ok := p.table(k, w); ok {
		q.dense = append(q.dense, newDenseList(&p.dense.bytes[at], &add))
	} else if n > rarePosts {
		q.walked = append(q.walked, walked{p.starts[from : int(from)+k.blocks+1], p.items, add})
	} else {
		a.find(p.rare[from:from+n], &add)
	}
	if len(k.gone) > k.blocks {
		a.find(k.later[w.channel][w.feature], &add)
	}
}

// find notes the additions of some postings.
func (a *adder) find(posts []uint32, add *[numLevels]uint16) {
	for _, x := range posts {
		a.found = append(a.found, single{x >> levelBits, add[x&levelMask]})
	}
}

// adds is what a posting of each level adds.
func (k *kernel) adds(w *wanted) (out [numLevels]uint16) {
	l := &k.model.probing.Levels[w.channel]
	if !k.isDense(w.count) {
		for n := range out {
			sum := float64(w.weight*l.Value[n]+w.covering*l.Covering[n]) * k.unit
			out[n] = uint16(sum + 0.5)
		}
		return out
	}
	for n := range out {
		sum := float64(w.weight*l.Value[n]+w.covering*l.Covering[n]) * k.unit
		out[n] = denseUnit * uint16(min(sum/denseUnit+0.5, math.MaxUint8))
	}
	out[0] = out[1] // See levelOf.
	return out
}

// spread sorts what was found by block.
func (a *adder) spread(q *question) {
	if blocks := len(a.kernel.gone); len(q.starts) != blocks+2 {
		q.starts = make([]uint32, blocks+2)
	}
	clear(q.starts)
	for _, x := range a.found {
		q.starts[x.place>>blockBits+2]++
	}
	for b := 2; b < len(q.starts); b++ {
		q.starts[b] += q.starts[b-1]
	}
	if cap(q.singles) < len(a.found) {
		q.singles = make([]single, 2*len(a.found))
	}
	q.singles = q.singles[:len(a.found)]
	for _, x := range a.found {
		at := &q.starts[x.place>>blockBits+1]
		q.singles[*at] = x
		*at++
	}
}

// touchRare does for rare features what touch does for frequent ones.
func (a *adder) touchRare(wanted []wanted) {
	sum := uint32(0)
	for i := range wanted {
		p := &a.kernel.postings[wanted[i].channel]
		if f := &p.features[wanted[i].feature]; f.count > 0 && f.count <= rarePosts {
			sum += p.rare[f.start]
		}
	}
	a.read += uint16(sum)
}

// touch reads the first postings of a block, without waiting for one after another,
// so that they are at hand when they are walked.
func (a *adder) touch(q *question, b int) {
	const line = 32
	sum := uint16(0)
	for i := range q.walked {
		w := &q.walked[i]
		if items := w.items[w.starts[b]:w.starts[b+1]]; len(items) > 0 {
			sum += items[0]
			for k := line; k < len(items); k += line {
				sum += items[k]
			}
		}
	}
	a.read += sum
}

// walk adds the postings of frequent features.
func (a *adder) walk(q *question, b int) {
	sums := a.sums.each()
	for i := range q.walked {
		w := &q.walked[i]
		add, items := &w.add, w.items[w.starts[b]:w.starts[b+1]]
		for ; len(items) >= 4; items = items[4:] {
			x := *(*uint64)(unsafe.Pointer(unsafe.SliceData(items))) // Four, in any order.
			sums[x>>levelBits&placeMask] += add[x&levelMask]
			sums[x>>(16+levelBits)&placeMask] += add[x>>16&levelMask]
			sums[x>>(32+levelBits)&placeMask] += add[x>>32&levelMask]
			sums[x>>(48+levelBits)] += add[x>>48&levelMask]
		}
		for _, x := range items {
			sums[x>>levelBits] += add[x&levelMask]
		}
	}
}

// fetch asks for what block reads, and waits for nothing.
func (a *adder) fetch(q *question, b int) {
	if b < a.kernel.blocks && a.kernel.wide {
		fetchAMD64(q.walked, b)
		fetchDenseAMD64(q.dense, b*nibbles)
	}
}

// block makes the sums of one block.
func (a *adder) block(q *question, b int) {
	sums := a.sums.each()
	switch {
	case b >= a.kernel.blocks:
	case a.kernel.wide:
		walkAMD64(&sums[0], q.walked, b)
		a.addDense(q, b)
	default:
		a.touch(q, b)
		a.walk(q, b)
	}
	for _, x := range q.singles[q.starts[b]:q.starts[b+1]] {
		sums[x.place&placeMask] += x.add
	}
}

// arrowSum is what an edge to a post adds to its sum.
func (k *kernel) arrowSum(x arrow) uint16 {
	return uint16(min(float64(x.weight)/oneScore*k.model.factor[x.to]*k.unit+0.5, maxSum))
}
