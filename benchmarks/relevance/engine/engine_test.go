// Claims proved here:
//
//  1. The engine as a system answers search and similar posts for what it took in,
//     posts behind the review gate too; a second measurement gives the same.
//  2. Its configuration counts: a weight of 0 for titles changes the order, the
//     prior can be left out, a field that does not exist is an error.
//  3. Index statistics count what the analysis makes of the posts.
//  4. Nothing is left in the temporary directory.
//  5. An index that exists is measured as it is, and takes in nothing.
package engine_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/engine"
	"alphanode/corpus"
	"alphanode/index"
)

// posts is a source of a few posts.
type posts []corpus.Post

func (p posts) Posts(context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for _, post := range p {
			if !yield(post, nil) {
				return
			}
		}
	}
}

func samples() posts {
	return posts{
		{ID: "title", Title: "Garbage collection", Body: "How memory is freed in the runtime, in phases."},
		{ID: "body", Title: "Memory", Body: "Garbage collection, garbage collection, and once more garbage collection in the runtime."},
		{ID: "draft", Title: "Phases of garbage collection", Body: "A draft about the runtime.", Revision: &corpus.Revision{Status: corpus.StatusDraft}},
		{ID: "other", Title: "Styling tables", Body: "Borders and cells of a page."},
	}
}

func clock() time.Time { return time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC) }

func opened(t *testing.T, c relevance.Config) *engine.System {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	s, err := engine.Open(c, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(os.Getenv("TMPDIR"))
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	if err := s.Index(t.Context(), samples()); err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(t.Context(), relevance.SimilarTask); err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(docs []relevance.Ranked) string {
	var out []string
	for _, d := range docs {
		out = append(out, d.ID)
	}
	return strings.Join(out, " ")
}

// search asks for garbage collection.
func search(t *testing.T, s *engine.System) []relevance.Ranked {
	t.Helper()
	docs, err := s.Search(t.Context(), "garbage collection", 10)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func TestSystem(t *testing.T) {
	s := opened(t, relevance.Config{})
	hits := search(t, s)
	if got := ids(hits); !strings.HasPrefix(got, "title ") || len(hits) != 3 {
		t.Errorf("search gives %s", got)
	}
	similar, err := s.Similar(t.Context(), "title", 10)
	if err != nil || !strings.HasPrefix(ids(similar.Raw), "body") && !strings.HasPrefix(ids(similar.Raw), "draft") {
		t.Errorf("similar gives %s, %v", ids(similar.Raw), err)
	}
	if strings.Contains(ids(similar.Raw), "title") {
		t.Errorf("a post is like itself: %s", ids(similar.Raw))
	}
	if _, err := s.Similar(t.Context(), "absent", 10); err == nil || !strings.Contains(err.Error(), `"absent"`) {
		t.Errorf("a post that is absent: %v", err)
	}
	again := search(t, opened(t, relevance.Config{}))
	if diff := cmp.Diff(hits, again); diff != "" {
		t.Errorf("measured twice: %s", diff)
	}
}

func TestConfigurationCounts(t *testing.T) {
	plain := search(t, opened(t, relevance.Config{}))
	weightless := search(t, opened(t, relevance.Config{Weight: map[string]float64{"title": 0}}))
	if weightless[0].ID == "title" || ids(plain) == ids(weightless) {
		t.Errorf("without a weight of titles: %s", ids(weightless))
	}
	if prior := search(t, opened(t, relevance.Config{NoPrior: true})); prior[0].Score == plain[0].Score {
		t.Errorf("the score without prior is that with it: %v", prior[0].Score)
	}
	if _, err := engine.Open(relevance.Config{Weight: map[string]float64{"tittle": 1}}, clock); err == nil || !strings.Contains(err.Error(), `"tittle"`) {
		t.Errorf("a field that does not exist: %v", err)
	}
}

func TestStats(t *testing.T) {
	s := opened(t, relevance.Config{})
	got, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Titles have 2, 1, 4 and 2 words.
	if got.Documents != 4 || got.AverageLength["title"] != 9.0/4 || got.Terms == 0 || got.Tokens == 0 {
		t.Errorf("statistics %+v", got)
	}
}

// existing is an index that finds what it is asked for, and one that is like it.
type existing struct{ partial bool }

func (e existing) Search(_ context.Context, r index.Request) (*index.Result, error) {
	return &index.Result{Hits: []index.Hit{{ID: r.Query.Raw, Score: 2}}, Partial: e.partial}, nil
}

func (existing) Similar(_ context.Context, id string, limit int) ([]corpus.Neighbour, error) {
	if limit > 50 {
		return nil, errors.New("limit")
	}
	return []corpus.Neighbour{{ID: "like " + id, Score: 1}, {ID: "fill", Fill: true}}, nil
}

func TestAttach(t *testing.T) {
	a := engine.Attach(existing{})
	if docs, err := a.Search(t.Context(), "x", 10); err != nil || ids(docs) != "x" {
		t.Errorf("search gives %v, %v", docs, err)
	}
	if n, err := a.Similar(t.Context(), "x", 1000); err != nil || ids(n.Shown) != "like x" {
		t.Errorf("similar gives %v, %v", n, err)
	}
	if err := a.Index(t.Context(), samples()); err == nil {
		t.Error("it takes in documents")
	}
	if _, err := engine.Attach(existing{partial: true}).Search(t.Context(), "x", 10); err == nil {
		t.Error("a partial answer is no error")
	}
}
