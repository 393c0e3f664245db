package zapwriter_test

// Claims:
//  1. A segment of this writer holds what the stock writer's holds: fields, terms,
//     postings with frequency, norm and positions, doc values, stored ids.
//  2. So does a segment merged from several, with deletes, by stock code.
//  3. A document whose doc value holds the separator byte is refused, not written.

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"

	"alphanode/index/bleveindex/zapwriter"
)

// testFields covers the combinations of options that the index uses.
var testFields = []zapwriter.Field{
	{Name: "body", Options: index.IndexField | index.IncludeTermVectors},
	{Name: "tags", Options: index.IndexField | index.DocValues},
	{Name: "code", Options: index.IndexField},
	{Name: "day", Options: index.IndexField | index.DocValues | index.SkipFreqNorm},
	{Name: "raw", Options: index.IndexField | index.DocValues | index.SkipDVCompression},
	{Name: "_row", Options: index.StoreField},
	{Name: "absent", Options: index.IndexField | index.IncludeTermVectors | index.DocValues},
}

// rowField is the place of _row in testFields.
const rowField = 5

type testDoc struct {
	id     string
	tokens [][]string // by field
	schema *zapwriter.Schema
}

func (d *testDoc) Schema() *zapwriter.Schema { return d.schema }

func (d *testDoc) Write(b *zapwriter.Builder) {
	b.Begin(d.id)
	for f, tokens := range d.tokens {
		for i, term := range tokens {
			b.Add(f, term, uint32(i+1))
		}
	}
	b.Store(rowField, []byte("row of "+d.id))
}

// stockField is a field of the stock writer with given tokens.
type stockField struct {
	document.Field
	tokens []string
	opts   index.FieldIndexingOptions
	freqs  index.TokenFrequencies
}

func (f *stockField) Options() index.FieldIndexingOptions              { return f.opts }
func (f *stockField) Analyze()                                         {}
func (f *stockField) AnalyzedLength() int                              { return len(f.tokens) }
func (f *stockField) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.freqs }

func newStockField(spec zapwriter.Field, tokens []string) *stockField {
	f := &stockField{
		Field:  document.NewTextFieldCustom(spec.Name, nil, nil, spec.Options|index.IndexField, nil),
		tokens: tokens, opts: spec.Options | index.IndexField, freqs: index.TokenFrequencies{},
	}
	for i, term := range tokens {
		tf := f.freqs[term]
		if tf == nil {
			tf = &index.TokenFreq{Term: []byte(term)}
			f.freqs[term] = tf
		}
		if !f.opts.SkipFreqNorm() {
			tf.SetFrequency(tf.Frequency() + 1)
		}
		if f.opts.IncludeTermVectors() {
			addPosition(tf, i+1)
		}
	}
	return f
}

// addPosition keeps all positions in one location, further ones as distances.
func addPosition(tf *index.TokenFreq, position int) {
	if len(tf.Locations) == 0 {
		tf.Locations = []*index.TokenLocation{{Position: position}}
		return
	}
	loc := tf.Locations[0]
	before := uint64(loc.Position)
	for _, delta := range loc.ArrayPositions {
		before += delta
	}
	loc.ArrayPositions = append(loc.ArrayPositions, uint64(position)-before)
}

func randomDocs(rng *rand.Rand, n int, idPrefix string, schema *zapwriter.Schema) []*testDoc {
	zipf := rand.NewZipf(rng, 1.1, 2, 3000)
	word := func() string { return fmt.Sprintf("w%d", zipf.Uint64()) }
	docs := make([]*testDoc, n)
	for i := range docs {
		d := &testDoc{id: fmt.Sprintf("%s%05d", idPrefix, i), schema: schema}
		for range rng.IntN(60) {
			d.tokens0(0, word())
		}
		for range rng.IntN(4) {
			d.tokens0(1, fmt.Sprintf("tag-%d", rng.IntN(30)))
		}
		for range rng.IntN(6) {
			d.tokens0(2, word()+strings.Repeat("é", rng.IntN(3)))
		}
		d.tokens0(3, fmt.Sprint(rng.IntN(100)))
		if rng.IntN(3) == 0 {
			d.tokens0(4, d.id)
		}
		for len(d.tokens) < len(testFields) {
			d.tokens = append(d.tokens, nil) // _row has no tokens, absent is empty
		}
		docs[i] = d
	}
	return docs
}

func (d *testDoc) tokens0(field int, term string) {
	for len(d.tokens) <= field {
		d.tokens = append(d.tokens, nil)
	}
	d.tokens[field] = append(d.tokens[field], term)
}

func stockSegment(t *testing.T, docs []*testDoc) segment.Segment {
	t.Helper()
	out := make([]index.Document, len(docs))
	for i, d := range docs {
		doc := document.NewDocument(d.id)
		for f, tokens := range d.tokens {
			if f != rowField {
				doc.AddField(newStockField(testFields[f], tokens))
			}
		}
		doc.AddField(document.NewTextFieldCustom("_row", nil, []byte("row of "+d.id), index.StoreField, nil))
		doc.AddIDField()
		doc.VisitFields(func(f index.Field) {
			if f.Options().IsIndexed() {
				f.Analyze()
			}
		})
		out[i] = doc
	}
	seg, _, err := (&zap.ZapPlugin{}).New(out)
	if err != nil {
		t.Fatal(err)
	}
	return seg
}

