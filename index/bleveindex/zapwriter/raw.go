package zapwriter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"

	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// ErrCorrupt is wrapped by errors about bytes that are no segment of this package.
var ErrCorrupt = errors.New("segment is corrupt")

// Layout names the layout of segments. It changes whenever this package would not
// read what an earlier version of it wrote.
const Layout = "anseg03"

// magic begins every segment of this package, on disk and in memory. The stock
// reader never looks at it: it finds everything by addresses.
const magic = Layout + "\n"

// Segment is a segment in memory: a stock one that gives its bytes too, for
// what the stock reader does not read.
type Segment struct {
	*zap.SegmentBase

	raw Raw
}

// Raw gives access to the bytes of a segment of this package. It is valid as long
// as the segment is open, immutable and safe for concurrent use.
type Raw struct {
	// Data are all bytes; addresses are places in it.
	Data []byte
	// Docs is the number of documents, deleted ones among them.
	Docs uint32
	// Name is that of the segment's file; "in memory" where there is none.
	Name string
	// Mapped says that Data is a mapped file: nothing that reads it may be used once the
	// segment is closed.
	Mapped bool

	stored   uint64 // address of the table of stored records
	fields   []rawField
	columns  []Column
	sections map[string]section // by name
}

// rawField is what the segment says of one field.
type rawField struct {
	name    string
	options index.FieldIndexingOptions
	dict    uint64 // address of the dictionary
}

// OpenRaw gives the bytes of seg; false when this package did not write them.
func OpenRaw(seg segment.Segment) (*Raw, bool, error) {
	switch s := seg.(type) {
	case *Segment:
		return &s.raw, true, nil
	case *zap.Segment:
		data := s.Data()
		if s.CallbackId() != "" || len(data) < len(magic) || string(data[:len(magic)]) != magic {
			return nil, false, nil
		}
		raw, err := newRaw(data, s.NumDocs(), s.StoredIndexOffset(), s.SectionsIndexOffset())
		if err != nil {
			return nil, false, fmt.Errorf("segment %s: %w", filepath.Base(s.Path()), err)
		}
		raw.Name, raw.Mapped = filepath.Base(s.Path()), true
		return raw, true, nil
	default:
		return nil, false, nil
	}
}

func newRaw(data []byte, docs, stored, sections uint64) (*Raw, error) {
	r := &Raw{Name: "in memory", Data: data, Docs: uint32(docs), stored: stored}
	if docs > maxDocs || stored+8*docs > uint64(len(data)) {
		return nil, fmt.Errorf("%w: %d documents", ErrCorrupt, docs)
	}
	if err := r.readDirectory(sections); err != nil {
		return nil, err
	}
	c := cursor{data: data, at: sections}
	for n := c.uvarint(); n > 0 && c.err == nil; n-- {
		field := cursor{data: data, at: c.uint64()}
		name := string(field.bytes(field.uvarint()))
		options := index.FieldIndexingOptions(field.uvarint())
		field.bytes(1 + 2) // One section, the inverted index.
		section := cursor{data: data, at: field.uint64()}
		section.uvarint() // Doc values: there are none.
		section.uvarint()
		r.fields = append(r.fields, rawField{name: name, options: options, dict: section.uvarint()})
		if c.err = errors.Join(c.err, field.err, section.err); c.err != nil {
			break
		}
	}
	return r, c.err
}

// ID gives the id of a document, not copied.
func (r *Raw) ID(doc uint32) ([]byte, error) {
	if doc >= r.Docs {
		return nil, fmt.Errorf("id of document %d of %d in segment %s: %w", doc, r.Docs, r.Name, ErrCorrupt)
	}
	c := cursor{data: r.Data, at: r.stored + 8*uint64(doc)}
	c.at = c.uint64()
	meta := c.uvarint()
	c.uvarint() // The size of the rest.
	start := c.at
	size := c.uvarint()
	c.at = start
	c.bytes(meta)
	id := c.bytes(size)
	if c.err != nil {
		return nil, fmt.Errorf("id of document %d of segment %s: %w", doc, r.Name, c.err)
	}
	return id, nil
}

// Dictionary gives the automaton that maps the terms of field to values for
// Postings; nil when the segment has no such field.
func (r *Raw) Dictionary(field string) (*vellum.FST, error) {
	for _, f := range r.fields {
		if f.name == field {
			return r.fst(f)
		}
	}
	return nil, nil //nolint:nilnil // documented: no such field
}

func (r *Raw) fst(f rawField) (*vellum.FST, error) {
	c := cursor{data: r.Data, at: f.dict}
	data := c.bytes(c.uvarint())
	if c.err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", f.name, c.err)
	}
	fst, err := vellum.Load(data)
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", f.name, err)
	}
	return fst, nil
}

// cursor reads forwards. After an error it gives zeros.
type cursor struct {
	data []byte
	at   uint64
	err  error
}

func (c *cursor) uvarint() uint64 {
	if c.at < uint64(len(c.data)) {
		if b := c.data[c.at]; b < 0x80 {
			c.at++
			return uint64(b)
		}
		if v, n := binary.Uvarint(c.data[c.at:]); n > 0 {
			c.at += uint64(n)
			return v
		}
	}
	c.fail()
	return 0
}

func (c *cursor) uint64() uint64 {
	if b := c.bytes(8); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) byte() byte {
	if b := c.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// bytes gives the next n bytes, not copied; nil after an error.
func (c *cursor) bytes(n uint64) []byte {
	if c.err != nil || c.at > uint64(len(c.data)) || n > uint64(len(c.data))-c.at {
		c.fail()
		return nil
	}
	b := c.data[c.at : c.at+n : c.at+n]
	c.at += n
	return b
}

// skip passes over n uvarints.
func (c *cursor) skip(n uint32) {
	data, at := c.data, c.at
	for n > 0 && at < uint64(len(data)) {
		if data[at] < 0x80 {
			n--
		}
		at++
	}
	c.at = at
	if n > 0 {
		c.fail()
	}
}

func (c *cursor) fail() {
	if c.err == nil {
		c.err = fmt.Errorf("%w: at byte %d of %d", ErrCorrupt, c.at, len(c.data))
	}
	c.at = uint64(len(c.data))
}
