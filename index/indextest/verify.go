package indextest

import (
	"fmt"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
)

// Verify compares an index with the oracle on random requests.
func Verify(t *testing.T, idx index.Index, oracle *Oracle, seed uint64, requests int) {
	t.Helper()
	s := &subject{t: t, idx: idx, oracle: oracle, opts: oracle.opts, seed: seed, random: newRandom(seed)}
	for range requests {
		s.compare(s.request(oracle.opts.Plain))
	}
}

// FromFeed returns an Oracle that has read all of a feed.
func FromFeed(t *testing.T, feed index.Feed, opts index.Options) *Oracle {
	t.Helper()
	o := NewOracle(opts)
	for c, err := range feed.Feed(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		o.Apply([]corpus.Change{c})
	}
	return o
}

// RandomChanges makes n changes of at most as many ids, some of them deletes; some
// posts are hidden by the review gate. The same seed gives the same changes.
func RandomChanges(seed uint64, n, ids int) []corpus.Change {
	r := newRandom(seed)
	out := make([]corpus.Change, n)
	for i := range out {
		id := fmt.Sprintf("post-%d", r.IntN(ids))
		if r.IntN(6) == 0 {
			out[i] = corpus.Delete(id)
			continue
		}
		p := r.post(id)
		if r.IntN(5) == 0 {
			p.Revision = &corpus.Revision{Status: corpus.StatusDraft}
		}
		if p.Title == "" && p.Body == "" {
			p.Title = "untitled"
		}
		out[i] = corpus.Put(p, corpus.PublishReviewed)
	}
	return out
}
