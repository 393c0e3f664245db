package postings

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	zap "github.com/blevesearch/zapx/v17"

	"alphanode/index/bleveindex/zapwriter"
)

// The positions of a document are as many uvarints as its frequency says: the first
// position, then distances. Those of every zapwriter.PositionChunk documents of the
// list are a chunk, whose end a table has.

// PositionCursor reads the positions of one term document by document, ascending. It
// decodes nothing but those asked for. Not safe for concurrent use.
type PositionCursor struct {
	data []byte
	list *List
	// once is the only position of a term that occurs once; 0 for others.
	once uint32
	// table is where the end of the next chunk is read, body where the first chunk begins,
	// end where the last of the chunks ends whose ends were read, of which there are ends.
	table, body, end uint64
	ends             int
	next             uint64 // address of the positions of the document at place
	place            int
}

// PositionCursor gives the positions of term in field; l is the List that Read returns. It is false
// where there are none.
func (r *Reader) PositionCursor(field string, term []byte, l *List) (c PositionCursor, ok bool, err error) {
	value, ok, err := r.value(field, term)
	if err != nil || !ok || !r.positional[field] {
		return c, false, err
	}
	c = PositionCursor{data: r.data, list: l}
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		_, position := zap.FSTValDecode1Hit(value)
		c.once = uint32(position) //nolint:gosec // bounded by the body limit
		return c, true, nil
	}
	p, err := r.parsePlace(value)
	if err == nil && p.loc == 0 {
		return c, false, nil
	}
	if err == nil {
		err = c.begin(p.loc)
	}
	if err != nil {
		return c, false, fmt.Errorf("positions of %s:%q: %w", field, term, err)
	}
	return c, true, nil
}

// begin finds the table of chunks at an address, and the first chunk.
func (c *PositionCursor) begin(at uint64) error {
	chunks, n := uvarint(c.data, at)
	if n <= 0 || chunks != uint64((len(c.list.Docs)+zapwriter.PositionChunk-1)/zapwriter.PositionChunk) { //nolint:gosec // not negative
		return ErrCorrupt
	}
	c.table = at + uint64(n) //nolint:gosec // positive
	c.body = pass(c.data, c.table, chunks)
	c.next = c.body
	return nil
}

// enter goes to the beginning of a chunk behind the first.
func (c *PositionCursor) enter(chunk int) error {
	for ; c.ends < chunk; c.ends++ {
		end, n := uvarint(c.data, c.table)
		if n <= 0 {
			return ErrCorrupt
		}
		c.table += uint64(n) //nolint:gosec // positive
		c.end = c.body + end
	}
	c.next, c.place = c.end, chunk*zapwriter.PositionChunk
	return nil
}

// Append adds to dst the positions, ascending, of the document at a place of the list,
// which must be greater than those asked for before.
func (c *PositionCursor) Append(dst []uint32, place int) ([]uint32, error) {
	if c.once != 0 {
		return append(dst, c.once), nil
	}
	if chunk := place / zapwriter.PositionChunk; chunk > c.place/zapwriter.PositionChunk {
		if err := c.enter(chunk); err != nil {
			return dst, err
		}
	}
	skipped := uint64(0)
	for ; c.place < place; c.place++ {
		skipped += uint64(c.list.Freq(c.place))
	}
	at := pass(c.data, c.next, skipped)
	position := uint32(0)
	for range c.list.Freq(place) {
		v, n := uvarint(c.data, at)
		if n <= 0 {
			return dst, ErrCorrupt
		}
		at += uint64(n)
		position += uint32(v) //nolint:gosec // bounded by the body limit
		dst = append(dst, position)
	}
	c.next, c.place = at, place+1
	return dst, nil
}

// pass goes over n numbers, eight bytes at a time: a number ends where a byte has no
// highest bit. Beyond the end of the data it stays there, and what is read next fails.
func pass(data []byte, at, n uint64) uint64 {
	const high = 0x8080808080808080
	for n >= 8 && at+8 <= uint64(len(data)) {
		n -= uint64(bits.OnesCount64(^binary.LittleEndian.Uint64(data[at:]) & high)) //nolint:gosec // at most 8
		at += 8
	}
	for n > 0 && at < uint64(len(data)) {
		if data[at] < 0x80 {
			n--
		}
		at++
	}
	return at
}

// ReadPositions returns the positions of term in field, for the documents of the
// List that Read returns; nil when there are none.
func (r *Reader) ReadPositions(field string, term []byte) (*Positions, error) {
	l, err := r.Read(field, term)
	if err != nil || l == nil {
		return nil, err
	}
	all := make([]int, len(l.Docs))
	for i := range all {
		all[i] = i
	}
	return r.ReadPositionsAt(field, term, l, all)
}

// ReadPositionsAt returns the positions of term in field for some documents of l,
// which is the List that Read returns, by ascending places in it: At(i) of the
// result belongs to places[i]. It passes over the other documents; nil when there
// are no positions.
func (r *Reader) ReadPositionsAt(field string, term []byte, l *List, places []int) (*Positions, error) {
	c, ok, err := r.PositionCursor(field, term, l)
	if err != nil || !ok {
		return nil, err
	}
	out := &Positions{starts: make([]uint32, 1, len(places)+1)}
	for _, place := range places {
		if out.all, err = c.Append(out.all, place); err != nil {
			return nil, fmt.Errorf("positions of %s:%q: %w", field, term, err)
		}
		out.starts = append(out.starts, uint32(len(out.all))) //nolint:gosec // fewer than 2^32
	}
	return out, nil
}
