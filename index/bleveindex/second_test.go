package bleveindex_test

// Claims about the second stage, proximity:
//  1. Of two posts with the same words, the one that has them together comes first,
//     whichever way the words of the query are near, and the explanation says so.
//  2. It puts the first index.SecondStage hits in order again, and pages read one
//     after the other give each hit once, in the order of one long page.

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/query"
)

const filler = "one thing after another that the author had to say about it at length"

func indexed(t *testing.T, posts ...corpus.Post) *bleveindex.Index {
	t.Helper()
	idx := opened(t, index.Options{}, func(*index.Options) {})
	changes := make([]corpus.Change, len(posts))
	for i := range posts {
		changes[i] = corpus.Change{ID: posts[i].ID, Seq: uint64(i + 1), Post: &posts[i]}
	}
	if err := idx.Apply(t.Context(), index.Range{From: 1, To: uint64(len(posts))}, changes); err != nil {
		t.Fatal(err)
	}
	return idx
}

func find(t *testing.T, idx *bleveindex.Index, q string, from, size int) []index.Hit {
	t.Helper()
	res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(q), From: from, Size: size, Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	return res.Hits
}

func TestWordsTogetherComeFirst(t *testing.T) {
	idx := indexed(t,
		corpus.Post{ID: "a-apart", Body: "memory " + filler + " safety"},
		corpus.Post{ID: "b-together", Body: "memory safety " + filler},
		corpus.Post{ID: "c-reversed", Body: "safety memory " + filler},
		corpus.Post{ID: "d-other", Body: filler},
	)
	hits := find(t, idx, "memory safety", 0, 10)
	want := []string{"b-together", "c-reversed", "a-apart"}
	if diff := cmp.Diff(want, idsOf(hits)); diff != "" {
		t.Fatalf("order (-want +got):\n%s", diff)
	}
	for i, said := range []bool{true, true, false} {
		if got := strings.Contains(fmt.Sprint(names(hits[i].Explain)), "proximity"); got != said {
			t.Errorf("%s: proximity explained: %v, want %v", hits[i].ID, got, said)
		}
	}
}

func TestPagesOfTheSecondStage(t *testing.T) {
	var posts []corpus.Post
	for i := range 2 * index.SecondStage {
		between := strings.Repeat("word ", i%7)
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("p%03d", i), Body: "memory " + between + "safety " + filler})
	}
	idx := indexed(t, posts...)
	whole := idsOf(find(t, idx, "memory safety", 0, len(posts)))
	for _, size := range []int{7, 10, 60} {
		var paged []string
		for from := 0; from < len(posts); from += size {
			paged = append(paged, idsOf(find(t, idx, "memory safety", from, size))...)
		}
		if diff := cmp.Diff(whole, paged); diff != "" {
			t.Errorf("pages of %d (-whole +paged):\n%s", size, diff)
		}
	}
}

func idsOf(hits []index.Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

func names(e *index.Explanation) []string {
	out := []string{e.Name}
	for _, c := range e.Children {
		out = append(out, names(c)...)
	}
	return out
}
