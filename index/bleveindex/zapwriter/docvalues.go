package zapwriter

import (
	"encoding/binary"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/golang/snappy"
)

// docValues writes each document's terms, in the order of the terms' bytes and
// each followed by a separator, and returns where they begin and end.
func (w *writer) docValues(f *fieldBuilder) (from, to uint64) {
	values := w.valuesByDoc(f)
	from = uint64(len(w.out))
	ends := make([]uint64, 0, w.docs/docsPerDVChunk+1)
	for first := uint32(0); first < w.docs; first += docsPerDVChunk {
		w.docValueChunk(f, values, first, min(first+docsPerDVChunk, w.docs))
		ends = append(ends, uint64(len(w.out))-from)
	}
	table := len(w.out)
	for _, e := range ends {
		w.uvarint(e)
	}
	size := len(w.out) - table
	w.out = binary.BigEndian.AppendUint64(w.out, uint64(size))
	w.out = binary.BigEndian.AppendUint64(w.out, uint64(len(ends)))
	return from, uint64(len(w.out))
}

// valuesByDoc gathers the terms by document.
func (w *writer) valuesByDoc(f *fieldBuilder) [][]byte {
	values := make([][]byte, w.docs)
	for _, t := range w.order {
		from, to := w.run(t)
		last := w.docs
		for i := from; i < to; i++ {
			if d := w.docOf[i]; d != last {
				values[d] = append(append(values[d], f.terms.term(t)...), index.DocValueTermSeparator)
				last = d
			}
		}
	}
	return values
}

// docValueChunk writes the documents first to end (exclusive): how many have
// values, for each its number and where its value ends, and the values. A chunk
// without values is empty.
func (w *writer) docValueChunk(f *fieldBuilder, values [][]byte, first, end uint32) {
	var data, meta []byte
	n := 0
	for d := first; d < end; d++ {
		if len(values[d]) == 0 {
			continue
		}
		n++
		data = append(data, values[d]...)
		meta = binary.AppendUvarint(meta, uint64(d))
		meta = binary.AppendUvarint(meta, uint64(len(data)))
	}
	if n == 0 {
		return
	}
	w.uvarint(uint64(n))
	w.out = append(w.out, meta...)
	if f.Options.SkipDVCompression() {
		w.out = append(w.out, data...)
		return
	}
	w.out = append(w.out, snappy.Encode(nil, data)...)
}
