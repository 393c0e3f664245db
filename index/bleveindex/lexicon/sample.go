package lexicon

import (
	"encoding/binary"
	"sort"
)

const (
	// sampledBlocks is of how many blocks one is sampled.
	sampledBlocks = 16
	// sampleSize is how many bytes of a term a sample has.
	sampleSize = 8
)

// Sampled is the lexicon with the beginnings of the first terms of some of its blocks side by
// side in memory, so that looking a term up waits less often: 8 bytes for 256 terms.
func (l *Lexicon) Sampled() *Lexicon {
	n := len(l.blocks) / 4 / sampledBlocks
	if n < 2 {
		return l
	}
	out := *l
	out.samples = make([]uint64, n)
	for i := range out.samples {
		out.samples[i] = beginning(l.head(i * sampledBlocks))
	}
	return &out
}

// beginning has the first bytes of a term, in such an order that it is less than that of
// another only where the term is; zeros where a term is shorter.
func beginning[T ~string | ~[]byte](term T) uint64 {
	var b [sampleSize]byte
	copy(b[:], term)
	return binary.BigEndian.Uint64(b[:])
}

// near gives blocks, from one on up to another, among which is the first that begins behind
// term, unless that is the other one.
func (l *Lexicon) near(term string, count int) (from, to int) {
	if l.samples == nil {
		return 0, count
	}
	want := beginning(term)
	first := sort.Search(len(l.samples), func(i int) bool { return l.samples[i] >= want }) // Those before begin before term.
	behind := first + sort.Search(len(l.samples)-first, func(i int) bool { return l.samples[first+i] > want })
	if behind < len(l.samples) {
		count = behind * sampledBlocks // It begins behind term.
	}
	return max(first-1, 0) * sampledBlocks, count
}
