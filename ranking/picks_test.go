package ranking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/ranking"
)

// Difficulty in the shown list, proved here:
//  1. In the list of a beginner's post easier neighbours go before harder ones, an
//     absent difficulty counting as the middle; only past scores within the bound; not
//     for other posts, and not when switched off. Pins and fill stay where they are.
//  2. The pick to go deeper with is the first that is harder or, where difficulty does
//     not decide, clearly deeper; the pick to start with the first that is easier or an
//     introduction; an introduction has no pick to start with.

// levelled are posts on paging whose scores fall in the order given.
func levelled(asked string, levels ...string) []corpus.Post {
	posts := onPaging(len(levels))
	posts[0].Difficulty = asked
	for i, level := range levels {
		posts[i+1].Difficulty = level
	}
	return posts
}

func TestEasyFirst(t *testing.T) {
	levels := []string{"advanced", "", "beginner", "intermediate", "advanced", "beginner"}
	list := func(asked string, bound float64) []string {
		return shownIDs(row(t, levelled(asked, levels...), "asked", func(c *ranking.Config) {
			c.Rules.EasyFirst, c.Rules.Diversity = bound, 0
		}), false)
	}
	off := list("beginner", 0)
	rank := func(id string) int {
		level := levels[id[1]-'0']
		return slices.Index([]string{"beginner", "", "advanced"}, strings.Replace(level, "intermediate", "", 1))
	}
	want := slices.Clone(off)
	slices.SortStableFunc(want, func(a, b string) int { return rank(a) - rank(b) })
	if len(off) != len(levels) || slices.Equal(off, want) {
		t.Fatalf("by score: %v, by difficulty: %v", off, want)
	}
	if diff := cmp.Diff(want, list("beginner", 100)); diff != "" {
		t.Errorf("a beginner's post: %s", diff)
	}
	if diff := cmp.Diff(off, list("beginner", 1)); diff != "" {
		t.Errorf("a bound of 1, scores all different: %s", diff)
	}
	for _, asked := range []string{"", "intermediate", "advanced"} {
		if diff := cmp.Diff(off, list(asked, 100)); diff != "" {
			t.Errorf("a post of difficulty %q: %s", asked, diff)
		}
	}
	pinned := row(t, levelled("beginner", levels...), "asked", func(c *ranking.Config) {
		c.Rules.EasyFirst, c.Rules.Diversity = 100, 0
		c.Rules.Pins = []ranking.Pin{{ID: "asked", Shown: []string{"p4"}}}
	})
	want = slices.DeleteFunc(want, func(id string) bool { return id == "p4" })
	if diff := cmp.Diff(append([]string{"p4"}, want...), shownIDs(pinned, false)); diff != "" {
		t.Errorf("with a pin: %s", diff)
	}
}

func TestPicks(t *testing.T) {
	deep := corpus.Score{Depth: new(float64)}
	*deep.Depth = 100
	for _, tt := range []struct {
		name           string
		asked          corpus.Post
		posts          map[string]corpus.Post // by id, what is set beside the text
		deeper, easier string
	}{
		{"by difficulty", corpus.Post{Difficulty: "intermediate"}, map[string]corpus.Post{
			"p1": {Difficulty: "beginner"}, "p2": {Difficulty: "advanced"},
		}, "p2", "p1"},
		{"difficulty decides before depth", corpus.Post{Difficulty: "advanced"}, map[string]corpus.Post{
			"p1": {Difficulty: "beginner", Score: &deep},
		}, "", "p1"},
		{"by depth and title", corpus.Post{}, map[string]corpus.Post{
			"p0": {Title: "Paging, a tutorial", Score: &deep}, "p2": {Score: &deep},
		}, "p2", "p0"},
		{"an introduction", corpus.Post{Title: "Introduction to paging"}, map[string]corpus.Post{
			"p0": {Title: "Paging basics"}, "p1": {Score: &deep},
		}, "p1", ""},
		{"words, not parts of words", corpus.Post{}, map[string]corpus.Post{"p0": {Title: "Introductions, primers and 1010"}}, "", ""},
		{"nothing set", corpus.Post{}, nil, "", ""},
	} {
		posts := onPaging(4)
		for i := range posts {
			set := tt.posts[posts[i].ID]
			if posts[i].ID == "asked" {
				set = tt.asked
			}
			posts[i].Difficulty, posts[i].Score = set.Difficulty, set.Score
			if set.Title != "" {
				posts[i].Title = set.Title
			}
		}
		list := row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Diversity = 0 }).Shown
		picked := func(p corpus.Pick) string {
			if i := slices.IndexFunc(list, func(n corpus.Neighbour) bool { return n.Pick == p }); i >= 0 {
				return list[i].ID
			}
			return ""
		}
		if d, e := picked(corpus.GoDeeper), picked(corpus.StartHere); d != tt.deeper || e != tt.easier {
			t.Errorf("%s: deeper %q, start %q, want %q, %q", tt.name, d, e, tt.deeper, tt.easier)
		}
		for _, n := range row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Picks = 2 }).Shown {
			if n.Pick != corpus.NoPick {
				t.Errorf("%s: switched off, yet %s is picked", tt.name, n.ID)
			}
		}
	}
}
