package ranking_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/ranking"
)

// The rules of the shown list, proved here:
//  1. Of posts of nearly the same text one is shown, and none that is the post's own
//     text. What counts as nearly the same grows as the threshold falls.
//  2. At most two by one author or series while others are left; those displaced
//     come after them, so that a site with one author has full lists.
//  3. Pins come first, exclusions never, neither breaks the other rules.
//  4. Below the floor, and beyond what is similar, places are marked as fill.
//  5. Diversity brings a second subject forward, and is off at 0.
//  6. Scores and the raw list are those of the ranking.
//  7. Rows do not depend on the number of workers.

func row(t *testing.T, posts []corpus.Post, id string, change func(*ranking.Config)) corpus.Row {
	t.Helper()
	c := ranking.DefaultConfig()
	c.SimilarBeta = 0
	if change != nil {
		change(&c)
	}
	m := build(t, posts, c)
	i, ok := m.Lookup(id)
	if !ok {
		t.Fatalf("no post %s", id)
	}
	return m.Row(i)
}

func shownIDs(r corpus.Row, fill bool) []string {
	var out []string
	for _, n := range r.Shown {
		if n.Fill == fill {
			out = append(out, n.ID)
		}
	}
	return out
}

// onPaging are n posts on one subject, each in words of its own beside.
func onPaging(n int) []corpus.Post {
	out := []corpus.Post{{ID: "asked", Title: "Paging", Body: "Virtual memory pages swap between frames and disk."}}
	for i := range n {
		text := fmt.Sprintf("Virtual memory pages swap. Chapter%d treats topic%d with method%d, result%d.", i, i, i, i)
		for w := range i {
			text += fmt.Sprintf(" Other%dword%d.", i, w)
		}
		out = append(out, corpus.Post{ID: fmt.Sprintf("p%d", i), Title: fmt.Sprintf("Essay number%d", i), Body: text})
	}
	return out
}

func TestNearDuplicates(t *testing.T) {
	words := strings.Fields(essay(200))
	variant := func(changed int) string {
		w := slices.Clone(words)
		for i := range changed {
			w[(i*len(w))/max(changed, 1)] = fmt.Sprintf("changed%d", i)
		}
		return strings.Join(w, " ")
	}
	posts := []corpus.Post{{ID: "asked", Body: essay(200)[:300] + " paging frames disk"}}
	for _, changed := range []int{0, 1, 4, 10, 25, 60} {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("changed%02d", changed), Body: variant(changed)})
	}
	// The share of common runs of four words after c of 200 words are changed is about
	// (197-4c)/(197+4c): 0.96, 0.85, 0.66, 0.33, 0 for c = 1, 4, 10, 25, 60.
	for _, tt := range []struct {
		threshold float64
		want      int
	}{{2, 6}, {0.95, 5}, {0.8, 4}, {0.55, 3}, {0.2, 2}} {
		r := row(t, posts, "asked", func(c *ranking.Config) { c.Rules.NearDuplicate, c.Rules.Diversity = tt.threshold, 0 })
		if got := len(r.Shown); got != tt.want {
			t.Errorf("threshold %v: %d shown, want %d: %v", tt.threshold, got, tt.want, shownIDs(r, false))
		}
	}
	copied := append(slices.Clone(posts), corpus.Post{ID: "copy", Body: posts[0].Body})
	if r := row(t, copied, "asked", nil); slices.Contains(shownIDs(r, false), "copy") || slices.Contains(shownIDs(r, true), "copy") {
		t.Error("the post's own text is shown to it")
	}
}

// essay is a text of n different words.
func essay(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%dx ", i*7919%104729)
	}
	return b.String()
}

func TestAuthorsAndSeries(t *testing.T) {
	posts := onPaging(12)
	for i := range posts {
		switch {
		case i >= 1 && i <= 5:
			posts[i].Author = corpus.StringList{"Ada"}
		case i >= 6 && i <= 8:
			posts[i].Series = "Paging explained"
		}
	}
	firstOf := func(ids []string, n int, from, to int) int {
		count := 0
		for _, id := range ids[:n] {
			k, err := strconv.Atoi(strings.TrimPrefix(id, "p"))
			if err == nil && k >= from && k <= to {
				count++
			}
		}
		return count
	}
	ids := shownIDs(row(t, posts, "asked", nil), false)
	if len(ids) != 10 {
		t.Fatalf("%d shown: %v", len(ids), ids)
	}
	// Eight places keep to the bounds: two by Ada, two of the series, four others.
	if a, s := firstOf(ids, 8, 0, 4), firstOf(ids, 8, 5, 7); a != 2 || s != 2 {
		t.Errorf("of the first eight, %d by Ada and %d of the series: %v", a, s, ids)
	}
	off := shownIDs(row(t, posts, "asked", func(c *ranking.Config) { c.Rules.PerAuthor, c.Rules.PerSeries = 0, 0 }), false)
	if firstOf(off, 8, 0, 4) <= 2 {
		t.Errorf("without bounds: %v", off)
	}
	for i := range posts {
		posts[i].Author, posts[i].Series = corpus.StringList{"Ada"}, ""
	}
	alone := row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Diversity = 0 })
	free := row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Diversity, c.Rules.PerAuthor = 0, 0 })
	if diff := cmp.Diff(shownIDs(free, false), shownIDs(alone, false)); diff != "" || len(alone.Shown) != 10 {
		t.Errorf("a site with one author (-free +bounded): %s", diff)
	}
}

