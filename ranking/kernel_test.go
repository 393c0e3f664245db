package ranking_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// The model and its kernel, proved here:
//  1. The block kernel gives the very lists and scores of the plain scorer.
//  2. Neither depends on the number of workers, nor on the order of the feed.
//  3. Ties go to the newer post, then to the smaller id; scores never rise.
//  4. Of two changes of one id the later counts; deletes in the feed are skipped.
//  5. A stored post, asked about as if it were not, gets the same list.
//  6. A post is never in its own list, and k bounds the list.
//  7. The feed's error and the context's end the build.

func build(tb testing.TB, posts []corpus.Post, c ranking.Config) *ranking.Model {
	tb.Helper()
	m, err := ranking.BuildModel(tb.Context(), feedOf(posts), c, index.NoDay)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func exact(tb testing.TB, m *ranking.Model, k, workers int) [][]ranking.Scored {
	tb.Helper()
	posts := make([]int, m.Len())
	for i := range posts {
		posts[i] = i
	}
	lists, err := m.Exact(tb.Context(), posts, k, workers)
	if err != nil {
		tb.Fatal(err)
	}
	return lists
}

func TestKernelIsThePlainScorer(t *testing.T) {
	for seed := range uint64(4) {
		m := build(t, randomPosts(seed, 150), ranking.DefaultConfig())
		lists := exact(t, m, 12, 1)
		for i, list := range lists {
			if diff := cmp.Diff(m.Similar(i, 12), list); diff != "" {
				t.Fatalf("seed %d, post %d (-plain +kernel): %s", seed, i, diff)
			}
		}
		if diff := cmp.Diff(lists, exact(t, m, 12, 5)); diff != "" {
			t.Fatalf("seed %d: five workers differ from one: %s", seed, diff)
		}
	}
}

// byID are the lists of a model with ids in place of its own numbers.
func byID(m *ranking.Model, lists [][]ranking.Scored) map[string][]string {
	out := map[string][]string{}
	for i, list := range lists {
		for _, s := range list {
			out[m.ID(i)] = append(out[m.ID(i)], fmt.Sprintf("%s %v", m.ID(s.Post), s.Score))
		}
	}
	return out
}

func TestOrderOfTheFeedDoesNotMatter(t *testing.T) {
	posts := randomPosts(7, 200)
	m := build(t, posts, ranking.DefaultConfig())
	want := byID(m, exact(t, m, 10, 0))
	shuffled := slices.Clone(posts)
	rng := rand.New(rand.NewPCG(3, 3))
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	other := build(t, shuffled, ranking.DefaultConfig())
	if diff := cmp.Diff(want, byID(other, exact(t, other, 10, 0))); diff != "" {
		t.Error(diff)
	}
}

func TestTies(t *testing.T) {
	day := func(s string) corpus.Date { d, _ := corpus.ParseDate(s); return d }
	text := "Page cache eviction under memory pressure."
	posts := []corpus.Post{{ID: "asked", Body: text}}
	for _, id := range []string{"b", "a", "newer"} {
		p := corpus.Post{ID: id, Body: text, UpdatedAt: day("2020-01-01")}
		if id == "newer" {
			p.UpdatedAt = day("2021-01-01")
		}
		posts = append(posts, p)
	}
	c := ranking.DefaultConfig()
	c.SimilarBeta = 0 // Scores are equal then.
	m := build(t, posts, c)
	i, _ := m.Lookup("asked")
	var got []string
	for _, s := range m.Similar(i, 10) {
		got = append(got, m.ID(s.Post))
	}
	if diff := cmp.Diff([]string{"newer", "a", "b"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLaterChangeCounts(t *testing.T) {
	posts := randomPosts(9, 60)
	var changes []corpus.Change
	for _, p := range randomPosts(10, 60)[:30] { // Older texts of half of the ids.
		changes = append(changes, corpus.Put(p, corpus.PublishAll))
	}
	changes = append(changes, corpus.Delete("gone"))
	for _, p := range posts {
		changes = append(changes, corpus.Put(p, corpus.PublishAll))
	}
	feed := func(yield func(corpus.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}
	m, err := ranking.BuildModel(t.Context(), feed, ranking.DefaultConfig(), index.NoDay)
	if err != nil {
		t.Fatal(err)
	}
	want := build(t, posts, ranking.DefaultConfig())
	if diff := cmp.Diff(byID(want, exact(t, want, 10, 0)), byID(m, exact(t, m, 10, 0))); diff != "" {
		t.Error(diff)
	}
}

func TestForeignPost(t *testing.T) {
	posts := randomPosts(11, 120)
	m := build(t, posts, ranking.DefaultConfig())
	for i := range posts {
		n, _ := m.Lookup(posts[i].ID)
		want := m.Similar(n, 10)
		got := m.SimilarTo(&posts[i], 10)
		if diff := cmp.Diff(scoresByID(m, want), scoresByID(m, got)); diff != "" {
			t.Fatalf("%s, stored and not (-stored +not): %s", posts[i].ID, diff)
		}
	}
	if got := m.SimilarTo(&corpus.Post{Title: "Quite unheard", Body: "of any term"}, 10); len(got) > 0 {
		t.Errorf("a text that shares nothing has neighbours: %v", got)
	}
}

// scoresByID are the scores without what only a stored post has: that others name
// or link to it.
func scoresByID(m *ranking.Model, list []ranking.Scored) []string {
	var out []string
	for _, s := range list {
		out = append(out, fmt.Sprintf("%s %.9f", m.ID(s.Post), s.Score))
	}
	return out
}

func TestListBounds(t *testing.T) {
	m := build(t, randomPosts(13, 40), ranking.DefaultConfig())
	for i := range m.Len() {
		for _, k := range []int{0, 1, 7, 1000} {
			list := m.Similar(i, k)
			if len(list) > k {
				t.Fatalf("%d neighbours for k = %d", len(list), k)
			}
			for n, s := range list {
				if s.Post == i || s.Score <= 0 || (n > 0 && s.Score > list[n-1].Score) {
					t.Fatalf("post %d, place %d: %+v after %+v", i, n, s, list[max(n-1, 0)])
				}
			}
		}
	}
	if m := build(t, nil, ranking.DefaultConfig()); m.Len() != 0 || m.SimilarTo(&corpus.Post{Title: "x"}, 3) != nil {
		t.Error("an empty model knows a post")
	}
}

func TestBuildEndsWithErrors(t *testing.T) {
	broken := errors.New("broken")
	failing := func(n int) iter.Seq2[corpus.Change, error] {
		return func(yield func(corpus.Change, error) bool) {
			for _, p := range randomPosts(1, n) {
				if !yield(corpus.Put(p, corpus.PublishAll), nil) {
					return
				}
			}
			yield(corpus.Change{}, broken)
		}
	}
	for _, n := range []int{0, 1, 1000} {
		if _, err := ranking.BuildModel(t.Context(), failing(n), ranking.DefaultConfig(), 0); !errors.Is(err, broken) {
			t.Errorf("after %d posts: %v", n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ranking.BuildModel(ctx, feedOf(randomPosts(1, 1000)), ranking.DefaultConfig(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled build: %v", err)
	}
	m := build(t, randomPosts(1, 100), ranking.DefaultConfig())
	if err := m.All(ctx, 0, func(corpus.Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled rows: %v", err)
	}
	if err := m.All(t.Context(), 0, func(corpus.Row) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("failing receiver: %v", err)
	}
	bad := ranking.DefaultConfig()
	bad.SimilarBeta = 2
	if _, err := ranking.BuildModel(t.Context(), feedOf(nil), bad, 0); !errors.Is(err, ranking.ErrConfig) {
		t.Errorf("bad configuration: %v", err)
	}
}
