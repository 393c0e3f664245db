package postings

import (
	"encoding/binary"
	"errors"
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// ErrCorrupt is wrapped by errors about bytes that are no postings.
var ErrCorrupt = errors.New("postings are corrupt")

// Reader decodes the postings of one segment. It is safe for concurrent use. A
// segment that is not on disk yet is read through the segment API, which is
// slower and gives the same lists.
type Reader struct {
	seg  segment.Segment
	data []byte // nil: read through the API
	fsts map[string]*vellum.FST
}

// NewReader returns a reader of the named fields of seg, which must stay open for
// as long as the reader is used.
func NewReader(seg segment.Segment, fields []string) (*Reader, error) {
	r := &Reader{seg: seg}
	onDisk, ok := seg.(*zap.Segment)
	if !ok || onDisk.CallbackId() != "" {
		return r, nil
	}
	r.data, r.fsts = onDisk.Data(), make(map[string]*vellum.FST, len(fields))
	for _, field := range fields {
		addr, err := onDisk.DictAddr(field)
		if err != nil {
			continue // The segment has no such field: no term of it is found.
		}
		fst, err := loadFST(r.data, addr)
		if err != nil {
			return nil, fmt.Errorf("read dictionary of %s: %w", field, err)
		}
		r.fsts[field] = fst
	}
	return r, nil
}

func loadFST(data []byte, addr uint64) (*vellum.FST, error) {
	size, n := uvarint(data, addr)
	start := addr + uint64(n)
	if n <= 0 || start+size > uint64(len(data)) {
		return nil, ErrCorrupt
	}
	return vellum.Load(data[start : start+size])
}

// Read returns the postings of term in field; nil when there are none.
func (r *Reader) Read(field string, term []byte) (*List, error) {
	if r.data == nil {
		l, _, err := r.readAPI(field, term, false)
		return l, err
	}
	value, ok, err := r.value(field, term)
	if err != nil || !ok {
		return nil, err
	}
	l := &List{}
	if err := r.ReadValue(value, l); err != nil {
		return nil, fmt.Errorf("%s:%q: %w", field, term, err)
	}
	return l, nil
}

// ReadPositions returns the positions of term in field, for the documents of the
// List that Read returns; nil when there are none.
func (r *Reader) ReadPositions(field string, term []byte) (*Positions, error) {
	if r.data == nil {
		_, p, err := r.readAPI(field, term, true)
		return p, err
	}
	at, ok, err := r.lookup(field, term)
	if err != nil || !ok {
		return nil, err
	}
	return r.decodePositions(at)
}

// ReadPositionsAt returns the positions of term in field for some documents of the
// List that Read returns, by ascending places in it: At(i) of the result belongs to
// places[i]. It passes over the other documents; nil when there are no positions.
func (r *Reader) ReadPositionsAt(field string, term []byte, places []int) (*Positions, error) {
	if r.data == nil {
		_, all, err := r.readAPI(field, term, true)
		if err != nil || all == nil {
			return nil, err
		}
		out := &Positions{starts: make([]uint32, 1, len(places)+1)}
		for _, i := range places {
			out.all = append(out.all, all.At(i)...)
			out.starts = append(out.starts, uint32(len(out.all)))
		}
		return out, nil
	}
	at, ok, err := r.lookup(field, term)
	if err != nil || !ok || at.oneHit || at.loc == 0 {
		return nil, err
	}
	return r.decodePositionsAt(at, places)
}

func (r *Reader) decodePositionsAt(p place, places []int) (*Positions, error) {
	next, err := r.body(p.loc)
	if err != nil {
		return nil, err
	}
	out := &Positions{starts: make([]uint32, 1, len(places)+1)}
	doc := 0
	for _, wanted := range places {
		for ; ; doc++ {
			size, n := uvarint(r.data, next)
			next += uint64(n)
			if n <= 0 || size > uint64(len(r.data)) || next+size > uint64(len(r.data)) {
				return nil, ErrCorrupt
			}
			next += size
			if doc == wanted {
				doc++
				if out.all, err = appendPositions(out.all, r.data[next-size:next]); err != nil {
					return nil, err
				}
				break
			}
		}
		out.starts = append(out.starts, uint32(len(out.all)))
	}
	return out, nil
}

// place is where the parts of one term's postings are.
type place struct {
	oneHit    bool
	doc       uint32 // of oneHit
	freq, loc uint64 // addresses; 0 when absent
	docs      []byte // roaring
}

// value finds the dictionary's value of term.
func (r *Reader) value(field string, term []byte) (uint64, bool, error) {
	fst := r.fsts[field]
	if fst == nil {
		return 0, false, nil
	}
	return fst.Get(term)
}

// lookup finds the postings of term.
func (r *Reader) lookup(field string, term []byte) (place, bool, error) {
	value, ok, err := r.value(field, term)
	if err != nil || !ok {
		return place{}, false, err
	}
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(value)
		return place{oneHit: true, doc: uint32(doc)}, true, nil
	}
	p, err := r.parsePlace(value)
	if err != nil {
		return place{}, false, fmt.Errorf("%s:%q: %w", field, term, err)
	}
	return p, true, nil
}

