package zapwriter

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"

	"alphanode/index/bleveindex/lexicon"
)

// dropped is the new number of a document that is left out, as scorch expects it.
const dropped = math.MaxUint64

// errMixed says that segments cannot be merged: it takes a mistake to get there.
var errMixed = errors.New("segments of different layouts")

// Merge implements scorch's SegmentPlugin.
func (p *Plugin) Merge(segs []segment.Segment, drops []*roaring.Bitmap, path string, stop chan struct{}, report segment.StatsReporter) ([][]uint64, uint64, error) {
	return p.MergeUsing(segs, drops, path, stop, report, nil)
}

// MergeUsing implements scorch's SegmentPlugin. The result holds the documents of
// the segments that are not among the drops, in order, and is byte for byte what
// the writer would have made of them.
func (p *Plugin) MergeUsing(segs []segment.Segment, drops []*roaring.Bitmap, path string, stop chan struct{}, report segment.StatsReporter, config map[string]any) ([][]uint64, uint64, error) {
	raws, err := rawsOf(segs)
	if err != nil {
		return nil, 0, fmt.Errorf("merge segments: %w", err)
	}
	if raws == nil {
		return p.ZapPlugin.MergeUsing(segs, drops, path, stop, report, config)
	}
	m := newMerger(raws, drops, stop)
	size, err := m.write(path)
	if errors.Is(err, segment.ErrClosed) {
		return nil, 0, segment.ErrClosed // Scorch compares it by ==.
	}
	if err != nil {
		return nil, 0, fmt.Errorf("merge %d segments into %s: %w", len(segs), path, err)
	}
	if report != nil {
		report.ReportBytesWritten(size)
	}
	return m.numbers, size, nil
}

// rawsOf is nil when none of the segments is of this package.
func rawsOf(segs []segment.Segment) ([]*Raw, error) {
	var out []*Raw
	for _, s := range segs {
		raw, ok, err := OpenRaw(s)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, raw)
		}
	}
	if len(out) > 0 && len(out) < len(segs) {
		return nil, errMixed
	}
	for _, r := range out {
		if !slices.EqualFunc(r.fields, out[0].fields, func(a, b rawField) bool { return a.name == b.name && a.options == b.options }) ||
			!slices.Equal(r.columns, out[0].columns) {
			return nil, errMixed
		}
	}
	return out, nil
}

// merger writes one segment out of several.
type merger struct {
	writer
	raws    []*Raw
	numbers [][]uint64 // new number of each document, by segment; dropped
	stop    chan struct{}
	loaded  loaded
}

func newMerger(raws []*Raw, drops []*roaring.Bitmap, stop chan struct{}) *merger {
	m := &merger{raws: raws, stop: stop}
	next := uint64(0)
	for i, r := range raws {
		numbers := make([]uint64, r.Docs)
		for d := range numbers {
			if drops[i] != nil && drops[i].ContainsInt(d) {
				numbers[d] = dropped
				continue
			}
			numbers[d] = next
			next++
		}
		m.numbers = append(m.numbers, numbers)
	}
	m.docs = uint32(next) // Scorch merges far fewer than 2^31 documents.
	return m
}

func (m *merger) write(path string) (uint64, error) {
	out, err := create(path)
	if err != nil {
		return 0, err
	}
	m.output = *out
	m.begin(m.docs)
	if err = m.content(); err != nil {
		return 0, errors.Join(err, m.discard(path))
	}
	return m.at(), nil
}

func (m *merger) content() error {
	stored, err := m.copyStored()
	if err != nil {
		return err
	}
	fields := make([]Field, len(m.raws[0].fields))
	addrs := make([]uint64, len(fields))
	for i, f := range m.raws[0].fields {
		fields[i] = Field{Name: f.name, Options: f.options}
		if addrs[i], err = m.field(i); err != nil {
			return fmt.Errorf("field %s: %w", f.name, err)
		}
	}
	if err := m.mergeColumns(); err != nil {
		return err
	}
	return m.finish(m.docs, stored, m.fieldsSection(fields, addrs, m.directory()))
}

// copyStored copies the stored records as they are.
func (m *merger) copyStored() (uint64, error) {
	offsets := make([]uint64, 0, m.docs)
	for i, r := range m.raws {
		for d, number := range m.numbers[i] {
			if number == dropped {
				continue
			}
			record, err := r.record(uint64(d))
			if err != nil {
				return 0, err
			}
			offsets = append(offsets, m.at())
			m.out = append(m.out, record...)
			if err := m.relieve(); err != nil {
				return 0, err
			}
		}
	}
	return m.storedTable(offsets), nil
}

// record gives the stored record of a document.
func (r *Raw) record(doc uint64) ([]byte, error) {
	c := cursor{data: r.Data, at: r.stored + 8*doc}
	start := c.uint64()
	c.at = start
	meta, data := c.uvarint(), c.uvarint()
	c.bytes(meta)
	c.bytes(data)
	if c.err != nil {
		return nil, fmt.Errorf("stored record of document %d: %w", doc, c.err)
	}
	return r.Data[start:c.at], nil
}

// stopEvery is how many terms are merged between two looks at whether to stop.
const stopEvery = 1 << 12

