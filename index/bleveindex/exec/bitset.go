package exec

import "math/bits"

// bitset is a set of the posts of one segment.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

// fullBitset holds 0..n-1.
func fullBitset(n int) bitset {
	b := newBitset(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	if rest := n % 64; rest != 0 {
		b[len(b)-1] = 1<<rest - 1
	}
	return b
}

func (b bitset) add(i uint32)           { b[i>>6] |= 1 << (i & 63) }
func (b bitset) remove(i uint32)        { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) contains(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) and(o bitset) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	for i := range b {
		b[i] &^= o[i]
	}
}

func (b bitset) or(o bitset) {
	for i := range b {
		b[i] |= o[i]
	}
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

// each calls f with the members in ascending order.
func (b bitset) each(f func(doc uint32)) {
	for i, w := range b {
		for w != 0 {
			f(uint32(i<<6 + bits.TrailingZeros64(w))) //nolint:gosec // below the segment's size
			w &= w - 1
		}
	}
}

// ranks gives how many posts come before each 64.
func (b bitset) ranks() []uint32 {
	out := make([]uint32, len(b))
	rank := uint32(0)
	for i, w := range b {
		out[i] = rank
		rank += uint32(bits.OnesCount64(w)) //nolint:gosec // at most 64
	}
	return out
}
