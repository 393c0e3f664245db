package postings_test

// Claims:
//  1. What is decoded from raw bytes is what the segment API gives, and the writer's
//     own slow reader for positions, for segments on disk (built and merged) and in
//     memory, with and without positions.
//  2. Parts are parts of the whole: the positions of some documents, the terms within
//     bounds, the count without deleted documents.
//  3. The cache gives the same lists whatever its budget, and never holds more.

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index/bleveindex/postings"
	"alphanode/index/bleveindex/zapwriter"
)

var testFields = []zapwriter.Field{
	{Name: "body", Options: index.IndexField | index.IncludeTermVectors},
	{Name: "code", Options: index.IndexField},
	{Name: "day", Options: index.IndexField | index.SkipFreqNorm},
}

func build(tb testing.TB, docs int, seed uint64) segment.Segment {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	zipf := rand.NewZipf(rng, 1.2, 3, 2000)
	b := zapwriter.NewBuilder(testFields)
	for d := range docs {
		b.Begin(fmt.Sprintf("%d-%d", seed, d))
		for p := range 1 + rng.IntN(80) {
			b.Add(0, fmt.Sprintf("w%d", zipf.Uint64()), uint32(p+1))
		}
		for range rng.IntN(4) {
			b.Add(1, fmt.Sprintf("c%d", zipf.Uint64()), 0)
		}
		if d%50 == 0 {
			for p := range 600 {
				b.Add(0, "often", uint32(1000+p))
			}
		}
		b.Add(2, fmt.Sprint(d%7), 0)
	}
	seg, _, err := b.Segment(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return seg
}

// onDisk writes segs as one segment and opens it.
func onDisk(tb testing.TB, segs ...segment.Segment) segment.Segment {
	tb.Helper()
	var plugin zapwriter.Plugin
	path := filepath.Join(tb.TempDir(), "s.zap")
	var err error
	if len(segs) == 1 {
		err = segs[0].(segment.UnpersistedSegment).Persist(path)
	} else {
		_, _, err = plugin.Merge(segs, make([]*roaring.Bitmap, len(segs)), path, nil, nil)
	}
	if err != nil {
		tb.Fatal(err)
	}
	seg, err := plugin.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = seg.Close() })
	return seg
}

type posting struct {
	doc, freq uint32
	positions []uint32
}

// viaAPI reads a term the slow way.
func viaAPI(t *testing.T, seg segment.Segment, field, term string) (out []posting) {
	t.Helper()
	dict, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	pl, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil || !ok {
		t.Fatalf("OpenRaw: %t, %v", ok, err)
	}
	own, err := raw.Postings(field, term)
	if err != nil {
		t.Fatal(err)
	}
	it := pl.Iterator(true, true, false, nil)
	for p, err := it.Next(); p != nil; p, err = it.Next() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, posting{doc: uint32(p.Number()), freq: uint32(p.Frequency()), positions: own[len(out)].Positions})
	}
	return out
}

func viaCache(t *testing.T, c *postings.Cache, r *postings.Reader, field, term string) (out []posting) {
	t.Helper()
	l, err := c.List(r, field, term)
	if err != nil {
		t.Fatal(err)
	}
	pos, err := c.Positions(r, field, term)
	if err != nil {
		t.Fatal(err)
	}
	if l == nil {
		return nil
	}
	for i, doc := range l.Docs {
		one := posting{doc: doc, freq: l.Freq(i)}
		if pos != nil {
			one.positions = slices.Clone(pos.At(i))
		}
		out = append(out, one)
	}
	return out
}

func terms(t *testing.T, seg segment.Segment, field string) (out []string) {
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
		out = append(out, e.Term)
	}
	return append(out, "no such term")
}

func TestSameAsSegmentAPI(t *testing.T) {
	memory := build(t, 1500, 1)
	segs := map[string]segment.Segment{
		"memory": memory, "disk": onDisk(t, memory), "merged": onDisk(t, build(t, 700, 2), build(t, 3000, 3)),
	}
	for name, seg := range segs {
		for _, budget := range []int64{-1, 20_000, 0} {
			t.Run(fmt.Sprintf("%s/%d", name, budget), func(t *testing.T) { compare(t, seg, budget) })
		}
	}
}

