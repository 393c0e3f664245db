package bleveindex_test

// Claims about pages that go on from one another:
//  1. Whatever the query, the sort, the pins and the size of the pages, they give the hits of
//     one long page, in its order, each once: over thousands of hits with many ties, in both
//     forms of the executor.
//  2. While the snapshot is held, writes in between change nothing of that.
//  3. When it is not held any more (time over, too many, closed), the pages go on from where
//     they were, and say so; no post that was there all the time is left out or given twice.
//  4. Boosts order posts, pins stand where they should, and the explanation says both.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// tied are posts of few different scores, dates and numbers.
func tied(n int) []corpus.Post {
	r := rand.New(rand.NewPCG(9, 9)) //nolint:gosec // reproducible
	words := []string{"go", "rust", "memory", "safety", "garbage collector", "kubernetes"}
	out := make([]corpus.Post, n)
	for i := range out {
		p := corpus.Post{ID: fmt.Sprintf("post-%04d", i), Title: words[r.IntN(len(words))], Body: words[r.IntN(len(words))] + " and " + words[r.IntN(len(words))]}
		if r.IntN(4) > 0 {
			p.PublishedAt = corpus.DayOf(time.Date(2024, 1, 1+r.IntN(5), 0, 0, 0, 0, time.UTC))
		}
		if r.IntN(3) > 0 {
			views := int64(r.IntN(4))
			p.ViewCount = &views
		}
		p.Tags = []string{words[i%2]}
		out[i] = p
	}
	return out
}

// walk reads all pages, and calls between after each.
func walk(t *testing.T, idx *bleveindex.Index, req index.Request, size int, between func(page int)) (ids []string, moved int) {
	t.Helper()
	req.From, req.Size, req.Hold = 0, size, true
	for page := 0; ; page++ {
		res, err := idx.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if res.Applied.Cursor == "moved" {
			moved++
		}
		ids = append(ids, hitIDs(res.Hits)...)
		shown := len(ids)
		place := res.Last
		if place == nil && req.After != nil {
			place = req.After.Place
		}
		if shown >= res.Total || len(res.Hits) == 0 {
			return ids, moved
		}
		req.After, req.Snapshot = &index.After{Shown: shown, Place: place}, res.Snapshot
		if between != nil {
			between(page)
		}
	}
}

func cursorRequests() map[string]index.Request {
	q := query.Parse
	out := map[string]index.Request{
		"one word":          {Query: q("go")},
		"two words":         {Query: q("memory safety")},
		"three words":       {Query: q("garbage collector go")},
		"typing":            {Query: q("memory ga"), Typing: true},
		"required":          {Query: q("+go memory -kubernetes")},
		"phrase":            {Query: q(`"garbage collector"`)},
		"nothing typed":     {},
		"filter":            {Query: q("go"), Filter: query.Term{Field: "tags", Value: "rust"}},
		"by date":           {Query: q("go"), Sort: []index.SortKey{{Field: "published_at", Desc: true}}},
		"by date, up":       {Query: q("go memory"), Sort: []index.SortKey{{Field: "published_at"}}},
		"by views and date": {Sort: []index.SortKey{{Field: "view_count"}, {Field: "published_at", Desc: true}}},
		"by id, down":       {Query: q("rust"), Sort: []index.SortKey{{Field: "id", Desc: true}}},
		"worst first":       {Query: q("go rust"), Sort: []index.SortKey{{Field: "_score"}}},
		"views, then score": {Query: q("go rust"), Sort: []index.SortKey{{Field: "view_count", Desc: true}, {Field: "_score", Desc: true}}},
		"boosted": {Query: q("go memory"), Boosts: []curation.FilterBoost{
			{Filter: query.Term{Field: "tags", Value: "rust"}, By: 3}, {Filter: query.Term{Field: "title", Value: "go"}, By: 0.2},
		}},
		"pinned": {Query: q("go"), Pins: []curation.Pin{
			{ID: "post-0007", Position: 1}, {ID: "post-0008", Position: 2}, {ID: "post-0100", Position: 11}, {ID: "post-0101", Position: 60}, {ID: "none", Position: 5}, {ID: "post-0102", Position: 100},
		}},
		"pins behind the end": {Query: q("go"), Filter: query.Term{Field: "id", Value: "post-0003"}, Pins: []curation.Pin{{ID: "post-0003", Position: 40}}},
	}
	return out
}

