package server_test

// Claims about lists of similar posts:
//  1. As HTML: links that a crawler follows, all of it escaped, nothing that runs or
//     loads; as JSON Feed 1.1: what that asks for.
//  2. Picks are told whatever the limit, and shown on the page.
//  3. A filter chooses among the nearest by the index's own rules, on real parts; pins
//     obey it, nothing fills.
//  4. The routes of Gorse answer in its form: n, offset, category; unknown items have no
//     neighbours; keys of its clients do no harm; ids may be odd.
//  5. Pins and exclusions that are put show in the next answer, and the write says
//     which ids no public post has.
//  6. Lists revalidate by ETag, each format with its own.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index/query"
	"alphanode/server"
)

// pickedServer has twelve posts like "a", two of them picked.
func pickedServer(t *testing.T) *server.Server {
	t.Helper()
	posts := []corpus.Post{{ID: "a", Title: "A & B", URL: "https://e.test/a", Lang: "en"}}
	var list []corpus.Neighbour
	for i := range 12 {
		id := fmt.Sprintf("n%02d", i)
		posts = append(posts, corpus.Post{
			ID: id, Title: "<b>" + id, URL: "https://e.test/" + id, Summary: "On " + id, Tags: []string{"x"},
			Author: corpus.StringList{"Ada"}, PublishedAt: corpus.DayOf(time.Date(2024, 2, 3, 0, 0, 0, 0, time.UTC)),
		})
		n := corpus.Neighbour{ID: id, Score: 1 - float64(i)/20, Reasons: []string{`both about "<i>"`}, Fill: i > 10}
		switch i {
		case 1:
			n.Pick = corpus.StartHere
		case 8:
			n.Pick = corpus.GoDeeper
		}
		list = append(list, n)
	}
	posts[3].URL, posts[4].URL, posts[4].Summary = "javascript:alert(1)", "", ""
	cut := func(limit int) []corpus.Neighbour { return list[:min(limit, len(list))] }
	return newServer(t, server.Options{Store: newFakePosts(posts...), Searcher: &fakeSearcher{
		similar: func(_ context.Context, _ string, limit int) ([]corpus.Neighbour, error) { return cut(limit), nil },
		matching: func(_ context.Context, _ *corpus.Post, f query.Filter, limit int) ([]corpus.Neighbour, error) {
			switch asked := f.String(); {
			case strings.Contains(asked, "none"):
				return nil, nil
			case strings.Contains(asked, "broken"):
				return nil, errors.New(asked)
			default:
				return cut(limit), nil
			}
		},
	}})
}

func TestSimilarFragment(t *testing.T) {
	s := pickedServer(t)
	rec := ask(t, s, http.MethodGet, "/v1/posts/a/similar?format=html&limit=5", "")
	wantStatus(t, rec, http.StatusOK)
	if ct, csp := rec.Header().Get("Content-Type"), rec.Header().Get("Content-Security-Policy"); ct != "text/html; charset=utf-8" || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("Content-Type %q, policy %q", ct, csp)
	}
	body := rec.Body.String()
	for _, bad := range []string{"<script", "<b>n", "<i>", "javascript:", "<img", "style="} {
		if strings.Contains(body, bad) {
			t.Errorf("%q in %s", bad, body)
		}
	}
	doc := parseHTML(t, rec.Body)
	var links []string
	for _, a := range all(doc, "ol.alphanode-similar a") {
		links = append(links, attr(a, "href"))
	}
	want := []string{"https://e.test/n00", "https://e.test/n01", "#ZgotmplZ", "/posts/n03", "https://e.test/n04"}
	if diff := cmp.Diff(want, links); diff != "" {
		t.Error(diff)
	}
	if got := texts(all(doc, "strong")); !cmp.Equal(got, []string{"Start here"}) {
		t.Errorf("picks %q", got)
	}
	if got := text(all(doc, "li")[0]); got != `<b>n00 both about "<i>"` {
		t.Errorf("first %q", got)
	}
}

func TestSimilarFeed(t *testing.T) {
	rec := ask(t, pickedServer(t), http.MethodGet, "/v1/posts/a/similar?format=jsonfeed&limit=4", "")
	wantStatus(t, rec, http.StatusOK)
	if ct := rec.Header().Get("Content-Type"); ct != "application/feed+json; charset=utf-8" {
		t.Errorf("Content-Type %q", ct)
	}
	golden(t, "similar-feed", rec.Body.Bytes())
}

