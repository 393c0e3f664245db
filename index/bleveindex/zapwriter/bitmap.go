package zapwriter

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Roaring's portable format without run containers. Source: the RoaringBitmap
// format specification.
const (
	roaringCookie     = 12346
	arrayContainerMax = 4096
	bitmapWords       = 1024
)

// appendBitmap writes the ascending document numbers as a roaring bitmap.
func appendBitmap(dst []byte, docs []uint32) []byte {
	containers := 0
	for i := range docs {
		if i == 0 || docs[i]>>16 != docs[i-1]>>16 {
			containers++
		}
	}
	dst = binary.LittleEndian.AppendUint32(dst, roaringCookie)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(containers))
	eachContainer(docs, func(run []uint32) {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(run[0]>>16))
		dst = binary.LittleEndian.AppendUint16(dst, uint16(len(run)-1))
	})
	offset := uint32(8 + 8*containers)
	eachContainer(docs, func(run []uint32) {
		dst = binary.LittleEndian.AppendUint32(dst, offset)
		offset += containerSize(len(run))
	})
	eachContainer(docs, func(run []uint32) { dst = appendContainer(dst, run) })
	return dst
}

// eachContainer calls f with each run of numbers that share their upper half.
func eachContainer(docs []uint32, f func(run []uint32)) {
	for from := 0; from < len(docs); {
		to := from + 1
		for to < len(docs) && docs[to]>>16 == docs[from]>>16 {
			to++
		}
		f(docs[from:to])
		from = to
	}
}

func containerSize(n int) uint32 {
	if n > arrayContainerMax {
		return 8 * bitmapWords
	}
	return uint32(2 * n)
}

func appendContainer(dst []byte, run []uint32) []byte {
	if len(run) <= arrayContainerMax {
		for _, d := range run {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(d))
		}
		return dst
	}
	var words [bitmapWords]uint64
	for _, d := range run {
		low := d & 0xffff
		words[low>>6] |= 1 << (low & 63)
	}
	for _, word := range words {
		dst = binary.LittleEndian.AppendUint64(dst, word)
	}
	return dst
}

// appendDocs adds the document numbers of a bitmap that appendBitmap wrote.
func appendDocs(dst []uint32, data []byte) ([]uint32, error) {
	le := binary.LittleEndian
	if len(data) < 8 || le.Uint32(data) != roaringCookie {
		return dst, fmt.Errorf("%w: no bitmap", ErrCorrupt)
	}
	n := int(le.Uint32(data[4:]))
	if n > maxContainers || len(data) < 8+8*n {
		return dst, fmt.Errorf("%w: bitmap of %d containers", ErrCorrupt, n)
	}
	head, body := data[8:8+4*n], data[8+8*n:]
	for ; len(head) > 0; head = head[4:] {
		high, size := uint32(le.Uint16(head))<<16, int(le.Uint16(head[2:]))+1
		bytes := int(containerSize(size))
		if len(body) < bytes {
			return dst, fmt.Errorf("%w: bitmap is cut short", ErrCorrupt)
		}
		dst = appendContainerDocs(dst, high, size, body[:bytes])
		body = body[bytes:]
	}
	return dst, nil
}

const maxContainers = 1 << 16

func appendContainerDocs(dst []uint32, high uint32, size int, data []byte) []uint32 {
	if size <= arrayContainerMax {
		for ; len(data) > 0; data = data[2:] {
			dst = append(dst, high|uint32(binary.LittleEndian.Uint16(data)))
		}
		return dst
	}
	for i := uint32(0); len(data) > 0; i, data = i+64, data[8:] {
		for word := binary.LittleEndian.Uint64(data); word != 0; word &= word - 1 {
			dst = append(dst, high|i|uint32(bits.TrailingZeros64(word)))
		}
	}
	return dst
}
