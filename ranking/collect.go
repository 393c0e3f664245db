package ranking

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"unsafe"
)

// candidate is a post with its sum.
type candidate struct {
	key   uint64 // sum, then tie
	place uint32
}

// best keeps the candidates of greatest sum. Which sum is great enough is first
// guessed: almost always far fewer than the limit are needed.
type best struct {
	limit int
	list  []candidate
	least uint32 // a smaller sum is not among them
	rank  int    // in the first block, of the sum that least begins with
	sure  bool   // the limit best are among them, not only those of a guess
	first uint32 // block
	// promised are for guess.
	promised []promise
	blocks   int // how many were collected
}

const (
	// guessRank is the rank in the first block of the sum that candidates are collected
	// from.
	guessRank = 64
	// guessTotal is how many candidates two blocks must promise in all for least to rise.
	guessTotal = 160
)

func (b *best) reset(limit int) {
	b.limit, b.least, b.rank, b.sure, b.blocks = limit, 0, min(guessRank, limit), guessRank >= limit, 0
	if cap(b.list) < 3*limit {
		b.list = make([]candidate, 0, 3*limit)
	}
	b.list = b.list[:0]
}

// again begins anew without guessing.
func (b *best) again() {
	b.reset(b.limit)
	b.rank, b.sure = b.limit, true
}

// complete is true when nothing was left out but for better ones.
func (b *best) complete() bool { return b.sure || b.least <= 1 }

// guess raises least by what two blocks had, as far as they promise enough in all: the
// others are expected to have as many as the second one.
func (b *best) guess(blocks int) {
	b.promised = b.promised[:0]
	for i := range b.list {
		p := promise{uint32(b.list[i].key >> 32), 1}
		if b.list[i].place>>blockBits != b.first {
			p.weight = blocks - 1
		}
		b.promised = append(b.promised, p)
	}
	least := kept(b.promised, max(guessTotal, b.limit))
	if least <= b.least {
		return
	}
	b.least = least
	b.list = slices.DeleteFunc(b.list, func(x candidate) bool { return uint32(x.key>>32) < least })
}

// promise is a sum and how many of all posts are expected for it.
type promise struct {
	sum    uint32
	weight int
}

// kept is the greatest sum that leaves promises of that weight, 0 when there are fewer
// (Hoare's quickselect).
func kept(all []promise, weight int) uint32 {
	for len(all) > 0 {
		pivot := all[len(all)/2].sum
		greater, from, to := 0, 0, len(all) // Those that are greater, equal, not seen yet, smaller.
		above, same := 0, 0
		for from < to {
			switch x := all[from]; {
			case x.sum > pivot:
				all[greater], all[from] = x, all[greater]
				greater, from, above = greater+1, from+1, above+x.weight
			case x.sum == pivot:
				from, same = from+1, same+x.weight
			default:
				to--
				all[from], all[to] = all[to], x
			}
		}
		switch {
		case above >= weight:
			all = all[:greater]
		case above+same >= weight:
			return pivot
		default:
			all, weight = all[from:], weight-above-same
		}
	}
	return 0
}

// cut leaves the limit best.
func (b *best) cut() {
	if len(b.list) < b.limit || b.limit == 0 {
		b.list = b.list[:min(len(b.list), b.limit)]
		return
	}
	selectGreatest(b.list, b.limit)
	b.list = b.list[:b.limit]
	least := uint64(math.MaxUint64)
	for i := range b.list {
		least = min(least, b.list[i].key)
	}
	b.least = max(b.least, uint32(least>>32))
}

