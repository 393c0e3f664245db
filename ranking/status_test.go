package ranking_test

import (
	"testing"

	"alphanode/corpus"
	"alphanode/ranking"
)

// Status says what the graph says, and by how much it lags behind the store.
func TestStatus(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{})
	f.put(t, subjects()...)
	if s := f.engine.Status(); s.Ready || s.Backlog != 12 || s.Generation != 0 || s.Rows != 0 {
		t.Errorf("before the first build: %+v", s)
	}
	if err := f.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s := f.engine.Status()
	if !s.Ready || s.Building || s.Backlog != 0 || s.Generation != 1 || s.Rows != 12 || s.Posts != 12 || s.Drift != 0 || !s.Built.Equal(fixedClock()) {
		t.Errorf("after a build: %+v", s)
	}
	f.put(t, corpus.Post{ID: "late", Title: "A late note"})
	if s := f.engine.Status(); s.Backlog != 1 || s.StoreSeq != s.Seq+1 {
		t.Errorf("after a change: %+v", s)
	}
}
