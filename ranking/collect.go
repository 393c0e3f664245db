package ranking

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// candidate is a post with its sum.
type candidate struct {
	key   uint64 // sum, then tie
	place uint32
}

// best keeps the candidates of greatest sum.
type best struct {
	limit int
	list  []candidate
	least uint32 // a smaller sum is not among them
}

func (b *best) reset(limit int) {
	b.limit, b.least = limit, 1
	if cap(b.list) < 3*limit {
		b.list = make([]candidate, 0, 3*limit)
	}
	b.list = b.list[:0]
}

func (b *best) add(sum, tie, place uint32) {
	if len(b.list) == cap(b.list) {
		b.cut()
	}
	b.list = append(b.list, candidate{uint64(sum)<<32 | uint64(tie), place})
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

// The lowest and the highest bit of four sums.
const (
	lowBits  = 0x0001_0001_0001_0001
	highBits = 0x8000_8000_8000_8000
	stride   = 16 // sums that are looked at together
)

// collect offers the posts of a block whose sums are great enough, and clears the
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
	if q.best.least <= 1 {
		q.best.least = max(a.sums.rank(q.best.limit), 1)
	}
	for from := 0; from < n; from += spanPosts {
		a.collectSpan(q, b<<blockBits, from, min(from+spanPosts, n))
	}
	clear(a.sums.words[:(n+3)/4])
	if len(q.best.list) > q.best.limit+q.best.limit/2 {
		q.best.cut()
	}
}

// collectSpan does so for some posts of a block, whose dates are near each other.
func (a *adder) collectSpan(q *question, base, from, to int) {
	nearest := q.date.nearest(&a.kernel.spans[(base+from)>>spanBits])
	least, t := q.best.below(nearest)
	words := a.sums.words[from/4 : from/4+(to-from+stride-1)/stride*(stride/4)]
	for ; len(words) >= stride/4; from += stride {
		w := (*[stride / 4]uint64)(words)
		if (((w[0]|highBits)-t)|((w[1]|highBits)-t)|((w[2]|highBits)-t)|((w[3]|highBits)-t))&highBits != 0 {
			a.offer(q, base, from, least)
			least, t = q.best.below(nearest)
		}
		words = words[stride/4:]
	}
}

// below is the least sum that can become one of the best with so much added, and
// four of it.
func (b *best) below(added uint32) (uint32, uint64) {
	least := max(b.least, added+1) - added
	return least, uint64(min(least, maxSum)) * lowBits
}

// offer offers those of a stride whose sums are at least that great.
func (a *adder) offer(q *question, base, from int, least uint32) {
	t := uint64(min(least, maxSum)) * lowBits
	sums := a.sums.each()[from : from+stride]
	for w, word := range a.sums.words[from/4 : from/4+stride/4] {
		for hit := ((word | highBits) - t) & highBits; hit != 0; hit &= hit - 1 {
			lane := bits.TrailingZeros64(hit)/16 ^ laneFlip
			a.offerOne(q, base+from+4*w+lane, uint32(sums[4*w+lane]))
		}
	}
}

// laneFlip turns the number of a lane of a word, counted from the lowest bits, into
// that of its sum in memory.
//
//nolint:gochecknoglobals // constant of the machine
var laneFlip = int(3 * (1 - binary.NativeEndian.Uint16([]byte{1, 0})))

func (a *adder) offerOne(q *question, place int, sum uint32) {
	m := &a.kernel.moments[place]
	sum += q.date.near(m)
	if sum >= q.best.least {
		q.best.add(sum, m.tie, uint32(place))
	}
}

// rank returns a sum that at least n posts reach, about the greatest such sum, 0 when
// fewer than n reach 64.
func (s *sums) rank(n int) uint32 {
	reached := uint32(0)
	for bit := uint32(4096); bit >= 64; bit /= 2 {
		if s.reaching(reached+bit) >= n {
			reached += bit
		}
	}
	return reached
}

// reaching is the number of posts with at least this sum.
func (s *sums) reaching(least uint32) int {
	t, n := uint64(least)*lowBits, 0
	for _, w := range &s.words {
		n += bits.OnesCount64(((w | highBits) - t) & highBits)
	}
	return n
}