func compare(t *testing.T, seg segment.Segment, budget int64) {
	t.Helper()
	r, err := postings.NewReader(seg, []string{"body", "code", "day", "missing"})
	if err != nil {
		t.Fatal(err)
	}
	c := postings.NewCache(budget)
	for range 2 { // The second time from the cache.
		for _, field := range []string{"body", "code", "day", "missing"} {
			for _, term := range terms(t, seg, field) {
				want, got := viaAPI(t, seg, field, term), viaCache(t, c, r, field, term)
				if !slices.EqualFunc(want, got, equalPosting) {
					t.Fatalf("%s:%s\nwant %v\n got %v", field, term, want, got)
				}
				if budget > 0 && c.Used() > budget {
					t.Fatalf("cache holds %d bytes of %d", c.Used(), budget)
				}
			}
		}
	}
	if c.Drop(r); c.Used() != 0 {
		t.Fatalf("%d bytes left after Drop", c.Used())
	}
}

func equalPosting(a, b posting) bool {
	return a.doc == b.doc && a.freq == b.freq && slices.Equal(a.positions, b.positions)
}

func BenchmarkReadAll(b *testing.B) {
	seg := onDisk(b, build(b, 20_000, 5))
	r, err := postings.NewReader(seg, []string{"body"})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n = 0
		for i := range 2000 {
			l, err := r.Read("body", fmt.Appendf(nil, "w%d", i))
			if err != nil {
				b.Fatal(err)
			}
			if l != nil {
				n += len(l.Docs)
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds()/1e6, "Mpostings/s")
}

// TestPositionsAt: the positions of some documents are those among all.
func TestPositionsAt(t *testing.T) {
	for name, seg := range map[string]segment.Segment{"memory": build(t, 300, 5), "disk": onDisk(t, build(t, 300, 5))} {
		r, err := postings.NewReader(seg, []string{"body"})
		if err != nil {
			t.Fatal(err)
		}
		for _, term := range []string{"w0", "w1", "w7", "often"} {
			l, err := r.Read("body", []byte(term))
			if err != nil || l == nil {
				t.Fatalf("%s: %q: %v, %v", name, term, l, err)
			}
			all, err := r.ReadPositions("body", []byte(term))
			if err != nil {
				t.Fatal(err)
			}
			var places []int
			for i := range l.Docs {
				if i%3 == 1 {
					places = append(places, i)
				}
			}
			some, err := r.ReadPositionsAt("body", []byte(term), l, places)
			if err != nil {
				t.Fatal(err)
			}
			for i, place := range places {
				if !slices.Equal(some.At(i), all.At(place)) {
					t.Errorf("%s: %q at %d: %v, want %v", name, term, place, some.At(i), all.At(place))
				}
			}
		}
	}
}

// TestTerms: terms and their counts, deleted documents among them or not, and ids are
// those of the segment's dictionary and stored records.
func TestTerms(t *testing.T) {
	deleted := roaring.BitmapOf(1, 2, 3, 50, 100, 250)
	alive := make([]uint64, 7)
	for doc := range uint32(64 * len(alive)) {
		if !deleted.Contains(doc) {
			alive[doc/64] |= 1 << (doc % 64)
		}
	}
	for name, seg := range map[string]segment.Segment{"memory": build(t, 300, 6), "disk": onDisk(t, build(t, 300, 6), build(t, 90, 7))} {
		r, err := postings.NewReader(seg, []string{"body"})
		if err != nil {
			t.Fatal(err)
		}
		dict, err := seg.Dictionary("body")
		if err != nil {
			t.Fatal(err)
		}
		lex, err := r.Lexicon("body")
		if err != nil {
			t.Fatal(err)
		}
		for doc := range uint32(seg.Count()) {
			want, err := seg.DocID(uint64(doc))
			if got, failed := r.ID(doc); err != nil || failed != nil || got != string(want) {
				t.Fatalf("%s: id of %d: %q, %v; want %q, %v", name, doc, got, failed, want, err)
			}
		}
		if id, err := r.ID(uint32(seg.Count())); err == nil {
			t.Errorf("%s: a document behind the last has the id %q", name, id)
		}
		for _, bounds := range [][2][]byte{{nil, nil}, {[]byte("w1"), []byte("w2")}, {[]byte("x"), nil}} {
			var got, want []string
			for term, e := range lex.Range(0, lex.Len()) {
				if term < string(bounds[0]) || bounds[1] != nil && term >= string(bounds[1]) {
					continue
				}
				live, err := r.Live(e.Value(), alive)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprint(term, e.Count, live))
			}
			all := dict.AutomatonIterator(nil, bounds[0], bounds[1])
			for entry, err := all.Next(); entry != nil || err != nil; entry, err = all.Next() {
				if err != nil {
					t.Fatal(err)
				}
				every, err := dict.PostingsList([]byte(entry.Term), nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				list, err := dict.PostingsList([]byte(entry.Term), deleted, nil)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, fmt.Sprint(entry.Term, every.Count(), list.Count()))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %q: %d terms, want %d\n%.2000v\n%.2000v", name, bounds, len(got), len(want), got, want)
			}
		}
	}
}
