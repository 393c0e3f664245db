package server_test

// Claims:
//  1. GET answers the post exactly as it is stored, so that it can be PUT back
//     unchanged; computed=true adds the scores that the post does not give.
//  2. An ETag saves the second transfer.
//  3. PUT and DELETE answer when the index has the change; wait=false does not
//     wait; a wait that fails says that the change is stored.
//  4. What is wrong with a post is a 422 that names the field; another id in the
//     path is a 409.
//  5. The similar routes answer as documented, and drop neighbours that are hidden.

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/server"
)

func TestGetPost(t *testing.T) {
	store := newFakePosts(fullPost(t))
	s := newServer(t, server.Options{Store: store})
	rec := ask(t, s, http.MethodGet, "/v1/posts/guides%2Fbbolt", "")
	wantStatus(t, rec, http.StatusOK)
	golden(t, "post", rec.Body.Bytes())
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/posts/guides%2Fbbolt", rec.Body.String()), http.StatusOK)
	if store.Seq() != 1 {
		t.Error("putting back what was got is a change")
	}
	rec = ask(t, s, http.MethodGet, "/v1/post?id=guides/bbolt&computed=true", "")
	golden(t, "post-computed", rec.Body.Bytes())
	wantStatus(t, ask(t, s, http.MethodHead, "/v1/posts/guides%2Fbbolt", ""), http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/guides/bbolt", ""), http.StatusNotFound)
}

func TestETag(t *testing.T) {
	s := newServer(t, server.Options{Store: newFakePosts(fullPost(t))})
	for _, target := range []string{"/v1/posts/guides%2Fbbolt", "/v1/posts/guides%2Fbbolt/similar", "/openapi.json", "/posts/guides%2Fbbolt"} {
		rec := ask(t, s, http.MethodGet, target, "")
		tag := rec.Header().Get("ETag")
		if tag == "" {
			t.Errorf("%s: no ETag", target)
			continue
		}
		for _, have := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			again := ask(t, s, http.MethodGet, target, "", "If-None-Match", have)
			if again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
				t.Errorf("%s with %s: %d", target, have, again.Code)
			}
		}
		wantStatus(t, ask(t, s, http.MethodGet, target, "", "If-None-Match", `"other"`), http.StatusOK)
	}
}

func TestWrites(t *testing.T) {
	var waited []uint64
	s := newServer(t, server.Options{Waiter: fakeWaiter(func(_ context.Context, seq uint64) error {
		waited = append(waited, seq)
		return nil
	})})
	steps := []struct {
		method, target, body string
		status               int
		want                 map[string]any
	}{
		{http.MethodPut, "/v1/posts/a", `{"id":"a","title":"one"}`, 201, map[string]any{"id": "a", "status": "added", "seq": 1.0, "searchable": true}},
		{http.MethodPut, "/v1/posts/a", `{"id":"a","title":"one"}`, 200, map[string]any{"id": "a", "status": "unchanged", "seq": 1.0, "searchable": true}},
		{http.MethodPut, "/v1/posts/a?wait=false", `{"id":"a","title":"two"}`, 200, map[string]any{"id": "a", "status": "changed", "seq": 2.0, "searchable": false}},
		{http.MethodDelete, "/v1/posts/a", "", 200, map[string]any{"id": "a", "status": "removed", "seq": 3.0, "searchable": true}},
		{http.MethodDelete, "/v1/posts/a", "", 404, nil},
	}
	for _, step := range steps {
		rec := ask(t, s, step.method, step.target, step.body)
		wantStatus(t, rec, step.status)
		if step.want == nil {
			continue
		}
		var got map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", step.method, step.target, diff)
		}
	}
	if diff := cmp.Diff([]uint64{1, 1, 3}, waited); diff != "" {
		t.Errorf("waited (-want +got):\n%s", diff)
	}
}

func TestWaitFails(t *testing.T) {
	store := newFakePosts()
	s := newServer(t, server.Options{Store: store, Waiter: fakeWaiter(func(context.Context, uint64) error { return errors.New("index is gone") })})
	rec := ask(t, s, http.MethodPut, "/v1/posts/a", `{"id":"a","title":"one"}`)
	wantStatus(t, rec, http.StatusGatewayTimeout)
	if code := problemCode(t, rec); code != "stored_not_searchable" || store.Len() != 1 {
		t.Errorf("code %q with %d posts", code, store.Len())
	}
}

