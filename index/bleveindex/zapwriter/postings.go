package zapwriter

import (
	"encoding/binary"

	zap "github.com/blevesearch/zapx/v17"
)

// maxOneHit bounds document number and norm of a posting that is kept in the
// dictionary itself.
const maxOneHit = 1 << 31

// postings writes the postings of term t and returns the dictionary's value.
func (w *writer) postings(id uint16, f *fieldBuilder, t uint32) uint64 {
	from, to := w.run(t)
	w.docSet = w.docSet[:0]
	for i := from; i < to; i++ {
		if n := len(w.docSet); n == 0 || w.docSet[n-1] != w.docOf[i] {
			w.docSet = append(w.docSet, w.docOf[i])
		}
	}
	if value, ok := w.oneHit(f, from, to); ok {
		return value
	}
	size := chunkSize(len(w.docSet), w.docs)
	w.tf.reset(size, w.docs)
	w.loc.reset(size, w.docs)
	for i := from; i < to; {
		end := i + 1
		for end < to && w.docOf[end] == w.docOf[i] {
			end++
		}
		w.posting(id, f, i, end)
		i = end
	}
	tf, loc := w.chunked(&w.tf), w.chunked(&w.loc)
	addr := uint64(len(w.out))
	w.uvarint(tf)
	w.uvarint(loc)
	set := appendBitmap(w.one[:0], w.docSet)
	w.uvarint(uint64(len(set)))
	w.out = append(w.out, set...)
	w.one = set
	return addr
}

// oneHit gives the value of a term with a single occurrence and no position.
func (w *writer) oneHit(f *fieldBuilder, from, to uint32) (uint64, bool) {
	if to-from != 1 || f.Options.IncludeTermVectors() || f.Options.SkipFreqNorm() {
		return 0, false
	}
	doc := w.docOf[from]
	norm := f.length(doc)
	if doc >= maxOneHit || norm >= maxOneHit || norm == 0 {
		return 0, false
	}
	return zap.FSTValEncode1Hit(uint64(doc), uint64(norm)), true
}

// posting writes frequency, norm and positions of one document, whose tokens are
// i to end.
func (w *writer) posting(id uint16, f *fieldBuilder, i, end uint32) {
	doc := w.docOf[i]
	buf := w.tf.at(doc)
	if f.Options.SkipFreqNorm() {
		*buf = binary.AppendUvarint(*buf, 0)
		return
	}
	freq := uint64(end-i) << 1
	if !f.Options.IncludeTermVectors() {
		*buf = binary.AppendUvarint(*buf, freq)
		*buf = binary.AppendUvarint(*buf, uint64(f.length(doc)))
		return
	}
	*buf = binary.AppendUvarint(*buf, freq|1)
	*buf = binary.AppendUvarint(*buf, uint64(f.length(doc)))
	w.positions(id, f, w.loc.at(doc), i, end)
}

// positions writes all positions of one document as one location: its size in
// bytes, then field, first position, start, end (offsets are not kept: zero), and
// the distances between the further positions as array positions.
func (w *writer) positions(id uint16, f *fieldBuilder, buf *[]byte, i, end uint32) {
	before := f.position[w.tokens[i]]
	one := binary.AppendUvarint(w.one[:0], uint64(id))
	one = binary.AppendUvarint(one, uint64(before))
	one = append(one, 0, 0)
	one = binary.AppendUvarint(one, uint64(end-i-1))
	for i++; i < end; i++ {
		position := f.position[w.tokens[i]]
		one = binary.AppendUvarint(one, uint64(position-before))
		before = position
	}
	*buf = binary.AppendUvarint(*buf, uint64(len(one)))
	*buf = append(*buf, one...)
	w.one = one
}

// chunkSize is the number of documents a chunk of postings spans (chunk mode 1026).
func chunkSize(postings int, docs uint32) uint32 {
	return docs / uint32(postings/postingsPerChunk+1)
}

// chunks collects the bytes of the chunks of one term.
type chunks struct {
	size    uint32
	data    []byte
	ends    []uint64 // end of each chunk in data
	current uint32
}

func (c *chunks) reset(size, docs uint32) {
	c.size, c.current = size, 0
	c.data = c.data[:0]
	n := int((docs-1)/size + 1)
	if cap(c.ends) < n {
		c.ends = make([]uint64, n)
	}
	c.ends = c.ends[:n]
}

// at returns the buffer, in the chunk of doc; docs come ascending.
func (c *chunks) at(doc uint32) *[]byte {
	for chunk := doc / c.size; c.current < chunk; c.current++ {
		c.ends[c.current] = uint64(len(c.data))
	}
	return &c.data
}

// chunked writes c and returns its address; 0 when there is nothing in it.
func (w *writer) chunked(c *chunks) uint64 {
	if len(c.data) == 0 {
		return 0
	}
	for ; int(c.current) < len(c.ends); c.current++ {
		c.ends[c.current] = uint64(len(c.data))
	}
	addr := uint64(len(w.out))
	w.uvarint(uint64(len(c.ends)))
	for _, e := range c.ends {
		w.uvarint(e)
	}
	w.out = append(w.out, c.data...)
	return addr
}
