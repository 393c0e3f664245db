package zapwriter

import "encoding/binary"

// postings collects the postings of term t in postingList.
func (w *writer) postings(f *fieldBuilder, t uint32) {
	l := &w.postingList
	l.reset()
	w.chain = f.chains.appendTo(w.chain[:0], t)
	counts, positional := !f.Options.SkipFreqNorm(), f.Options.IncludeTermVectors()
	doc := uint32(0)
	for data := w.chain; len(data) > 0; {
		v, n := shortUvarint(data)
		data = data[n:]
		distance := v >> 1
		if v&1 == 1 {
			doc += uint32(distance)
			l.add(doc, 0)
			distance, n = shortUvarint(data)
			data = data[n:]
		}
		if counts {
			l.freqs[len(l.freqs)-1]++
		}
		if positional {
			l.position(uint32(distance))
		}
	}
}

// shortUvarint is binary.Uvarint, quicker for what takes one byte or two.
func shortUvarint(data []byte) (uint64, int) {
	if data[0] < 0x80 {
		return uint64(data[0]), 1
	}
	if len(data) > 1 && data[1] < 0x80 {
		return uint64(data[0]&0x7f) | uint64(data[1])<<7, 2
	}
	return binary.Uvarint(data)
}
