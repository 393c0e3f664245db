package zapwriter

import "sort"

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

// intern returns the number of term.
func (t *termTable) intern(term string) uint32 {
	h := hashTerm(term)
	mask := uint32(len(t.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		at := t.slots[i]
		if at.number == 0 {
			return t.insert(i, h, term)
		}
		if n := at.number - 1; at.hash == h && string(t.term(n)) == term {
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
	keys := make([]uint64, t.len())
	dst = dst[:0]
	for n := range keys {
		keys[n] = prefix(t.term(uint32(n)))
		dst = append(dst, uint32(n))
	}
	sort.Slice(dst, func(i, j int) bool {
		a, b := dst[i], dst[j]
		if keys[a] != keys[b] {
			return keys[a] < keys[b]
		}
		return string(t.term(a)) < string(t.term(b))
	})
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

// hashTerm is FNV-1a with a final mix, 32 bits. Source: Fowler, Noll and Vo.
func hashTerm(term string) uint32 {
	h := uint32(2166136261)
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * 16777619
	}
	return h ^ h>>15
}
