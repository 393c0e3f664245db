package bleveindex_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
	"alphanode/index/query"
)

// Claims, on more posts than the conformance kit has, so that windows, sparse
// postings, frequencies over 255 and lexicons made in the background occur:
//  1. The fast form gives what the plain form gives, hit for hit, score for score,
//     facet for facet, whatever the budget, with updates, deletes and merges between.
//  2. So it does where it was asked before and single posts changed since.
//  3. It does so while others search and a writer writes.

// bigPosts makes posts out of a vocabulary with a few frequent words and many rare
// ones.
type bigPosts struct {
	*rand.Rand
	zipf *rand.Zipf
}

func newBigPosts(seed uint64) *bigPosts {
	rng := rand.New(rand.NewPCG(seed, 9))
	return &bigPosts{Rand: rng, zipf: rand.NewZipf(rng, 1.15, 4, 4000)}
}

// word is a pronounceable word; its endings give stems something to do.
func (b *bigPosts) word() string {
	n := b.zipf.Uint64()
	var w strings.Builder
	for v := n + 40; v > 0; v /= 40 {
		w.WriteString(string("bdfgklmnrst"[v%11]) + string("aeiou"[v/11%5]))
	}
	return w.String() + []string{"", "", "s", "ing", "ed"}[b.IntN(5)]
}

func (b *bigPosts) words(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = b.word()
	}
	return strings.Join(out, " ")
}

func (b *bigPosts) post(id string) corpus.Post {
	p := corpus.Post{
		ID: id, Title: b.words(1 + b.IntN(5)), Body: b.words(5 + b.IntN(30)), Difficulty: []string{"beginner", "advanced", ""}[b.IntN(3)],
		PublishedAt: corpus.DayOf(time.Date(2020+b.IntN(4), time.Month(1+b.IntN(12)), 1, 0, 0, 0, 0, time.UTC)),
	}
	for range b.IntN(4) {
		p.Tags = append(p.Tags, []string{"Go", "go", "Rust", "ops", "web dev", "c++"}[b.IntN(6)])
	}
	if b.IntN(200) == 0 {
		p.Body += strings.Repeat(" "+b.word(), 300)
	}
	return p
}

func (b *bigPosts) request() index.Request {
	parts := make([]string, 0, 4)
	for range 1 + b.IntN(3) {
		w := b.word()
		switch b.IntN(10) {
		case 0:
			w = "+" + w
		case 1:
			w = "-" + w
		case 2:
			w = `"` + w + " " + b.word() + `"`
		case 3:
			w += " OR " + b.word()
		case 4:
			w = w[:1+b.IntN(len(w))]
		case 5:
			w = "title:" + w
		}
		parts = append(parts, w)
	}
	req := index.Request{
		Query: query.Parse(strings.Join(parts, " ")), Size: b.IntN(30), From: b.IntN(2) * b.IntN(40),
		Typing: b.IntN(3) == 0, Typos: index.TypoMode(b.IntN(3)),
	}
	if b.IntN(3) == 0 {
		req.Filter = query.And{Filters: []query.Filter{
			query.Term{Field: "tags", Value: "go"}, query.Between{Field: "year", Range: query.Range{Min: 2021, Max: 2023}},
		}}
	}
	for _, f := range []string{"tags", "difficulty", "year", "quality"} {
		if b.IntN(2) == 0 {
			req.Facets = append(req.Facets, index.FacetRequest{Field: f})
		}
	}
	if b.IntN(5) == 0 {
		field := []string{"published_at", "year", "_score", "id"}[b.IntN(4)]
		req.Sort = []index.SortKey{{Field: field, Desc: b.IntN(2) == 0}}
	}
	return req
}

