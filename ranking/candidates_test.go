package ranking_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/ranking"
)

// Answers from candidates, proved here:
//  1. With a budget for all postings and a place for every post, lists of all posts are
//     exact.
//  2. With any budget every score is exact: only posts can be missing, and the
//     first of those found are in the order of the exact list.
//  3. They depend neither on the order of the feed nor on what was asked before.
//  4. No post is found twice.

func withSearch(postings, candidates int) ranking.Config {
	c := ranking.DefaultConfig()
	c.Similar.Search = ranking.SimilarSearch{Postings: postings, Candidates: candidates}
	return c
}

func TestCandidatesAreExactWithoutBounds(t *testing.T) {
	for seed := range uint64(3) {
		m := build(t, randomPosts(50+seed, 200), withSearch(1<<20, 200))
		for i, want := range exact(t, m, 200, 0) {
			if diff := cmp.Diff(want, m.Near(i, 200)); diff != "" {
				t.Fatalf("seed %d, post %d (-exact +candidates): %s", seed, i, diff)
			}
		}
	}
}

func TestCandidatesWithinBounds(t *testing.T) {
	posts := randomPosts(60, 400)
	for _, bounds := range [][2]int{{1, 20}, {300, 25}, {2000, 60}, {20000, 400}} {
		t.Run(fmt.Sprint(bounds), func(t *testing.T) {
			m := build(t, posts, withSearch(bounds[0], bounds[1]))
			found, all := 0, 0
			for i, list := range exact(t, m, 10, 0) {
				scores := map[int]float64{}
				for _, s := range m.Similar(i, m.Len()) {
					scores[s.Post] = s.Score
				}
				got := m.Near(i, 10)
				for k, s := range got {
					if scores[s.Post] != s.Score {
						t.Fatalf("post %d: %d has %v, exactly %v", i, s.Post, s.Score, scores[s.Post])
					}
					if k > 0 && (s.Score > got[k-1].Score || s.Post == got[k-1].Post) {
						t.Fatalf("post %d, place %d: %+v after %+v", i, k, s, got[k-1])
					}
				}
				all += len(list)
				for _, s := range list {
					if slices.ContainsFunc(got, func(x ranking.Scored) bool { return x.Post == s.Post }) {
						found++
					}
				}
			}
			t.Logf("recall@10 %.3f", float64(found)/float64(all))
		})
	}
}

func TestCandidatesWhateverTheOrder(t *testing.T) {
	posts := randomPosts(70, 300)
	m := build(t, posts, withSearch(500, 30))
	lists := make([][]ranking.Scored, m.Len())
	for i := range lists {
		lists[i] = m.Near(i, 10)
	}
	slices.Reverse(posts)
	other := build(t, posts, withSearch(500, 30))
	again := make([][]ranking.Scored, other.Len())
	for i := range again {
		again[i] = other.Near(i, 10)
	}
	if diff := cmp.Diff(byID(m, lists), byID(other, again)); diff != "" {
		t.Error(diff)
	}
}