func (r *Reader) parsePlace(at uint64) (p place, err error) {
	var size uint64
	for _, v := range []*uint64{&p.freq, &p.loc, &size} {
		value, n := uvarint(r.data, at)
		if n <= 0 {
			return p, ErrCorrupt
		}
		*v = value
		at += uint64(n)
	}
	if at+size > uint64(len(r.data)) {
		return p, ErrCorrupt
	}
	p.docs = r.data[at : at+size]
	return p, nil
}

func (p place) docNumbers() ([]uint32, error) {
	set, err := parseDocs(p.docs)
	if err != nil {
		return nil, err
	}
	return set.appendTo(make([]uint32, 0, set.count()))
}

// body returns where the bytes after a chunk table begin: chunks follow each
// other without gaps, so reading all of them needs no chunk addresses.
func (r *Reader) body(at uint64) (uint64, error) {
	chunks, n := uvarint(r.data, at)
	if n <= 0 {
		return 0, ErrCorrupt
	}
	at += uint64(n)
	for range chunks {
		_, n := uvarint(r.data, at)
		if n <= 0 {
			return 0, ErrCorrupt
		}
		at += uint64(n)
	}
	return at, nil
}

func (r *Reader) decodePositions(p place) (*Positions, error) {
	if p.oneHit || p.loc == 0 {
		return nil, nil
	}
	docs, err := p.docNumbers()
	if err != nil {
		return nil, err
	}
	next, err := r.body(p.loc)
	if err != nil {
		return nil, err
	}
	out := &Positions{starts: make([]uint32, 1, len(docs)+1)}
	for range docs {
		size, n := uvarint(r.data, next)
		next += uint64(n)
		if n <= 0 || next+size > uint64(len(r.data)) {
			return nil, ErrCorrupt
		}
		if out.all, err = appendPositions(out.all, r.data[next:next+size]); err != nil {
			return nil, err
		}
		next += size
		out.starts = append(out.starts, uint32(len(out.all)))
	}
	return out, nil
}

// appendPositions reads locations: field, first position, start, end, and the
// distances to further positions, which are kept as array positions.
func appendPositions(dst []uint32, data []byte) ([]uint32, error) {
	at := uint64(0)
	next := func() (v uint64) {
		v, n := uvarint(data, at)
		if n <= 0 {
			at = uint64(len(data)) + 1
		}
		at += uint64(n)
		return v
	}
	for at < uint64(len(data)) {
		next()
		position := next()
		next()
		next()
		dst = append(dst, uint32(position))
		for n := next(); n > 0 && at <= uint64(len(data)); n-- {
			position += next()
			dst = append(dst, uint32(position))
		}
	}
	if at != uint64(len(data)) {
		return dst, ErrCorrupt
	}
	return dst, nil
}

// uvarint reads at an address that may be out of bounds; n <= 0 on failure. The
// one-byte case, which is nearly all of them, stays inlined.
func uvarint(data []byte, at uint64) (v uint64, n int) {
	if at >= uint64(len(data)) {
		return 0, 0
	}
	if b := data[at]; b < 0x80 {
		return uint64(b), 1
	}
	return binary.Uvarint(data[at:])
}
