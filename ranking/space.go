package ranking

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// space gives numbers to names in the order in which they are first seen. Its table
// holds numbers only, so that a name takes 16 bytes beside its own.
type space struct {
	seed  maphash.Seed
	slots []uint32 // of an open hash table: numbers plus one
	names []string
	arena arena
}

func newSpace() *space { return &space{seed: maphash.MakeSeed()} }

// spaceOf is the space of these names, in their order.
func spaceOf(names []string) *space {
	s := newSpace()
	s.names = names
	s.resize(tableSize(len(names)))
	return s
}

// minSlots is the size of the smallest table.
const minSlots = 16

// crowdedBy is true for a table of so many slots that n names would fill by more than
// two thirds.
func crowdedBy(n, slots int) bool { return 2*slots < 3*(n+1) }

// tableSize is the number of slots for n names, a power of two.
func tableSize(n int) int {
	size := minSlots
	for crowdedBy(n, size) {
		size *= 2
	}
	return size
}

func (s *space) resize(size int) {
	s.slots = make([]uint32, size)
	for n, name := range s.names {
		s.slots[s.free(name)] = uint32(n + 1)
	}
}

// free is the first empty slot for a name that has none.
func (s *space) free(name string) int {
	mask := len(s.slots) - 1
	at := int(maphash.String(s.seed, name)) & mask
	for s.slots[at] != 0 {
		at = (at + 1) & mask
	}
	return at
}

// number returns the number of name, a new one if it has none. The name is
// copied, so that it does not keep a larger text alive.
func (s *space) number(name string) uint32 {
	if n, ok := s.lookup(name); ok {
		return n
	}
	if crowdedBy(len(s.names)+1, len(s.slots)) {
		s.resize(tableSize(len(s.names) + 1))
	}
	n := uint32(len(s.names))
	s.slots[s.free(name)] = n + 1
	s.names = append(s.names, s.arena.copy(name))
	return n
}

// lookup returns the number of name if it has one.
func (s *space) lookup(name string) (uint32, bool) {
	if len(s.slots) == 0 {
		return 0, false
	}
	mask := len(s.slots) - 1
	for at := int(maphash.String(s.seed, name)) & mask; s.slots[at] != 0; at = (at + 1) & mask {
		if n := s.slots[at] - 1; s.names[n] == name {
			return n, true
		}
	}
	return 0, false
}

func (s *space) len() int { return len(s.names) }

// arena copies strings one after another into few pieces of memory.
type arena struct{ piece strings.Builder }

// arenaBytes is the size of a piece; a longer string has one of its own.
const arenaBytes = 1 << 15

func (a *arena) copy(s string) string {
	if len(s) > arenaBytes/16 {
		return strings.Clone(s)
	}
	if a.piece.Cap()-a.piece.Len() < len(s) {
		a.piece = strings.Builder{}
		a.piece.Grow(arenaBytes)
	}
	at := a.piece.Len()
	a.piece.WriteString(s)
	return a.piece.String()[at:]
}

// forms remembers how features are mostly written: stems are not for readers. One
// candidate a feature is kept, by majority vote (Boyer and Moore, 1981). Spellings
// are numbers of a space that all forms share.
type forms struct {
	best  []uint32 // plus one; 0 is none
	votes []int32
	all   []int32 // occurrences in any form
	plain []int32 // of them, in the form of the feature's own name
}

// vote counts n occurrences of a feature written in one way; plain says that
// folded this is the name of the feature.
func (f *forms) vote(id, spelling uint32, n int32, plain bool) {
	for int(id) >= len(f.best) {
		f.best, f.votes = append(f.best, 0), append(f.votes, 0)
		f.all, f.plain = append(f.all, 0), append(f.plain, 0)
	}
	f.all[id] += n
	if plain {
		f.plain[id] += n
	}
	switch {
	case f.best[id] == spelling+1:
		f.votes[id] += n
	case f.votes[id] < n:
		f.best[id], f.votes[id] = spelling+1, n-f.votes[id]
	default:
		f.votes[id] -= n
	}
}

// plainShare is the share of its occurrences from which a feature is said by its
// own name.
const plainShare = 0.2