func ownSegment(t *testing.T, b *zapwriter.Builder, docs []*testDoc) segment.Segment {
	t.Helper()
	b.Reset()
	for _, d := range docs {
		d.Write(b)
	}
	seg, _, err := b.Segment(nil)
	if err != nil {
		t.Fatal(err)
	}
	return seg
}

// dump lists everything a segment holds, a line each.
func dump(t *testing.T, seg segment.Segment) []string {
	t.Helper()
	var out []string
	fields := seg.Fields()
	sort.Strings(fields)
	for _, field := range fields {
		out = append(out, "field "+field)
		out = append(out, dumpField(t, seg, field)...)
	}
	for d := range seg.Count() {
		id, err := seg.DocID(d)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("id %d %s", d, id))
		err = seg.VisitStoredFields(d, func(field string, typ byte, value []byte, _ []uint64) bool {
			out = append(out, fmt.Sprintf("stored %d %s %c %s", d, field, typ, value))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return append(out, dumpDocValues(t, seg)...)
}

func dumpField(t *testing.T, seg segment.Segment, field string) (out []string) {
	t.Helper()
	dict, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	for e, err := it.Next(); e != nil; e, err = it.Next() {
		if err != nil {
			t.Fatal(err)
		}
		pl, err := dict.PostingsList([]byte(e.Term), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		pi := pl.Iterator(true, true, true, nil)
		for p, err := pi.Next(); p != nil; p, err = pi.Next() {
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s %s %d tf=%d norm=%v", field, e.Term, p.Number(), p.Frequency(), p.Norm())
			for _, l := range p.Locations() {
				line += fmt.Sprintf(" %s@%d%v", l.Field(), l.Pos(), l.ArrayPositions())
			}
			out = append(out, line)
		}
	}
	return out
}

func dumpDocValues(t *testing.T, seg segment.Segment) (out []string) {
	t.Helper()
	dv := seg.(segment.DocValueVisitable)
	fields, err := dv.VisitableDocValueFields()
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(fields)
	var state segment.DocVisitState
	for d := range seg.Count() {
		state, err = dv.VisitDocValues(d, fields, func(field string, term []byte) {
			out = append(out, fmt.Sprintf("dv %d %s %q", d, field, term))
		}, state)
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestSameAsStockWriter(t *testing.T) {
	schema := zapwriter.NewSchema(testFields)
	b := zapwriter.NewBuilder(testFields)
	for _, n := range []int{1, 2, 50, 1023, 1024, 1025, 3000} {
		rng := rand.New(rand.NewPCG(uint64(n), 7))
		docs := randomDocs(rng, n, "p", schema)
		want, got := dump(t, stockSegment(t, docs)), dump(t, ownSegment(t, b, docs))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%d documents (-stock +own):\n%.3000s", n, diff)
		}
	}
}

func TestManyDocumentsInOneTerm(t *testing.T) {
	// More than 65,536 documents and 4,096 of one term: several bitmap containers.
	schema := zapwriter.NewSchema(testFields)
	docs := make([]*testDoc, 70_000)
	for i := range docs {
		docs[i] = &testDoc{id: fmt.Sprint(i), schema: schema, tokens: [][]string{{"all"}, nil, nil, nil, nil, nil, nil}}
		if i%3 == 0 {
			docs[i].tokens[0] = append(docs[i].tokens[0], "third")
		}
	}
	want, got := dump(t, stockSegment(t, docs)), dump(t, ownSegment(t, zapwriter.NewBuilder(testFields), docs))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-stock +own):\n%.3000s", diff)
	}
}

func TestMergedSameAsStock(t *testing.T) {
	schema := zapwriter.NewSchema(testFields)
	rng := rand.New(rand.NewPCG(3, 9))
	b := zapwriter.NewBuilder(testFields)
	var own, stock []segment.Segment
	var drops []*roaring.Bitmap
	for i, n := range []int{700, 1500, 3} {
		docs := randomDocs(rng, n, fmt.Sprintf("s%d-", i), schema)
		own, stock = append(own, ownSegment(t, b, docs)), append(stock, stockSegment(t, docs))
		drop := roaring.New()
		for d := range n {
			if rng.IntN(5) == 0 {
				drop.AddInt(d)
			}
		}
		drops = append(drops, drop)
	}
	want, got := dump(t, merged(t, stock, drops)), dump(t, merged(t, own, drops))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-stock +own):\n%.3000s", diff)
	}
}

func merged(t *testing.T, segs []segment.Segment, drops []*roaring.Bitmap) segment.Segment {
	t.Helper()
	var plugin zapwriter.Plugin
	path := filepath.Join(t.TempDir(), "merged.zap")
	if _, _, err := plugin.Merge(segs, drops, path, nil, nil); err != nil {
		t.Fatal(err)
	}
	seg, err := plugin.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = seg.Close() })
	return seg
}

func TestSeparatorIsRefused(t *testing.T) {
	b := zapwriter.NewBuilder(testFields)
	b.Begin("x")
	b.Add(1, "a\xffb", 1)
	if _, _, err := b.Segment(nil); err == nil || !strings.Contains(err.Error(), "tags") {
		t.Fatalf("Segment: %v, want an error that names the field", err)
	}
}

func BenchmarkSegment(b *testing.B) {
	schema := zapwriter.NewSchema(testFields)
	docs := randomDocs(rand.New(rand.NewPCG(1, 1)), 5000, "p", schema)
	builder := zapwriter.NewBuilder(testFields)
	for b.Loop() {
		builder.Reset()
		for _, d := range docs {
			d.Write(builder)
		}
		if _, _, err := builder.Segment(nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "docs/s")
}
