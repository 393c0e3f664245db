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
	guessTotal = 300
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
	for from := 0; from < n; from += spanPosts {
		nearest := q.date.nearest(&k.spans[(b<<blockBits+from)>>spanBits])
		a.collectSpan(from, min(from+spanPosts, n), max(q.best.least, nearest+1)-nearest)
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

// collectSpan notes which of some places of a block have sums that are at least that
// great.
func (a *adder) collectSpan(from, to int, least uint32) {
	t := atLeast(least)
	words := a.sums.words[from/4 : from/4+(to-from+stride-1)/stride*(stride/4)]
	for ; len(words) >= stride/4; from += stride {
		w := (*[stride / 4]uint64)(words)
		if ((w[0]+t)|(w[1]+t)|(w[2]+t)|(w[3]+t)|(w[4]+t)|(w[5]+t)|(w[6]+t)|(w[7]+t))&highBits != 0 {
			for k, word := range w {
				for hit := (word + t) & highBits; hit != 0; hit &= hit - 1 {
					a.hits = append(a.hits, uint16(from+4*k+bits.TrailingZeros64(hit)/16^laneFlip))
				}
			}
		}
		words = words[stride/4:]
	}
}

// atLeast is what, added to four sums, sets the highest bits of those that are at
// least that great.
func atLeast(least uint32) uint64 { return highBits - uint64(min(least, maxSum))*lowBits }

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
	a.tried = a.sums.above(from, n, a.tried[:0])
	for len(a.tried) < rank && from > 1 {
		from = max(from/4, 1)
		a.tried = a.sums.above(from, n, a.tried[:0])
	}
	if len(a.tried) < rank || rank == 0 {
		return 1
	}
	a.last = uint32(greatest(a.tried, rank))
	return a.last
}

// above appends those of the first n sums that are at least that great.
func (s *sums) above(least uint32, n int, out []uint16) []uint16 {
	t, each := atLeast(least), s.each()
	words := s.words[:(n+stride-1)/stride*(stride/4)]
	for from := 0; len(words) >= stride/4; from += stride {
		w := (*[stride / 4]uint64)(words)
		for k := range w {
			for hit := (w[k] + t) & highBits; hit != 0; hit &= hit - 1 {
				out = append(out, each[from+4*k+bits.TrailingZeros64(hit)/16^laneFlip])
			}
		}
		words = words[stride/4:]
	}
	return out
}
