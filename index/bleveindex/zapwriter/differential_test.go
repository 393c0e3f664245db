package zapwriter_test

// Claims:
//  1. A segment of this writer holds what the stock writer's holds: fields, terms,
//     postings with frequency, stored ids and values by way of the stock reader, and
//     positions by way of Raw.
//  2. A segment merged from several, with deletes, is byte for byte what the writer
//     makes of the documents that are left; the new numbers are theirs.
//  3. Bytes that are damaged are an error, never a panic, of a merge.
//  4. Segments of others are merged by stock code, never together with ours.
//  5. Columns, ordinals and terms are those that went in, built and merged, in memory
//     and mapped; a damaged one is an error that names it.

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
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
	{Name: "tags", Options: index.IndexField},
	{Name: "code", Options: index.IndexField},
	{Name: "day", Options: index.IndexField | index.SkipFreqNorm},
	{Name: "raw", Options: index.IndexField | index.IncludeTermVectors},
	{Name: "_row", Options: index.StoreField},
	{Name: "absent", Options: index.IndexField | index.IncludeTermVectors},
}

// testColumns has every kind, of values that take each form.
var testColumns = []zapwriter.Column{
	{Name: "seq", Kind: zapwriter.Integers},
	{Name: "length", Kind: zapwriter.Integers},
	{Name: "far", Kind: zapwriter.Integers},
	{Name: "same", Kind: zapwriter.Integers},
	{Name: "score", Kind: zapwriter.Floats},
	{Name: "time", Kind: zapwriter.Floats},
	{Name: "none", Kind: zapwriter.Floats},
	{Name: "titles", Kind: zapwriter.Labels},
	{Name: "empty", Kind: zapwriter.Labels},
}

// rowField is the place of _row in testFields.
const rowField = 5

type testDoc struct {
	id      string
	tokens  [][]string // by field
	columns [7]float64
	titles  []string
	schema  *zapwriter.Schema
}

func (d *testDoc) Write(b *zapwriter.Builder) {
	b.Begin(d.id)
	for f, tokens := range d.tokens {
		for i, term := range tokens {
			b.Add(f, term, uint32(i+1))
		}
	}
	b.Store(rowField, []byte("row of "+d.id))
	for c, v := range d.columns {
		if testColumns[c].Kind == zapwriter.Floats {
			b.SetFloat(c, v)
		} else {
			b.SetInteger(c, uint64(v))
		}
	}
	for _, t := range d.titles {
		b.AddLabel(7, t)
	}
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
		d.columns = [7]float64{1<<40 + float64(i), float64(rng.IntN(3)), float64(rng.Uint64N(1 << 60)), 7, math.NaN(), rng.Float64(), math.NaN()}
		if rng.IntN(2) == 0 {
			d.columns[4] = float64(rng.IntN(100)) / 4
		}
		for _, n := range rng.Perm(20)[:rng.IntN(5)] {
			d.titles = append(d.titles, fmt.Sprintf("t%d-%d", n, rng.IntN(10)))
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
	return out
}

// dumpField reads positions of a stock segment as locations, and of one of ours as
// they are.
func dumpField(t *testing.T, seg segment.Segment, field string) (out []string) {
	t.Helper()
	raw, own, err := zapwriter.OpenRaw(seg)
	if err != nil {
		t.Fatal(err)
	}
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
		var ours []zapwriter.Posting
		if own {
			if ours, err = raw.Postings(field, e.Term); err != nil {
				t.Fatal(err)
			}
		}
		pi := pl.Iterator(true, true, !own, nil)
		for p, err := pi.Next(); p != nil; p, err = pi.Next() {
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s %s %d tf=%d", field, e.Term, p.Number(), p.Frequency())
			positions := locations(p)
			if own {
				if uint64(ours[0].Doc) != p.Number() || uint64(ours[0].Freq) != p.Frequency() {
					t.Fatalf("%s %s: raw %v, stock reader %d tf=%d", field, e.Term, ours[0], p.Number(), p.Frequency())
				}
				positions, ours = ours[0].Positions, ours[1:]
			}
			out = append(out, line+fmt.Sprint(positions))
		}
	}
	return out
}

