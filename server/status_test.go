package server_test

// Claims:
//  1. The status says what store, index and lists say, and costs no search and no read
//     of a list; what was never measured is absent.
//  2. On real parts it has the generation and the measures of the site.

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"alphanode/ranking"
	"alphanode/server"
)

type statusAnswer struct {
	Store   struct{ Posts, Seq int }
	Index   *struct{ Seq, Backlog int }
	Graph   ranking.GraphStatus
	Similar *ranking.Measured
	Version string
}

func readStatus(t *testing.T, s *server.Server) statusAnswer {
	t.Helper()
	rec := ask(t, s, http.MethodGet, "/v1/status", "")
	wantStatus(t, rec, http.StatusOK)
	var got statusAnswer
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestStatus(t *testing.T) {
	searcher := &fakeSearcher{status: ranking.GraphStatus{Seq: 2, Generation: 4, Drift: 0.5}}
	s := newServer(t, server.Options{
		Store: newFakePosts(site(3)...), Searcher: searcher, Version: "1.2.3",
		IndexSeq: func(context.Context) (uint64, error) { return 1, nil },
	})
	got := readStatus(t, s)
	if got.Store.Posts != 3 || got.Store.Seq != 3 || got.Index.Seq != 1 || got.Index.Backlog != 2 ||
		got.Graph.Generation != 4 || got.Similar != nil || got.Version != "1.2.3" {
		t.Errorf("%+v", got)
	}
	searcher.measured = &ranking.Measured{SiteMeasures: ranking.SiteMeasures{Posts: 3, Coverage: 0.75}, Generation: 4}
	if got := readStatus(t, s); got.Similar == nil || got.Similar.Coverage != 0.75 || got.Similar.Generation != 4 {
		t.Errorf("%+v", got.Similar)
	}
}

func TestStatusOnRealParts(t *testing.T) {
	r := newReal(t)
	r.put(t, site(30)...)
	if err := r.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	got := readStatus(t, r.Server)
	if got.Graph.Generation != 1 || got.Graph.Rows != 30 || got.Graph.Backlog != 0 || got.Index.Backlog != 0 || got.Store.Posts != 30 {
		t.Errorf("%+v", got)
	}
}
