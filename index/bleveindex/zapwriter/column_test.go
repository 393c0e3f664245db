package zapwriter_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index/bleveindex/zapwriter"
)

func rawOf(t *testing.T, seg segment.Segment) *zapwriter.Raw {
	t.Helper()
	raw, ok, err := zapwriter.OpenRaw(seg)
	if err != nil || !ok {
		t.Fatalf("OpenRaw: %t, %v", ok, err)
	}
	return raw
}

// checkColumns compares the columns of a segment with its documents.
func checkColumns(t *testing.T, seg segment.Segment, docs []*testDoc) {
	t.Helper()
	raw := rawOf(t, seg)
	for c, column := range testColumns {
		if column.Kind != zapwriter.Labels {
			checkValues(t, raw, c, docs)
		}
	}
	titles := func(d *testDoc) []string { return d.titles }
	days := func(d *testDoc) []string { return slices.Compact(slices.Sorted(slices.Values(d.tokens[3]))) }
	checkLists(t, raw, "titles", docs, titles)
	checkLists(t, raw, "day", docs, days)
	checkLists(t, raw, "empty", docs, func(*testDoc) []string { return nil })
	for _, f := range testFields {
		checkTerms(t, raw, f.Name)
	}
}

func checkValues(t *testing.T, raw *zapwriter.Raw, column int, docs []*testDoc) {
	t.Helper()
	c := testColumns[column]
	values, err := raw.Values(c.Name)
	if err != nil {
		t.Fatal(err)
	}
	var sum, notZero, most uint64
	for i, d := range docs {
		want := d.columns[column]
		if c.Kind == zapwriter.Floats {
			if got := values.Float(uint32(i)); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("%s of document %d: %v, want %v", c.Name, i, got, want)
			}
			continue
		}
		if got := values.Integer(uint32(i)); got != uint64(want) {
			t.Fatalf("%s of document %d: %d, want %v", c.Name, i, got, want)
		}
		sum, notZero, most = sum+uint64(want), notZero+uint64(min(want, 1)), max(most, uint64(want))
	}
	if c.Kind == zapwriter.Integers && (values.Sum != sum || values.NotZero != notZero || values.Most != most) {
		t.Errorf("%s: sum %d of %d, most %d; want %d, %d, %d", c.Name, values.Sum, values.NotZero, values.Most, sum, notZero, most)
	}
}

// checkLists compares lists of labels, or of terms of a field, and the numbers of documents
// of each.
func checkLists(t *testing.T, raw *zapwriter.Raw, name string, docs []*testDoc, of func(*testDoc) []string) {
	t.Helper()
	ordinals, err := raw.Ordinals(name)
	if err != nil {
		t.Fatal(err)
	}
	terms, err := raw.Terms(name)
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]uint32)
	for i, d := range docs {
		var got []string
		for _, n := range listOf(ordinals, i) {
			got = append(got, terms.Term(int(n)))
			counts[terms.Term(int(n))]++
		}
		if !slices.Equal(got, of(d)) {
			t.Fatalf("%s of document %d: %q, want %q", name, i, got, of(d))
		}
	}
	for term, e := range terms.Range(0, terms.Len()) {
		if e.Count != counts[term] || e.Count == 0 {
			t.Fatalf("%s: %q in %d documents, want %d", name, term, e.Count, counts[term])
		}
	}
}

func listOf(o *zapwriter.Ordinals, doc int) []uint32 {
	switch {
	case o.Singles != nil && o.Singles[doc] > 0:
		return []uint32{uint32(o.Singles[doc] - 1)}
	case o.Starts != nil:
		return o.Items[o.Starts[doc]:o.Starts[doc+1]]
	default:
		return nil
	}
}

// checkTerms compares the list of terms of a field with its dictionary.
func checkTerms(t *testing.T, raw *zapwriter.Raw, field string) {
	t.Helper()
	terms, err := raw.Terms(field)
	if err != nil {
		t.Fatal(err)
	}
	fst, err := raw.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	if fst.Len() != terms.Len() {
		t.Fatalf("%s: %d terms in the list, %d in the dictionary", field, terms.Len(), fst.Len())
	}
	for term, e := range terms.Range(0, terms.Len()) {
		value, found, err := fst.Get([]byte(term))
		if err != nil || !found || value != e.Value() {
			t.Fatalf("%s: %q: %d, %t, %v; want %d", field, term, value, found, err, e.Value())
		}
		postings, err := raw.Postings(field, term)
		if err != nil || len(postings) != int(e.Count) {
			t.Fatalf("%s: %q: %d postings, %v; want %d", field, term, len(postings), err, e.Count)
		}
	}
}

func TestManySingles(t *testing.T) {
	// Each document has a value of its own: too many for numbers of two bytes.
	for _, n := range []int{65_534, 65_535} {
		b := zapwriter.NewBuilder(nil, zapwriter.Column{Name: "own", Kind: zapwriter.Labels})
		for d := range n {
			b.Begin(string(rune(0x10000 + d)))
			b.AddLabel(0, string(rune(0x10000+d)))
		}
		seg, _, err := b.Segment(nil)
		if err != nil {
			t.Fatal(err)
		}
		ordinals, err := rawOf(t, seg).Ordinals("own")
		if err != nil || (ordinals.Singles == nil) != (n == 65_535) {
			t.Fatalf("%d values: %d of two bytes, %v", n, len(ordinals.Singles), err)
		}
		for d := range n {
			if got := listOf(ordinals, d); len(got) != 1 || got[0] != uint32(d) {
				t.Fatalf("document %d of %d: %v", d, n, got)
			}
		}
	}
}

func TestDamagedColumn(t *testing.T) {
	docs := randomDocs(rand.New(rand.NewPCG(8, 1)), 300, "p", nil)
	whole := persisted(t, ownSegment(t, zapwriter.NewBuilder(testFields, testColumns...), docs))
	data, err := os.ReadFile(whole.(segment.PersistedSegment).Path())
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string]func(*zapwriter.Raw) error{
		"values/seq":      func(r *zapwriter.Raw) error { _, err := r.Values("seq"); return err },
		"values/time":     func(r *zapwriter.Raw) error { _, err := r.Values("time"); return err },
		"ordinals/titles": func(r *zapwriter.Raw) error { _, err := r.Ordinals("titles"); return err },
		"ordinals/day":    func(r *zapwriter.Raw) error { _, err := r.Ordinals("day"); return err },
		"terms/body":      func(r *zapwriter.Raw) error { _, err := r.Terms("body"); return err },
	}
	noticed := make(map[string]bool)
	for at := 8; at < len(data)-100; at += 67 {
		bad := slices.Clone(data)
		bad[at] ^= 4
		path := filepath.Join(t.TempDir(), "bad.zap")
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		seg, err := openDamaged(path)
		if err != nil {
			continue // The stock reader noticed.
		}
		if raw, ok, err := zapwriter.OpenRaw(seg); ok {
			for name, read := range readers {
				if err := read(raw); err != nil {
					noticed[name] = noticed[name] || errors.Is(err, zapwriter.ErrCorrupt) && strings.Contains(err.Error(), name)
				}
			}
		} else if err != nil && !strings.Contains(err.Error(), "bad.zap") {
			t.Errorf("byte %d: the error names no file: %v", at, err)
		}
		if err := seg.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name := range readers {
		if !noticed[name] {
			t.Errorf("no damage of %s was noticed", name)
		}
	}
}

// openDamaged opens a segment by stock code, which may panic.
func openDamaged(path string) (seg segment.Segment, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return (&zapwriter.Plugin{}).Open(path)
}
