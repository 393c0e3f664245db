package zapwriter

import "encoding/binary"

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
