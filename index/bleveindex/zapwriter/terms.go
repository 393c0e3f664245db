package zapwriter

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
)

// termTable gives each distinct term a number, in order of first sight.
type termTable struct {
	slots []slot   // the length is a power of two
	start []uint32 // where the term begins in bytes; one more entry than terms
	bytes []byte
}

// slot is where a term is found by its hash, which is kept beside the number: most
// other terms are told apart without a look at them.
type slot struct {
	number uint32 // of the term, plus 1; 0 is free
	hash   uint32
}

const initialSlots = 1 << 10

func newTermTable() termTable {
	return termTable{slots: make([]slot, initialSlots), start: []uint32{0}}
}

func (t *termTable) reset() {
	clear(t.slots)
	t.start, t.bytes = append(t.start[:0], 0), t.bytes[:0]
}

func (t *termTable) len() int { return len(t.start) - 1 }

func (t *termTable) term(n uint32) []byte { return t.bytes[t.start[n]:t.start[n+1]] }

// Sight is what a look at a term of a field gave.
type Sight struct {
	hash   uint32
	number uint32 // of the term that it probably is, plus 1; 0 where there was none
}

// sight looks for a term by its hash alone.
func (t *termTable) sight(term string) Sight {
	h := hashTerm(term)
	mask := uint32(len(t.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if at := t.slots[i]; at.number == 0 || at.hash == h {
			return Sight{hash: h, number: at.number}
		}
	}
}

// intern returns the number of term, which was sighted since the last reset.
func (t *termTable) intern(term string, s Sight) uint32 {
	if s.number > 0 && string(t.term(s.number-1)) == term {
		return s.number - 1
	}
	mask := uint32(len(t.slots) - 1)
	for i := s.hash & mask; ; i = (i + 1) & mask {
		at := t.slots[i]
		if at.number == 0 {
			return t.insert(i, s.hash, term)
		}
		if n := at.number - 1; at.hash == s.hash && string(t.term(n)) == term {
			return n
		}
	}
}

func (t *termTable) insert(at, h uint32, term string) uint32 {
	n := uint32(t.len())
	t.slots[at] = slot{number: n + 1, hash: h}
	t.bytes = append(t.bytes, term...)
	t.start = append(t.start, uint32(len(t.bytes)))
	if t.len()*2 > len(t.slots) {
		t.grow()
	}
	return n
}

func (t *termTable) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		i := s.hash & mask
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// sorted returns the term numbers in the order of their bytes, comparing eight
// bytes at a time where that decides.
func (t *termTable) sorted(dst []uint32) []uint32 {
	type keyed struct {
		key    uint64
		number uint32
	}
	keys := make([]keyed, t.len())
	for n := range keys {
		keys[n] = keyed{prefix(t.term(uint32(n))), uint32(n)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return bytes.Compare(t.term(a.number), t.term(b.number))
	})
	dst = dst[:0]
	for _, k := range keys {
		dst = append(dst, k.number)
	}
	return dst
}

// prefix is the first eight bytes as a number that orders like them.
func prefix(term []byte) uint64 {
	var k uint64
	for i := range 8 {
		k <<= 8
		if i < len(term) {
			k |= uint64(term[i])
		}
	}
	return k
}

// hashTerm hashes eight bytes at a time, 32 bits. Source: the folded multiplication of
// wyhash, by Wang Yi.
func hashTerm(term string) uint32 {
	h := uint64(len(term)) ^ hashSeed
	for ; len(term) > 8; term = term[8:] {
		h = fold(h^load32(term)^load32(term[4:])<<32, hashFactor)
	}
	switch n := len(term); {
	case n >= 4:
		h ^= load32(term) | load32(term[n-4:])<<32
	case n > 0:
		h ^= uint64(term[0]) | uint64(term[n/2])<<8 | uint64(term[n-1])<<16
	}
	h = fold(h, hashFactor)
	return uint32(h ^ h>>32)
}

const (
	hashSeed   = 0xa0761d6478bd642f
	hashFactor = 0xe7037ed1a0b428db
)

func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

func load32(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}