// locations are the positions of a posting of the stock writer.
func locations(p segment.Posting) (out []uint32) {
	for _, l := range p.Locations() {
		position := l.Pos()
		out = append(out, uint32(position))
		for _, delta := range l.ArrayPositions() {
			position += delta
			out = append(out, uint32(position))
		}
	}
	return out
}

func TestSameAsStockWriter(t *testing.T) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	b := zapwriter.NewBuilder(testFields, testColumns...)
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
	schema := zapwriter.NewSchema(testFields, testColumns...)
	docs := make([]*testDoc, 70_000)
	for i := range docs {
		docs[i] = &testDoc{id: fmt.Sprint(i), schema: schema, tokens: [][]string{{"all"}, nil, nil, nil, nil, nil, nil}}
		if i%3 == 0 {
			docs[i].tokens[0] = append(docs[i].tokens[0], "third")
		}
	}
	want, got := dump(t, stockSegment(t, docs)), dump(t, ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-stock +own):\n%.3000s", diff)
	}
}

func TestMergedIsWhatTheWriterMakes(t *testing.T) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	b := zapwriter.NewBuilder(testFields, testColumns...)
	for name, share := range map[string]int{"nothing dropped": 0, "a fifth dropped": 5, "nearly all dropped": 1} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 9))
			var segs []segment.Segment
			var drops []*roaring.Bitmap
			var live []*testDoc
			for i, n := range []int{700, 1500, 3, 1} {
				docs := randomDocs(rng, n, fmt.Sprintf("s%d-", i), schema)
				segs = append(segs, ownSegment(t, b, docs))
				drop := roaring.New()
				for d := range docs {
					if share > 0 && rng.IntN(share) == 0 && d != 600 {
						drop.AddInt(d)
					} else {
						live = append(live, docs[d])
					}
				}
				drops = append(drops, drop)
			}
			want := ownSegment(t, b, live)
			checkColumns(t, want, live)
			for _, onDisk := range []bool{false, true} {
				got := merged(t, segs, drops)
				checkColumns(t, got, live)
				if !bytes.Equal(contentOf(t, want), contentOf(t, got)) {
					t.Fatalf("on disk %t (-built +merged):\n%.3000s", onDisk, cmp.Diff(dump(t, want), dump(t, got)))
				}
				for i := range segs {
					segs[i] = persisted(t, segs[i])
				}
			}
		})
	}
}

// contentOf gives the bytes of a segment without what only a file has.
func contentOf(t *testing.T, seg segment.Segment) []byte {
	t.Helper()
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil || !ok {
		t.Fatalf("OpenRaw: %t, %v", ok, err)
	}
	if _, file := seg.(segment.PersistedSegment); file {
		return raw.Data[:len(raw.Data)-zap.FooterSize]
	}
	return raw.Data
}

func TestNewNumbers(t *testing.T) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	docs := randomDocs(rand.New(rand.NewPCG(1, 1)), 3, "p", schema)
	segs := []segment.Segment{ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs), ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs)}
	got, size, err := (&zapwriter.Plugin{}).Merge(segs, []*roaring.Bitmap{roaring.BitmapOf(1), nil}, filepath.Join(t.TempDir(), "m.zap"), nil, nil)
	want := [][]uint64{{0, math.MaxUint64, 1}, {2, 3, 4}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || size == 0 {
		t.Errorf("Merge: %d bytes, %v\n%s", size, err, diff)
	}
}

func TestMergeStops(t *testing.T) {
	docs := randomDocs(rand.New(rand.NewPCG(1, 1)), 3, "p", zapwriter.NewSchema(testFields, testColumns...))
	seg := ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs)
	stop := make(chan struct{})
	close(stop)
	path := filepath.Join(t.TempDir(), "m.zap")
	_, _, err := (&zapwriter.Plugin{}).Merge([]segment.Segment{seg, seg}, make([]*roaring.Bitmap, 2), path, stop, nil)
	if err != segment.ErrClosed { //nolint:errorlint // scorch compares it so
		t.Errorf("Merge: %v, want %v", err, segment.ErrClosed)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left behind: %v", err)
	}
}

