package ranking_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/ranking"
)

// Reasons and explanations, proved here:
//  1. A reason says what contributed most, in the words of the texts, never in
//     stems; names, links, tags, series, folders, link targets are named.
//  2. There are one to three, none twice.
//  3. "newer" and "deeper" are said of what is.
//  4. The explanation adds up to the score; the shares of its leaves are 100 %.
//  5. What a graph keeps expands to that tree; anything else to nothing.

func reasonsOf(t *testing.T, r corpus.Row, id string) []string {
	t.Helper()
	for _, n := range r.Shown {
		if n.ID == id {
			return n.Reasons
		}
	}
	t.Fatalf("%s is not in the list of %s", id, r.ID)
	return nil
}

// library are posts that share one thing each with the post "asked", and others
// that share nothing with it.
func library() []corpus.Post {
	posts := []corpus.Post{
		{
			ID: "asked", URL: "https://example.org/storage/asked", Title: "How bbolt recovers",
			Body: "After a power cut, crash recovery in bbolt reads the meta pages. Raspberry Pi boards lose power. " +
				"We wrote about it in Flushing to the platter. See [this](/blog/linked) and [the tool](https://tools.example.com/fsck).",
			Tags: []string{"Durability"}, Series: "Storage engines", PublishedAt: date("2020-01-01"),
		},
		{ID: "text", Title: "Crash recovery", Body: "Crash recovery of a database: bbolt keeps two meta pages for crash recovery."},
		{ID: "named", Title: "Flushing to the platter", Body: "Disks lie about fsync."},
		{ID: "naming", Title: "Reading list", Body: "Worth a look: How bbolt recovers."},
		{ID: "linked", URL: "https://example.org/blog/linked", Title: "Journals", Body: "A journal precedes the write."},
		{ID: "tagged", Title: "Backups", Body: "Copy the file.", Tags: []string{"durability"}},
		{ID: "series", Title: "Trees", Body: "Nodes split when full.", Series: "Storage engines"},
		{ID: "folder", URL: "https://example.org/storage/other", Title: "Compression", Body: "Blocks shrink."},
		{ID: "target", Title: "Checking disks", Body: "Run [it](https://tools.example.com/fsck) weekly."},
		{ID: "newer", Title: "Shelf life", Body: "A Raspberry Pi on the shelf. " + article(6, 40), PublishedAt: date("2023-01-01")},
		{ID: "pi", Title: "Boards", Body: "Raspberry Pi boards."},
	}
	for i := range 30 {
		posts = append(posts, corpus.Post{
			ID: fmt.Sprintf("noise%d", i), URL: fmt.Sprintf("https://example.org/garden/%d", i), Title: fmt.Sprintf("Roses %d", i),
			Body: fmt.Sprintf("Roses number%d bloom%d in the garden.", i, i), Tags: []string{"Garden"},
		})
	}
	return posts
}

func TestReasons(t *testing.T) {
	r := row(t, library(), "asked", func(c *ranking.Config) { c.Rules.Floor, c.Rules.Shown = 0, 12 })
	for id, want := range map[string]string{
		"text":   "both about",
		"named":  "this post names it",
		"naming": "it names this post",
		"linked": "this post links to it",
		"tagged": "both tagged Durability",
		"series": "same series: Storage engines",
		"folder": "both under example.org/storage",
		"target": "both link to tools.example.com/fsck",
		"newer":  "newer",
		"pi":     "both about",
	} {
		reasons := reasonsOf(t, r, id)
		if !slices.ContainsFunc(reasons, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("%s: %q, want one that starts with %q", id, reasons, want)
		}
		if n := len(reasons); n < 1 || n > 3 || n != len(slices.Compact(slices.Sorted(slices.Values(reasons)))) {
			t.Errorf("%s: %q", id, reasons)
		}
	}
	about := strings.ToLower(reasonsOf(t, r, "text")[0])
	if !strings.Contains(about, "crash recovery") && !strings.Contains(about, "bbolt") || strings.Contains(about, "recoveri") {
		t.Errorf("a reason in other words than those of the texts: %q", about)
	}
	if reasons := reasonsOf(t, r, "newer"); !slices.Contains(reasons, "deeper") {
		t.Errorf("a long post: %q, want deeper", reasons)
	}
	if reasons := reasonsOf(t, r, "text"); slices.Contains(reasons, "newer") || slices.Contains(reasons, "deeper") {
		t.Errorf("a short post without a date: %q", reasons)
	}
}

func TestExplanationAddsUp(t *testing.T) {
	share := regexp.MustCompile(`\((\d+) %\)$`)
	m := build(t, randomPosts(31, 120), ranking.DefaultConfig())
	for i := range m.Len() {
		for _, n := range m.Row(i).Shown {
			j, _ := m.Lookup(n.ID)
			tree := ranking.Expand(n.Explain)
			if tree == nil {
				t.Fatalf("%s cannot be expanded", n.Explain)
			}
			if diff := cmp.Diff(m.Explain(i, j), tree); diff != "" {
				t.Fatalf("%s for %s (-computed +kept): %s", n.ID, m.ID(i), diff)
			}
			addsUp(t, tree)
			if math.Abs(tree.Value-n.Score) > 1e-9 {
				t.Fatalf("explained as %v, scored %v", tree.Value, n.Score)
			}
			sum := 0
			for _, group := range tree.Children[0].Children {
				for _, leaf := range group.Children {
					x, _ := strconv.Atoi(share.FindStringSubmatch(leaf.Name)[1])
					sum += x
				}
			}
			if n.Score > 0 && sum != 100 {
				t.Fatalf("shares of %d %%: %s", sum, n.Explain)
			}
		}
	}
}

func TestExpandRefuses(t *testing.T) {
	for _, s := range []string{``, `null`, `{}`, `"x"`, `[]`, `[1,-1]`, `[1,1e99]`, `[1` + strings.Repeat(",1", 99) + `]`, `[[1]]`} {
		if tree := ranking.Expand(json.RawMessage(s)); tree != nil {
			t.Errorf("%s expands to %+v", s, tree)
		}
	}
	if tree := ranking.Expand(json.RawMessage(`[1.1]`)); tree == nil || tree.Value != 0 {
		t.Errorf("a score of nothing expands to %+v", tree)
	}
}