// field merges one field and returns the address of its record.
func (m *merger) field(field int) (uint64, error) {
	terms, err := newTermMerge(m.raws, field)
	if err != nil {
		return 0, err
	}
	if err := m.beginDictionary(); err != nil {
		return 0, err
	}
	f := m.raws[0].fields[field]
	for n := 0; terms.more(); n++ {
		if n%stopEvery == 0 && m.stopped() {
			return 0, segment.ErrClosed
		}
		term := terms.term()
		m.postingList.reset()
		for terms.more() && bytes.Equal(terms.heads[0].key, term) {
			head := terms.heads[0]
			if err := m.append(head.segment, head.value, f.options.IncludeTermVectors()); err != nil {
				return 0, fmt.Errorf("term %q: %w", term, err)
			}
			if err := terms.advance(); err != nil {
				return 0, err
			}
		}
		if len(m.postingList.docs) == 0 {
			continue // All of its documents are dropped.
		}
		if err := m.insert(Field{Name: f.name, Options: f.options}, term); err != nil {
			return 0, err
		}
		if err := m.relieve(); err != nil {
			return 0, err
		}
	}
	return m.endDictionary(Field{Name: f.name, Options: f.options})
}

func (m *merger) stopped() bool {
	select {
	case <-m.stop:
		return true
	default:
		return false
	}
}

// append adds the postings of one segment to those of the term.
func (m *merger) append(seg int, value uint64, positional bool) error {
	l, in := &m.postingList, &m.loaded
	if err := m.raws[seg].load(value, positional, in); err != nil {
		return err
	}
	numbers := m.numbers[seg]
	c := cursor{data: in.positions}
	for i, doc := range in.docs {
		if doc >= uint32(len(numbers)) {
			return fmt.Errorf("%w: document %d of %d", ErrCorrupt, doc, len(numbers))
		}
		start := c.at
		if positional {
			c.skip(in.freqs[i])
		}
		if number := numbers[doc]; number != dropped {
			l.add(uint32(number), in.freqs[i])
			l.positions = append(l.positions, in.positions[start:c.at]...)
		}
	}
	return c.err
}

// termMerge goes through the terms of a field of several segments in order.
type termMerge struct {
	// heads is a heap by term and segment.
	heads []*termHead
	last  []byte
}

// termHead is the next term of one segment.
type termHead struct {
	segment int
	terms   terms
	key     []byte
	value   uint64
}

// terms are those of a field of a segment, in order.
type terms interface {
	// Next fails with vellum.ErrIteratorDone behind the last.
	Next() error
	Current() ([]byte, uint64)
}

// terms gives the terms of a field at the first: from the lexicon, which is quicker, or, of ids, from
// the automaton.
func (r *Raw) terms(f rawField) (terms, error) {
	if f.name != IDField {
		lex, err := r.Terms(f.name)
		if err != nil {
			return nil, err
		}
		out := &lexiconTerms{lex.Cursor()}
		return out, out.Next()
	}
	fst, err := r.fst(f)
	if err != nil {
		return nil, err
	}
	return fst.Iterator(nil, nil)
}

// lexiconTerms are the terms of a lexicon.
type lexiconTerms struct{ *lexicon.Cursor }

// Next implements terms.
func (l *lexiconTerms) Next() error {
	if !l.Cursor.Next() {
		return vellum.ErrIteratorDone
	}
	return nil
}

// Current implements terms.
func (l *lexiconTerms) Current() ([]byte, uint64) { return l.Term(), l.Entry().Value() }

func newTermMerge(raws []*Raw, field int) (*termMerge, error) {
	t := &termMerge{}
	for i, r := range raws {
		terms, err := r.terms(r.fields[field])
		if errors.Is(err, vellum.ErrIteratorDone) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("terms of segment %d: %w", i, err)
		}
		head := &termHead{segment: i, terms: terms}
		head.key, head.value = terms.Current()
		t.heads = append(t.heads, head)
	}
	for i := len(t.heads)/2 - 1; i >= 0; i-- {
		t.sift(i)
	}
	return t, nil
}

func (t *termMerge) more() bool { return len(t.heads) > 0 }

// term gives the least term, valid until the next call.
func (t *termMerge) term() []byte {
	t.last = append(t.last[:0], t.heads[0].key...)
	return t.last
}

// advance goes on in the segment that has the least term.
func (t *termMerge) advance() error {
	head := t.heads[0]
	err := head.terms.Next()
	switch {
	case errors.Is(err, vellum.ErrIteratorDone):
		last := len(t.heads) - 1
		t.heads[0] = t.heads[last]
		t.heads = t.heads[:last]
	case err != nil:
		return fmt.Errorf("terms of segment %d: %w", head.segment, err)
	default:
		head.key, head.value = head.terms.Current()
	}
	if t.more() {
		t.sift(0)
	}
	return nil
}

// sift moves the head at i down to its place.
func (t *termMerge) sift(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.heads); child++ {
			if t.heads[child].before(t.heads[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		t.heads[i], t.heads[least] = t.heads[least], t.heads[i]
		i = least
	}
}

func (h *termHead) before(other *termHead) bool {
	if c := bytes.Compare(h.key, other.key); c != 0 {
		return c < 0
	}
	return h.segment < other.segment
}