// selectGreatest moves the n candidates of greatest key to the front (Hoare's
// quickselect, the median of three as pivot).
func selectGreatest(a []candidate, n int) {
	for n > 0 && n < len(a) {
		x, y, z := a[0].key, a[len(a)/2].key, a[len(a)-1].key
		pivot := max(min(x, y), min(max(x, y), z))
		i, j := 0, len(a)-1
		for i <= j {
			for a[i].key > pivot {
				i++
			}
			for a[j].key < pivot {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			a = a[:j+1]
		case n > i:
			a, n = a[i:], n-i
		default:
			return
		}
	}
}

// ordered moves the n candidates of greatest key to the front, in order, and returns
// them.
func ordered(a []candidate, n int) []candidate {
	n = min(n, len(a))
	selectGreatest(a, n)
	slices.SortFunc(a[:n], func(x, y candidate) int { return cmp.Compare(y.key, x.key) })
	return a[:n]
}

// The lowest and the highest bit of four sums.
const (
	lowBits  = uint64(0x0001_0001_0001_0001)
	highBits = uint64(0x8000_8000_8000_8000)
	stride   = 32 // sums that are looked at together
)

// collect takes in the posts of a block whose sums are great enough, and clears the
// sums.
func (a *adder) collect(q *question, b int) {
	k := a.kernel
	n := min(len(k.order)-b<<blockBits, blockSpan)
	if q.self>>blockBits == uint32(b) {
		a.sums.each()[q.self&placeMask] = 0
	}
	for _, p := range k.gone[b] {
		a.sums.each()[p] = 0
	}
	if q.best.blocks == 0 {
		q.best.first, q.best.least = uint32(b), a.guess(n, q.best.rank)
	}
	spans := k.spans[b<<blockBits>>spanBits:][:(n+spanPosts-1)/spanPosts]
	q.lessThan(spans, &a.less)
	a.offer(q, b, a.takeHits(a.less[:len(spans)]))
	if q.best.blocks++; q.best.blocks == 2 && !q.best.sure {
		q.best.guess(len(k.gone))
	}
	if len(q.best.list) > 2*q.best.limit {
		q.best.cut()
	}
}

// lessThan says, by span, which sums are not great enough even with the most that dates
// may add there.
func (q *question) lessThan(spans []span, less *[blockSpans]uint16) {
	t, least := &q.date, q.best.least
	for n := range spans {
		near := t.nearest(&spans[n])
		less[n] = uint16(min(max(least, near+1)-near, maxSum) - 1)
	}
}

// blockSpans is the number of spans in a block.
const blockSpans = blockSpan / spanPosts

// hit is a place of a block with its sum. The assembly knows its form.
type hit struct{ place, sum uint16 }

// takeHits lists the sums of a block that are greater than what each span says, and
// clears all.
func (a *adder) takeHits(less []uint16) []hit {
	if a.kernel.wide {
		return a.hits[:hitsAVX2(&a.sums.each()[0], less, unsafe.SliceData(a.hits[:]))]
	}
	n := 0
	for s, x := range less {
		for k, mark := range a.mark(s*spanPosts, (s+1)*spanPosts, uint32(x)+1) {
			for ; mark != 0; mark &= mark - 1 {
				place := uint16(s*spanPosts + stride*k + bits.TrailingZeros32(mark))
				a.hits[n] = hit{place, a.sums.each()[place]}
				n++
			}
		}
	}
	clear(a.sums.words[:len(less)*spanPosts/4])
	return a.hits[:n]
}

// mark has a bit for each of the sums from..to that is at least that great, 32 in each.
func (a *adder) mark(from, to int, least uint32) []uint32 {
	least = min(least, maxSum)
	out := a.marks[:(to-from+stride-1)/stride]
	if a.kernel.wide && least > 0 {
		markAVX2(&a.sums.each()[from], out, least-1)
		return out
	}
	markWords(a.sums.words[from/4:], out, least)
	return out
}

// markWords is mark in its plain form, four sums at a time.
func markWords(words []uint64, out []uint32, least uint32) {
	t := highBits - uint64(least)*lowBits // Sets the highest bits of those that are as great.
	for n := range out {
		w := (*[stride / 4]uint64)(words[n*stride/4:])
		mark := uint32(0)
		if ((w[0]+t)|(w[1]+t)|(w[2]+t)|(w[3]+t)|(w[4]+t)|(w[5]+t)|(w[6]+t)|(w[7]+t))&highBits != 0 {
			for k, word := range w {
				for hit := (word + t) & highBits; hit != 0; hit &= hit - 1 {
					mark |= 1 << (4*k + bits.TrailingZeros64(hit)/16 ^ laneFlip)
				}
			}
		}
		out[n] = mark
	}
}

// laneFlip turns the number of a lane of a word, counted from the lowest bits, into
// that of its sum in memory.
//
//nolint:gochecknoglobals // constant of the machine
var laneFlip = int(3 * (1 - binary.NativeEndian.Uint16([]byte{1, 0})))

// offer adds their dates to the sums of hits, and takes in those that are great enough.
// It does not branch on them: which those are cannot be predicted.
func (a *adder) offer(q *question, b int, hits []hit) {
	moments, base, least := a.kernel.moments[b<<blockBits:], uint32(b<<blockBits), uint64(q.best.least)
	list, n := slices.Grow(q.best.list, len(hits)), len(q.best.list)
	list = list[:n+len(hits)]
	for _, h := range hits {
		m := &moments[h.place]
		sum := uint64(h.sum) + uint64(q.date.near(m))
		list[n] = candidate{sum<<32 | uint64(m.tie), base + uint32(h.place)}
		n += int(1 - (sum-least)>>63)
	}
	q.best.list = list[:n]
}

// guess returns the sum of this rank among the first n of the block, 1 when fewer
// have any. What it costs depends on the guesses before, what it returns does not.
func (a *adder) guess(n, rank int) uint32 {
	from := max(a.last*3/4, 1)
	a.above(from, n)
	for len(a.tried) < rank && from > 1 {
		from = max(from/4, 1)
		a.above(from, n)
	}
	if len(a.tried) < rank || rank == 0 {
		return 1
	}
	a.last = uint32(greatest(a.tried, rank))
	return a.last
}

// above tries those of the first n sums that are at least that great.
func (a *adder) above(least uint32, n int) {
	a.tried = a.tried[:0]
	each := a.sums.each()
	for k, mark := range a.mark(0, n, least) {
		for ; mark != 0; mark &= mark - 1 {
			a.tried = append(a.tried, each[stride*k+bits.TrailingZeros32(mark)])
		}
	}
}
