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
	"sort"
	"strings"
	"unicode/utf8"
)

// Lexicon is an immutable set of terms with a number each (a document frequency).
// Safe for concurrent use.
type Lexicon struct {
	data    string
	start   []uint32 // where term i begins; one more entry than terms
	count   []uint32
	mask    []uint64
	buckets map[bucket][]uint32
}

// bucket groups terms that can be near each other.
type bucket struct {
	first  rune
	length int // in runes
}

// MaxLength is the length in runes above which a term has no neighbours: it is no
// word that a person mistypes.
const MaxLength = 32

// New returns the lexicon of terms, which come in byte order, each once.
func New(terms iter.Seq2[string, uint32]) *Lexicon {
	l := &Lexicon{start: []uint32{0}, buckets: make(map[bucket][]uint32)}
	var data strings.Builder
	for term, count := range terms {
		n := uint32(len(l.count))
		data.WriteString(term)
		l.start = append(l.start, uint32(data.Len()))
		l.count = append(l.count, count)
		l.mask = append(l.mask, signature(term))
		if length := utf8.RuneCountInString(term); length <= MaxLength {
			first, _ := utf8.DecodeRuneInString(term)
			key := bucket{first, length}
			l.buckets[key] = append(l.buckets[key], n)
		}
	}
	l.data = data.String()
	return l
}

// Len is the number of terms.
func (l *Lexicon) Len() int { return len(l.count) }

// Term is term i, 0 <= i < Len, in byte order. It shares the memory of the others.
func (l *Lexicon) Term(i int) string { return l.data[l.start[i]:l.start[i+1]] }

// Count is the number that came with term i.
func (l *Lexicon) Count(i int) uint32 { return l.count[i] }

// Size is the memory that is held, in bytes, roughly.
func (l *Lexicon) Size() int64 {
	return int64(len(l.data)+4*cap(l.start)+4*cap(l.count)+8*cap(l.mask)) + int64(4*len(l.count))
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
		target := []rune(word)
		if len(target) == 0 || len(target) > MaxLength {
			return
		}
		want := signature(word)
		m := newMeasure(target, distance)
		for length := max(1, len(target)-distance); length <= len(target)+distance; length++ {
			for _, n := range l.buckets[bucket{target[0], length}] {
				if bits.OnesCount64(l.mask[n]^want) > 2*distance {
					continue
				}
				if d := m.to(l.Term(int(n))); d > 0 && d <= distance && !yield(int(n), d) {
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