// changes are n updates, or deletes, of posts of few enough ids that they meet.
func (b *bigPosts) changes(seq *uint64, n, ids int, deletes bool) []corpus.Change {
	var out []corpus.Change
	for _, i := range b.Perm(ids)[:n] {
		*seq++
		c := corpus.Change{Seq: *seq, ID: fmt.Sprintf("post-%05d", i)}
		if !deletes {
			p := b.post(c.ID)
			c.Post = &p
		}
		out = append(out, c)
	}
	return out
}

func applyAll(tb testing.TB, changes []corpus.Change, to ...*bleveindex.Index) {
	tb.Helper()
	r := index.Range{From: changes[0].Seq, To: changes[len(changes)-1].Seq}
	for _, x := range to {
		if err := x.Apply(context.Background(), r, changes); err != nil {
			tb.Fatal(err)
		}
	}
}

func opened(tb testing.TB, opts index.Options, change func(*index.Options)) *bleveindex.Index {
	tb.Helper()
	change(&opts)
	x, err := bleveindex.Open(tb.TempDir(), bleveindex.Identity{}, opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := x.Close(); err != nil {
			tb.Error(err)
		}
	})
	return x
}

// forms are indexes of the plain form, and of the fast one with several budgets.
func forms(tb testing.TB, opts index.Options) []*bleveindex.Index {
	tb.Helper()
	out := []*bleveindex.Index{opened(tb, opts, func(o *index.Options) { o.Reference = true })}
	for _, budget := range []int64{0, -1, 64 << 10} {
		out = append(out, opened(tb, opts, func(o *index.Options) { o.PostingsBudget = budget }))
	}
	return out
}

func compareForms(t *testing.T, b *bigPosts, requests int, all []*bleveindex.Index) {
	t.Helper()
	reqs := make([]index.Request, requests)
	for i := range reqs {
		reqs[i] = b.request()
	}
	compareRequests(t, reqs, all)
}

