package ranking_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// The engine, proved here:
//  1. BuildGraph writes a row for every public post, and nothing when nothing
//     moved.
//  2. A post that the graph does not know is answered from the model.
//  3. A post that is not public, or not there, is corpus.ErrNotFound, and no list
//     names it after the next build.
//  4. Explanations made of what Similar returns have the score at their root.
//  5. Follow builds at the start and again when the store has moved.
//  6. With GraphOnly lists are those of the graph, and no model is made.
//  7. Suggestions are ordered by match, then count; hidden posts never appear.

// fakeIndex answers what a test needs.
type fakeIndex struct {
	index.Index
	search func(index.Request) *index.Result
}

func (f fakeIndex) Search(_ context.Context, req index.Request) (*index.Result, error) {
	return f.search(req), nil
}

type fixture struct {
	store  *corpus.Store
	graph  *corpus.Graph
	engine *ranking.Engine
}

func fixedClock() time.Time { return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC) }

func newFixture(t *testing.T, idx index.Index, opts ranking.Options) fixture {
	t.Helper()
	dir := t.TempDir()
	store, err := corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{NoSync: true, Now: fixedClock})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := corpus.OpenGraph(filepath.Join(dir, "similar.db"), &corpus.GraphOptions{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, err := range []error{store.Check(context.Background()), graph.Check(context.Background()), store.Close(), graph.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	opts.Now = fixedClock
	return fixture{store, graph, ranking.New(idx, store, graph, ranking.DefaultConfig(), opts)}
}

func (f fixture) put(t *testing.T, posts ...corpus.Post) {
	t.Helper()
	for _, p := range posts {
		if _, err := f.store.Apply(t.Context(), corpus.Put(p, corpus.PublishReviewed)); err != nil {
			t.Fatal(err)
		}
	}
}

// subjects are three subjects with four posts each, every post without one of
// the sentences on its subject and with one of its own.
func subjects() []corpus.Post {
	texts := map[string][]string{
		"bbolt": {
			"The bbolt database keeps pages in a B+ tree.", "Crash recovery reads both meta pages of bbolt.",
			"A freelist tells bbolt which pages are free.", "Writers of bbolt wait for one another, readers never do.",
		},
		"kubernetes": {
			"A Kubernetes cluster schedules pods on nodes.", "The scheduler of Kubernetes watches pods without a node.",
			"Kubernetes restarts pods whose probes fail.", "Every node of Kubernetes runs a kubelet beside its pods.",
		},
		"css": {
			"A stylesheet of CSS selects elements.", "CSS selectors have specificity.",
			"The cascade orders CSS rules by origin.", "Custom properties of CSS inherit like colours.",
		},
	}
	var out []corpus.Post
	for _, subject := range []string{"bbolt", "css", "kubernetes"} {
		for n := range 4 {
			body := slices.Delete(slices.Clone(texts[subject]), n, n+1)
			body = append(body, fmt.Sprintf("Remark number%d belongs to nothing%s%d, extra%d, alone%s.", n, subject, n, n, subject))
			out = append(out, corpus.Post{
				ID: fmt.Sprintf("%s/%d", subject, n), Title: fmt.Sprintf("Notes on %s, part %d", subject, n+1), Body: strings.Join(body, "\n\n"),
			})
		}
	}
	return out
}

func TestBuildGraph(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	last := 0
	if err := f.engine.BuildGraph(t.Context(), func(done, total int) {
		if done < last || total != 12 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	}); err != nil {
		t.Fatal(err)
	}
	if f.graph.Len() != 12 || f.graph.Seq() != f.store.Seq() || last != 12 {
		t.Fatalf("%d rows at %d, progress %d; want 12 at %d, 12", f.graph.Len(), f.graph.Seq(), last, f.store.Seq())
	}
	built := f.graph.Info()
	if err := f.engine.BuildGraph(t.Context(), func(int, int) { t.Error("built again, though nothing moved") }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(built, f.graph.Info()); diff != "" {
		t.Error(diff)
	}
	list, err := f.engine.Similar(t.Context(), "bbolt/2", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if !strings.HasPrefix(n.ID, "bbolt/") || n.Fill || len(n.Reasons) == 0 {
			t.Errorf("neighbour %+v of a post on bbolt", n)
		}
		var root index.Explanation
		if err := json.Unmarshal(ranking.Expanded(n.Explain), &root); err != nil || math.Abs(root.Value-n.Score) > 1e-9 || len(root.Children) == 0 {
			t.Errorf("%s has the score %v and the explanation %+v (%v)", n.ID, n.Score, root, err)
		}
	}
	if len(list) != 3 {
		t.Errorf("%d neighbours, want 3", len(list))
	}
}

func TestSimilarOfUnknownRow(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	if err := f.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	p := corpus.Post{ID: "new", Title: "Pods and nodes", Body: "Why Kubernetes leaves pods without a node: the scheduler."}
	f.put(t, p)
	stored, err := f.engine.Similar(t.Context(), "new", 4)
	if err != nil {
		t.Fatal(err)
	}
	loose, err := f.engine.SimilarTo(t.Context(), p, 4)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, loose); diff != "" {
		t.Errorf("the same text, stored and not stored: %s", diff)
	}
	for _, n := range stored {
		if !strings.HasPrefix(n.ID, "kubernetes/") {
			t.Errorf("neighbour %s of a post on Kubernetes", n.ID)
		}
	}
}

func TestGraphOnly(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	if err := f.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want, err := f.engine.Similar(t.Context(), "css/1", 4)
	if err != nil {
		t.Fatal(err)
	}
	p := corpus.Post{ID: "new", Title: "Pods and nodes", Body: "Why Kubernetes leaves pods without a node."}
	f.put(t, p)
	engine := ranking.New(nil, f.store, f.graph, ranking.DefaultConfig(), ranking.Options{GraphOnly: true})
	if got, err := engine.Similar(t.Context(), "css/1", 4); err != nil || !cmp.Equal(got, want) {
		t.Errorf("list %v, error %v, want the list of the graph", got, err)
	}
	if got, err := engine.Similar(t.Context(), "new", 4); err != nil || len(got) > 0 {
		t.Errorf("list of a post that the graph does not know: %v, error %v", got, err)
	}
	if _, err := engine.SimilarTo(t.Context(), p, 4); !errors.Is(err, ranking.ErrNoModel) {
		t.Errorf("error %v, want ErrNoModel", err)
	}
	if engine.Status().Ready {
		t.Error("a model was made")
	}
}

func TestSimilarHidesWhatIsNotPublic(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	posts := subjects()
	f.put(t, posts...)
	hidden := posts[1]
	hidden.Revision = &corpus.Revision{Status: corpus.StatusDraft}
	f.put(t, hidden)
	if err := f.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{hidden.ID, "absent"} {
		if _, err := f.engine.Similar(t.Context(), id, 10); !errors.Is(err, corpus.ErrNotFound) {
			t.Errorf("Similar(%s): %v, want not found", id, err)
		}
	}
	for row, err := range f.graph.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		named := func(n corpus.Neighbour) bool { return n.ID == hidden.ID }
		if row.ID == hidden.ID || slices.ContainsFunc(row.Shown, named) {
			t.Errorf("the row of %s has the hidden post", row.ID)
		}
	}
}

func TestFollow(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{Debounce: time.Millisecond})
	f.put(t, subjects()...)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.engine.Follow(ctx) }()
	waitFor(t, func() bool { return f.graph.Len() == 12 })
	f.put(t, corpus.Post{ID: "late", Title: "A late note on CSS", Body: "CSS selectors again."})
	waitFor(t, func() bool { return f.graph.Len() == 13 && f.graph.Seq() == f.store.Seq() })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow ended with %v", err)
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it did not come to pass within ten seconds")
}