func TestPagesGoOn(t *testing.T) {
	posts := tied(3000)
	for form, idx := range bothForms(t, posts...) {
		for name, req := range cursorRequests() {
			all := req
			all.Size = len(posts) + 10
			res, err := idx.Search(t.Context(), all)
			if err != nil {
				t.Fatal(err)
			}
			want := hitIDs(res.Hits)
			if len(want) != res.Total {
				t.Errorf("%s, %s: %d hits of %d", form, name, len(want), res.Total)
			}
			sizes := []int{7, 50, 333}
			if form == "plain" {
				sizes = []int{100}
			}
			for _, size := range sizes {
				got, moved := walk(t, idx, req, size, nil)
				if moved != 0 {
					t.Errorf("%s, %s: moved %d times", form, name, moved)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, %s, pages of %d (-want +got):\n%.2000s", form, name, size, diff)
				}
			}
		}
	}
}

// The same by numbered pages, with pins.
func TestPinsAndNumberedPages(t *testing.T) {
	posts := tied(300)
	req := cursorRequests()["pinned"]
	for form, idx := range bothForms(t, posts...) {
		var got []string
		for from := 0; from < 400; from += 9 {
			page := req
			page.From, page.Size, page.Explain = from, 9, true
			res, err := idx.Search(t.Context(), page)
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range res.Hits {
				if h.Position != 0 && (h.Position != from+i+1 || h.Score != 0 || !strings.Contains(h.Explain.Name, "pinned to place")) {
					t.Errorf("%s: hit %d is %+v", form, from+i+1, h)
				}
			}
			got = append(got, hitIDs(res.Hits)...)
			if want := []string{"post-0007", "post-0008", "post-0100", "post-0101", "post-0102"}; !slices.Equal(res.Applied.Pins, want) {
				t.Errorf("%s: pins %v", form, res.Applied.Pins)
			}
		}
		for at, id := range map[int]string{1: "post-0007", 2: "post-0008", 11: "post-0100", 60: "post-0101", 100: "post-0102"} {
			if got[at-1] != id {
				t.Errorf("%s: place %d has %s, want %s", form, at, got[at-1], id)
			}
		}
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(got) {
			t.Errorf("%s: a post twice", form)
		}
	}
}

func TestBoostsAreExplained(t *testing.T) {
	posts := []corpus.Post{
		{ID: "a", Body: "memory", Tags: []string{"go"}}, {ID: "b", Body: "memory", Tags: []string{"rust"}}, {ID: "c", Body: "memory", Tags: []string{"go", "rust"}},
	}
	for form, idx := range bothForms(t, posts...) {
		req := index.Request{Query: query.Parse("memory"), Size: 10, Explain: true, Boosts: []curation.FilterBoost{
			{Filter: query.Term{Field: "tags", Value: "rust"}, By: 4}, {Filter: query.Term{Field: "tags", Value: "go"}, By: 0.5},
		}}
		res, err := idx.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if got := hitIDs(res.Hits); !slices.Equal(got, []string{"b", "c", "a"}) {
			t.Errorf("%s: order %v", form, got)
		}
		if ratio := res.Hits[0].Score / res.Hits[2].Score; ratio < 7.999 || ratio > 8.001 {
			t.Errorf("%s: ratio %v, want 8", form, ratio)
		}
		if names := fmt.Sprint(nodeNames(res.Hits[1].Explain)); !strings.Contains(names, "boosts: tag:rust ^4, tag:go ^0.5") {
			t.Errorf("%s: %s", form, names)
		}
		req.Boosts = slices.Repeat(req.Boosts[:1], 20)
		if res, err = idx.Search(t.Context(), req); err != nil || res.Hits[0].Score/res.Hits[2].Score > 100.001 {
			t.Errorf("%s: many boosts: %v, %v", form, res.Hits, err)
		}
		_, err = idx.Search(t.Context(), index.Request{Query: req.Query, Boosts: []curation.FilterBoost{{By: 2}}})
		if _, ok := errors.AsType[*index.FieldError](err); !ok {
			t.Errorf("%s: a boost without filter: %v", form, err)
		}
	}
}

