package postings

import (
	"encoding/binary"
	"math/bits"

	zap "github.com/blevesearch/zapx/v17"
)

// Sum adds up the frequencies of several terms by document. Set and Counts have room for all
// documents of the segment; documents with a frequency are in Set.
type Sum struct {
	Set    []uint64
	Counts []uint32
}

func (s *Sum) add(doc, freq uint32) {
	s.Set[doc>>6] |= 1 << (doc & 63)
	s.Counts[doc] += freq
}

// AddValue adds the postings that a value of the dictionary stands for, without making a list
// of them.
func (r *Reader) AddValue(value uint64, to *Sum) error {
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(value)
		to.add(uint32(doc), 1) //nolint:gosec // documents are numbered by uint32
		return nil
	}
	p, err := r.parsePlace(value)
	if err != nil {
		return err
	}
	set, err := parseDocs(p.docs)
	if err != nil {
		return err
	}
	f := freqReader{data: r.data}
	if f.at, err = r.body(p.freq); err != nil {
		return err
	}
	for {
		c, ok, err := set.next()
		if err != nil || !ok {
			return err
		}
		if err := f.addContainer(c, to); err != nil {
			return err
		}
	}
}

// freqReader reads frequencies one after the other.
type freqReader struct {
	data []byte
	at   uint64
}

// listed is how many documents of a container are listed at a time.
const listed = 4096

// addContainer adds the documents of a container; those that are not listed are, some at a time.
func (f *freqReader) addContainer(c container, to *Sum) error {
	var docs [2 * listed]byte
	n := 0
	put := func(low uint32) {
		binary.LittleEndian.PutUint16(docs[n:], uint16(low)) //nolint:gosec // below 65,536
		n += 2
	}
	switch c.kind {
	case asList:
		return f.addDocs(c.base, c.data, to)
	case asBits:
		for i := 0; i < bitBytes; i += 8 {
			for w := binary.LittleEndian.Uint64(c.data[i:]); w != 0; w &= w - 1 {
				put(uint32(i<<3 + bits.TrailingZeros64(w))) //nolint:gosec // below 65,536
			}
			if n > len(docs)-2*64 {
				if err := f.addDocs(c.base, docs[:n], to); err != nil {
					return err
				}
				n = 0
			}
		}
	case asRuns:
		for d := c.data; len(d) >= 4; d = d[4:] {
			first := uint32(binary.LittleEndian.Uint16(d))
			for i := range uint32(binary.LittleEndian.Uint16(d[2:])) + 1 {
				if put(first + i); n == len(docs) {
					if err := f.addDocs(c.base, docs[:n], to); err != nil {
						return err
					}
					n = 0
				}
			}
		}
	}
	return f.addDocs(c.base, docs[:n], to)
}

// addDocs adds the documents of a list, four at a time for as long as their frequencies and
// norms take a byte each.
func (f *freqReader) addDocs(base uint32, docs []byte, to *Sum) error {
	const high, frequencies = 0x8080808080808080, 0x007f007f007f007f
	set, counts := to.Set, to.Counts
	for len(docs) >= 8 {
		if f.at+8 > uint64(len(f.data)) {
			break
		}
		w := binary.LittleEndian.Uint64(f.data[f.at:])
		if w&high != 0 {
			break
		}
		w = w >> 1 & frequencies // Below the lowest bit, and without the norms.
		if (w-0x0001000100010001)&0x8000800080008000 != 0 {
			break // No norm follows.
		}
		d := binary.LittleEndian.Uint64(docs)
		for range 4 {
			doc := base | uint32(d&0xffff)
			set[doc>>6] |= 1 << (doc & 63)
			counts[doc] += uint32(w & 0xff)
			d, w = d>>16, w>>16
		}
		f.at, docs = f.at+8, docs[8:]
	}
	for ; len(docs) >= 2; docs = docs[2:] {
		if err := f.addOne(base|uint32(binary.LittleEndian.Uint16(docs)), to); err != nil {
			return err
		}
	}
	return nil
}

// addOne adds the next frequency to a document.
func (f *freqReader) addOne(doc uint32, to *Sum) error {
	v, n := uvarint(f.data, f.at)
	if n <= 0 {
		return ErrCorrupt
	}
	f.at += uint64(n)
	if v>>1 > 0 { // A norm follows where frequencies are kept.
		_, skip := uvarint(f.data, f.at)
		if skip <= 0 {
			return ErrCorrupt
		}
		f.at += uint64(skip)
	}
	to.add(doc, uint32(v>>1)) //nolint:gosec // frequencies are below the length of a post
	return nil
}