func TestEditors(t *testing.T) {
	posts := append(onPaging(12), corpus.Post{ID: "pinned", Title: "Quite another thing", Body: "Nothing in common."})
	edit := func(c *ranking.Config) {
		c.Rules.Pins = []ranking.Pin{{ID: "asked", Shown: []string{"pinned", "absent", "asked", "p7", "p3"}}}
		c.Rules.Exclusions = []ranking.Exclusion{{ID: "p0"}, {From: "asked", ID: "p1"}, {From: "other", ID: "p2"}, {ID: "p3"}}
	}
	r := row(t, posts, "asked", edit)
	ids := shownIDs(r, false)
	if diff := cmp.Diff([]string{"pinned", "p7"}, ids[:2]); diff != "" {
		t.Errorf("pins: %s", diff)
	}
	for _, id := range []string{"p0", "p1", "p3", "absent", "asked"} {
		if slices.Contains(ids, id) {
			t.Errorf("%s is shown: %v", id, ids)
		}
	}
	if !slices.Contains(ids, "p2") {
		t.Errorf("p2 is kept out of another list only, yet not shown: %v", ids)
	}
	if r.Shown[0].Reasons[0] != "chosen by the editors" {
		t.Errorf("reasons of a pin: %v", r.Shown[0].Reasons)
	}
	if ids := shownIDs(row(t, posts, "p4", edit), false); slices.Contains(ids, "p0") || !slices.Contains(ids, "p1") {
		t.Errorf("exclusions in another list: %v", ids)
	}
}

func TestFill(t *testing.T) {
	posts := []corpus.Post{
		{ID: "asked", Title: "Paging", Body: "Virtual memory pages."},
		{ID: "close", Title: "More paging", Body: "Virtual memory pages swap."},
	}
	for i := range 5 {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("far%d", i), Title: fmt.Sprintf("Gardens %d", i), Body: fmt.Sprintf("Roses%d bloom%d.", i, i)})
	}
	r := row(t, posts, "asked", nil)
	if diff := cmp.Diff([]string{"close"}, shownIDs(r, false)); diff != "" {
		t.Error(diff)
	}
	if fill := shownIDs(r, true); len(fill) != 5 || r.Shown[0].ID != "close" {
		t.Errorf("fill: %v of %+v", fill, r.Shown)
	}
	high := row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Floor = 0.99 })
	if ids := shownIDs(high, false); len(ids) > 0 || high.Shown[0].ID != "close" {
		t.Errorf("above a floor of 0.99: %v; first %s", ids, high.Shown[0].ID)
	}
}

func TestDiversity(t *testing.T) {
	posts := []corpus.Post{{ID: "asked", Body: "Paging moves frames. Paging moves frames. Paging moves frames. Locks guard queues."}}
	for i := range 6 {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("paging%d", i), Body: fmt.Sprintf("Paging moves frames swiftly%d.", i)})
	}
	for i := range 3 {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("locks%d", i), Body: fmt.Sprintf("Locks guard queues together with many sleeping threads everywhere%d here%d.", i, i)})
	}
	rank := func(diversity float64) int {
		ids := shownIDs(row(t, posts, "asked", func(c *ranking.Config) { c.Rules.Diversity, c.Rules.NearDuplicate, c.Rules.Floor = diversity, 2, 0 }), false)
		return slices.IndexFunc(ids, func(id string) bool { return strings.HasPrefix(id, "locks") })
	}
	if off, on := rank(0), rank(0.5); on != 1 || off <= on {
		t.Errorf("the first post of the other subject stands at %d with diversity, at %d without", on, off)
	}
}

func TestRowsAndRaw(t *testing.T) {
	posts := randomPosts(21, 300)
	m := build(t, posts, ranking.DefaultConfig())
	collect := func(workers int) []corpus.Row {
		var rows []corpus.Row
		if err := m.All(t.Context(), workers, func(r corpus.Row) error { rows = append(rows, r); return nil }); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := collect(1)
	if diff := cmp.Diff(rows, collect(4)); diff != "" {
		t.Fatalf("four workers differ from one: %s", diff)
	}
	for i, r := range rows {
		if i%50 == 0 {
			if diff := cmp.Diff(m.Row(i), r); diff != "" {
				t.Fatalf("row %d alone and of all: %s", i, diff)
			}
		}
		raw := map[string]float32{}
		for k, s := range m.Similar(i, m.Config().Rules.Raw) {
			raw[m.ID(s.Post)] = float32(s.Score)
			if r.Raw[k].ID != m.ID(s.Post) || r.Raw[k].Score != float32(s.Score) {
				t.Fatalf("raw place %d of %s: %+v, want %+v", k, r.ID, r.Raw[k], s)
			}
		}
		for _, n := range r.Shown {
			if s, ok := raw[n.ID]; ok && s != float32(n.Score) {
				t.Fatalf("%s shows %s with %v, ranked with %v", r.ID, n.ID, n.Score, s)
			}
		}
	}
}
