package ranking

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// candidate is a post with its sum.
type candidate struct {
	key   uint64 // sum, then tie
	place uint32
}

// best keeps the candidates of greatest sum. Which sum is great enough is first
// guessed: almost always far fewer than the limit are needed.
type best struct {
	limit  int
	list   []candidate
	least  uint32 // a smaller sum is not among them
	rank   int    // in the first block, of the sum that least begins with
	sure   bool   // the limit best are among them, not only those of a guess
	first  uint32 // block
	blocks int    // how many were collected
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

// guess raises least by what two blocks had, as far as they promise enough in all.
func (b *best) guess(blocks int) {
	want := max(guessTotal, b.limit)
	least := b.least
	for step := uint32(1 << 13); step > 0; step /= 2 {
		if b.promised(least+step, blocks) >= want {
			least += step
		}
	}
	if least == b.least {
		return
	}
	b.least = least
	b.list = slices.DeleteFunc(b.list, func(x candidate) bool { return uint32(x.key>>32) < least })
}

// promised is how many candidates of at least that sum there are in all blocks if
// those not seen yet have as many as the second one.
func (b *best) promised(least uint32, blocks int) int {
	first, second := 0, 0
	for i := range b.list {
		switch {
		case b.list[i].key < uint64(least)<<32:
		case b.list[i].place>>blockBits == b.first:
			first++
		default:
			second++
		}
	}
	return first + (blocks-1)*second
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
	a.hits = a.hits[:0]
	for from, to, nearest := 0, 0, uint32(0); from < n; from = to {
		to, nearest = q.nearest(k.spans[b<<blockBits>>spanBits:], from, n)
		a.collectSpan(from, to, max(q.best.least, nearest+1)-nearest)
	}
	a.offer(q, b)
	clear(a.sums.words[:(n+3)/4])
	if q.best.blocks++; q.best.blocks == 2 && !q.best.sure {
		q.best.guess(len(k.gone))
	}
	if len(q.best.list) > 2*q.best.limit {
		q.best.cut()
	}
}

// nearest bounds what dates add from a place of a block on, and says how far: where that
// is little, several spans are taken together.
func (q *question) nearest(spans []span, from, n int) (to int, most uint32) {
	little := q.best.least / 32
	for to = from; to < n; to += spanPosts {
		near := q.date.nearest(&spans[to>>spanBits])
		if to > from && max(near, most) > little {
			return to, most
		}
		most = max(near, most)
	}
	return n, most
}

// collectSpan notes which of some places of a block have sums that are at least that
// great.
func (a *adder) collectSpan(from, to int, least uint32) {
	for n, mark := range a.mark(from, to, least) {
		for ; mark != 0; mark &= mark - 1 {
			a.hits = append(a.hits, uint16(from+stride*n+bits.TrailingZeros32(mark)))
		}
	}
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

// offer adds their dates to the sums that were noted, and takes in those that are
// great enough.
func (a *adder) offer(q *question, b int) {
	moments, sums, least := a.kernel.moments[b<<blockBits:], a.sums.each(), q.best.least
	list, n := slices.Grow(q.best.list, len(a.hits)), len(q.best.list)
	list = list[:n+len(a.hits)]
	for _, p := range a.hits {
		m := &moments[p]
		sum := uint32(sums[p&placeMask]) + q.date.near(m)
		list[n] = candidate{uint64(sum)<<32 | uint64(m.tie), uint32(b<<blockBits) + uint32(p)}
		if sum >= least {
			n++
		}
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
