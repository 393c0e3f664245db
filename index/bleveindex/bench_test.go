package bleveindex_test

import (
	"context"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/synth"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/query"
)

// benchPosts is the number of generated posts that benchmarks search.
const benchPosts = 5000

func generated(tb testing.TB, n int) []corpus.Change {
	tb.Helper()
	var out []corpus.Change
	for p, err := range synth.New(1, n).Posts(tb.Context()) {
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, corpus.Change{Seq: uint64(len(out) + 1), ID: p.ID, Post: &p})
	}
	return out
}

func filled(tb testing.TB, opts index.Options, changes []corpus.Change) *bleveindex.Index {
	tb.Helper()
	x, err := bleveindex.Open(tb.TempDir(), bleveindex.Identity{}, opts)
	if err != nil {
		tb.Fatal(err)
	}
	if err := x.Apply(context.Background(), index.Range{From: 1, To: uint64(len(changes))}, changes); err != nil {
		tb.Fatal(err)
	}
	return x
}

// BenchmarkSearch compares the two forms of the executor on kinds of requests.
func BenchmarkSearch(b *testing.B) {
	changes := generated(b, benchPosts)
	filter, err := query.ParseFilter("difficulty:advanced AND year:2020..2030")
	if err != nil {
		b.Fatal(err)
	}
	facets := []index.FacetRequest{{Field: "tags"}, {Field: "stack"}, {Field: "difficulty"}, {Field: "year"}}
	kinds := []struct {
		name string
		req  index.Request
	}{
		{"all", index.Request{}},
		{"term", index.Request{Query: query.Parse("latency")}},
		{"or", index.Request{Query: query.Parse("memory latency of a busy server")}},
		{"and", index.Request{Query: query.Parse("+memory +latency")}},
		{"phrase", index.Request{Query: query.Parse(`"as soon as"`)}},
		{"typing", index.Request{Query: query.Parse("memory lat"), Typing: true}},
		{"typo", index.Request{Query: query.Parse("latecny")}},
		{"filter", index.Request{Query: query.Parse("memory"), Filter: filter}},
		{"facets", index.Request{Query: query.Parse("memory"), Facets: facets}},
		{"sort", index.Request{Query: query.Parse("memory"), Sort: []index.SortKey{{Field: "views", Desc: true}}}},
	}
	for _, form := range []struct {
		name string
		opts index.Options
	}{{"fast", index.Options{}}, {"reference", index.Options{Reference: true}}} {
		x := filled(b, form.opts, changes)
		for _, kind := range kinds {
			kind.req.Size = 10
			b.Run(form.name+"/"+kind.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := x.Search(b.Context(), kind.req); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkApply writes batches of a thousand posts.
func BenchmarkApply(b *testing.B) {
	changes := generated(b, 1000)
	for b.Loop() {
		x, err := bleveindex.OpenMemory(index.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := x.Apply(b.Context(), index.Range{From: 1, To: 1000}, changes); err != nil {
			b.Fatal(err)
		}
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkUpdate writes one post and searches for it: what a change costs.
func BenchmarkUpdate(b *testing.B) {
	changes := generated(b, benchPosts)
	x := filled(b, index.Options{}, changes)
	defer x.Close() //nolint:errcheck // a temporary directory
	seq := uint64(len(changes))
	req := index.Request{Query: query.Parse("memory"), Size: 10}
	for b.Loop() {
		seq++
		c := changes[int(seq)%len(changes)]
		c.Seq = seq
		if err := x.Apply(b.Context(), index.Range{From: seq, To: seq}, []corpus.Change{c}); err != nil {
			b.Fatal(err)
		}
		if _, err := x.Search(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}