// decided ends the votes.
func (f *forms) decided() spellings {
	out := spellings{best: f.best, plain: make([]bool, len(f.best))}
	for id := range out.plain {
		out.plain[id] = float64(f.plain[id]) >= plainShare*float64(f.all[id])
	}
	return out
}

// spellings say how features are written.
type spellings struct {
	best  []uint32 // plus one; 0 is none
	plain []bool   // often enough written as their own name
}

// of returns the spelling of a feature.
func (s *spellings) of(id uint32) (uint32, bool) {
	if int(id) >= len(s.best) || s.best[id] == 0 {
		return 0, false
	}
	return s.best[id] - 1, true
}

// isPlain says whether a feature is often enough written as its own name.
func (s *spellings) isPlain(id uint32) bool { return int(id) < len(s.plain) && s.plain[id] }

// pairs gives numbers to pairs of terms, as space does to names, and remembers
// how a pair is written where its words stand side by side.
type pairs struct {
	keys
	written []writtenPair
}

// keys gives numbers to pairs of terms, in the order in which they are first seen.
type keys struct {
	slots []uint32 // of an open hash table: numbers plus one
	terms []uint64
}

// writtenPair are the spellings of two words, with the votes for them; no vote
// is no spelling.
type writtenPair struct {
	first, second uint32
	votes         int32
}

func newPairs() *pairs { return &pairs{} }

// pairsOf are the pairs of these terms, in their order.
func pairsOf(terms []uint64, written []writtenPair) *pairs {
	return &pairs{keys: keysOf(terms), written: written}
}

// keysOf are the pairs of these terms, in their order.
func keysOf(terms []uint64) keys {
	k := keys{terms: terms}
	k.resize(tableSize(len(terms)))
	return k
}

func pairKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

func splitKey(key uint64) (uint32, uint32) { return uint32(key >> 32), uint32(key) }

// slot is where the search for a pair begins (Fibonacci hashing).
func (k *keys) slot(key uint64) int {
	return int((key ^ key>>32) * 0x9e3779b97f4a7c15 >> (65 - bits.Len(uint(len(k.slots)))))
}

func (k *keys) resize(size int) {
	k.slots = make([]uint32, size)
	k.fill()
}

// fill puts all pairs into the empty table.
func (k *keys) fill() {
	mask := len(k.slots) - 1
	for n, key := range k.terms {
		at := k.slot(key)
		for k.slots[at] != 0 {
			at = (at + 1) & mask
		}
		k.slots[at] = uint32(n + 1)
	}
}

func (k *keys) number(key uint64) uint32 {
	if crowdedBy(len(k.terms)+1, len(k.slots)) {
		k.resize(tableSize(len(k.terms) + 1))
	}
	mask, at := len(k.slots)-1, k.slot(key)
	for k.slots[at] != 0 {
		if n := k.slots[at] - 1; k.terms[n] == key {
			return n
		}
		at = (at + 1) & mask
	}
	n := uint32(len(k.terms))
	k.slots[at] = n + 1
	k.terms = append(k.terms, key)
	return n
}

func (p *pairs) number(key uint64) uint32 {
	n := p.keys.number(key)
	if int(n) == len(p.written) {
		p.written = append(p.written, writtenPair{})
	}
	return n
}

func (k *keys) lookup(key uint64) (uint32, bool) {
	if len(k.slots) == 0 {
		return 0, false
	}
	mask := len(k.slots) - 1
	for at := k.slot(key); k.slots[at] != 0; at = (at + 1) & mask {
		if n := k.slots[at] - 1; k.terms[n] == key {
			return n, true
		}
	}
	return 0, false
}

// vote counts one text in which pair n is written as w.
func (p *pairs) vote(n uint32, first, second uint32) {
	w := &p.written[n]
	switch {
	case w.votes == 0:
		*w = writtenPair{first, second, 1}
	case w.first == first && w.second == second:
		w.votes++
	default:
		w.votes--
	}
}

// split returns the two terms of pair n.
func (p *pairs) split(n uint32) (uint32, uint32) { return splitKey(p.terms[n]) }