func TestBadPosts(t *testing.T) {
	s := newServer(t, server.Options{})
	for _, tc := range []struct {
		body   string
		status int
		field  string
	}{
		{`{"id":"b","title":"x"}`, 409, "id"},
		{`{"title":"x"}`, 422, "id"},
		{`{"id":"a"}`, 422, ""},
		{`{"id":"a","title":"x","difficulty":"easy"}`, 422, "difficulty"},
		{`{"id":"a","title":"x","published_at":"yesterday"}`, 422, "published_at"},
		{`{"id":"a","title":1}`, 422, "title"},
		{`{"id":"a","title":`, 422, ""},
		{``, 422, ""},
		{`[]`, 422, ""},
		{`{"id":"a","title":"x","payload":` + strings.Repeat("[", 10000), 422, ""},
	} {
		rec := ask(t, s, http.MethodPut, "/v1/posts/a", tc.body)
		wantStatus(t, rec, tc.status)
		var p struct{ Field string }
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if tc.field != "" && p.Field != tc.field {
			t.Errorf("%.50s: field %q, want %q", tc.body, p.Field, tc.field)
		}
	}
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/posts/a?publish=some", `{"id":"a","title":"x"}`), http.StatusBadRequest)
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/posts/a", `{"id":"a","title":"x"}`, "Content-Type", "text/html"), http.StatusUnsupportedMediaType)
}

func similarServer(t *testing.T) *server.Server {
	t.Helper()
	hidden := corpus.Post{ID: "hidden", Title: "H", Revision: &corpus.Revision{Status: corpus.StatusDraft}}
	list := func(limit int) []corpus.Neighbour {
		all := []corpus.Neighbour{
			{ID: "hidden", Score: 3, Reasons: []string{"secret"}},
			{ID: "b", Score: 2, Reasons: []string{"both about bbolt"}, Explain: json.RawMessage(`{"text":1}`)},
			{ID: "gone", Score: 1.5},
			{ID: "c", Score: 1, Fill: true},
		}
		return all[:min(limit, len(all))]
	}
	return newServer(t, server.Options{
		Store: newFakePosts(
			corpus.Post{ID: "a", Title: "A", URL: "https://e.test/a"}, corpus.Post{ID: "b", Title: "B", URL: "https://e.test/b"},
			corpus.Post{ID: "c", Title: "C"}, hidden),
		Searcher: &fakeSearcher{
			similar:   func(_ context.Context, _ string, limit int) ([]corpus.Neighbour, error) { return list(limit), nil },
			similarTo: func(_ context.Context, _ corpus.Post, limit int) ([]corpus.Neighbour, error) { return list(limit), nil },
			buildGraph: func(_ context.Context, progress func(done, total int)) error {
				progress(1, 3)
				progress(3, 3)
				return nil
			},
		},
	})
}

func TestSimilar(t *testing.T) {
	s := similarServer(t)
	rec := ask(t, s, http.MethodGet, "/v1/posts/a/similar", "")
	wantStatus(t, rec, http.StatusOK)
	golden(t, "similar", rec.Body.Bytes())
	rec = ask(t, s, http.MethodGet, "/v1/post/similar?id=a&explain=true", "")
	golden(t, "similar-explain", rec.Body.Bytes())
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/hidden/similar", ""), http.StatusNotFound)
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/nope/similar", ""), http.StatusNotFound)
	for _, limit := range []string{"0", "51", "-1", "x"} {
		wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/a/similar?limit="+limit, ""), http.StatusBadRequest)
	}
}

func TestSimilarTo(t *testing.T) {
	s := similarServer(t)
	rec := ask(t, s, http.MethodPost, "/v1/similar?limit=4", `{"title":"about bbolt","body":"x"}`)
	wantStatus(t, rec, http.StatusOK)
	golden(t, "similar-to", rec.Body.Bytes())
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/similar", `{"id":"new","title":"x"}`), http.StatusOK)
	for _, body := range []string{"", "null", "[]", "{", "1"} {
		wantStatus(t, ask(t, s, http.MethodPost, "/v1/similar", body), http.StatusBadRequest)
	}
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/similar", "{}"), http.StatusUnprocessableEntity)
}

func TestSimilarAll(t *testing.T) {
	s := similarServer(t)
	rec := ask(t, s, http.MethodGet, "/v1/similar:all?progress=true", "", local...)
	wantStatus(t, rec, http.StatusOK)
	const want = `{"progress":{"done":1,"total":3}}
{"progress":{"done":3,"total":3}}
{"id":"a","url":"https://e.test/a","title":"A","similar":[{"id":"b","url":"https://e.test/b","title":"B","score":2,"reasons":["both about bbolt"]},{"id":"c","url":"","title":"C","score":1,"reasons":[],"fill":true}]}
{"id":"b","url":"https://e.test/b","title":"B","similar":[{"id":"b","url":"https://e.test/b","title":"B","score":2,"reasons":["both about bbolt"]},{"id":"c","url":"","title":"C","score":1,"reasons":[],"fill":true}]}
{"id":"c","url":"","title":"C","similar":[{"id":"b","url":"https://e.test/b","title":"B","score":2,"reasons":["both about bbolt"]},{"id":"c","url":"","title":"C","score":1,"reasons":[],"fill":true}]}
`
	if diff := cmp.Diff(want, rec.Body.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
