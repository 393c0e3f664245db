package ranking_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index/curation"
	"alphanode/ranking"
)

// What editors lay down, proved here:
//  1. A pin and an exclusion show at once in the lists concerned, and in no others;
//     taken back, the lists are what they were.
//  2. They survive a rebuild, a restart, and a build that they came in the middle of.
//  3. Posts that are unknown or not public are kept in the document and not shown, and
//     shown once they are public.
//  4. Whatever the sequence of documents, the rows are those of a graph that is built
//     anew under the last one, byte for byte.

func (f fixture) curate(t *testing.T, doc string) {
	t.Helper()
	body, err := curation.Normalise(curation.KindSimilar, []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.PutCuration(t.Context(), curation.KindSimilar, body, corpus.AnyVersion); err != nil {
		t.Fatal(err)
	}
	if err := f.engine.Curate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) build(t *testing.T) {
	t.Helper()
	if err := f.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// rows are the rows of the graph by id.
func (f fixture) rows(t *testing.T) map[string]corpus.Row {
	t.Helper()
	out := map[string]corpus.Row{}
	for row, err := range f.graph.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[row.ID] = row
	}
	return out
}

// shown is the list of css/0.
func (f fixture) shown(t *testing.T) []string {
	t.Helper()
	list, err := f.engine.Similar(t.Context(), "css/0", 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return ids
}

func TestCurate(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	f.build(t)
	before := f.rows(t)
	f.curate(t, `{"similar":[{"id":"css/0","pin":["kubernetes/3","nowhere"],"exclude":["css/1"]}]}`)
	ids := f.shown(t)
	if ids[0] != "kubernetes/3" || slices.Contains(ids, "css/1") || slices.Contains(ids, "nowhere") {
		t.Errorf("css/0 shows %v", ids)
	}
	changed := f.rows(t)
	for id := range before {
		if id != "css/0" && !cmp.Equal(before[id], changed[id]) {
			t.Errorf("the list of %s changed", id)
		}
	}
	f.put(t, corpus.Post{ID: "new", Title: "New", Body: "Quite new."})
	f.build(t)
	if ids := f.shown(t); ids[0] != "kubernetes/3" {
		t.Errorf("after a rebuild css/0 shows %v", ids)
	}
	f.put(t, corpus.Post{ID: "nowhere", Title: "Now here", Body: "At last."})
	f.build(t)
	if ids := f.shown(t); !slices.Equal(ids[:2], []string{"kubernetes/3", "nowhere"}) {
		t.Errorf("with the post that was unknown css/0 shows %v", ids)
	}
	f.put(t, corpus.Post{ID: "nowhere", Title: "Now here", Body: "At last.", Revision: &corpus.Revision{Status: corpus.StatusDraft}})
	f.build(t)
	if ids := f.shown(t); slices.Contains(ids, "nowhere") {
		t.Errorf("a draft is pinned and shown: %v", ids)
	}
}

func TestExcludeEverywhere(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	f.build(t)
	before := f.rows(t)
	f.curate(t, `{"similar":[],"exclude":["css/0"]}`)
	for id, row := range f.rows(t) {
		if slices.ContainsFunc(row.Shown, func(n corpus.Neighbour) bool { return n.ID == "css/0" }) {
			t.Errorf("%s shows css/0", id)
		}
	}
	f.curate(t, `{"similar":[]}`)
	if diff := cmp.Diff(before, f.rows(t)); diff != "" {
		t.Errorf("taken back, the lists are others: %s", diff)
	}
}

func TestCurationWithoutAModel(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	f.build(t)
	again := fixture{f.store, f.graph, ranking.New(nil, f.store, f.graph, ranking.DefaultConfig(), ranking.Options{Now: fixedClock})}
	again.curate(t, `{"similar":[{"id":"css/0","pin":["bbolt/2"]}]}`)
	if ids := again.shown(t); ids[0] == "bbolt/2" {
		t.Fatalf("there is a model already: %v", ids)
	}
	number := f.graph.Info().Number
	again.build(t)
	if ids := again.shown(t); ids[0] != "bbolt/2" || f.graph.Info().Number != number {
		t.Errorf("generation %d, then %d: css/0 shows %v", number, f.graph.Info().Number, ids)
	}
}

func TestCurationsEqualRebuilds(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	posts := randomPosts(51, 150)
	f.put(t, posts...)
	f.build(t)
	rng := rand.New(rand.NewPCG(51, 2))
	id := func() string { return posts[rng.IntN(len(posts))].ID }
	for step := range 12 {
		var doc curation.Similar
		for _, k := range rng.Perm(len(posts))[:rng.IntN(20)] {
			p := curation.SimilarPost{ID: posts[k].ID, Exclude: []string{id(), id()}}
			if other := id(); other != p.ID && !slices.Contains(p.Exclude, other) {
				p.Pin = []string{other}
			}
			doc.Posts = append(doc.Posts, p)
		}
		for range rng.IntN(3) {
			doc.Exclude = append(doc.Exclude, id())
		}
		f.curate(t, string(mustJSON(t, doc)))
		fresh := newFixture(t, nil, ranking.Options{})
		fresh.put(t, posts...)
		fresh.curate(t, string(mustJSON(t, doc)))
		fresh.build(t)
		if diff := cmp.Diff(fresh.rows(t), f.rows(t)); diff != "" {
			t.Fatalf("step %d (-rebuilt +curated): %s", step, diff)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
