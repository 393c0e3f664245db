package ranking

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// randomEdits are pins and exclusions of posts at random, some of posts that come and
// go.
func randomEdits(rng *rand.Rand, size int) curation.Similar {
	var doc curation.Similar
	id := func() string { return mixedPost(rng, rng.IntN(size), size).ID }
	for _, k := range rng.Perm(size)[:rng.IntN(12)] {
		p := curation.SimilarPost{ID: mixedPost(rng, k, size).ID}
		if pin := id(); pin != p.ID {
			p.Pin = []string{pin}
		}
		if gone := id(); gone != p.ID && (len(p.Pin) == 0 || p.Pin[0] != gone) {
			p.Exclude = []string{gone}
		}
		if len(p.Pin)+len(p.Exclude) > 0 {
			doc.Posts = append(doc.Posts, p)
		}
	}
	return doc
}

// edit writes a document as the API does: into the store, then into the lists.
func (s shop) edit(ctx context.Context, tb testing.TB, doc curation.Similar) {
	tb.Helper()
	data, err := json.Marshal(doc)
	if err == nil {
		data, err = curation.Normalise(curation.KindSimilar, data)
	}
	if err == nil {
		_, err = s.store.PutCuration(ctx, curation.KindSimilar, data, corpus.AnyVersion)
	}
	if err == nil {
		err = s.engine.Curate(ctx)
	}
	if err != nil {
		tb.Error(err)
	}
}

// Pins and exclusions that editors write while changes are brought into the lists and
// generations are built: at the end the rows are those of a rebuild, and the race
// detector has seen it all.
func TestEditorsWhileFollowing(t *testing.T) {
	for name, opts := range map[string]Options{
		"one generation": within(), "generations": {Now: within().Now, Drift: 0.1, Debounce: time.Millisecond, MaxDelay: 5 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, opts, mixedPosts(11, 80))
			ctx, cancel := context.WithCancel(t.Context())
			var editors, follower sync.WaitGroup
			follower.Go(func() { _ = s.engine.Follow(ctx) })
			for r := range 2 {
				rng := rand.New(rand.NewPCG(uint64(r), 12))
				editors.Go(func() {
					for range 25 {
						s.edit(ctx, t, randomEdits(rng, 90))
					}
				})
			}
			rng := rand.New(rand.NewPCG(13, 9))
			for range 40 {
				s.change(t, randomChanges(rng, 90)...)
				time.Sleep(time.Millisecond)
			}
			editors.Wait()
			cancel()
			follower.Wait()
			s.bring(t)
			s.asRebuilt(t)
		})
	}
}
