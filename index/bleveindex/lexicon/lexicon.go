// Package lexicon answers: which terms begin with this, and which are a typing
// mistake away from it.
//
// A Lexicon is the sorted list of the terms of one segment. Neighbours within a
// small edit distance are found by scanning the terms of the same first letter
// and nearly the same length, most of which a 64-bit signature of their letters
// rules out; what is left is compared in full.
package lexicon

import (
	"iter"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Lexicon is an immutable set of terms with an [Entry] each. Safe for concurrent
// use.
type Lexicon struct {
	data    string
	start   []uint32 // where term i begins; one more entry than terms
	entries []Entry
	// By bucket, and in it in byte order: the number and the signature of each term.
	buckets map[bucket]span
	order   []uint32
	mask    []uint64
}

// Entry is what is kept of a term.
type Entry struct {
	Count uint32 // of documents
	// low and high are the halves of a value: no more room than is needed.
	low, high uint32
}

// NewEntry returns the entry of a term with a document frequency and any value.
func NewEntry(count uint32, value uint64) Entry {
	return Entry{Count: count, low: uint32(value), high: uint32(value >> 32)} //nolint:gosec // the lower half
}

// Value is the value that the entry was made with.
func (e Entry) Value() uint64 { return uint64(e.high)<<32 | uint64(e.low) }

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

// New returns the lexicon of terms, which come in byte order, each once. A term
// needs to be good until the next one only.
func New(terms iter.Seq2[[]byte, Entry]) *Lexicon {
	l := &Lexicon{start: []uint32{0}, buckets: make(map[bucket]span)}
	var data strings.Builder
	for term, entry := range terms {
		data.Write(term)
		l.start = append(l.start, uint32(data.Len())) //nolint:gosec // a segment is smaller
		l.entries = append(l.entries, entry)
	}
	l.data = data.String()
	l.start, l.entries = slices.Clip(l.start), slices.Clip(l.entries)
	l.group()
	return l
}

// bucketOf gives the group of a term; false for those that have no neighbours.
func bucketOf(term string) (bucket, bool) {
	if len(term) > 4*MaxLength {
		return bucket{}, false
	}
	first, _ := utf8.DecodeRuneInString(term)
	b := bucket{first, utf8.RuneCountInString(term)}
	return b, b.length <= MaxLength
}

// group sorts the terms by bucket: sizes first, then places.
func (l *Lexicon) group() {
	for i := range l.entries {
		if b, ok := bucketOf(l.Term(i)); ok {
			s := l.buckets[b]
			s.to++
			l.buckets[b] = s
		}
	}
	total := uint32(0)
	for b, s := range l.buckets {
		l.buckets[b] = span{total, total}
		total += s.to
	}
	l.order, l.mask = make([]uint32, total), make([]uint64, total)
	for i := range l.entries {
		term := l.Term(i)
		if b, ok := bucketOf(term); ok {
			s := l.buckets[b]
			l.order[s.to], l.mask[s.to] = uint32(i), signature(term) //nolint:gosec // fewer than 2^32
			s.to++
			l.buckets[b] = s
		}
	}
}

// Len is the number of terms.
func (l *Lexicon) Len() int { return len(l.entries) }

// Term is term i, 0 <= i < Len, in byte order. It shares the memory of the others.
func (l *Lexicon) Term(i int) string { return l.data[l.start[i]:l.start[i+1]] }

// Entry is what came with term i.
func (l *Lexicon) Entry(i int) Entry { return l.entries[i] }

// Count is the number of documents that came with term i.
func (l *Lexicon) Count(i int) uint32 { return l.entries[i].Count }

// Size is the memory that is held, in bytes, roughly.
func (l *Lexicon) Size() int64 {
	return int64(len(l.data)+4*cap(l.start)+12*cap(l.entries)+12*len(l.order)) + 64*int64(len(l.buckets))
}

// Prefix returns the range of the terms that begin with prefix, to exclusive.
func (l *Lexicon) Prefix(prefix string) (from, to int) {
	from = sort.Search(l.Len(), func(i int) bool { return l.Term(i) >= prefix })
	to = from + sort.Search(l.Len()-from, func(i int) bool {
		term := l.Term(from + i)
		return term[:min(len(term), len(prefix))] > prefix
	})
	return from, to
}

// Find returns the place of term.
func (l *Lexicon) Find(term string) (int, bool) {
	i := sort.Search(l.Len(), func(i int) bool { return l.Term(i) >= term })
	return i, i < l.Len() && l.Term(i) == term
}

// Near yields the terms, other than word, within distance of it that share its
// first letter, with their distance: insertions, deletions, substitutions and
// swaps of neighbours (optimal string alignment). The order is not defined.
func (l *Lexicon) Near(word string, distance int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		length := utf8.RuneCountInString(word)
		if length == 0 || length > MaxLength {
			return
		}
		first, _ := utf8.DecodeRuneInString(word)
		want := signature(word)
		m := newMeasure(word)
		for n := max(1, length-distance); n <= length+distance; n++ {
			// A replacement changes at most two letters, an insertion or deletion one.
			most := 2*distance - max(n-length, length-n)
			s := l.buckets[bucket{first, n}]
			for i := s.from; i < s.to; i++ {
				if bits.OnesCount64(l.mask[i]^want) > most {
					continue
				}
				at := int(l.order[i])
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
