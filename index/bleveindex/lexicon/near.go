package lexicon

import (
	"iter"
	"math/bits"
	"unicode/utf8"
)

// Neighbours finds the terms of a lexicon that are near a word. Those within a small
// edit distance are found by scanning the terms of the same first letter and nearly
// the same length, most of which a 64-bit signature of their letters rules out; what
// is left is compared in full. Immutable; safe for concurrent use. It does not keep the
// lexicon.
type Neighbours struct {
	// By bucket, and in it in byte order: the number and the signature of each term.
	buckets map[bucket]span
	order   []uint32
	mask    []uint64
}

// bucket groups terms that can be near each other.
type bucket struct {
	first  rune
	length int // in runes
}

// span is a part of order.
type span struct{ from, to uint32 }

// MaxLength is the length in runes above which a term has no neighbours: it is no
// word that a person mistypes.
const MaxLength = 32

// Neighbours makes the table of the terms from place from on: twelve bytes a term.
func (l *Lexicon) Neighbours(from int) *Neighbours {
	n := &Neighbours{buckets: make(map[bucket]span)}
	l.grouped(from, func(_ uint32, b bucket, _ []byte) { // Sizes first, then places.
		s := n.buckets[b]
		s.to++
		n.buckets[b] = s
	})
	total := uint32(0)
	for b, s := range n.buckets {
		n.buckets[b] = span{total, total}
		total += s.to
	}
	n.order, n.mask = make([]uint32, total), make([]uint64, total)
	l.grouped(from, func(i uint32, b bucket, term []byte) {
		s := n.buckets[b]
		n.order[s.to], n.mask[s.to] = i, signature(string(term))
		s.to++
		n.buckets[b] = s
	})
	return n
}

// grouped calls f with the terms that may have neighbours.
func (l *Lexicon) grouped(from int, f func(i uint32, b bucket, term []byte)) {
	i := uint32(0)
	for term := range l.All() {
		if b, ok := bucketOf(term); ok && int(i) >= from {
			f(i, b, term)
		}
		i++
	}
}

// bucketOf gives the group of a term; false for those that have no neighbours.
func bucketOf(term []byte) (bucket, bool) {
	if len(term) > 4*MaxLength {
		return bucket{}, false
	}
	first, _ := utf8.DecodeRune(term)
	b := bucket{first, utf8.RuneCount(term)}
	return b, b.length <= MaxLength
}

// Size is the memory that is held, in bytes, roughly.
func (n *Neighbours) Size() int64 { return int64(12*len(n.order)) + 64*int64(len(n.buckets)) }

// Near yields the places in l, the lexicon or another of the same bytes, of the terms, other than word, within
// distance of it that share its first letter, with their distance: insertions,
// deletions, substitutions and swaps of neighbours (optimal string alignment). The
// order is not defined.
func (n *Neighbours) Near(l *Lexicon, word string, distance int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		length := utf8.RuneCountInString(word)
		if length == 0 || length > MaxLength {
			return
		}
		first, _ := utf8.DecodeRuneInString(word)
		want := signature(word)
		m := newMeasure(word)
		for long := max(1, length-distance); long <= length+distance; long++ {
			// A replacement changes at most two letters, an insertion or deletion one.
			most := 2*distance - max(long-length, length-long)
			s := n.buckets[bucket{first, long}]
			for i := s.from; i < s.to; i++ {
				if bits.OnesCount64(n.mask[i]^want) > most {
					continue
				}
				at := int(n.order[i])
				if d := m.to(l.Term(at)); d > 0 && d <= distance && !yield(at, d) {
					return
				}
			}
		}
	}
}

// signature has a bit for each letter that occurs. One edit changes at most two
// bits.
func signature(term string) uint64 {
	var m uint64
	for _, r := range term {
		m |= 1 << (uint32(r) & 63)
	}
	return m
}
