package zapwriter

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// Layout constants of zap v17 that its package does not export.
const (
	sectionInverted  = 0            // number of the inverted index section
	notUninverted    = ^uint64(0)   // address of the doc values of a field without
	chunkMode        = uint32(1026) // as zap.DefaultChunkMode, which is a variable
	postingsPerChunk = 1024         // what chunk mode 1026 aims at
	docsPerDVChunk   = 1024         // documents in one chunk of doc values
	storedText       = 't'          // type of a stored value
)

// Segment writes the collected documents as one segment. config is what scorch
// hands to its plugin. The segment does not share memory with the builder.
func (b *Builder) Segment(config map[string]any) (segment.Segment, uint64, error) {
	if err := b.check(); err != nil {
		return nil, 0, fmt.Errorf("write segment: %w", err)
	}
	w := &writer{docs: uint32(len(b.ids))}
	stored := w.storedFields(b.ids, b.stored)
	addrs := make([]uint64, len(b.fields))
	for i, f := range b.fields {
		addr, err := w.field(uint16(i), f)
		if err != nil {
			return nil, 0, fmt.Errorf("write segment: field %s: %w", f.Name, err)
		}
		addrs[i] = addr
	}
	sections := w.fieldsSection(b.fields, addrs)
	stats, ok := config[segment.StatsKey].(*segment.Stats)
	if !ok || stats == nil {
		stats = new(segment.Stats)
	}
	sb, err := zap.InitSegmentBase(w.out, crc32.ChecksumIEEE(w.out), chunkMode, uint64(w.docs), stored, sections, config, stats)
	if err != nil {
		return nil, 0, fmt.Errorf("write segment: %w", err)
	}
	return sb, uint64(len(w.out)), nil
}

// writer appends the bytes of one segment.
type writer struct {
	out  []byte
	docs uint32
	// Scratch, reused from term to term.
	order   []uint32
	next    []uint32
	tokens  []uint32
	docOf   []uint32
	tf, loc chunks
	docSet  []uint32
	one     []byte
	vellum  *vellum.Builder
	fst     bytes.Buffer
}

func (w *writer) uvarint(v uint64) { w.out = binary.AppendUvarint(w.out, v) }

// storedFields writes each document's id and stored values, and the table of
// where each document's record begins; it returns the address of that table.
func (w *writer) storedFields(ids []string, values []storedValue) uint64 {
	offsets := make([]uint64, len(ids))
	var meta, data, packed []byte
	for d, id := range ids {
		offsets[d] = uint64(len(w.out))
		meta, data = binary.AppendUvarint(meta[:0], uint64(len(id))), data[:0]
		for ; len(values) > 0 && int(values[0].doc) == d; values = values[1:] {
			meta = appendMeta(meta, values[0], len(data))
			data = append(data, values[0].value...)
		}
		packed = snappy.Encode(packed[:cap(packed)], data)
		w.uvarint(uint64(len(meta)))
		w.uvarint(uint64(len(id) + len(packed)))
		w.out = append(w.out, meta...)
		w.out = append(w.out, id...)
		w.out = append(w.out, packed...)
	}
	table := uint64(len(w.out))
	for _, o := range offsets {
		w.out = binary.BigEndian.AppendUint64(w.out, o)
	}
	w.uvarint(0) // no nested documents
	return table
}

// appendMeta describes one stored value: field, type, where it is in the record's
// data, and no array positions.
func appendMeta(meta []byte, v storedValue, at int) []byte {
	for _, n := range [...]uint64{uint64(v.field), storedText, uint64(at), uint64(len(v.value)), 0} {
		meta = binary.AppendUvarint(meta, n)
	}
	return meta
}

// fieldsSection writes names, options and section addresses of the fields, and
// returns the address of the table that leads to them.
func (w *writer) fieldsSection(fields []*fieldBuilder, addrs []uint64) uint64 {
	offsets := make([]uint64, len(fields))
	for i, f := range fields {
		offsets[i] = uint64(len(w.out))
		w.uvarint(uint64(len(f.Name)))
		w.out = append(w.out, f.Name...)
		w.uvarint(uint64(f.Options))
		w.uvarint(1)
		w.out = binary.BigEndian.AppendUint16(w.out, sectionInverted)
		w.out = binary.BigEndian.AppendUint64(w.out, addrs[i])
	}
	table := uint64(len(w.out))
	w.uvarint(uint64(len(fields)))
	for _, o := range offsets {
		w.out = binary.BigEndian.AppendUint64(w.out, o)
	}
	return table
}

// field writes postings, dictionary and doc values of one field, and returns the
// address of the record that leads to them.
func (w *writer) field(id uint16, f *fieldBuilder) (uint64, error) {
	w.sortTokens(f)
	if err := w.dictionary(id, f); err != nil {
		return 0, err
	}
	dict := uint64(len(w.out))
	w.uvarint(uint64(w.fst.Len()))
	w.out = append(w.out, w.fst.Bytes()...)
	from, to := notUninverted, notUninverted
	if f.Options.IncludeDocValues() {
		from, to = w.docValues(f)
	}
	addr := uint64(len(w.out))
	w.uvarint(from)
	w.uvarint(to)
	w.uvarint(dict)
	return addr, nil
}

// sortTokens orders the tokens by term (a counting sort, so documents and
// positions of a term stay ascending) and the terms by their bytes.
func (w *writer) sortTokens(f *fieldBuilder) {
	w.next = resize(w.next, f.terms.len()+1)
	clear(w.next)
	for _, t := range f.term {
		w.next[t+1]++
	}
	for i := 1; i < len(w.next); i++ {
		w.next[i] += w.next[i-1]
	}
	w.tokens = resize(w.tokens, len(f.term))
	w.docOf = resize(w.docOf, len(f.term))
	for d := range w.docs {
		for i := f.starts[d]; i < f.end(d); i++ {
			at := w.next[f.term[i]]
			w.next[f.term[i]]++
			w.tokens[at], w.docOf[at] = i, d
		}
	}
	w.order = f.terms.sorted(w.order)
}

// run is the range of term t in tokens, after sortTokens.
func (w *writer) run(t uint32) (from, to uint32) {
	if t > 0 {
		from = w.next[t-1]
	}
	return from, w.next[t]
}

// dictionary writes the postings of each term and leaves the automaton that maps
// terms to them in w.fst.
func (w *writer) dictionary(id uint16, f *fieldBuilder) (err error) {
	w.fst.Reset()
	if w.vellum == nil {
		// Suffix sharing off, as the stock writer has it: faster to build.
		w.vellum, err = vellum.New(&w.fst, &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1})
	} else {
		err = w.vellum.Reset(&w.fst)
	}
	if err != nil {
		return err
	}
	for _, t := range w.order {
		if err := w.vellum.Insert(f.terms.term(t), w.postings(id, f, t)); err != nil {
			return fmt.Errorf("term %q: %w", f.terms.term(t), err)
		}
	}
	return w.vellum.Close()
}

func resize(s []uint32, n int) []uint32 {
	if cap(s) < n {
		return make([]uint32, n, n+n/4)
	}
	return s[:n]
}
