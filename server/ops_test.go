package server_test

// Claims:
//  1. /healthz searches, and is 503 when that fails; /readyz is 503 until ready.
//  2. /metrics counts requests by route, not by path, and has the state of store
//     and index.
//  3. Every request is one line of the log, with the request id and without secrets.
//  4. A panic is a 500 and a log line, and the server goes on.
//  5. The check reports every problem of joined errors; reindex streams progress.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/server"
)

func TestHealth(t *testing.T) {
	var failure, notReady error
	var asked index.Request
	s := newServer(t, server.Options{
		Store:    newFakePosts(corpus.Post{ID: "a", Title: "A"}),
		IndexSeq: func(context.Context) (uint64, error) { return 7, nil },
		Ready:    func() error { return notReady },
		Searcher: &fakeSearcher{search: func(_ context.Context, req index.Request) (*index.Result, error) {
			asked = req
			return &index.Result{Hits: []index.Hit{{ID: "a"}}}, failure
		}},
	})
	rec := ask(t, s, http.MethodGet, "/healthz", "")
	wantStatus(t, rec, http.StatusOK)
	golden(t, "healthz", rec.Body.Bytes())
	if asked.Size != 1 {
		t.Errorf("healthz asked for %+v", asked)
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/readyz", ""), http.StatusOK)
	failure, notReady = errors.New("no index"), errors.New("catching up")
	wantStatus(t, ask(t, s, http.MethodGet, "/healthz", ""), http.StatusServiceUnavailable)
	rec = ask(t, s, http.MethodGet, "/readyz", "")
	wantStatus(t, rec, http.StatusServiceUnavailable)
	if code := problemCode(t, rec); code != "not_ready" {
		t.Errorf("code %q", code)
	}
}

func TestMetrics(t *testing.T) {
	s := newServer(t, server.Options{
		Store:    newFakePosts(corpus.Post{ID: "a", Title: "A"}, corpus.Post{ID: "b", Title: "B"}),
		IndexSeq: func(context.Context) (uint64, error) { return 1, nil }, Version: "1.2.3",
	})
	for _, id := range []string{"a", "b", "none"} {
		ask(t, s, http.MethodGet, "/v1/posts/"+id, "")
	}
	ask(t, s, "BREW", "/v1/posts/a", "")
	ask(t, s, http.MethodGet, "/one", "")
	ask(t, s, http.MethodGet, "/two", "")
	rec := ask(t, s, http.MethodGet, "/metrics", "")
	wantStatus(t, rec, http.StatusOK)
	for _, want := range []string{
		`alphanode_http_request_duration_seconds_count{method="GET",route="/v1/posts/{id}",status="200"} 2`,
		`alphanode_http_request_duration_seconds_count{method="GET",route="/v1/posts/{id}",status="404"} 1`,
		`alphanode_http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 2`,
		`method="other"`,
		"alphanode_posts 2", "alphanode_store_seq 2", "alphanode_index_seq 1", `alphanode_build_info{version="1.2.3"} 1`,
		"go_goroutines", "alphanode_http_requests_in_flight 1",
	} {
		if !strings.Contains(rec.Body.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(rec.Body.String(), `/one`) || strings.Contains(rec.Body.String(), "BREW") {
		t.Error("a client can make labels")
	}
}

func TestLog(t *testing.T) {
	var out bytes.Buffer
	s := newServer(t, server.Options{Logger: slog.New(slog.NewJSONHandler(&out, nil))})
	rec := ask(t, s, http.MethodGet, "/v1/search?q=private+words", "", local...)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	if line["request_id"] != rec.Header().Get("X-Request-Id") || line["route"] != "/v1/search" || line["status"] != 200.0 || line["method"] != "GET" {
		t.Errorf("%v", line)
	}
	if strings.Contains(out.String(), token) || strings.Contains(out.String(), "private") {
		t.Errorf("the log tells too much: %s", out.String())
	}
}

func TestPanic(t *testing.T) {
	var out bytes.Buffer
	s := newServer(t, server.Options{
		Logger:   slog.New(slog.NewTextHandler(&out, nil)),
		Searcher: &fakeSearcher{search: func(context.Context, index.Request) (*index.Result, error) { panic("boom") }},
	})
	rec := ask(t, s, http.MethodGet, "/v1/search", "")
	wantStatus(t, rec, http.StatusInternalServerError)
	if code := problemCode(t, rec); code != "internal" || strings.Contains(rec.Body.String(), "boom") {
		t.Errorf("code %q, %s", code, rec.Body)
	}
	if !strings.Contains(out.String(), "boom") || !strings.Contains(out.String(), rec.Header().Get("X-Request-Id")) {
		t.Errorf("the log does not tell: %s", out.String())
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/version", ""), http.StatusOK)
	if !strings.Contains(ask(t, s, http.MethodGet, "/metrics", "").Body.String(), "alphanode_http_panics_total 1") {
		t.Error("the panic was not counted")
	}
}

func TestAdmin(t *testing.T) {
	store := newFakePosts(corpus.Post{ID: "a", Title: "A"})
	store.check = func(context.Context) error {
		return errors.Join(errors.New("posts/a: damaged"), errors.New("log/1: damaged"))
	}
	s := newServer(t, server.Options{
		Store: store, Check: func(context.Context) error { return errors.New("index: behind") },
		Reindex: func(_ context.Context, progress server.Progress) error {
			for i := range 100 {
				progress(i, 100)
			}
			progress(100, 100)
			return nil
		},
	})
	rec := ask(t, s, http.MethodPost, "/v1/admin/check", "", local...)
	wantStatus(t, rec, http.StatusOK)
	golden(t, "check", rec.Body.Bytes())
	rec = ask(t, s, http.MethodPost, "/v1/admin/reindex", "", local...)
	wantStatus(t, rec, http.StatusOK)
	const want = `{"progress":{"done":0,"total":100}}
{"progress":{"done":100,"total":100}}
{"reindexed":{"posts":1,"seconds":0}}
`
	if got := rec.Body.String(); got != want {
		t.Errorf("reindex answered\n%s", got)
	}
	without := newServer(t, server.Options{})
	wantStatus(t, ask(t, without, http.MethodPost, "/v1/admin/reindex", "", local...), http.StatusNotImplemented)
}

func TestVersion(t *testing.T) {
	rec := ask(t, newServer(t, server.Options{Version: "1.2.3"}), http.MethodGet, "/version", "")
	if !strings.Contains(rec.Body.String(), `"version":"1.2.3"`) {
		t.Errorf("%s", rec.Body)
	}
}
