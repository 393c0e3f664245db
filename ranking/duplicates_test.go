package ranking_test

import (
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// TestNearDuplicatesOfRealPosts logs the effect of the threshold on real texts, the
// table of docs/ranking.md: pairs of posts that are taken for the same text, among
// neighbours of each other, and posts whose own list would show their text. It holds
// that a higher threshold takes fewer, and the default at most one pair of a hundred.
func TestNearDuplicatesOfRealPosts(t *testing.T) {
	posts := readPosts(t, "blogs-dev")
	c := ranking.DefaultConfig()
	c.Rules.NearDuplicate = 2 // Off: the lists have all candidates.
	m, err := ranking.BuildModel(t.Context(), feedOf(posts), c, index.NoDay)
	if err != nil {
		t.Fatal(err)
	}
	thresholds := []float64{0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3}
	pairs, lists := make([]int, len(thresholds)), make([]int, len(thresholds))
	seen := map[[2]string]bool{}
	err = m.All(t.Context(), 0, func(row corpus.Row) error {
		i, _ := m.Lookup(row.ID)
		nearest := 0.0
		for _, n := range row.Shown {
			j, _ := m.Lookup(n.ID)
			resemblance := m.Resemblance(i, j)
			nearest = max(nearest, resemblance)
			pair := [2]string{min(row.ID, n.ID), max(row.ID, n.ID)}
			if seen[pair] {
				continue
			}
			seen[pair] = true
			for k, at := range thresholds {
				if resemblance >= at {
					pairs[k]++
				}
			}
		}
		for k, at := range thresholds {
			if nearest >= at {
				lists[k]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pairs of neighbours", len(seen))
	for k, at := range thresholds {
		t.Logf("threshold %.2f: %d pairs, %d lists", at, pairs[k], lists[k])
		if at == ranking.DefaultConfig().Rules.NearDuplicate && (pairs[k] == 0 || 100*pairs[k] > len(seen)) {
			t.Errorf("the default takes %d of %d pairs", pairs[k], len(seen))
		}
		if k > 0 && pairs[k] < pairs[k-1] {
			t.Errorf("threshold %.2f takes %d pairs, %.2f took %d", at, pairs[k], thresholds[k-1], pairs[k-1])
		}
	}
}
