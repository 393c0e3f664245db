package postings

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// docSet walks the bytes of a roaring bitmap: a cookie, for each container of 65,536
// documents a key and its size less one, offsets, and then the containers. Source: the
// RoaringFormatSpec of the Roaring Bitmap project.
type docSet struct {
	heads []byte // of the containers that are left
	runs  []byte // a bit for each container that is made of runs; nil for none
	at    int    // number of the next container
	body  []byte // of the containers that are left
}

const (
	plainCookie = 12346
	runCookie   = 12347
	// offsetsFrom is from how many containers on a bitmap with runs has offsets.
	offsetsFrom = 4
	// arrayMost is how many documents a container lists; of more it has a bit each.
	arrayMost = 4096
	bitBytes  = 1 << 13
)

func parseDocs(b []byte) (s docSet, err error) {
	if len(b) < 8 {
		return s, ErrCorrupt
	}
	n, offsets := 0, true
	switch cookie := binary.LittleEndian.Uint32(b); {
	case cookie == plainCookie:
		n, b = int(binary.LittleEndian.Uint32(b[4:])), b[8:]
	case cookie&0xffff == runCookie:
		n = int(cookie>>16) + 1
		flags := (n + 7) / 8
		if len(b) < 4+flags {
			return s, ErrCorrupt
		}
		s.runs, b = b[4:4+flags], b[4+flags:]
		offsets = n >= offsetsFrom
	default:
		return s, fmt.Errorf("%w: no bitmap begins with %x", ErrCorrupt, cookie)
	}
	skipped := 4 * n
	if offsets {
		skipped *= 2
	}
	if n > 1<<16 || len(b) < skipped {
		return s, ErrCorrupt
	}
	s.heads, s.body = b[:4*n], b[skipped:]
	return s, nil
}

// count is the number of documents, from the sizes of the containers.
func (s *docSet) count() uint32 {
	n := uint32(0)
	for h := s.heads; len(h) >= 4; h = h[4:] {
		n += uint32(binary.LittleEndian.Uint16(h[2:])) + 1
	}
	return n
}

// kind is how a container is written.
type kind uint8

const (
	asList kind = iota
	asBits
	asRuns
)

// container is a part of a docSet: documents of the same upper half.
type container struct {
	kind kind
	base uint32
	data []byte
}

// next takes the next container off s; false at the end.
func (s *docSet) next() (c container, ok bool, err error) {
	if len(s.heads) == 0 {
		return c, false, nil
	}
	c.base = uint32(binary.LittleEndian.Uint16(s.heads)) << 16
	size := int(binary.LittleEndian.Uint16(s.heads[2:])) + 1
	length := 2 * size
	switch {
	case s.runs != nil && s.runs[s.at/8]>>(s.at%8)&1 != 0:
		if len(s.body) < 2 {
			return c, false, ErrCorrupt
		}
		c.kind, length = asRuns, 4*int(binary.LittleEndian.Uint16(s.body))
		s.body = s.body[2:]
	case size > arrayMost:
		c.kind, length = asBits, bitBytes
	}
	if len(s.body) < length {
		return c, false, ErrCorrupt
	}
	c.data = s.body[:length]
	s.heads, s.body, s.at = s.heads[4:], s.body[length:], s.at+1
	return c, true, nil
}

// appendTo appends all documents, ascending. Room for count of them should be there.
func (s docSet) appendTo(dst []uint32) ([]uint32, error) {
	for {
		c, ok, err := s.next()
		if err != nil || !ok {
			return dst, err
		}
		switch c.kind {
		case asList:
			for d := c.data; len(d) >= 2; d = d[2:] {
				dst = append(dst, c.base|uint32(binary.LittleEndian.Uint16(d)))
			}
		case asBits:
			for i := 0; i < bitBytes; i += 8 {
				at := c.base | uint32(i<<3) //nolint:gosec // below 65,536
				for w := binary.LittleEndian.Uint64(c.data[i:]); w != 0; w &= w - 1 {
					dst = append(dst, at+uint32(bits.TrailingZeros64(w)))
				}
			}
		case asRuns:
			for d := c.data; len(d) >= 4; d = d[4:] {
				first := c.base | uint32(binary.LittleEndian.Uint16(d))
				for i := range uint32(binary.LittleEndian.Uint16(d[2:])) + 1 {
					dst = append(dst, first+i)
				}
			}
		}
	}
}

// countIn is the number of documents that are in live, which has a bit for each
// document of the segment.
func (s docSet) countIn(live []uint64) (int, error) {
	n := 0
	for {
		c, ok, err := s.next()
		if err != nil || !ok {
			return n, err
		}
		switch c.kind {
		case asList:
			for d := c.data; len(d) >= 2; d = d[2:] {
				n += bitOf(live, c.base|uint32(binary.LittleEndian.Uint16(d)))
			}
		case asBits:
			in := live[min(len(live), int(c.base>>6)):]
			for i := 0; i < min(bitBytes/8, len(in)); i++ {
				n += bits.OnesCount64(in[i] & binary.LittleEndian.Uint64(c.data[8*i:]))
			}
		case asRuns:
			for d := c.data; len(d) >= 4; d = d[4:] {
				first := c.base | uint32(binary.LittleEndian.Uint16(d))
				for i := range uint32(binary.LittleEndian.Uint16(d[2:])) + 1 {
					n += bitOf(live, first+i)
				}
			}
		}
	}
}

func bitOf(live []uint64, doc uint32) int {
	if int(doc>>6) >= len(live) {
		return 0
	}
	return int(live[doc>>6] >> (doc & 63) & 1) //nolint:gosec // 0 or 1
}
