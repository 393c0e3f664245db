package lexicon

import (
	"encoding/binary"
	"fmt"
)

// A lexicon in bytes, numbers of four bytes little-endian:
//
//	number of terms, 0, for each block where it begins in the data, data
//
// A block is up to blockTerms terms. Of the first it has the length and all bytes, of
// each other the number of bytes shared with the term before, the number of further
// bytes, and these. Each term is followed by its entry: the number of documents and the value,
// less that of the last such entry in the block; or 0 and the two numbers of 31 bits of
// a value whose highest bit is set and the next is not. Numbers are uvarints.

const (
	// blockTerms is the number of terms in a block: of 16, the first costs half a byte
	// a term more, and a look-up reads 8 at the mean.
	blockTerms = 16
	headSize   = 8
	// pair marks a value of two numbers of 31 bits.
	pair     = uint64(1) << 63
	pairMask = uint64(3) << 62
	half     = uint64(1)<<31 - 1
)

// Builder writes a lexicon. The zero value is ready; it is not safe for concurrent
// use.
type Builder struct {
	data   []byte
	starts []uint32
	terms  int
	last   []byte // the term before
	value  uint64 // the value before, in the block
}

// Reset forgets all terms and keeps the memory.
func (b *Builder) Reset() {
	b.data, b.starts, b.terms = b.data[:0], b.starts[:0], 0
}

// Len is the number of terms.
func (b *Builder) Len() int { return b.terms }

// Add adds a term, greater in byte order than those before, with the number of its
// documents, at least 1, and any value.
func (b *Builder) Add(term []byte, count uint32, value uint64) {
	if b.terms%blockTerms == 0 {
		b.starts = append(b.starts, uint32(len(b.data))) //nolint:gosec // checked by AppendTo
		b.data = append(binary.AppendUvarint(b.data, uint64(len(term))), term...)
		b.value = 0
	} else {
		n := shared(b.last, term)
		b.data = binary.AppendUvarint(binary.AppendUvarint(b.data, uint64(n)), uint64(len(term)-n)) //nolint:gosec // not negative
		b.data = append(b.data, term[n:]...)
	}
	b.last = append(b.last[:0], term...)
	b.terms++
	if value&pairMask == pair && count == 1 {
		b.data = append(b.data, 0)
		b.data = binary.AppendUvarint(binary.AppendUvarint(b.data, value&half), value>>31&half)
		return
	}
	b.data = binary.AppendUvarint(binary.AppendUvarint(b.data, uint64(max(count, 1))), value-b.value)
	b.value = value
}

// AppendTo adds the bytes of the lexicon to dst: none without terms.
func (b *Builder) AppendTo(dst []byte) []byte {
	if b.terms == 0 {
		return dst
	}
	if uint64(len(b.data)) > 1<<32-1 {
		panic(fmt.Sprintf("lexicon of %d bytes", len(b.data))) // A segment of far more than 2^32 bytes.
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(b.terms)) //nolint:gosec // fewer than 2^32 by the size
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	for _, s := range b.starts {
		dst = binary.LittleEndian.AppendUint32(dst, s)
	}
	return append(dst, b.data...)
}

// shared is the length of the common beginning.
func shared(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// decoder reads the terms of a block, one after the other.
type decoder struct {
	data  []byte // what is left
	term  []byte
	value uint64
	begun bool
	entry Entry
}

// next reads a term.
func (d *decoder) next() {
	kept := uint64(0)
	if d.begun {
		kept = d.number()
	}
	d.begun = true
	n := d.number()
	d.term = append(d.term[:kept], d.data[:n]...)
	d.data = d.data[n:]
	count := d.number()
	if count == 0 {
		low := d.number()
		d.entry = NewEntry(1, pair|d.number()<<31|low)
		return
	}
	d.value += d.number()
	d.entry = NewEntry(uint32(count), d.value) //nolint:gosec // written from a uint32
}

// number reads a uvarint. Most take one byte.
func (d *decoder) number() uint64 {
	v, n := uvarint(d.data)
	d.data = d.data[n:]
	return v
}

// uvarint panics where there is no number: see Lexicon.
func uvarint(data []byte) (uint64, int) {
	if b := data[0]; b < 0x80 {
		return uint64(b), 1
	}
	v, n := binary.Uvarint(data)
	if n <= 0 {
		panic(fmt.Errorf("%w: no number in %d bytes", ErrCorrupt, len(data)))
	}
	return v, n
}
