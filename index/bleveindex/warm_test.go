package bleveindex_test

import (
	"context"
	"testing"

	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
	"alphanode/index/query"
)

// Claim: an index that was made ready for typing has something ready, and answers typed
// beginnings of words as the plain form does, also after posts were changed; making ready
// stops at a quarter of the budget, and when it is told to.
func TestWarm(t *testing.T) {
	opts := indextest.Options()
	plain := opened(t, opts, func(o *index.Options) { o.Reference = true })
	fast := opened(t, opts, func(*index.Options) {})
	small := opened(t, opts, func(o *index.Options) { o.PostingsBudget = 1 << 20 })
	if err := fast.Warm(t.Context()); err != nil {
		t.Errorf("without posts: %v", err)
	}
	b, seq := newBigPosts(29), uint64(0)
	applyAll(t, b.changes(&seq, 3000, 3000, false), plain, fast, small)
	for _, x := range []*bleveindex.Index{plain, fast, small} {
		if err := x.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if used := bleveindex.Used(fast); used == 0 {
		t.Error("nothing is ready")
	}
	if used := bleveindex.Used(small); used == 0 || used > 1<<19 {
		t.Errorf("of a budget of 1 MiB %d bytes are used", used)
	}
	var requests []index.Request
	for _, text := range []string{"b", "d", "g", "ba", "go", "ki", "s", "ri", "b da", "x"} {
		requests = append(requests, index.Request{Query: query.Parse(text), Typing: true, Size: 30, Facets: []index.FacetRequest{{Field: "tags"}}})
	}
	compareRequests(t, requests, []*bleveindex.Index{plain, fast, small})
	applyAll(t, b.changes(&seq, 300, 3000, true), plain, fast, small)
	compareRequests(t, requests, []*bleveindex.Index{plain, fast, small})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fast.Warm(ctx); err != nil {
		t.Errorf("told to stop: %v", err)
	}
}
