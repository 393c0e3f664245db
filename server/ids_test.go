package server_test

// Claims:
//  1. Every route of one post finds a post whatever its id, when the id is
//     percent-encoded in the path.
//  2. The forms with ?id= do the same.
//  3. Encoding only what must be encoded (url.PathEscape leaves "+" and ":") works
//     as well as encoding everything.
//  4. The links of pages lead back to the post.

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/server"
)

// encodeAll encodes every byte.
func encodeAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func TestOddIDs(t *testing.T) {
	var posts []corpus.Post
	for _, id := range oddIDs {
		posts = append(posts, corpus.Post{ID: id, Title: "Post " + id, Body: "text"})
	}
	store := newFakePosts(posts...)
	var asked string
	s := newServer(t, server.Options{Store: store, Searcher: &fakeSearcher{
		similar: func(_ context.Context, id string, _ int) ([]corpus.Neighbour, error) {
			asked = id
			return []corpus.Neighbour{{ID: id, Score: 1}}, nil
		},
	}})
	for _, id := range oddIDs {
		forms := map[string][2]string{
			"path escaped":  {"/v1/posts/" + url.PathEscape(id), "/posts/" + url.PathEscape(id)},
			"all escaped":   {"/v1/posts/" + encodeAll(id), "/posts/" + encodeAll(id)},
			"query escaped": {"/v1/post?id=" + url.QueryEscape(id), "/post?id=" + url.QueryEscape(id)},
		}
		for form, paths := range forms {
			if form == "path escaped" && id == "posts:batch" {
				continue // Nothing is special about it under /v1/posts/.
			}
			t.Run(form+" "+id, func(t *testing.T) {
				checkOddID(t, s, id, paths[0], paths[1], &asked)
			})
		}
	}
}

func checkOddID(t *testing.T, s *server.Server, id, api, page string, asked *string) {
	t.Helper()
	rec := ask(t, s, http.MethodGet, api, "")
	wantStatus(t, rec, http.StatusOK)
	var got corpus.Post
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || got.ID != id {
		t.Errorf("GET %s gave id %q (%v), want %q", api, got.ID, err, id)
	}
	path, query, _ := strings.Cut(api, "?")
	similar := path + "/similar"
	if query != "" {
		similar += "?" + query
	}
	wantStatus(t, ask(t, s, http.MethodGet, similar, ""), http.StatusOK)
	if *asked != id {
		t.Errorf("GET %s asked for %q, want %q", similar, *asked, id)
	}
	join := map[bool]string{true: "&", false: "?"}[query != ""]
	fragment := ask(t, s, http.MethodGet, similar+join+"format=html", "")
	wantStatus(t, fragment, http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodGet, attr(one(t, parseHTML(t, fragment.Body), "ol a"), "href"), ""), http.StatusOK)
	var feed struct{ Items []struct{ ID string } }
	rec = ask(t, s, http.MethodGet, similar+join+"format=jsonfeed", "")
	if err := json.Unmarshal(rec.Body.Bytes(), &feed); err != nil || len(feed.Items) != 1 || feed.Items[0].ID != id {
		t.Errorf("%s as a feed: %s", similar, rec.Body)
	}
	body := string(mustJSON(corpus.Post{ID: id, Title: "Post " + id, Body: "text"}))
	wantStatus(t, ask(t, s, http.MethodPut, api, body), http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodDelete, api, ""), http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodGet, api, ""), http.StatusNotFound)
	wantStatus(t, ask(t, s, http.MethodPut, api, body), http.StatusCreated)
	rec = ask(t, s, http.MethodGet, page, "")
	wantStatus(t, rec, http.StatusOK)
	link := attr(one(t, parseHTML(t, rec.Body), "aside.similar a"), "href")
	wantStatus(t, ask(t, s, http.MethodGet, link, ""), http.StatusOK)
}

func TestBadIDs(t *testing.T) {
	s := newServer(t, server.Options{})
	for _, target := range []string{"/v1/post", "/v1/post?id=", "/v1/posts/%FF", "/v1/posts/" + strings.Repeat("a", 513), "/v1/post?id=%FF"} {
		rec := ask(t, s, http.MethodGet, target, "")
		if rec.Code != http.StatusBadRequest || problemCode(t, rec) != "bad_parameter" {
			t.Errorf("GET %.40s: %d %s", target, rec.Code, rec.Body)
		}
	}
}
