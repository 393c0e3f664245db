package bleveindex_test

import (
	"slices"
	"testing"

	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
	"alphanode/index/query"
)

// Claims about searches that need not count all posts (index.TotalsAtLeast), by random
// requests of all kinds over segments with deleted posts, before and after merges, with
// every budget:
//  1. Hits, facets and what was applied are those of the same search with exact totals, to
//     the last bit.
//  2. The total is at least the hits shown, and at most the exact one, which it is where it
//     is marked exact, where facets are counted, and where posts are pinned.
//  3. Pages go on by cursor as before.
//  4. Some of them do stop early.

func TestTotalsAtLeast(t *testing.T) {
	ids, requests := 9000, 150
	if testing.Short() {
		ids, requests = 4000, 50
	}
	for name, plain := range map[string]bool{"default": false, "plain": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := indextest.Options()
			opts.Plain = plain
			b := newBigPosts(uint64(200 + len(name)))
			all := forms(t, opts)
			var seq uint64
			applyAll(t, b.changes(&seq, ids, ids, false), all...)
			early := compareTotals(t, b, requests, ids, all)
			applyAll(t, b.changes(&seq, ids/5, ids, true), all...)
			applyAll(t, b.changes(&seq, ids/10, ids, false), all...)
			early += compareTotals(t, b, requests, ids, all)
			for _, x := range all {
				if err := x.Merge(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			applyAll(t, b.changes(&seq, 100, ids, true), all...)
			early += compareTotals(t, b, requests, ids, all)
			if early < requests/10 {
				t.Errorf("%d searches stopped early", early)
			}
		})
	}
}

// compareTotals asks random requests both ways, and tells how many were not exact.
func compareTotals(t *testing.T, b *bigPosts, requests, ids int, all []*bleveindex.Index) (early int) {
	t.Helper()
	set := b.curation()
	for range requests {
		req := b.curatedRequest(set, ids)
		if b.IntN(3) > 0 {
			req.Facets, req.Pins = nil, nil
		}
		for _, x := range all {
			early += compareTotal(t, x, req)
		}
	}
	return early
}

func compareTotal(t *testing.T, x *bleveindex.Index, req index.Request) (early int) {
	t.Helper()
	want, err := x.Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	req.Totals = index.TotalsAtLeast
	got, err := x.Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	if len(got.Hits) > 0 {
		shown = req.From + len(got.Hits)
	}
	exact := got.TotalExact || len(req.Facets)+len(got.Applied.Pins) > 0
	if !want.TotalExact || got.Total > want.Total || got.Total < shown || exact && got.Total != want.Total {
		t.Fatalf("query %q: total %d, exact %t, %d shown; there are %d", req.Query.Raw, got.Total, got.TotalExact, shown, want.Total)
	}
	if !slices.EqualFunc(got.Hits, want.Hits, func(a, b index.Hit) bool { return a == b }) {
		t.Fatalf("query %q: hits differ:\n%v\n%v", req.Query.Raw, got.Hits, want.Hits)
	}
	if got.TotalExact {
		return 0
	}
	got.Total, got.TotalExact = want.Total, true
	if diff := indextest.Compare(got, want); diff != "" {
		t.Fatalf("query %q (-want +got):\n%s", req.Query.Raw, diff)
	}
	return 1
}

func TestPagesGoOnWithoutTotals(t *testing.T) {
	posts := tied(3000)
	for form, idx := range bothForms(t, posts...) {
		for name, req := range cursorRequests() {
			want, _ := walk(t, idx, req, 100, nil)
			first := req
			first.Totals, first.Size = index.TotalsAtLeast, 100
			res, err := idx.Search(t.Context(), first)
			if err != nil {
				t.Fatal(err)
			}
			if got := hitIDs(res.Hits); !slices.Equal(got, want[:len(got)]) || len(got) != min(100, len(want)) {
				t.Errorf("%s, %s: the first page differs", form, name)
			}
			first.After = &index.After{Shown: len(res.Hits), Place: res.Last}
			if len(req.Pins) > 0 || res.Last == nil {
				continue
			}
			if res, err = idx.Search(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			if got := hitIDs(res.Hits); !slices.Equal(got, want[min(100, len(want)):min(200, len(want))]) || !res.TotalExact {
				t.Errorf("%s, %s: the second page differs, total %d %t", form, name, res.Total, res.TotalExact)
			}
		}
	}
}

// TestTotalOfOneWord is exact without counting: it is the word's document frequency.
func TestTotalOfOneWord(t *testing.T) {
	b := newBigPosts(5)
	all := forms(t, indextest.Options())
	var seq uint64
	applyAll(t, b.changes(&seq, 3000, 3000, false), all...)
	applyAll(t, b.changes(&seq, 700, 3000, true), all...)
	for range 100 {
		req := index.Request{Query: query.Parse(b.word()), Size: 5, Totals: index.TotalsAtLeast}
		want, err := all[0].Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all[1:] {
			got, err := x.Search(t.Context(), req)
			if err != nil || got.Total != want.Total || !got.TotalExact {
				t.Fatalf("query %q: %d %t, want %d: %v", req.Query.Raw, got.Total, got.TotalExact, want.Total, err)
			}
		}
	}
}
