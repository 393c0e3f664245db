package postings

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// Terms are the terms of a field from start, before end, in byte order, each with
// the number of documents that have it, deleted ones among them. Nil does not
// bound. The walk ends at the first failure, which goes to *failed.
func (r *Reader) Terms(field string, start, end []byte, failed *error) iter.Seq2[string, uint32] {
	return func(yield func(string, uint32) bool) {
		if r.data == nil {
			*failed = r.apiTerms(field, start, end, yield)
			return
		}
		fst := r.fsts[field]
		if fst == nil {
			return
		}
		it, err := fst.Iterator(start, end)
		for err == nil {
			term, value := it.Current()
			n, failure := r.count(value)
			if failure != nil {
				*failed = fmt.Errorf("%s:%q: %w", field, term, failure)
				return
			}
			if !yield(string(term), n) {
				return
			}
			err = it.Next()
		}
		if !errors.Is(err, vellum.ErrIteratorDone) {
			*failed = fmt.Errorf("terms of %s: %w", field, err)
		}
	}
}

// count is the number of documents of the postings that a dictionary points to.
func (r *Reader) count(value uint64) (uint32, error) {
	if value&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		return 1, nil
	}
	p, err := r.parsePlace(value)
	if err != nil {
		return 0, err
	}
	if n, ok := cardinality(p.docs); ok {
		return n, nil
	}
	var b roaring.Bitmap
	if _, err := b.FromBuffer(p.docs); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return uint32(b.GetCardinality()), nil //nolint:gosec // documents are numbered by uint32
}

// cardinality reads the size of a set from the head of its bytes, as the format
// specification of roaring bitmaps has it: a cookie, then a key and the size less
// one of each container. It is false for bytes that it does not understand.
func cardinality(b []byte) (uint32, bool) {
	const plain, withRuns = 12346, 12347
	if len(b) < 8 {
		return 0, false
	}
	containers, at := 0, 0
	switch cookie := binary.LittleEndian.Uint32(b); {
	case cookie == plain:
		containers, at = int(binary.LittleEndian.Uint32(b[4:])), 8
	case cookie&0xffff == withRuns:
		containers = int(cookie>>16) + 1
		at = 4 + (containers+7)/8
	default:
		return 0, false
	}
	if containers > 1<<16 || len(b) < at+4*containers {
		return 0, false
	}
	n := uint32(0)
	for i := range containers {
		n += uint32(binary.LittleEndian.Uint16(b[at+4*i+2:])) + 1
	}
	return n, true
}

func (r *Reader) apiTerms(field string, start, end []byte, yield func(string, uint32) bool) error {
	dict, err := r.seg.Dictionary(field)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, start, end)
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return err
		}
		if !yield(entry.Term, uint32(entry.Count)) { //nolint:gosec // documents are numbered by uint32
			return nil
		}
	}
}

// LiveCount is the number of documents that have term in field and are not among
// deleted, which may be nil.
func (r *Reader) LiveCount(field string, term []byte, deleted *roaring.Bitmap) (int, error) {
	if r.data == nil {
		return r.apiCount(field, term, deleted)
	}
	p, ok, err := r.lookup(field, term)
	if err != nil || !ok {
		return 0, err
	}
	if p.oneHit {
		if deleted != nil && deleted.Contains(p.doc) {
			return 0, nil
		}
		return 1, nil
	}
	var b roaring.Bitmap
	if _, err := b.FromBuffer(p.docs); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	n := b.GetCardinality()
	if deleted != nil {
		n -= b.AndCardinality(deleted)
	}
	return int(n), nil //nolint:gosec // documents are numbered by uint32
}

func (r *Reader) apiCount(field string, term []byte, deleted *roaring.Bitmap) (int, error) {
	dict, err := r.seg.Dictionary(field)
	if err != nil {
		return 0, err
	}
	list, err := dict.PostingsList(term, deleted, nil)
	if err != nil {
		return 0, err
	}
	return int(list.Count()), nil //nolint:gosec // documents are numbered by uint32
}
