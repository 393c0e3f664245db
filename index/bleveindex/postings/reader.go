package postings

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index/bleveindex/lexicon"
	"alphanode/index/bleveindex/zapwriter"
)

// ErrCorrupt is wrapped by errors about bytes that are no postings.
var ErrCorrupt = errors.New("postings are corrupt")

// Reader decodes the postings of one segment, in memory or on disk. It is safe for
// concurrent use.
type Reader struct {
	raw        *zapwriter.Raw
	data       []byte
	lexicons   map[string]func() (*lexicon.Lexicon, error)
	positional map[string]bool // fields that keep positions
}

// NewReader returns a reader of the named fields of seg, which must stay open for
// as long as the reader is used. Only segments of package zapwriter can be read.
func NewReader(seg segment.Segment, fields []string) (*Reader, error) {
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%w: a segment of another layout", ErrCorrupt)
	}
	r := &Reader{raw: raw, data: raw.Data, lexicons: make(map[string]func() (*lexicon.Lexicon, error)), positional: make(map[string]bool)}
	for _, field := range fields {
		r.positional[field] = raw.Positional(field)
		r.lexicons[field] = sync.OnceValues(func() (*lexicon.Lexicon, error) {
			lex, err := raw.Terms(field)
			if err != nil {
				return nil, err
			}
			return lex.Sampled(), nil
		})
	}
	return r, nil
}

// Lexicon gives the terms of a field, stems among them: an empty one where the segment
// has none. Its bytes are compared with their checksum at the first call.
func (r *Reader) Lexicon(field string) (*lexicon.Lexicon, error) {
	if open := r.lexicons[field]; open != nil {
		return open()
	}
	return &lexicon.Lexicon{}, nil
}

// ID gives the id of a document.
func (r *Reader) ID(doc uint32) (string, error) {
	id, err := r.raw.ID(doc)
	return string(id), err
}

// AppendID adds the id of a document to dst.
func (r *Reader) AppendID(dst []byte, doc uint32) ([]byte, error) {
	id, err := r.raw.ID(doc)
	return append(dst, id...), err
}

// Read returns the postings of term in field; nil when there are none.
func (r *Reader) Read(field string, term []byte) (*List, error) {
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

// place is where the parts of one term's postings are.
type place struct {
	freq, loc uint64 // addresses; 0 when absent
	docs      []byte // roaring
}

// value finds the dictionary's value of term.
func (r *Reader) value(field string, term []byte) (uint64, bool, error) {
	lex, err := r.Lexicon(field)
	if err != nil {
		return 0, false, err
	}
	_, e, ok := lex.Find(string(term))
	return e.Value(), ok, nil
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
