package ranking_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/ranking"
)

// The wording of reasons, proved here:
//  1. Posts are about what a title or a summary says, and only mention the rest.
//  2. An identifier is said whole, never by the parts that it is made of.
//  3. What more than a tenth of the posts have in common is no reason, unless there
//     is no other.
//  4. For every neighbour of every post of real blogs: one to three reasons, of the
//     known forms, none twice, nothing said twice within one, no bare number; the
//     shares are 100 %.

func TestMentionsAndIdentifiers(t *testing.T) {
	posts := []corpus.Post{
		{ID: "asked", Title: "Upgrading Node.js", Body: "Node.js runs fast. Kenneth Williams fixed it, Kenneth Williams wrote it. A 64-bit Binary for Node.js."},
		{ID: "same", Title: "Node.js for beginners", Body: "Node.js is easy. Kenneth Williams tested it, Kenneth Williams signed it. The 64-bit Binary of Node.js."},
		{ID: "part", Title: "Words about a node", Body: "A node of a tree. A js file."},
	}
	for i := range 8 {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("noise%d", i), Title: fmt.Sprintf("Rose %d", i), Body: fmt.Sprintf("Roses bloom%d.", i)})
	}
	reasons := reasonsOf(t, row(t, posts, "asked", nil), "same")
	all := strings.Join(reasons, "; ")
	for _, want := range []string{"both about Node.js", "both mention"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q: nothing that says %q", reasons, want)
		}
	}
	words := strings.FieldsFunc(all, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	for _, part := range []string{"node", "js", "bit"} {
		if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, part) }) {
			t.Errorf("%q: %q is only a part of a word", reasons, part)
		}
	}
	for _, r := range reasons {
		if strings.HasPrefix(r, "both about") && strings.Contains(r, "Kenneth") {
			t.Errorf("%q: thanks are no subject", r)
		}
	}
}

func TestCommonFeaturesAreNoReason(t *testing.T) {
	list := func(title, id string) []corpus.Neighbour {
		return row(t, commonPosts(title), id, func(c *ranking.Config) { c.Rules.Floor = 0 }).Shown
	}
	for _, n := range list("Platform ", "p000") {
		all := strings.Join(n.Reasons, "; ")
		if n.ID == "p001" && (strings.Contains(all, "everywhere") || strings.Contains(all, "Platform") || !strings.Contains(all, "somewhere")) {
			t.Errorf("%s: %q", n.ID, all)
		}
		if all == "" {
			t.Errorf("%s: no reason", n.ID)
		}
	}
	// p119 shares its subject with p118, and only common things with the others.
	if got := list("Platform ", "p119")[1].Reasons; !cmp.Equal(got, []string{"both about Platform"}) {
		t.Errorf("only a common word in common: %q", got)
	}
	if got := list("", "p119")[1].Reasons; len(got) == 0 || got[0] != "both tagged everywhere" && got[0] != "both under e.org/blog" {
		t.Errorf("only tag and folder in common: %q", got)
	}
}

// commonPosts are 120 posts of which each two share a subject, ten a tag, and all a
// tag, a folder and how their titles begin.
func commonPosts(title string) []corpus.Post {
	word := func(kind string, n int) string { return kind + string(rune('b'+n/11)) + string(rune('c'+n%11)) }
	var posts []corpus.Post
	for i := range 120 {
		posts = append(posts, corpus.Post{
			ID: fmt.Sprintf("p%03d", i), URL: fmt.Sprintf("https://e.org/blog/%d", i), Title: title + word("own", i),
			Body: word("sub", i/2) + " " + word("mot", i), Tags: []string{"everywhere"},
		})
		if i < 10 {
			posts[i].Tags = append(posts[i].Tags, "somewhere")
		}
	}
	return posts
}

// TestWordingOfRealPosts makes the rows of thousands of real posts.
func TestWordingOfRealPosts(t *testing.T) {
	m := build(t, readPosts(t, "blogs-dev"), ranking.DefaultConfig())
	posts, reasons, alone := 0, 0, 0
	err := m.All(t.Context(), 0, func(r corpus.Row) error {
		posts++
		for _, n := range r.Shown {
			reasons += len(n.Reasons)
			if len(n.Reasons) == 1 {
				alone++
			}
			for _, fault := range wordingFaults(n) {
				t.Errorf("%s for %s: %s: %q", n.ID, r.ID, fault, n.Reasons)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if posts < 1000 {
		t.Errorf("only %d posts", posts)
	}
	t.Logf("%d lists, %d reasons, %d neighbours with one reason", posts, reasons, alone)
}

var (
	reasonForms = regexp.MustCompile(`^(both about |both mention |both tagged |both on |same series: |both under |both link to ).+$|` +
		`^(this post names it|it names this post|this post links to it|it links to this post|newer|deeper|chosen by the editors|nothing closer was found)$`)
	bareNumber = regexp.MustCompile(`^\d+([.,:]\d+)*$`)
	leafShare  = regexp.MustCompile(`\((\d+) %\)$`)
)

func wordingFaults(n corpus.Neighbour) []string {
	var faults []string
	fail := func(bad bool, fault string) {
		if bad {
			faults = append(faults, fault)
		}
	}
	fail(len(n.Reasons) < 1 || len(n.Reasons) > 3, "not one to three")
	fail(len(slices.Compact(slices.Sorted(slices.Values(n.Reasons)))) != len(n.Reasons), "one twice")
	for _, r := range n.Reasons {
		fail(!reasonForms.MatchString(r), "of no known form")
		fail(!utf8.ValidString(r) || strings.ContainsFunc(r, unicode.IsControl), "not plain text")
		fail(utf8.RuneCountInString(r) > 300, "too long")
		names := spokenNames(r)
		for i, name := range names {
			fail(bareNumber.MatchString(name), "a number")
			fail(slices.ContainsFunc(names[:i], func(other string) bool { return strings.EqualFold(other, name) }), "a word twice")
		}
	}
	fail(shareSum(n) != 100 && n.Score > 0, "shares that are not 100 %")
	return faults
}

// spokenNames are what "both about a, b and c" enumerates.
func spokenNames(reason string) []string {
	for _, prefix := range []string{"both about ", "both mention "} {
		if rest, ok := strings.CutPrefix(reason, prefix); ok {
			return strings.Split(strings.ReplaceAll(rest, " and ", ", "), ", ")
		}
	}
	return nil
}

func shareSum(n corpus.Neighbour) int {
	tree := ranking.Expand(n.Explain)
	if tree == nil {
		return -1
	}
	sum := 0
	for _, group := range tree.Children[0].Children {
		for _, leaf := range group.Children {
			x, err := strconv.Atoi(leafShare.FindStringSubmatch(leaf.Name)[1])
			if err != nil {
				return -1
			}
			sum += x
		}
	}
	return sum
}
