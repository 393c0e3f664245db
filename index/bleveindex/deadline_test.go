package bleveindex_test

// Claims about deadlines, in both forms:
//  1. Wherever in a search its time is over, what comes back is marked partial, has no more
//     than the whole answer, and nothing that does not match; with time enough it is the whole.
//  2. A deadline that is short for a large index is met: the answer is partial, though no
//     processor is free to tell the context so.

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// countedClock stands still until it was asked often enough, and then is far ahead. It is
// asked by several goroutines; on is changed between searches.
type countedClock struct {
	start time.Time
	left  atomic.Int64
	on    bool
}

func (c *countedClock) now() time.Time {
	if !c.on {
		return c.start
	}
	if c.left.Add(-1) >= 0 {
		return c.start
	}
	return c.start.Add(24 * time.Hour)
}

func TestDeadlineAnywhere(t *testing.T) {
	posts := tied(9000)
	changes := make([]corpus.Change, len(posts))
	for i := range posts {
		changes[i] = corpus.Change{ID: posts[i].ID, Seq: uint64(i + 1), Post: &posts[i]}
	}
	for form, reference := range map[string]bool{"fast": false, "plain": true} {
		clock := &countedClock{start: time.Now()}
		idx := opened(t, index.Options{}, func(o *index.Options) { o.Reference, o.Now = reference, clock.now })
		for chunk := range slices.Chunk(changes, 2500) {
			applyAll(t, chunk, idx)
		}
		req := index.Request{
			Query: query.Parse("go memory safety garbage collector kubernetes rust"), Size: 100,
			Facets: []index.FacetRequest{{Field: "tags"}},
		}
		whole, err := idx.Search(t.Context(), req)
		if err != nil || whole.Partial {
			t.Fatal(err)
		}
		ctx, cancel := context.WithDeadline(t.Context(), clock.start.Add(time.Hour))
		partial, totals := 0, []int{}
		for steps := 1; ; steps++ {
			clock.on = true
			clock.left.Store(int64(steps))
			got, err := idx.Search(ctx, req)
			clock.on = false
			if err != nil {
				t.Fatalf("%s: after %d steps: %v", form, steps, err)
			}
			totals = append(totals, got.Total)
			if !got.Partial {
				if got.Total != whole.Total || !got.TotalExact || !slices.Equal(hitIDs(got.Hits), hitIDs(whole.Hits)) {
					t.Errorf("%s: after %d steps not the whole answer: %d of %d", form, steps, got.Total, whole.Total)
				}
				break
			}
			partial++
			if got.TotalExact || got.Total > whole.Total || len(got.Hits) > got.Total {
				t.Errorf("%s: after %d steps %d hits of %d, exact %t; the whole has %d", form, steps, len(got.Hits), got.Total, got.TotalExact, whole.Total)
			}
			for _, c := range got.Facets["tags"] {
				if i := slices.IndexFunc(whole.Facets["tags"], func(w index.FacetCount) bool { return w.Value == c.Value }); i < 0 || whole.Facets["tags"][i].Count < c.Count {
					t.Errorf("%s: after %d steps facet %v", form, steps, c)
				}
			}
		}
		cancel()
		// The plain form looks at the time less often.
		if partial < 1 || !reference && (partial < 5 || totals[len(totals)-2] == 0) {
			t.Errorf("%s: %d partial answers, totals %v", form, partial, totals)
		}
		t.Logf("%s: totals after each step %v", form, totals)
	}
}

func TestShortDeadline(t *testing.T) {
	if testing.Short() {
		t.Skip("indexes 20,000 posts")
	}
	posts := tied(20_000)
	idx := opened(t, index.Options{}, func(o *index.Options) { o.Now = time.Now })
	changes := make([]corpus.Change, len(posts))
	for i := range posts {
		changes[i] = corpus.Change{ID: posts[i].ID, Seq: uint64(i + 1), Post: &posts[i]}
	}
	for chunk := range slices.Chunk(changes, 5000) {
		applyAll(t, chunk, idx)
	}
	req := index.Request{Query: query.Parse("go memory safety garbage collector kubernetes rust and"), Size: 10, Facets: []index.FacetRequest{{Field: "tags"}, {Field: "year"}}}
	if whole, err := idx.Search(t.Context(), req); err != nil || whole.Partial || whole.Total != len(posts) {
		t.Fatalf("%+v, %v", whole, err)
	}
	stop := make(chan struct{})
	defer close(stop)
	for range 8 { // Nobody is free to look at timers.
		go func() {
			for x := 0; ; x++ {
				select {
				case <-stop:
					return
				default:
				}
			}
		}()
	}
	partial := 0
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Microsecond)
		got, err := idx.Search(ctx, req)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if got.Partial {
			partial++
		}
	}
	if partial < 18 {
		t.Errorf("%d of 20 answers are partial at 50 microseconds", partial)
	}
}
