package zapwriter

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"unsafe"

	"alphanode/index/bleveindex/lexicon"
)

// Beside what the stock format has, a segment has sections: columns (see column.go)
// and lists of terms, in the form in which they are used, so that they can be read
// where they lie in a mapped file. Each begins at a multiple of eight bytes and has a
// checksum of its own, which is compared by whoever opens it. A directory of them
// lies before the table of fields; its address is in the eight bytes before that.

// section is an entry of the directory.
type section struct {
	name     string
	encoding encoding
	at, size uint64
	sum      uint32 // CRC-32C of its bytes
	// numbers say what can be known without reading the section.
	numbers [sectionNumbers]uint64
}

const sectionNumbers = 4

// Prefixes of the names of sections, which name a field or a column.
const (
	termsSection    = "terms/"
	valuesSection   = "values/"
	ordinalsSection = "ordinals/"
)

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// section writes a section, whose bytes fill appends.
func (w *writer) section(name string, how encoding, numbers [sectionNumbers]uint64, fill func(dst []byte) []byte) {
	for w.at()%8 != 0 {
		w.out = append(w.out, 0)
	}
	start := len(w.out)
	at := w.at()
	w.out = fill(w.out)
	w.sections = append(w.sections, section{
		name: name, encoding: how, at: at, size: uint64(len(w.out) - start), sum: checksum(w.out[start:]), numbers: numbers,
	})
}

// directory writes the names of all columns and the entries of all sections, and
// returns its address.
func (w *writer) directory() uint64 {
	at, start := w.at(), len(w.out)
	w.uvarint(uint64(len(w.columns)))
	for _, c := range w.columns {
		w.uvarint(uint64(len(c.Name)))
		w.out = append(append(w.out, c.Name...), byte(c.Kind))
	}
	w.uvarint(uint64(len(w.sections)))
	for _, s := range w.sections {
		w.uvarint(uint64(len(s.name)))
		w.out = append(append(w.out, s.name...), byte(s.encoding))
		w.uvarint(s.at)
		w.uvarint(s.size)
		w.out = binary.BigEndian.AppendUint32(w.out, s.sum)
		for _, n := range s.numbers {
			w.uvarint(n)
		}
	}
	w.out = binary.BigEndian.AppendUint32(w.out, checksum(w.out[start:]))
	return at
}

// readDirectory reads the directory before the table of fields at address table.
func (r *Raw) readDirectory(table uint64) error {
	before := cursor{data: r.Data, at: table - 8}
	c := cursor{data: r.Data, at: before.uint64(), err: before.err}
	start := c.at
	r.sections = make(map[string]section)
	for n := c.uvarint(); n > 0 && c.err == nil; n-- {
		r.columns = append(r.columns, Column{Name: string(c.bytes(c.uvarint())), Kind: ColumnKind(c.byte())})
	}
	for n := c.uvarint(); n > 0 && c.err == nil; n-- {
		s := section{name: string(c.bytes(c.uvarint())), encoding: encoding(c.byte())}
		s.at, s.size = c.uvarint(), c.uvarint()
		if b := c.bytes(4); len(b) == 4 {
			s.sum = binary.BigEndian.Uint32(b)
		}
		for i := range s.numbers {
			s.numbers[i] = c.uvarint()
		}
		r.sections[s.name] = s
	}
	end := c.at
	sum := c.bytes(4)
	if c.err != nil {
		return fmt.Errorf("directory of sections: %w", c.err)
	}
	if binary.BigEndian.Uint32(sum) != checksum(r.Data[start:end]) {
		return fmt.Errorf("directory of sections: %w: checksum", ErrCorrupt)
	}
	return nil
}

// bytes gives the bytes of a section after their checksum was compared; none where
// there is no such section.
func (r *Raw) bytes(name string) (section, []byte, error) {
	s, ok := r.sections[name]
	if !ok {
		return s, nil, nil
	}
	c := cursor{data: r.Data, at: s.at}
	data := c.bytes(s.size)
	if c.err == nil && checksum(data) != s.sum {
		c.err = fmt.Errorf("%w: checksum", ErrCorrupt)
	}
	if c.err != nil {
		return s, nil, fmt.Errorf("segment %s, section %s: %w", r.Name, name, c.err)
	}
	return s, data, nil
}

// owned is bytes, copied where the segment is not mapped from a file, so that what is
// kept of a segment in memory does not keep all of it.
func (r *Raw) owned(name string) (section, []byte, error) {
	s, data, err := r.bytes(name)
	if !r.Mapped {
		data = slices.Clone(data)
	}
	return s, data, err
}

// SectionBytes is the size of all sections.
func (r *Raw) SectionBytes() int64 {
	n := int64(0)
	for _, s := range r.sections {
		n += int64(s.size)
	}
	return n
}

// Terms gives the terms of a field, or the labels of a column, with their numbers of
// documents and the values for Postings. It reads the segment's memory.
func (r *Raw) Terms(name string) (*lexicon.Lexicon, error) {
	_, data, err := r.bytes(termsSection + name)
	if err != nil {
		return nil, err
	}
	lex, err := lexicon.Open(data)
	if err != nil {
		return nil, fmt.Errorf("terms of %s: %w", name, err)
	}
	return lex, nil
}

// View takes little-endian bytes for numbers, without a copy where the machine has
// them in that order and they lie as it wants them.
func View[T uint16 | uint32 | uint64 | float32 | float64](b []byte) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	n := len(b) / size
	if n == 0 {
		return nil
	}
	if p := unsafe.Pointer(&b[0]); littleEndian() && uintptr(p)%uintptr(size) == 0 {
		return unsafe.Slice((*T)(p), n)
	}
	out := make([]T, n)
	if _, err := binary.Decode(b[:n*size], binary.LittleEndian, out); err != nil {
		panic(err) // Unreachable: the sizes are those of out.
	}
	return out
}

func littleEndian() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }
