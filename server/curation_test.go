package server_test

// Claims:
//  1. A document that is put is what is read, at the next version, which is its ETag; one
//     that was never written is empty, at version 0.
//  2. If-Match decides whether a write takes place; 412 when somebody else wrote.
//  3. A bad document is a 400 with its place, and nothing is written.
//  4. Other sites' pages and read-only servers write nothing; unknown kinds are 404.

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/server"
)

// newCurations is a real store, for its documents.
func newCurations(t *testing.T) *corpus.Store {
	t.Helper()
	s, err := corpus.Open(filepath.Join(t.TempDir(), "posts.db"), &corpus.Options{Now: fixedClock, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func curationServer(t *testing.T, opts server.Options) *server.Server {
	t.Helper()
	opts.Store, opts.Searcher, opts.Curation = newFakePosts(), &fakeSearcher{}, newCurations(t)
	return newServer(t, opts)
}

func TestCurationRoundTrip(t *testing.T) {
	s := curationServer(t, server.Options{})
	rec := ask(t, s, http.MethodGet, "/v1/curation/synonyms", "")
	wantStatus(t, rec, http.StatusOK)
	if rec.Body.String() != `{"synonyms":[]}`+"\n" || rec.Header().Get("ETag") != `"0"` {
		t.Errorf("at first %s, %s", rec.Body, rec.Header().Get("ETag"))
	}
	const doc = `{"synonyms":[{"words":["k8s","kubernetes"]}]}`
	rec = ask(t, s, http.MethodPut, "/v1/curation/synonyms", "synonyms:\n- words: [k8s, kubernetes]", "Content-Type", "application/yaml")
	wantStatus(t, rec, http.StatusOK)
	if want := `{"kind":"synonyms","version":1,"updated_at":"2024-03-01T12:00:00Z","bytes":45}` + "\n"; rec.Body.String() != want || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("put: %s, %s", rec.Body, rec.Header().Get("ETag"))
	}
	rec = ask(t, s, http.MethodGet, "/v1/curation/synonyms", "")
	if rec.Body.String() != doc+"\n" || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("then %s, %s", rec.Body, rec.Header().Get("ETag"))
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/curation/synonyms", "", "If-None-Match", `"1"`), http.StatusNotModified)
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/curation/synonyms", `{}`), http.StatusOK)
	if old := ask(t, s, http.MethodGet, "/v1/curation/synonyms?version=1", "").Body.String(); old != doc+"\n" {
		t.Errorf("version 1 is %s", old)
	}
	rec = ask(t, s, http.MethodGet, "/v1/curation/synonyms/history", "")
	if n := strings.Count(rec.Body.String(), `"version":`); n != 2 || !strings.HasPrefix(rec.Body.String(), `{"kind":"synonyms","versions":[{"kind":"synonyms","version":2,`) {
		t.Errorf("history %s", rec.Body)
	}
}

func TestCurationIfMatch(t *testing.T) {
	s := curationServer(t, server.Options{})
	put := func(name, value string) int {
		body := `{"drop":["` + strings.Trim(value, `"*`) + `x"],"keep":[]}`
		return ask(t, s, http.MethodPut, "/v1/curation/stopwords", body, name, value).Code
	}
	for _, tc := range []struct {
		header, value string
		status        int
	}{
		{"If-Match", `"1"`, http.StatusPreconditionFailed},
		{"If-Match", `"0"`, http.StatusOK},
		{"If-Match", `"0"`, http.StatusPreconditionFailed},
		{"If-None-Match", `*`, http.StatusPreconditionFailed},
		{"If-Match", `"1"`, http.StatusOK},
		{"If-Match", `*`, http.StatusOK},
		{"If-Match", `3`, http.StatusBadRequest},
		{"If-Match", `"x"`, http.StatusBadRequest},
		{"If-Match", `"3"`, http.StatusOK},
	} {
		if got := put(tc.header, tc.value); got != tc.status {
			t.Errorf("%s: %s gives %d, want %d", tc.header, tc.value, got, tc.status)
		}
	}
	if tag := ask(t, s, http.MethodGet, "/v1/curation/stopwords", "").Header().Get("ETag"); tag != `"4"` {
		t.Errorf("after it all version %s", tag)
	}
}

func TestCurationRefused(t *testing.T) {
	s := curationServer(t, server.Options{})
	rec := ask(t, s, http.MethodPut, "/v1/curation/rules", "{\"rules\":[\n {\"name\":\"a\",\"hide\":[7, []]}]}")
	wantStatus(t, rec, http.StatusBadRequest)
	var p server.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Code != "bad_curation" || p.Field != "rules[0].hide[1]" || p.Line != 2 || p.Column != 25 {
		t.Errorf("problem %+v", p)
	}
	for _, tc := range []struct {
		method, target, header, value string
		status                        int
	}{
		{"PUT", "/v1/curation/synonyms", "Content-Type", "text/html", 415},
		{"PUT", "/v1/curation/synonyms", "Origin", "https://evil.example", 403},
		{"GET", "/v1/curation/synonyms", "Origin", "https://evil.example", 403},
		{"PUT", "/v1/curation/synonyms", "Authorization", "Bearer wrong", 401},
		{"PUT", "/v1/curation/nope", "Accept", "*/*", 404},
		{"GET", "/v1/curation/nope/history", "Accept", "*/*", 404},
		{"GET", "/v1/curation/rules?version=0", "Accept", "*/*", 400},
		{"POST", "/v1/curation/rules", "Accept", "*/*", 405},
	} {
		body := ""
		if tc.method == http.MethodPut {
			body = "{}"
		}
		if rec := ask(t, s, tc.method, tc.target, body, tc.header, tc.value); rec.Code != tc.status {
			t.Errorf("%s %s with %s %s: %d, want %d", tc.method, tc.target, tc.header, tc.value, rec.Code, tc.status)
		}
	}
	if tag := ask(t, s, http.MethodGet, "/v1/curation/rules", "").Header().Get("ETag"); tag != `"0"` {
		t.Errorf("something was written: version %s", tag)
	}
	readOnly := curationServer(t, server.Options{ReadOnly: true})
	wantStatus(t, ask(t, readOnly, http.MethodPut, "/v1/curation/rules", "{}"), http.StatusForbidden)
	none := newServer(t, server.Options{Store: newFakePosts(), Searcher: &fakeSearcher{}})
	wantStatus(t, ask(t, none, http.MethodGet, "/v1/curation/rules", ""), http.StatusNotImplemented)
}
