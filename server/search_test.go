package server_test

// Claims:
//  1. An answer has exactly the documented members, in golden form.
//  2. GET and POST with the same parameters ask the same and answer the same.
//  3. Parameters reach the searcher as documented; what is not one is a 400 that
//     names it, a bad filter one with its position.
//  4. Hits whose posts are gone or hidden are dropped and the page is filled from
//     what follows; the total does not count them.
//  5. A failing searcher is a 500 that does not tell why.

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
	"alphanode/server"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares JSON with a file, indented.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, body)
	}
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func day(tb testing.TB, s string) corpus.Date {
	tb.Helper()
	d, err := corpus.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// fullPost has every field.
func fullPost(tb testing.TB) corpus.Post {
	tb.Helper()
	return corpus.Post{
		ID: "guides/bbolt", URL: "https://example.org/guides/bbolt", Reference: "r-1", Hash: "5f19b4620ae199681e9eee12",
		Title: "Crash safety of <bbolt>", Summary: "How a B+ tree survives a crash.", Body: "# Crash safety\n\nA crash & recovery.",
		BodyFormat: corpus.Markdown, Outline: []corpus.OutlineItem{{Label: "context", Text: "disks"}}, Brief: "brief",
		Checklist: []string{"sync"}, Notes: []string{"note"}, Lang: "en", Topic: "storage", Tags: []string{"go", "bbolt"},
		Stack: []string{"go"}, Tools: []string{"git"}, CodeLanguage: "go", Difficulty: "advanced", Author: corpus.StringList{"Ada"},
		Series: "internals", PublishedAt: day(tb, "2023-04-19"), UpdatedAt: day(tb, "2023-05-01T10:00:00Z"),
		ReadingTime: new(10.0), ViewCount: new(int64(164496)), Score: &corpus.Score{Quality: new(88.0)},
		Revision: &corpus.Revision{Status: corpus.StatusReviewed, Version: "1.0.7", LastReviewed: day(tb, "2023-04-20")},
		Flags:    &corpus.Flags{HasImages: true}, Entities: []corpus.Entity{{Name: "bbolt", Type: "tool"}},
		Images:  []corpus.Image{{Source: "example.org", URL: "https://example.org/a.png", Caption: "A tree"}},
		Payload: json.RawMessage(`{"seed":8498,"deep":{"list":[1,{"x":"<b>"}]}}`),
		Extra:   map[string]json.RawMessage{"wp_id": json.RawMessage(`77`)},
	}
}

func goldenSearcher() *fakeSearcher {
	return &fakeSearcher{search: func(_ context.Context, req index.Request) (*index.Result, error) {
		r := &index.Result{
			Total: 1, TotalExact: true, Hits: []index.Hit{{ID: "guides/bbolt", Seq: 1, Score: 12.5}},
			Words: []index.Word{{Text: "crash", Variants: []index.Variant{{Term: "crash"}}}},
			Applied: index.Applied{
				Typos:   []index.Rewrite{{Word: "crahs", As: []string{"crash"}}},
				Dropped: []string{"the"},
			},
		}
		if req.Explain {
			r.Hits[0].Explain = &index.Explanation{Name: "score", Op: index.Leaf, Value: 12.5}
		}
		if len(req.Facets) > 0 {
			r.Facets = map[string][]index.FacetCount{"tags": {{Value: "bbolt", Count: 1}, {Value: "go", Count: 1}}}
		}
		return r, nil
	}}
}

func TestSearchGolden(t *testing.T) {
	s := newServer(t, server.Options{Store: newFakePosts(fullPost(t)), Searcher: goldenSearcher()})
	rec := ask(t, s, http.MethodGet, "/v1/search?q=the+crahs&facets=tag&explain=1&per_page=5", "")
	wantStatus(t, rec, http.StatusOK)
	golden(t, "search", rec.Body.Bytes())
	byBody := ask(t, s, http.MethodPost, "/v1/search", `{"q":"the crahs","facets":["tags"],"explain":true,"per_page":5}`)
	wantStatus(t, byBody, http.StatusOK)
	if diff := cmp.Diff(rec.Body.String(), byBody.Body.String()); diff != "" {
		t.Errorf("GET and POST differ:\n%s", diff)
	}
	rec = ask(t, s, http.MethodGet, "/v1/search?highlight=false", "")
	golden(t, "search-plain", rec.Body.Bytes())
	for _, name := range []string{"X-Request-Id", "Server-Timing"} {
		if rec.Header().Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
}

// capture records the request that reaches the searcher.
func capture(t *testing.T, into *index.Request) *server.Server {
	t.Helper()
	return newServer(t, server.Options{Searcher: &fakeSearcher{search: func(_ context.Context, req index.Request) (*index.Result, error) {
		*into = req
		return &index.Result{}, nil
	}}})
}

func TestSearchParameters(t *testing.T) {
	var got index.Request
	s := capture(t, &got)
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/search?q=go+generics&filter=tag:go&facets=tag,difficulty&facets=tags&sort=-views,published&page=3&per_page=20&typing=true", ""), http.StatusOK)
	want := index.Request{
		Query: query.Parse("go generics"), Filter: query.Term{Field: "tags", Value: "go"},
		Facets: []index.FacetRequest{{Field: "tags"}, {Field: "difficulty"}},
		Sort:   []index.SortKey{{Field: "view_count", Desc: true}, {Field: "published_at"}},
		From:   40, Size: 20, Typing: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search", `{"sort":"relevance","per_page":0}`), http.StatusOK)
	if diff := cmp.Diff(index.Request{Query: query.Parse("")}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/search?q=go&total=at_least", ""), http.StatusOK)
	if got.Totals != index.TotalsAtLeast {
		t.Error("total=at_least does not reach the searcher")
	}
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search", `{"q":"go","total":"exact"}`), http.StatusOK)
	if got.Totals != index.TotalsExact {
		t.Error("total=exact does not reach the searcher")
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/search?facets=*", ""), http.StatusOK)
	if len(got.Facets) < 10 {
		t.Errorf("facets=* asks for %v", got.Facets)
	}
}

func TestSearchRefusals(t *testing.T) {
	s := newServer(t, server.Options{})
	for _, tc := range []struct{ query, code, param string }{
		{"qq=x", "bad_parameter", "qq"},
		{"facets=nonsense", "bad_parameter", "facets"},
		{"facets=body", "bad_parameter", "facets"},
		{"sort=nonsense", "bad_parameter", "sort"},
		{"sort=tags", "bad_parameter", "sort"},
		{"sort=views,views,views,views,views", "bad_parameter", "sort"},
		{"page=0", "bad_parameter", "page"},
		{"page=x", "bad_parameter", "page"},
		{"page=-1", "bad_parameter", "page"},
		{"page=99999999999999999999", "bad_parameter", "page"},
		{"page=1001&per_page=10", "bad_parameter", "page"},
		{"per_page=101", "bad_parameter", "per_page"},
		{"total=some", "bad_parameter", "total"},
		{"typing=maybe", "bad_parameter", "typing"},
		{"filter=tag:", "bad_filter", "filter"},
		{"filter=(tag:go", "bad_filter", "filter"},
		{"filter=" + strings.Repeat("a", 17<<10), "bad_parameter", "filter"},
		{"q=%zz", "bad_query_string", ""},
		{"q=%ff", "bad_parameter", "q"},
	} {
		rec := ask(t, s, http.MethodGet, "/v1/search?"+tc.query, "")
		wantStatus(t, rec, http.StatusBadRequest)
		var p struct {
			Code, Param string
			Position    *int
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.Code != tc.code || p.Param != tc.param || (p.Code == "bad_filter") != (p.Position != nil) {
			t.Errorf("%.60s: %s", tc.query, rec.Body)
		}
	}
	for _, body := range []string{
		"", "null x", "[]", `{"q":1}`, `{"nope":1}`, `{"q":"a"}{}`, `{"page":0}`, `{"per_page":101}`, `{"sort":[1]}`, `{"facets":"tags"}`, "{\"q\":\"\xff\"}",
		`{"filter":"tag:"}`, strings.Repeat("[", 100_000),
	} {
		if rec := ask(t, s, http.MethodPost, "/v1/search", body); rec.Code != http.StatusBadRequest {
			t.Errorf("%.40q: %d", body, rec.Code)
		}
	}
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search", "q=a", "Content-Type", "application/x-www-form-urlencoded"), http.StatusUnsupportedMediaType)
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search", "{}", "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType)
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search?q=a", "{}"), http.StatusBadRequest)
}

func TestFilterPosition(t *testing.T) {
	s := newServer(t, server.Options{})
	rec := ask(t, s, http.MethodGet, "/v1/search?filter="+url.QueryEscape("tag:go AND nope:1"), "")
	golden(t, "bad-filter", stripRequestID(t, rec.Body.Bytes()))
}

// stripRequestID takes the one member that differs out of a problem.
func stripRequestID(t *testing.T, body []byte) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if m["request_id"] == "" {
		t.Error("no request id")
	}
	delete(m, "request_id")
	return mustJSON(m)
}

func TestHiddenHitsAreFilled(t *testing.T) {
	var posts []corpus.Post
	for i := range 30 {
		p := corpus.Post{ID: fmt.Sprintf("p%02d", i), Title: "T"}
		if i%3 == 1 {
			p.Revision = &corpus.Revision{Status: corpus.StatusDraft}
		}
		posts = append(posts, p)
	}
	store := newFakePosts(posts...)
	delete(store.posts, "p03")
	all := listing(store)
	s := newServer(t, server.Options{Store: store, Searcher: &fakeSearcher{search: func(ctx context.Context, req index.Request) (*index.Result, error) {
		r, err := all(ctx, req)
		return r, err
	}}})
	rec := ask(t, s, http.MethodGet, "/v1/search?per_page=10", "")
	var got struct {
		Total int
		Hits  []struct{ ID string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range got.Hits {
		ids = append(ids, h.ID)
	}
	want := []string{"p00", "p02", "p05", "p06", "p08", "p09", "p11", "p12", "p14", "p15"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Total >= 29 {
		t.Errorf("total %d counts hidden hits that were seen", got.Total)
	}
}

func TestSearcherFails(t *testing.T) {
	s := newServer(t, server.Options{Searcher: &fakeSearcher{search: func(context.Context, index.Request) (*index.Result, error) {
		return nil, errors.New("secret path /var/lib")
	}}})
	rec := ask(t, s, http.MethodGet, "/v1/search?q=x", "")
	wantStatus(t, rec, http.StatusInternalServerError)
	if strings.Contains(rec.Body.String(), "secret") {
		t.Errorf("the cause is told: %s", rec.Body)
	}
	rec = ask(t, s, http.MethodGet, "/", "")
	wantStatus(t, rec, http.StatusInternalServerError)
	if strings.Contains(rec.Body.String(), "secret") {
		t.Errorf("the cause is told: %s", rec.Body)
	}
}

func TestDeadline(t *testing.T) {
	s := newServer(t, server.Options{
		Limits: server.Limits{Request: 20_000_000},
		Searcher: &fakeSearcher{search: func(ctx context.Context, _ index.Request) (*index.Result, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}},
	})
	rec := ask(t, s, http.MethodGet, "/v1/search?q=x", "")
	wantStatus(t, rec, http.StatusGatewayTimeout)
	if code := problemCode(t, rec); code != "timeout" {
		t.Errorf("code %q", code)
	}
}

func TestNoNumberBreaksJSON(t *testing.T) {
	s := newServer(t, server.Options{Store: newFakePosts(corpus.Post{ID: "a", Title: "A"}), Searcher: &fakeSearcher{
		search: func(context.Context, index.Request) (*index.Result, error) {
			return &index.Result{Total: 1, Hits: []index.Hit{{ID: "a", Score: math.NaN()}}}, nil
		},
	}})
	rec := ask(t, s, http.MethodGet, "/v1/search?q=x", "")
	if !json.Valid(rec.Body.Bytes()) {
		t.Errorf("not JSON: %s", rec.Body)
	}
	wantStatus(t, rec, http.StatusInternalServerError)
}

func TestFacetValues(t *testing.T) {
	var got index.Request
	s := newServer(t, server.Options{Searcher: &fakeSearcher{search: func(_ context.Context, req index.Request) (*index.Result, error) {
		got = req
		return &index.Result{Facets: map[string][]index.FacetCount{"tags": {{Value: "go", Count: 3}}}}, nil
	}}})
	rec := ask(t, s, http.MethodGet, "/v1/facets/tag?q=x&filter=tag:rust&prefix=G&limit=5", "")
	wantStatus(t, rec, http.StatusOK)
	golden(t, "facets", rec.Body.Bytes())
	want := index.Request{
		Query: query.Parse("x"), Filter: query.Term{Field: "tags", Value: "rust"},
		Facets: []index.FacetRequest{{Field: "tags", Limit: 5, Prefix: "G"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/facets/body", ""), http.StatusNotFound)
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/facets/tags?limit=1001", ""), http.StatusBadRequest)
}