func TestSuggest(t *testing.T) {
	posts := []corpus.Post{
		{ID: "1", Title: "Crash recovery in bbolt"},
		{ID: "2", Title: "After the crash"},
		{ID: "3", Title: "Crash"},
		{ID: "4", Title: "Crash dumps, hidden", Revision: &corpus.Revision{Status: corpus.StatusDraft}},
		{ID: "5", Title: "No such word", Body: "crash"},
	}
	idx := fakeIndex{search: func(req index.Request) *index.Result {
		if len(req.Facets) > 0 {
			return &index.Result{Facets: map[string][]index.FacetCount{
				"entities": {{Value: "crash recovery", Count: 7}}, "tags": {{Value: "Crash recovery", Count: 2}, {Value: "crash-only", Count: 9}},
			}}
		}
		res := &index.Result{}
		for _, p := range posts {
			res.Hits = append(res.Hits, index.Hit{ID: p.ID})
		}
		return res
	}}
	f := newFixture(t, idx, ranking.Options{})
	f.put(t, posts...)
	got, err := f.engine.Suggest(t.Context(), "  Crash ", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []ranking.Suggestion{
		{Kind: "title", Text: "Crash", ID: "3"},
		{Kind: "tag", Text: "crash-only", Count: 9},
		{Kind: "entity", Text: "crash recovery", Count: 7},
		{Kind: "title", Text: "Crash recovery in bbolt", ID: "1"},
		{Kind: "title", Text: "After the crash", ID: "2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, q := range []string{"", " \t", "?!"} {
		if got, err := f.engine.Suggest(t.Context(), q, 5); err != nil || len(got) > 0 {
			t.Errorf("Suggest(%q) = %v, %v", q, got, err)
		}
	}
}