func TestDamagedSegmentIsAnError(t *testing.T) {
	docs := randomDocs(rand.New(rand.NewPCG(5, 1)), 200, "p", zapwriter.NewSchema(testFields, testColumns...))
	whole := persisted(t, ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs))
	data, err := os.ReadFile(whole.(segment.PersistedSegment).Path())
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(6, 1))
	failed := 0
	for range 400 {
		bad := slices.Clone(data)
		for range 1 + rng.IntN(8) {
			bad[8+rng.IntN(len(bad)-8-zap.FooterSize)] ^= byte(1 + rng.IntN(255))
		}
		if mergeDamaged(t, bad) != nil {
			failed++
		}
	}
	if failed < 200 {
		t.Errorf("only %d of 400 damaged segments were noticed", failed)
	}
}

// mergeDamaged merges a damaged segment with itself. The stock reader and the
// automaton may panic; that is theirs, and the index turns it into an error.
func mergeDamaged(t *testing.T, data []byte) (err error) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			if stack := string(debug.Stack()); !strings.Contains(stack, "blevesearch/vellum") && !strings.Contains(stack, "blevesearch/zapx") {
				t.Fatalf("panic: %v\n%s", r, stack)
			}
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	dir := t.TempDir()
	path := filepath.Join(dir, "damaged.zap")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var plugin zapwriter.Plugin
	seg, err := plugin.Open(path)
	if err != nil {
		return err
	}
	defer seg.Close() //nolint:errcheck // only read
	_, _, err = plugin.Merge([]segment.Segment{seg, seg}, make([]*roaring.Bitmap, 2), filepath.Join(dir, "m.zap"), nil, nil)
	return err
}

func TestSegmentsOfOthers(t *testing.T) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	docs := randomDocs(rand.New(rand.NewPCG(4, 4)), 20, "p", schema)
	stock, own := stockSegment(t, docs), ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs)
	if raw, ok, err := zapwriter.OpenRaw(merged(t, []segment.Segment{stock, stock}, make([]*roaring.Bitmap, 2))); ok || err != nil {
		t.Errorf("a merged segment of others is taken for ours: %v, %v", raw, err)
	}
	_, _, err := (&zapwriter.Plugin{}).Merge([]segment.Segment{stock, own}, make([]*roaring.Bitmap, 2), filepath.Join(t.TempDir(), "m.zap"), nil, nil)
	if err == nil {
		t.Error("a segment of ours and one of others were merged")
	}
}

func merged(t *testing.T, segs []segment.Segment, drops []*roaring.Bitmap) segment.Segment {
	t.Helper()
	var plugin zapwriter.Plugin
	path := filepath.Join(t.TempDir(), "merged.zap")
	if _, _, err := plugin.Merge(segs, drops, path, nil, nil); err != nil {
		t.Fatal(err)
	}
	return opened(t, path)
}

func persisted(t *testing.T, seg segment.Segment) segment.Segment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "one.zap")
	if s, ok := seg.(segment.UnpersistedSegment); !ok {
		return seg
	} else if err := s.Persist(path); err != nil {
		t.Fatal(err)
	}
	return opened(t, path)
}

func opened(t *testing.T, path string) segment.Segment {
	t.Helper()
	seg, err := (&zapwriter.Plugin{}).Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = seg.Close() })
	return seg
}

func BenchmarkSegment(b *testing.B) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	docs := randomDocs(rand.New(rand.NewPCG(1, 1)), 5000, "p", schema)
	builder := zapwriter.NewBuilder(testFields, testColumns...)
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

func BenchmarkMerge(b *testing.B) {
	schema := zapwriter.NewSchema(testFields, testColumns...)
	builder := zapwriter.NewBuilder(testFields, testColumns...)
	var segs []segment.Segment
	docs := 0
	for i := range 10 {
		batch := randomDocs(rand.New(rand.NewPCG(uint64(i), 1)), 2000, fmt.Sprintf("p%d-", i), schema)
		builder.Reset()
		for _, d := range batch {
			d.Write(builder)
		}
		seg, _, err := builder.Segment(nil)
		if err != nil {
			b.Fatal(err)
		}
		segs, docs = append(segs, seg), docs+len(batch)
	}
	path := filepath.Join(b.TempDir(), "m.zap")
	for b.Loop() {
		if _, _, err := (&zapwriter.Plugin{}).Merge(segs, make([]*roaring.Bitmap, len(segs)), path, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(docs*b.N)/b.Elapsed().Seconds(), "docs/s")
}
