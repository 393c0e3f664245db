package zapwriter

import (
	"encoding/binary"
	"slices"

	zap "github.com/blevesearch/zapx/v17"
)

// The postings of a term are what the stock reader expects, but for two things.
//
// Norms, which the stock format keeps with each posting, are all 1: lengths are
// kept elsewhere, once a document.
//
// Positions are not locations. The frequency says that there are none, but the
// address of locations leads to positions: a table of chunks as the format has it,
// each of PositionChunk documents by their place in the list, and for each
// document as many uvarints as its frequency says: the first position, then
// distances. A term that occurs once in the whole segment is a value of the
// dictionary, where the position stands in the place of the norm.

// PositionChunk is the number of documents in a chunk of positions.
const PositionChunk = 128

// maxDocs bounds the documents of a segment: a value of the dictionary has 31 bits
// for one.
const maxDocs = 1<<31 - 1

// list is the postings of one term on their way into a segment.
type list struct {
	docs  []uint32 // ascending
	freqs []uint32 // 0 where the field keeps none
	// positions are the encoded ones of all documents, one after the other, ends
	// where those of a chunk end. Both are empty where the field keeps none.
	positions []byte
	ends      []uint32
}

func (l *list) reset() {
	l.docs, l.freqs = l.docs[:0], l.freqs[:0]
	l.positions, l.ends = l.positions[:0], l.ends[:0]
}

// add begins the posting of a document; its positions follow by way of position or
// as bytes.
func (l *list) add(doc, freq uint32) {
	if n := len(l.docs); n > 0 && n%PositionChunk == 0 {
		l.ends = append(l.ends, uint32(len(l.positions)))
	}
	l.docs, l.freqs = append(l.docs, doc), append(l.freqs, freq)
}

// position adds a position, as its distance to the one before.
func (l *list) position(distance uint32) {
	l.positions = binary.AppendUvarint(l.positions, uint64(distance))
}

// single gives the value of a term that occurs once; false where it has to be
// written as a list.
func (l *list) single() (uint64, bool) {
	if len(l.docs) != 1 || l.freqs[0] != 1 {
		return 0, false
	}
	position := uint64(1) // As the norm that the stock format has here.
	if len(l.positions) > 0 {
		position, _ = binary.Uvarint(l.positions)
	}
	if position == 0 || position > maxDocs {
		return 0, false // The stock reader takes 0 for no value.
	}
	return zap.FSTValEncode1Hit(uint64(l.docs[0]), position), true
}

// list writes l and returns the dictionary's value.
func (w *writer) list(l *list) uint64 {
	if value, ok := l.single(); ok {
		return value
	}
	freqs := w.frequencies(l)
	positions := uint64(0)
	if len(l.positions) > 0 {
		positions = w.at()
		l.ends = append(l.ends, uint32(len(l.positions)))
		w.uvarint(uint64(len(l.ends)))
		for _, end := range l.ends {
			w.uvarint(uint64(end))
		}
		w.out = append(w.out, l.positions...)
	}
	at := w.at()
	w.uvarint(freqs)
	w.uvarint(positions)
	w.set = appendBitmap(w.set[:0], l.docs)
	w.uvarint(uint64(len(w.set)))
	w.out = append(w.out, w.set...)
	return at
}

// frequencies writes frequencies and norms in chunks and returns their address. A
// chunk spans a range of document numbers (chunk mode 1026).
func (w *writer) frequencies(l *list) uint64 {
	size := chunkSize(len(l.docs), w.docs)
	w.data = w.data[:0]
	w.chunkEnds = slices.Grow(w.chunkEnds[:0], int((w.docs-1)/size+1))
	for i, doc := range l.docs {
		for uint32(len(w.chunkEnds)) < doc/size {
			w.chunkEnds = append(w.chunkEnds, uint32(len(w.data)))
		}
		if f := l.freqs[i]; f == 0 {
			w.data = append(w.data, 0)
		} else {
			w.data = append(binary.AppendUvarint(w.data, uint64(f)<<1), 1)
		}
	}
	for range (w.docs-1)/size + 1 - uint32(len(w.chunkEnds)) {
		w.chunkEnds = append(w.chunkEnds, uint32(len(w.data)))
	}
	at := w.at()
	w.uvarint(uint64(len(w.chunkEnds)))
	for _, end := range w.chunkEnds {
		w.uvarint(uint64(end))
	}
	w.out = append(w.out, w.data...)
	return at
}

// chunkSize is the number of documents a chunk of frequencies spans.
func chunkSize(postings int, docs uint32) uint32 {
	return docs / uint32(postings/postingsPerChunk+1)
}
