package ranking_test

import (
	"errors"
	"iter"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// Site measures, proved here on four posts by hand:
//
//	a -> b, c      b -> a       c -> (fill) a      d -> nothing
//
// a and b have the same author; b is four years old; c has no date.
func TestMeasures(t *testing.T) {
	posts := []corpus.Post{
		{ID: "a", Title: "One", Author: corpus.StringList{"Ada"}, PublishedAt: date("2025-01-01")},
		{ID: "b", Title: "Two", Author: corpus.StringList{"ada", "Bob"}, PublishedAt: date("2021-01-01")},
		{ID: "c", Title: "Three"},
		{ID: "d", Title: "Four"},
	}
	m, err := ranking.BuildModel(t.Context(), feedOf(posts), ranking.DefaultConfig(), index.NoDay)
	if err != nil {
		t.Fatal(err)
	}
	rows := []corpus.Row{
		{ID: "a", Shown: []corpus.Neighbour{{ID: "b"}, {ID: "c"}, {ID: "unknown"}}},
		{ID: "b", Shown: []corpus.Neighbour{{ID: "a"}}},
		{ID: "c", Shown: []corpus.Neighbour{{ID: "a", Fill: true}}},
		{ID: "d"},
		{ID: "unknown"},
	}
	feed := func(yield func(corpus.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
	got, err := m.Measure(feed)
	if err != nil {
		t.Fatal(err)
	}
	want := ranking.SiteMeasures{
		Posts: 4, Coverage: 0.5, Full: 0, Fill: 0.25, // One place of four.
		SameAuthor:  2.0 / 3, // a-b and b-a, of three neighbours.
		Stale:       0.5,     // b, of b and a; c has no date.
		Reciprocity: 2.0 / 3,
		Reach:       0.75, Unreached: 1, // d.
		// Numbers of lists 0, 1, 1, 1: (-3*0 - 1*1 + 1*1 + 3*1) / (4*3).
		Gini: 0.25,
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	broken := errors.New("broken")
	failing := iter.Seq2[corpus.Row, error](func(yield func(corpus.Row, error) bool) { yield(corpus.Row{}, broken) })
	if _, err := m.Measure(failing); !errors.Is(err, broken) {
		t.Errorf("failing rows: %v", err)
	}
}

func TestMeasuresOfARealBuild(t *testing.T) {
	m := build(t, randomPosts(41, 300), ranking.DefaultConfig())
	var rows []corpus.Row
	if err := m.All(t.Context(), 0, func(r corpus.Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	got, err := m.Measure(func(yield func(corpus.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.NearDuplicates != 0 || got.Posts != 300 || got.Coverage != 1 || math.IsNaN(got.Gini) || got.Reciprocity < 0.3 {
		t.Errorf("%+v", got)
	}
}