func TestSimilarPicks(t *testing.T) {
	s := pickedServer(t)
	rec := ask(t, s, http.MethodGet, "/v1/posts/a/similar?limit=1", "")
	var got struct {
		Similar []struct {
			ID   string `json:"id"`
			Pick string `json:"pick"`
		} `json:"similar"`
		GoDeeper  struct{ ID, URL, Title string } `json:"go_deeper"`
		StartHere struct{ ID, URL, Title string } `json:"start_here"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Similar) != 1 || got.GoDeeper.ID != "n08" || got.StartHere.URL != "https://e.test/n01" || got.StartHere.Title != "<b>n01" {
		t.Errorf("%+v", got)
	}
	doc := parseHTML(t, ask(t, s, http.MethodGet, "/posts/a", "").Body)
	if got := texts(all(doc, ".similar .pick")); !cmp.Equal(got, []string{"Start here", "Go deeper"}) {
		t.Errorf("picks on the page: %q", got)
	}
	if n := len(all(doc, ".similar li")); n != 7 {
		t.Errorf("%d posts on the page, want six and the pick beyond them", n)
	}
}

func TestSimilarRevalidates(t *testing.T) {
	s := pickedServer(t)
	seen := map[string]bool{}
	for _, format := range []string{"", "&format=html", "&format=jsonfeed"} {
		target := "/v1/post/similar?id=a" + format
		tag := ask(t, s, http.MethodGet, target, "").Header().Get("ETag")
		if tag == "" || seen[tag] {
			t.Errorf("%s: ETag %q, seen %v", target, tag, seen)
		}
		seen[tag] = true
		wantStatus(t, ask(t, s, http.MethodGet, target, "", "If-None-Match", tag), http.StatusNotModified)
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/post/similar?id=a&format=xml", ""), http.StatusBadRequest)
}

func TestGorse(t *testing.T) {
	s := pickedServer(t)
	for target, want := range map[string]string{
		"/api/item-to-item/similar/a?n=2":                             `[{"Id":"n00","Score":1},{"Id":"n01","Score":0.95}]`,
		"/api/item-to-item/neighbors/a?n=2&offset=1&user-id=bob":      `[{"Id":"n01","Score":0.95},{"Id":"n02","Score":0.9}]`,
		"/api/item/a/neighbors?n=1&offset=9":                          `[{"Id":"n09","Score":0.55}]`,
		"/api/item/a/neighbors?n=5&offset=10":                         `[{"Id":"n10","Score":0.5}]`, // What follows is fill.
		"/api/item-to-item/similar/a?n=0":                             `[]`,
		"/api/item-to-item/similar/a?offset=9999999999":               `[]`,
		"/api/item-to-item/similar/a?category=none":                   `[]`,
		"/api/item-to-item/similar/unknown":                           `[]`,
		"/api/item-to-item/similar/a?n=1&offset=-5&category=anything": `[{"Id":"n00","Score":1}]`,
	} {
		rec := ask(t, s, http.MethodGet, target, "", "X-API-Key", "whatever")
		wantStatus(t, rec, http.StatusOK)
		if got := strings.TrimSpace(rec.Body.String()); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	if n := strings.Count(ask(t, s, http.MethodGet, "/api/item/a/neighbors", "").Body.String(), "Id"); n != 10 {
		t.Errorf("%d items without n, want 10", n)
	}
	if n := strings.Count(ask(t, s, http.MethodGet, "/api/item/a/neighbors?n=-1", "").Body.String(), "Id"); n != 11 {
		t.Errorf("%d items for n=-1, want all 11 that are no fill", n)
	}
	for _, target := range []string{"/api/item/a/neighbors?n=x", "/api/item/a/neighbors?offset=1.5"} {
		wantStatus(t, ask(t, s, http.MethodGet, target, ""), http.StatusBadRequest)
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/api/item/a/neighbors?category=broken", ""), http.StatusInternalServerError)
	rec := ask(t, s, http.MethodOptions, "/api/item/a/neighbors", "", "Origin", "https://site.test")
	if allowed := rec.Header().Get("Access-Control-Allow-Headers"); !strings.Contains(allowed, "X-API-Key") {
		t.Errorf("a page may not send the key of a Gorse client: %q", allowed)
	}
}

func TestGorseOddIDs(t *testing.T) {
	var posts []corpus.Post
	for _, id := range oddIDs {
		posts = append(posts, corpus.Post{ID: id, Title: "Post"})
	}
	s := newServer(t, server.Options{Store: newFakePosts(posts...), Searcher: &fakeSearcher{
		similar: func(_ context.Context, id string, _ int) ([]corpus.Neighbour, error) {
			return []corpus.Neighbour{{ID: id, Score: 1}}, nil
		},
	}})
	for _, id := range oddIDs {
		for _, escaped := range []string{url.PathEscape(id), encodeAll(id)} {
			for _, target := range []string{"/api/item-to-item/similar/" + escaped, "/api/item/" + escaped + "/neighbors"} {
				rec := ask(t, s, http.MethodGet, target, "")
				wantStatus(t, rec, http.StatusOK)
				var items []struct{ ID string }
				if err := json.Unmarshal(rec.Body.Bytes(), &items); err != nil || len(items) != 1 || items[0].ID != id {
					t.Errorf("%s: %s, want one item %q", target, rec.Body, id)
				}
			}
		}
	}
}

// similarIDs are the ids of a list on real parts.
func similarIDs(t *testing.T, r *realServer, target string) []string {
	t.Helper()
	var ids []string
	for _, n := range decoded(t, r, target)["similar"].([]any) {
		ids = append(ids, n.(map[string]any)["id"].(string))
	}
	return ids
}

func TestSimilarFilterOnRealParts(t *testing.T) {
	r := newReal(t)
	r.put(t, site(60)...)
	r.put(t, corpus.Post{ID: "storage/A", Title: "Notes on storage", Body: "Crash recovery", Tags: []string{"other"}},
		corpus.Post{ID: "storage/a", Title: "Notes on storage", Body: "Crash recovery of another kind.", Tags: []string{"bbolt"}})
	if err := r.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ids := similarIDs(t, r, "/v1/posts/storage%2F0/similar?limit=50&filter="+url.QueryEscape("tag:bbolt"))
	if len(ids) < 15 {
		t.Errorf("%d posts: %v", len(ids), ids)
	}
	for _, id := range ids {
		if !strings.HasPrefix(id, "storage/") || id == "storage/0" || id == "storage/A" {
			t.Errorf("%s does not match, or is the post itself", id)
		}
	}
	if ids := similarIDs(t, r, "/v1/posts/storage%2F0/similar?filter=tag:nope"); len(ids) != 0 {
		t.Errorf("nothing matches, yet %v", ids)
	}
	rec := ask(t, r.Server, http.MethodPost, "/v1/similar?limit=3&filter=tag:http", `{"title":"Notes on crash recovery of the network","body":"Timeouts keep slow clients from holding connections. Keep-alive saves the handshake."}`)
	wantStatus(t, rec, http.StatusOK)
	if body := rec.Body.String(); !strings.Contains(body, `"network/`) || strings.Contains(body, `"storage/`) {
		t.Errorf("%s", body)
	}
	put := func(doc string) string {
		rec := ask(t, r.Server, http.MethodPut, "/v1/curation/similar", doc)
		wantStatus(t, rec, http.StatusOK)
		return rec.Body.String()
	}
	put(`{"similar":[{"id":"storage/0","pin":["network/1","storage/3"]}]}`)
	if ids := similarIDs(t, r, "/v1/posts/storage%2F0/similar?limit=3&filter=tag:bbolt"); len(ids) != 3 || ids[0] != "storage/3" {
		t.Errorf("with one pin that matches and one that does not: %v", ids)
	}
}

func TestCuratedListsOnRealParts(t *testing.T) {
	r := newReal(t)
	r.put(t, site(30)...)
	r.put(t, corpus.Post{ID: "draft", Title: "D", Body: "x", Revision: &corpus.Revision{Status: corpus.StatusDraft}})
	if err := r.engine.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list := func() []string { return similarIDs(t, r, "/v1/posts/storage%2F0/similar") }
	before := list()
	rec := ask(t, r.Server, http.MethodPut, "/v1/curation/similar",
		fmt.Sprintf(`{"similar":[{"id":"storage/0","pin":["search/2","draft","gone"],"exclude":[%q]}],"exclude":[%q]}`, before[0], before[1]))
	wantStatus(t, rec, http.StatusOK)
	var written struct{ Unknown []string }
	if err := json.Unmarshal(rec.Body.Bytes(), &written); err != nil || !cmp.Equal(written.Unknown, []string{"draft", "gone"}) {
		t.Errorf("%s (%v)", rec.Body, err)
	}
	after := strings.Join(list(), " ")
	if !strings.HasPrefix(after, "search/2 ") || strings.Contains(after+" ", before[0]+" ") || strings.Contains(after+" ", before[1]+" ") {
		t.Errorf("before %v, after %v", before, after)
	}
	wantStatus(t, ask(t, r.Server, http.MethodPut, "/v1/curation/similar", "{}"), http.StatusOK)
	if diff := cmp.Diff(before, list()); diff != "" {
		t.Errorf("taken back: %s", diff)
	}
}
