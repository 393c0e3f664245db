package postings

import (
	"fmt"

	zap "github.com/blevesearch/zapx/v17"

	"alphanode/index/bleveindex/zapwriter"
)

// The positions of a document are as many uvarints as its frequency says: the first
// position, then distances. Those of every zapwriter.PositionChunk documents of the
// list are a chunk, whose end a table has.

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
	value, ok, err := r.value(field, term)
	if err != nil || !ok || !r.positional[field] {
		return nil, err
	}
	out := &Positions{starts: make([]uint32, 1, len(places)+1)}
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		_, position := zap.FSTValDecode1Hit(value)
		for range places {
			out.all = append(out.all, uint32(position)) //nolint:gosec // bounded by the body limit
			out.starts = append(out.starts, uint32(len(out.all)))
		}
		return out, nil
	}
	p, err := r.parsePlace(value)
	if err == nil && p.loc != 0 {
		err = r.decodePositions(p.loc, l, places, out)
	}
	if err != nil {
		return nil, fmt.Errorf("positions of %s:%q: %w", field, term, err)
	}
	return out, nil
}

func (r *Reader) decodePositions(at uint64, l *List, places []int, out *Positions) error {
	ends, next, err := r.chunkEnds(at, (len(l.Docs)+zapwriter.PositionChunk-1)/zapwriter.PositionChunk)
	if err != nil {
		return err
	}
	body, chunk, doc := next, 0, 0
	for _, wanted := range places {
		if c := wanted / zapwriter.PositionChunk; c > chunk {
			next, chunk, doc = body+ends[c-1], c, c*zapwriter.PositionChunk
		}
		for ; doc < wanted; doc++ {
			next = r.pass(next, l.Freq(doc))
		}
		if next, err = r.appendPositions(out, next, l.Freq(doc)); err != nil {
			return err
		}
		doc++
		out.starts = append(out.starts, uint32(len(out.all))) //nolint:gosec // fewer than 2^32
	}
	return nil
}

// chunkEnds reads the table of n chunks; body is where what it tells of begins.
func (r *Reader) chunkEnds(at uint64, n int) (ends []uint64, body uint64, err error) {
	chunks, size := uvarint(r.data, at)
	if size <= 0 || chunks != uint64(n) { //nolint:gosec // not negative
		return nil, 0, ErrCorrupt
	}
	ends = make([]uint64, n)
	for i := range ends {
		at += uint64(size) //nolint:gosec // positive
		if ends[i], size = uvarint(r.data, at); size <= 0 {
			return nil, 0, ErrCorrupt
		}
	}
	return ends, at + uint64(size), nil
}

// pass goes over n numbers. Beyond the end of the data it stays there, and what is
// read next fails.
func (r *Reader) pass(at uint64, n uint32) uint64 {
	data := r.data
	for n > 0 && at < uint64(len(data)) {
		if data[at] < 0x80 {
			n--
		}
		at++
	}
	return at
}

// appendPositions reads n positions.
func (r *Reader) appendPositions(out *Positions, at uint64, n uint32) (uint64, error) {
	position := uint64(0)
	for range n {
		v, size := uvarint(r.data, at)
		if size <= 0 {
			return 0, ErrCorrupt
		}
		at += uint64(size)
		position += v
		out.all = append(out.all, uint32(position)) //nolint:gosec // bounded by the body limit
	}
	return at, nil
}
