package server_test

// Claims:
//  1. openapi.json is valid OpenAPI, has every route that the server has, and no other.
//  2. Real answers of every route, good and bad, are what it describes.
//  3. Every parameter it describes is accepted, and facets and sorts are those of
//     the field table.

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
	"alphanode/server"
)

// specServer has an answer for everything.
func specServer(t *testing.T) *server.Server {
	t.Helper()
	searcher := goldenSearcher()
	searcher.suggest = func(context.Context, string, int) ([]ranking.Suggestion, error) {
		return []ranking.Suggestion{
			{Kind: "title", Text: "Crash safety", ID: "guides/bbolt", URL: "https://example.org/guides/bbolt"},
			{Kind: "tag", Text: "go", Count: 3},
		}, nil
	}
	searcher.similar = func(context.Context, string, int) ([]corpus.Neighbour, error) {
		return []corpus.Neighbour{{ID: "guides/bbolt", Score: 2, Reasons: []string{"both about bbolt"}, Explain: json.RawMessage(`{"a":1}`)}}, nil
	}
	searcher.similarTo = func(ctx context.Context, _ corpus.Post, n int) ([]corpus.Neighbour, error) {
		return searcher.similar(ctx, "", n)
	}
	searcher.measured = &ranking.Measured{Seq: 1, Generation: 1, At: fixedClock()}
	return newServer(t, server.Options{
		Store: newFakePosts(fullPost(t)), Searcher: searcher, Curation: newCurations(t), Version: "1.2.3",
		IndexSeq: func(context.Context) (uint64, error) { return 1, nil },
		Reindex: func(_ context.Context, progress server.Progress) error {
			progress(1, 1)
			return nil
		},
	})
}

func loadSpec(t *testing.T, s *server.Server) (*openapi3.T, routers.Router) {
	t.Helper()
	rec := ask(t, s, http.MethodGet, "/openapi.json", "")
	wantStatus(t, rec, http.StatusOK)
	doc, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

func TestAnswersAreAsDescribed(t *testing.T) {
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/feed+json", openapi3filter.JSONBodyDecoder)
	s := specServer(t)
	doc, router := loadSpec(t, s)
	if doc.Info.Version != "1.2.3" {
		t.Errorf("version %q", doc.Info.Version)
	}
	seen := map[string]bool{}
	for _, tc := range specCalls {
		t.Run(tc.method+" "+tc.target, func(t *testing.T) {
			req := httptest.NewRequestWithContext(t.Context(), tc.method, "http://localhost"+tc.target, strings.NewReader(tc.body))
			req.Host = "localhost"
			req.Header.Set("Authorization", "Bearer "+token)
			if tc.body != "" {
				req.Header.Set("Content-Type", tc.contentType())
			}
			route, params, err := router.FindRoute(req)
			if err != nil {
				t.Fatalf("not described: %v", err)
			}
			seen[tc.method+" "+route.Path] = true
			rec := httptest.NewRecorder()
			s.Handler().ServeHTTP(rec, req)
			wantStatus(t, rec, tc.status)
			validate(t, tc, req, route, params, rec)
		})
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !seen[method+" "+path] {
				t.Errorf("%s %s is described, and no answer was checked", method, path)
			}
		}
	}
}

// validate compares request and answer with the description.
func validate(t *testing.T, tc specCall, req *http.Request, route *routers.Route, params map[string]string, rec *httptest.ResponseRecorder) {
	t.Helper()
	req.Body = io.NopCloser(strings.NewReader(tc.body))
	in := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if tc.status < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
			t.Errorf("request: %v", err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: rec.Code, Header: rec.Header(),
		Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes())), Options: in.Options,
	}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("answer: %v\n%s", err, rec.Body)
	}
	validateLines(t, route, rec)
}

// validateLines compares each line of NDJSON with the schema that x-line names.
func validateLines(t *testing.T, route *routers.Route, rec *httptest.ResponseRecorder) {
	t.Helper()
	if !strings.HasPrefix(rec.Header().Get("Content-Type"), "application/x-ndjson") {
		return
	}
	media := route.Operation.Responses.Status(rec.Code).Value.Content.Get("application/x-ndjson")
	name, _ := media.Extensions["x-line"].(string)
	schema := route.Spec.Components.Schemas[strings.TrimPrefix(name, "#/components/schemas/")]
	if schema == nil {
		t.Fatalf("x-line %q is no schema", name)
	}
	for line := range strings.Lines(rec.Body.String()) {
		var v any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Value.VisitJSON(v); err != nil {
			t.Errorf("line %s: %v", line, err)
		}
	}
}

type specCall struct {
	method, target, body string
	status               int
}

func (c specCall) contentType() string {
	if strings.Contains(c.target, ":batch") {
		return "application/x-ndjson"
	}
	return "application/json"
}