// moving is an index in memory with a clock that can be set.
type moving struct {
	*bleveindex.Index

	now time.Time
	seq uint64
}

func newMoving(t *testing.T, change func(*index.Options)) *moving {
	t.Helper()
	m := &moving{now: time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)}
	m.Index = opened(t, index.Options{}, func(o *index.Options) {
		o.Now = func() time.Time { return m.now }
		if change != nil {
			change(o)
		}
	})
	return m
}

func (m *moving) put(t *testing.T, posts ...corpus.Post) {
	t.Helper()
	changes := make([]corpus.Change, len(posts))
	for i := range posts {
		m.seq++
		changes[i] = corpus.Change{ID: posts[i].ID, Seq: m.seq, Post: &posts[i]}
	}
	m.apply(t, changes)
}

func (m *moving) apply(t *testing.T, changes []corpus.Change) {
	t.Helper()
	last := changes[len(changes)-1].Seq
	if err := m.Apply(t.Context(), index.Range{From: changes[0].Seq, To: last}, changes); err != nil {
		t.Fatal(err)
	}
}

func TestHeldSnapshot(t *testing.T) {
	m := newMoving(t, nil)
	m.put(t, tied(400)...)
	req := index.Request{Query: query.Parse("go memory")}
	all := req
	all.Size = 1000
	res, err := m.Search(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	got, moved := walk(t, m.Index, req, 20, func(page int) {
		m.now = m.now.Add(4 * time.Minute) // Each page holds it anew.
		m.put(t, corpus.Post{ID: fmt.Sprintf("new-%d", page), Title: "go memory", Body: "go memory"})
		m.seq++
		m.apply(t, []corpus.Change{{Seq: m.seq, ID: fmt.Sprintf("post-%04d", page*13)}})
	})
	if diff := cmp.Diff(hitIDs(res.Hits), got); diff != "" || moved > 0 {
		t.Errorf("moved %d times (-want +got):\n%.1500s", moved, diff)
	}
}

func TestMovedSnapshot(t *testing.T) {
	m := newMoving(t, nil)
	posts := tied(400)
	m.put(t, posts...)
	for name, req := range map[string]index.Request{
		"relevance": {Query: query.Parse("go")},
		"date":      {Query: query.Parse("go memory"), Sort: []index.SortKey{{Field: "published_at"}}},
	} {
		all := req
		all.Size = 1000
		res, err := m.Search(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		got, moved := walk(t, m.Index, req, 20, func(int) { m.now = m.now.Add(6 * time.Minute); m.put(t, posts[0]) })
		if moved == 0 {
			t.Errorf("%s: never moved", name)
		}
		want := slices.DeleteFunc(hitIDs(res.Hits), func(id string) bool { return id == posts[0].ID })
		got = slices.DeleteFunc(got, func(id string) bool { return id == posts[0].ID })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.1500s", name, diff)
		}
	}
}

// Many better posts come in between, more than the second stage reaches over.
func TestMovedFar(t *testing.T) {
	m := newMoving(t, nil)
	m.put(t, tied(400)...)
	req := index.Request{Query: query.Parse("go memory")}
	all := req
	all.Size = 1000
	res, err := m.Search(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	old, _ := walk(t, m.Index, req, 20, func(page int) {
		if page > 0 {
			return
		}
		m.now = m.now.Add(time.Hour)
		better := make([]corpus.Post, 300)
		for i := range better {
			better[i] = corpus.Post{ID: fmt.Sprintf("better-%d", i), Title: "go memory", Body: "go memory go memory", Summary: "go memory"}
		}
		m.put(t, better...)
	})
	seen := map[string]int{}
	for _, id := range old {
		seen[id]++
	}
	missing, twice := 0, 0
	for _, id := range hitIDs(res.Hits) {
		switch seen[id] {
		case 0:
			missing++
		case 1:
		default:
			twice++
		}
	}
	t.Logf("of %d posts %d are missing, %d were given twice", len(res.Hits), missing, twice)
	// Scores move with the statistics, so that neighbours of the place may change sides.
	if missing > len(res.Hits)/10 || twice > len(res.Hits)/10 {
		t.Errorf("of %d posts %d are missing, %d were given twice", len(res.Hits), missing, twice)
	}
}

func TestHeldAreBounded(t *testing.T) {
	m := newMoving(t, func(o *index.Options) { o.Cursors = 3 })
	var first string
	for i := range 10 {
		m.put(t, corpus.Post{ID: fmt.Sprint(i), Body: "go"})
		m.now = m.now.Add(time.Second)
		res, err := m.Search(t.Context(), index.Request{Size: 1, Hold: true})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = res.Snapshot
		}
		if n := bleveindex.Held(m.Index); n > 3 {
			t.Fatalf("%d snapshots are held", n)
		}
	}
	res, err := m.Search(t.Context(), index.Request{Size: 1, Snapshot: first})
	if err != nil || res.Applied.Cursor != "moved" {
		t.Errorf("the first snapshot: %+v, %v", res, err)
	}
	m.now = m.now.Add(time.Hour)
	if _, err := m.Search(t.Context(), index.Request{Size: 1}); err != nil || bleveindex.Held(m.Index) != 0 {
		t.Errorf("%d are held after an hour, %v", bleveindex.Held(m.Index), err)
	}
}

// Many walk by cursor while posts are written: each sees one snapshot from end to end.
func TestWalksWhileWriting(t *testing.T) {
	m := newMoving(t, func(o *index.Options) { o.Cursors = 64 })
	m.put(t, tied(600)...)
	ctx, cancel := context.WithCancel(t.Context())
	var writer, readers sync.WaitGroup
	writer.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			p := corpus.Post{ID: fmt.Sprintf("post-%04d", i%900), Title: "go memory", Body: fmt.Sprint("go ", i)}
			seq := uint64(601 + i)
			if err := m.Apply(context.WithoutCancel(ctx), index.Range{From: seq, To: seq}, []corpus.Change{{ID: p.ID, Seq: seq, Post: &p}}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 4 {
		readers.Go(func() {
			for range 5 {
				req := index.Request{Query: query.Parse("go memory"), Size: 37, Hold: true}
				seen, total := map[string]bool{}, -1
				for {
					res, err := m.Search(context.WithoutCancel(ctx), req)
					if err != nil {
						t.Error(err)
						return
					}
					if total >= 0 && res.Total != total || res.Applied.Cursor != "" {
						t.Errorf("total %d, then %d, %q", total, res.Total, res.Applied.Cursor)
					}
					total = res.Total
					for _, h := range res.Hits {
						if seen[h.ID] {
							t.Errorf("%s twice", h.ID)
						}
						seen[h.ID] = true
					}
					if len(seen) >= total || len(res.Hits) == 0 {
						break
					}
					req.After, req.Snapshot = &index.After{Shown: len(seen), Place: res.Last}, res.Snapshot
				}
				if len(seen) != total {
					t.Errorf("%d of %d", len(seen), total)
				}
			}
		})
	}
	readers.Wait()
	cancel()
	writer.Wait()
}
