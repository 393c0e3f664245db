package zapwriter

import "encoding/binary"

// The occurrences of each term are kept as they come, in a chain of pieces that grow, so that
// no token has to be sorted afterwards and most take two bytes. Source: the byte slices of
// Lucene's indexing chain (ByteSlicePool).
//
// In a piece are bytes, and in its last four the address of the next. The bytes are uvarints:
// of an occurrence in another document than the one before, the distance of the documents
// doubled, plus 1, and the position; of another one in the same document, the distance of the
// positions doubled. What occurs once has no piece.

const (
	firstPiece = 16  // bytes
	lastPiece  = 512 // each piece is twice as long as the one before, up to this
	linkSize   = 4
)

// chain is what is known of the occurrences of one term.
type chain struct {
	doc, position uint32 // the latest occurrence
	first         uint32 // address of the first piece, plus 1; 0 where there is none
	at, end       uint32 // where the next byte goes, and where there is no more room
	size          uint32 // of the last piece
	note          uint64 // see SetNote
}

// chains are the occurrences of all terms of a field, by number of term.
type chains struct {
	of     []chain
	pieces []byte
}

func (c *chains) reset() { c.of, c.pieces = c.of[:0], c.pieces[:0] }

// start begins the chain of the next term.
func (c *chains) start(doc, position uint32) {
	c.of = append(c.of, chain{doc: doc, position: position})
}

// add adds an occurrence to the chain of term n, which has begun: in the document of the one
// before, or a later one.
func (c *chains) add(n, doc, position uint32) {
	k := &c.of[n]
	if k.first == 0 {
		k.first = c.piece(k, firstPiece) + 1
		c.put(k, uint64(k.doc)<<1|1)
		c.put(k, uint64(k.position))
	}
	if doc == k.doc {
		c.put(k, uint64(position-k.position)<<1)
	} else {
		c.put(k, uint64(doc-k.doc)<<1|1)
		c.put(k, uint64(position))
	}
	k.doc, k.position = doc, position
}

// put adds a number.
func (c *chains) put(k *chain, v uint64) {
	if v < 0x80 && k.at < k.end {
		c.pieces[k.at] = byte(v)
		k.at++
		return
	}
	for ; v >= 0x80; v >>= 7 {
		c.putByte(k, byte(v)|0x80)
	}
	c.putByte(k, byte(v))
}

func (c *chains) putByte(k *chain, b byte) {
	if k.at == k.end {
		link := k.end
		next := c.piece(k, min(2*k.size, lastPiece))
		binary.LittleEndian.PutUint32(c.pieces[link:], next)
	}
	c.pieces[k.at] = b
	k.at++
}

// piece gives a chain a further piece and returns its address.
func (c *chains) piece(k *chain, size uint32) uint32 {
	at := uint32(len(c.pieces)) //nolint:gosec // far less than 2^32: batches are bounded
	if need := len(c.pieces) + int(size); need <= cap(c.pieces) {
		c.pieces = c.pieces[:need]
	} else {
		c.pieces = append(c.pieces, make([]byte, size)...)
	}
	k.at, k.end, k.size = at, at+size-linkSize, size
	return at
}

// appendTo appends the bytes of the chain of term n, without links.
func (c *chains) appendTo(dst []byte, n uint32) []byte {
	k := &c.of[n]
	if k.first == 0 {
		return binary.AppendUvarint(binary.AppendUvarint(dst, uint64(k.doc)<<1|1), uint64(k.position))
	}
	at, size := k.first-1, uint32(firstPiece)
	for at+size-linkSize != k.end {
		link := at + size - linkSize
		dst = append(dst, c.pieces[at:link]...)
		at, size = binary.LittleEndian.Uint32(c.pieces[link:]), min(2*size, lastPiece)
	}
	return append(dst, c.pieces[at:k.at]...)
}