var specCalls = []specCall{
	{"GET", "/v1/search?q=crash&filter=tag:go&facets=*&sort=-published_at&page=1&per_page=10&typing=true&highlight=true&explain=true&boost=tag:go%5E2&weights=title:2,body:0.5&deadline_ms=500&total=at_least", "", 200},
	{"GET", "/v1/search?q=crash&cursor=*", "", 200},
	{"POST", "/v1/search:multi", `{"searches":[{"q":"crash"},{"filter":"tag:"}]}`, 200},
	{"POST", "/v1/search:multi", `{"searches":[]}`, 400},
	{"GET", "/v1/search?facets=nope", "", 400},
	{"GET", "/v1/search?filter=tag:", "", 400},
	{"POST", "/v1/search", `{"q":"crash","filter":"tag:go","facets":["tags"],"sort":["relevance","-views"],"page":1,"per_page":5,"typing":true,"highlight":true,"explain":true}`, 200},
	{"POST", "/v1/search", `{"q":1}`, 400},
	{"GET", "/v1/suggest?q=cr&limit=5", "", 200},
	{"GET", "/v1/facets/tags?q=crash&filter=tag:go&prefix=b&limit=5", "", 200},
	{"GET", "/v1/facets/body", "", 404},
	{"GET", "/v1/posts/guides%2Fbbolt", "", 200},
	{"GET", "/v1/posts/guides%2Fbbolt?computed=true", "", 200},
	{"GET", "/v1/posts/nope", "", 404},
	{"GET", "/v1/post?id=guides/bbolt", "", 200},
	{"GET", "/v1/posts/guides%2Fbbolt/similar?limit=5&explain=true", "", 200},
	{"GET", "/v1/post/similar?id=guides/bbolt", "", 200},
	{"GET", "/v1/post/similar?id=guides/bbolt&format=jsonfeed", "", 200},
	{"GET", "/v1/post/similar?id=guides/bbolt&format=html", "", 200},
	{"GET", "/v1/posts/guides%2Fbbolt/similar?filter=tag:go&format=json", "", 200},
	{"GET", "/v1/posts/guides%2Fbbolt/similar?filter=tag:", "", 400},
	{"GET", "/api/item-to-item/similar/guides%2Fbbolt?n=5&offset=0&category=go", "", 200},
	{"GET", "/api/item/guides%2Fbbolt/neighbors?n=x", "", 400},
	{"GET", "/api/item/guides%2Fbbolt/neighbors?n=5", "", 200},
	{"POST", "/v1/similar?limit=5&explain=true", `{"title":"a text"}`, 200},
	{"POST", "/v1/similar", `{"title":1}`, 422},
	{"PUT", "/v1/posts/new?wait=true&publish=all", `{"id":"new","title":"New","author":"Ada","flags":{"has_images":1},"unknown":1}`, 201},
	{"PUT", "/v1/post?id=new", `{"id":"new","title":"Newer"}`, 200},
	{"PUT", "/v1/posts/new", `{"id":"other","title":"x"}`, 409},
	{"PUT", "/v1/posts/new", `{"id":"new"}`, 422},
	{"DELETE", "/v1/posts/new?wait=false", "", 200},
	{"DELETE", "/v1/post?id=new", "", 404},
	{"POST", "/v1/posts:batch?wait=false&publish=reviewed", `{"id":"x","title":"X"}` + "\n", 200},
	{"GET", "/v1/similar:all?limit=5&progress=true", "", 200},
	{"GET", "/v1/curation/rules", "", 200},
	{"PUT", "/v1/curation/synonyms", `{"synonyms":[{"words":["k8s","kubernetes"]},{"from":["js"],"to":["javascript"]}]}`, 200},
	{"PUT", "/v1/curation/rules", `{"rules":[{"name":"a","when":{"query":"go","match":"prefix","filter":"tag:go"},"pin":[{"id":"x","position":1}],"hide":["y"],"boost":[{"filter":"tag:go","by":2}],"filter":"lang:en"}]}`, 200},
	{"PUT", "/v1/curation/stopwords", `{"drop":["please"],"keep":["it"]}`, 200},
	{"PUT", "/v1/curation/similar", `{"similar":[{"id":"a","pin":["b"],"exclude":["c"]}]}`, 200},
	{"PUT", "/v1/curation/synonyms", `{"synonyms":[{"words":["one"]}]}`, 400},
	{"GET", "/v1/curation/synonyms?version=1", "", 200},
	{"GET", "/v1/curation/synonyms?version=9", "", 404},
	{"GET", "/v1/curation/rules/history", "", 200},
	{"POST", "/v1/admin/check", "", 200},
	{"POST", "/v1/admin/reindex", "", 200},
	{"GET", "/v1/status", "", 200},
	{"GET", "/v1/status?x=1", "", 400},
	{"GET", "/healthz", "", 200},
	{"GET", "/readyz", "", 200},
	{"GET", "/metrics", "", 200},
	{"GET", "/version", "", 200},
	{"GET", "/openapi.json", "", 200},
}

func TestEveryRouteIsDescribed(t *testing.T) {
	s := specServer(t)
	doc, _ := loadSpec(t, s)
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	for _, r := range server.RouteList(s) {
		page := !strings.HasPrefix(r, "GET /v1") && slices.Contains([]string{"GET /", "GET /help", "GET /static/{name}", "GET /posts/{id}", "GET /post"}, r)
		if !page && !described[r] {
			t.Errorf("%s is not described", r)
		}
		delete(described, r)
	}
	for r := range described {
		t.Errorf("%s is described and does not exist", r)
	}
}

func TestDescribedFields(t *testing.T) {
	data := ask(t, specServer(t), http.MethodGet, "/openapi.json", "").Body.String()
	for _, f := range index.Fields() {
		if f.Facet && !strings.Contains(data, f.Name) {
			t.Errorf("facet %s is not described", f.Name)
		}
	}
}