func compareRequests(t *testing.T, requests []index.Request, all []*bleveindex.Index) {
	t.Helper()
	for _, req := range requests {
		want, err := all[0].Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range all[1:] {
			got, err := x.Search(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := indextest.Compare(got, want); diff != "" && !sameButForTies(t, req, all[0], x) {
				t.Fatalf("form %d, query %q, filter %v, typing %t, typos %d, sort %v, from %d, size %d (-want +got):\n%s",
					i, req.Query.Raw, req.Filter, req.Typing, req.Typos, req.Sort, req.From, req.Size, diff)
			}
		}
	}
}

// sameButForTies compares where posts are worth the same for different reasons, such
// as three mistyped words here, and one with a prefix there: the forms add up in
// another order, and the last bit decides who is first.
func sameButForTies(t *testing.T, req index.Request, a, b *bleveindex.Index) bool {
	t.Helper()
	if len(req.Sort) > 0 {
		return false
	}
	shown := req.From + req.Size
	req.From, req.Size = 0, shown+100
	var results [2]*index.Result
	for i, x := range []*bleveindex.Index{a, b} {
		var err error
		if results[i], err = x.Search(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		results[i].Hits = withoutTies(results[i].Hits, shown)
	}
	return indextest.Compare(results[1], results[0]) == ""
}

// withoutTies sorts hits of the same score by id, and cuts them off between scores.
func withoutTies(hits []index.Hit, shown int) []index.Hit {
	end := 0
	for from := 0; from < len(hits) && from < shown; from = end {
		for end = from; end < len(hits) && hits[from].Score-hits[end].Score <= 1e-12*hits[from].Score; end++ {
		}
		slices.SortFunc(hits[from:end], func(a, b index.Hit) int { return strings.Compare(a.ID, b.ID) })
	}
	return hits[:end]
}

func TestFormsAgree(t *testing.T) {
	ids, requests := 9000, 60
	if testing.Short() {
		ids, requests = 5000, 25
	}
	for name, plain := range map[string]bool{"default": false, "plain": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := indextest.Options()
			opts.Plain = plain
			b := newBigPosts(uint64(len(name)))
			all := forms(t, opts)
			var seq uint64
			applyAll(t, b.changes(&seq, ids, ids, false), all...)
			compareForms(t, b, requests, all)
			applyAll(t, b.changes(&seq, ids/5, ids, true), all...)
			applyAll(t, b.changes(&seq, ids/5, ids, false), all...)
			compareForms(t, b, requests, all)
			for _, x := range all {
				if err := x.Merge(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			applyAll(t, b.changes(&seq, 100, ids, true), all...)
			compareForms(t, b, requests, all)
		})
	}
}

// TestFormsAgreeAcrossSnapshots asks the same again and again while posts are added,
// changed and deleted one by one: what is remembered of a segment is brought up to
// date, from lexicons that are there and from ones that are not.
func TestFormsAgreeAcrossSnapshots(t *testing.T) {
	rounds, ids := 40, 3000
	if testing.Short() {
		rounds = 12
	}
	for name, plain := range map[string]bool{"default": false, "plain": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := indextest.Options()
			opts.Plain = plain
			b := newBigPosts(uint64(40 + len(name)))
			all := forms(t, opts)
			var seq uint64
			applyAll(t, b.changes(&seq, ids-500, ids, false), all...)
			reqs := make([]index.Request, 24)
			for i := range reqs {
				reqs[i] = b.request()
				reqs[i].Typing = i%2 == 0
			}
			for i := range rounds {
				applyAll(t, b.changes(&seq, 1+b.IntN(4), ids, i%3 == 2), all...)
				if i%8 == 5 {
					applyAll(t, b.changes(&seq, 300, ids, i%16 == 5), all...)
				}
				if i == rounds/2 {
					for _, x := range all {
						if err := x.Merge(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
				}
				compareRequests(t, reqs, all)
			}
		})
	}
}

// TestFormsAgreeUnderLoad searches while a writer writes, and compares with the
// plain form when all is quiet.
func TestFormsAgreeUnderLoad(t *testing.T) {
	b := newBigPosts(3)
	all := forms(t, indextest.Options())
	var seq uint64
	applyAll(t, b.changes(&seq, 2500, 3000, false), all...)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 3 {
		readers.Go(func() {
			own := newBigPosts(uint64(100 + i))
			for {
				select {
				case <-done:
					return
				default:
				}
				req := own.request()
				res, err := all[1+i].Search(t.Context(), req)
				if err != nil || len(res.Hits) > req.Size || len(res.Hits) > res.Total {
					t.Errorf("query %q: %d hits of %d, %v", req.Query.Raw, len(res.Hits), res.Total, err)
					return
				}
			}
		})
	}
	for i := range 12 {
		applyAll(t, b.changes(&seq, 60, 3000, i%4 == 3), all...)
		if i == 6 {
			if err := all[1].Merge(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	readers.Wait()
	compareForms(t, b, 30, all)
}

// BenchmarkForms compares the forms on the default field table, after checking that
// they agree on every request.
func BenchmarkForms(b *testing.B) {
	posts := newBigPosts(1)
	all := forms(b, indextest.Options())
	var seq uint64
	applyAll(b, posts.changes(&seq, benchPosts, benchPosts, false), all...)
	var requests []index.Request
	for range 50 {
		req := posts.request()
		want, err := all[0].Search(b.Context(), req)
		if err != nil {
			b.Fatal(err)
		}
		for _, x := range all[1:] {
			got, err := x.Search(b.Context(), req)
			if err != nil {
				b.Fatal(err)
			}
			if diff := indextest.Compare(got, want); diff != "" {
				b.Fatalf("query %q (-want +got):\n%s", req.Query.Raw, diff)
			}
		}
		requests = append(requests, req)
	}
	for i, name := range []string{"plain", "fast", "fast, nothing kept", "fast, 64 KiB"} {
		b.Run(name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				if _, err := all[i].Search(b.Context(), requests[n%len(requests)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
