package zapwriter

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"

	"alphanode/index/bleveindex/lexicon"
)

// Layout constants of zap v17 that its package does not export.
const (
	sectionInverted  = 0            // number of the inverted index section
	notUninverted    = ^uint64(0)   // address of the doc values of a field without
	chunkMode        = uint32(1026) // as zap.DefaultChunkMode, which is a variable
	postingsPerChunk = 1024         // what chunk mode 1026 aims at
	storedText       = 't'          // type of a stored value
)

// Segment writes the collected documents as one segment. config is what scorch
// hands to its plugin. The segment does not share memory with the builder.
func (b *Builder) Segment(config map[string]any) (segment.Segment, uint64, error) {
	w := &b.writer
	w.begin(uint32(len(b.ids)))
	stored := w.storedFields(b.ids, b.stored)
	addrs := make([]uint64, len(b.fields))
	for i, f := range b.fields {
		addr, err := w.field(f)
		if err != nil {
			return nil, 0, fmt.Errorf("write segment: field %s: %w", f.Name, err)
		}
		addrs[i] = addr
	}
	w.columns = w.columns[:0]
	for _, c := range b.columns {
		w.columns = append(w.columns, c.Column)
		w.column(c)
	}
	sections := w.fieldsSection(b.specs(), addrs, w.directory())
	stats, ok := config[segment.StatsKey].(*segment.Stats)
	if !ok || stats == nil {
		stats = new(segment.Stats)
	}
	out := w.out
	w.out, w.hint = nil, len(out)+len(out)/8 // It belongs to the segment now.
	base, err := zap.InitSegmentBase(out, crc32.ChecksumIEEE(out), chunkMode, uint64(w.docs), stored, sections, config, stats)
	if err != nil {
		return nil, 0, fmt.Errorf("write segment: %w", err)
	}
	raw, err := newRaw(out, uint64(w.docs), stored, sections)
	if err != nil {
		return nil, 0, fmt.Errorf("write segment: %w", err)
	}
	return &Segment{SegmentBase: base, raw: *raw}, uint64(len(out)), nil
}

// writer writes segments, one after the other.
type writer struct {
	output
	docs uint32
	hint int // about how large the segment will be
	// Scratch, reused from term to term and from segment to segment.
	order       []uint32
	next        []uint32
	chain       []byte
	postingList list
	data        []byte
	chunkEnds   []uint32
	set         []byte
	vellum      *vellum.Builder
	fst         bytes.Buffer
	lexicon     lexicon.Builder
	pairs       []uint64 // of a field whose ordinals are kept: document, and term
	columns     []Column
	sections    []section
}

// begin starts a segment of so many documents.
func (w *writer) begin(docs uint32) {
	w.docs, w.sections = docs, w.sections[:0]
	w.out = append(slices.Grow(w.out[:0], w.hint), magic...)
}

// storedFields writes each document's id and stored values, and the table of
// where each document's record begins; it returns the address of that table.
func (w *writer) storedFields(ids []string, values []storedValue) uint64 {
	offsets := make([]uint64, len(ids))
	var meta, data, packed []byte
	for d, id := range ids {
		offsets[d] = w.at()
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
	return w.storedTable(offsets)
}

func (w *writer) storedTable(offsets []uint64) uint64 {
	table := w.at()
	for _, o := range offsets {
		w.out = binary.BigEndian.AppendUint64(w.out, o)
	}
	w.uvarint(0) // No nested documents.
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
// returns the address of the table that leads to them; before it is that of the
// directory.
func (w *writer) fieldsSection(fields []Field, addrs []uint64, directory uint64) uint64 {
	offsets := make([]uint64, len(fields))
	for i, f := range fields {
		offsets[i] = w.at()
		w.uvarint(uint64(len(f.Name)))
		w.out = append(w.out, f.Name...)
		w.uvarint(uint64(f.Options))
		w.uvarint(1)
		w.out = binary.BigEndian.AppendUint16(w.out, sectionInverted)
		w.out = binary.BigEndian.AppendUint64(w.out, addrs[i])
	}
	w.out = binary.BigEndian.AppendUint64(w.out, directory)
	table := w.at()
	w.uvarint(uint64(len(fields)))
	for _, o := range offsets {
		w.out = binary.BigEndian.AppendUint64(w.out, o)
	}
	return table
}

// field writes postings and dictionary of one field, and returns the address of
// the record that leads to them.
func (w *writer) field(f *fieldBuilder) (uint64, error) {
	w.order = f.terms.sorted(w.order)
	if err := w.beginDictionary(); err != nil {
		return 0, err
	}
	for _, t := range w.order {
		w.postings(f, t)
		if err := w.insert(f.Field, f.terms.term(t)); err != nil {
			return 0, err
		}
	}
	return w.endDictionary(f.Field)
}

// beginDictionary starts the automaton that maps the terms of a field to their
// postings.
func (w *writer) beginDictionary() (err error) {
	w.fst.Reset()
	w.lexicon.Reset()
	w.pairs = w.pairs[:0]
	if w.vellum == nil {
		// Suffix sharing off, as the stock writer has it: faster to build.
		w.vellum, err = vellum.New(&w.fst, &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1})
		return err
	}
	return w.vellum.Reset(&w.fst)
}

// insert adds a term, which must be greater than those before, and whose postings are
// in postingList.
func (w *writer) insert(f Field, term []byte) error {
	l := &w.postingList
	value := w.list(l)
	if err := w.vellum.Insert(term, value); err != nil {
		return fmt.Errorf("term %q: %w", term, err)
	}
	if f.Name == IDField {
		return nil
	}
	if f.Options.SkipFreqNorm() {
		for _, doc := range l.docs {
			w.pairs = append(w.pairs, uint64(doc)<<32|uint64(w.lexicon.Len()))
		}
	}
	w.lexicon.Add(term, uint32(len(l.docs)), value)
	return nil
}

// endDictionary writes the automaton and the sections of a field, and returns the
// address of its record.
func (w *writer) endDictionary(f Field) (uint64, error) {
	if err := w.vellum.Close(); err != nil {
		return 0, err
	}
	dict := w.at()
	w.uvarint(uint64(w.fst.Len()))
	w.out = append(w.out, w.fst.Bytes()...)
	addr := w.at()
	w.uvarint(notUninverted)
	w.uvarint(notUninverted)
	w.uvarint(dict)
	w.terms(f.Name)
	if len(w.pairs) > 0 {
		starts, items := w.split()
		w.ordinals(f.Name, w.lexicon.Len(), starts, items)
	}
	return addr, nil
}

// split sorts the pairs by document.
func (w *writer) split() (starts, items []uint32) {
	slices.Sort(w.pairs)
	starts, items = make([]uint32, w.docs+1), make([]uint32, len(w.pairs))
	for i, p := range w.pairs {
		starts[p>>32+1]++
		items[i] = uint32(p)
	}
	for d := range w.docs {
		starts[d+1] += starts[d]
	}
	return starts, items
}

func resize(s []uint32, n int) []uint32 {
	if cap(s) < n {
		return make([]uint32, n, n+n/4)
	}
	return s[:n]
}
