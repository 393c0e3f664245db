package server_test

// Claims:
//  1. Only loopback and configured names are answered as Host.
//  2. Reads may come from other origins: every one unless some are configured, and
//     then only those; pages, writes and operation are never readable across origins.
//  3. Writes with a foreign Origin or Sec-Fetch-Site are refused, and change nothing.
//  4. A read-only server refuses every write, with the token too.
//  5. Routes of the program's own verbs need the token; a wrong token is refused everywhere.
//  6. An address that is not loopback is refused unless read-only.
//  7. Headers of a client do not come back as headers of ours.

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/server"
)

func TestHost(t *testing.T) {
	s := newServer(t, server.Options{Hosts: []string{"Search.Example.org"}})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:1": 200, "127.8.9.10": 200, "[::1]:8080": 200,
		"a.localhost": 200, "localhost.": 200, "search.example.org": 200, "search.example.org:443": 200,
		"example.org": 421, "evil.test": 421, "10.0.0.1": 421, "localhost.evil.test": 421, "": 421, "127.0.0.1.evil.test": 421,
		"[::ffff:127.0.0.1]": 200,
	} {
		if rec := ask(t, s, http.MethodGet, "/version", "", "Host", host); rec.Code != want {
			t.Errorf("Host %q: status %d, want %d", host, rec.Code, want)
		}
	}
}

func TestCrossOriginReads(t *testing.T) {
	const page = "https://blog.example.org"
	open := newServer(t, server.Options{Store: newFakePosts(corpus.Post{ID: "a", Title: "A"})})
	closed := newServer(t, server.Options{Origins: []string{page}})
	get := func(s *server.Server, path, origin string) http.Header {
		return ask(t, s, http.MethodGet, path, "", "Origin", origin).Header()
	}
	for _, path := range []string{"/v1/search", "/v1/suggest?q=a", "/v1/facets/tags", "/v1/posts/a", "/v1/post?id=a", "/v1/posts/a/similar", "/openapi.json"} {
		if got := get(open, path, page).Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: Access-Control-Allow-Origin %q, want *", path, got)
		}
	}
	for _, path := range []string{"/", "/posts/a", "/healthz", "/metrics", "/v1/similar:all", "/help"} {
		if got := get(open, path, page).Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: Access-Control-Allow-Origin %q, want none", path, got)
		}
	}
	if got := get(closed, "/v1/search", page).Get("Access-Control-Allow-Origin"); got != page {
		t.Errorf("configured origin: %q", got)
	}
	h := get(closed, "/v1/search", "https://evil.test")
	if h.Get("Access-Control-Allow-Origin") != "" || h.Get("Vary") != "Origin" {
		t.Errorf("other origin: %v", h)
	}
}

func TestPreflight(t *testing.T) {
	s := newServer(t, server.Options{})
	rec := ask(t, s, http.MethodOptions, "/v1/search", "", "Origin", "https://a.test", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	wantStatus(t, rec, http.StatusNoContent)
	if got := rec.Header().Get("Access-Control-Allow-Methods"); got != "GET, POST" {
		t.Errorf("methods %q", got)
	}
	rec = ask(t, s, http.MethodOptions, "/v1/posts/a", "", "Origin", "https://a.test", "Access-Control-Request-Method", "PUT")
	if got := rec.Header().Get("Access-Control-Allow-Methods"); got != "GET" {
		t.Errorf("a write is offered to other origins: %q", got)
	}
	rec = ask(t, s, http.MethodOptions, "/v1/posts:batch", "", "Origin", "https://a.test", "Access-Control-Request-Method", "POST")
	if rec.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("the batch route answers a preflight: %v", rec.Header())
	}
}

// writes are the routes that change posts.
var writes = [][3]string{
	{http.MethodPut, "/v1/posts/a", `{"id":"a","title":"new"}`},
	{http.MethodPut, "/v1/post?id=a", `{"id":"a","title":"new"}`},
	{http.MethodDelete, "/v1/posts/a", ""},
	{http.MethodDelete, "/v1/post?id=a", ""},
	{http.MethodPost, "/v1/posts:batch", `{"id":"a","title":"new"}`},
}

func TestCrossSiteWrites(t *testing.T) {
	store := newFakePosts(corpus.Post{ID: "a", Title: "old"})
	s := newServer(t, server.Options{Store: store, Origins: []string{"https://blog.example.org"}})
	before := store.Seq()
	refused := [][]string{
		{"Origin", "https://evil.test"},
		{"Origin", "null"},
		{"Origin", "https://blog.example.org"},
		{"Origin", "http://localhost:9"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "none"},
		{"Origin", "http://localhost:8080", "Sec-Fetch-Site", "cross-site"},
		{"Origin", "https://evil.test", "Authorization", "Bearer " + token},
	}
	for _, w := range writes {
		for _, headers := range refused {
			rec := ask(t, s, w[0], w[1], w[2], headers...)
			if rec.Code != http.StatusForbidden || problemCode(t, rec) != "cross_site" {
				t.Errorf("%s %s with %v: %d", w[0], w[1], headers, rec.Code)
			}
		}
	}
	if store.Seq() != before {
		t.Error("a refused write changed the store")
	}
	rec := ask(t, s, http.MethodPut, "/v1/posts/a", `{"id":"a","title":"new"}`, "Origin", "http://localhost:8080", "Sec-Fetch-Site", "same-origin")
	wantStatus(t, rec, http.StatusOK)
}

func TestReadOnly(t *testing.T) {
	store := newFakePosts(corpus.Post{ID: "a", Title: "old"})
	s := newServer(t, server.Options{Store: store, ReadOnly: true})
	before := store.Seq()
	for _, w := range writes {
		rec := ask(t, s, w[0], w[1], w[2], local...)
		if rec.Code != http.StatusForbidden || problemCode(t, rec) != "read_only" {
			t.Errorf("%s %s: %d", w[0], w[1], rec.Code)
		}
	}
	if store.Seq() != before {
		t.Error("a refused write changed the store")
	}
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/search", "{}"), http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/similar", `{"title":"x"}`), http.StatusOK)
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/admin/check", "", local...), http.StatusOK)
}

func TestToken(t *testing.T) {
	s := newServer(t, server.Options{})
	for _, r := range [][2]string{{http.MethodPost, "/v1/admin/check"}, {http.MethodPost, "/v1/admin/reindex"}, {http.MethodGet, "/v1/similar:all"}} {
		rec := ask(t, s, r[0], r[1], "")
		if rec.Code != http.StatusUnauthorized || rec.Header().Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s without a token: %d", r[1], rec.Code)
		}
		if rec := ask(t, s, r[0], r[1], "", local...); rec.Code == http.StatusUnauthorized {
			t.Errorf("%s with the token: %d", r[1], rec.Code)
		}
	}
	for _, wrong := range []string{"Bearer", "Bearer ", "Bearer x", "bearer " + token + "x"} {
		if rec := ask(t, s, http.MethodGet, "/v1/search", "", "Authorization", wrong); rec.Code != http.StatusUnauthorized {
			t.Errorf("%q: %d, want 401", wrong, rec.Code)
		}
	}
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/search", "", "Authorization", "Basic eDp5"), http.StatusOK)
	rec := ask(t, s, http.MethodPut, "/v1/posts/a?publish=all", `{"id":"a","title":"t"}`)
	wantStatus(t, rec, http.StatusForbidden)
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/posts/a?publish=all", `{"id":"a","title":"t"}`, local...), http.StatusCreated)
}

func TestNoTokenConfigured(t *testing.T) {
	s, err := server.New(server.Options{Store: newFakePosts(), Searcher: &fakeSearcher{}, Now: fixedClock})
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"", "Bearer ", "Bearer"} {
		rec := ask(t, s, http.MethodPost, "/v1/admin/check", "", "Authorization", header)
		wantStatus(t, rec, http.StatusUnauthorized)
	}
}

func TestCheckAddr(t *testing.T) {
	for addr, public := range map[string]bool{
		"127.0.0.1:8080": false, "localhost:0": false, "[::1]:80": false, "127.1.2.3:1": false,
		"0.0.0.0:80": true, ":8080": true, "[::]:80": true, "10.0.0.1:80": true, "example.org:80": true,
	} {
		if err := server.CheckAddr(addr, false); errors.Is(err, server.ErrPublicAddr) != public {
			t.Errorf("CheckAddr(%q): %v", addr, err)
		}
		if err := server.CheckAddr(addr, true); err != nil {
			t.Errorf("CheckAddr(%q, read-only): %v", addr, err)
		}
	}
	if err := server.CheckAddr("nonsense", true); err == nil {
		t.Error("an address without a port is accepted")
	}
}

func TestHeadersDoNotComeBack(t *testing.T) {
	s := newServer(t, server.Options{})
	for _, id := range []string{"a\r\nX-Evil: 1", "a b", "<script>", strings.Repeat("a", 65), "é"} {
		rec := ask(t, s, http.MethodGet, "/version", "", "X-Request-Id", id)
		if got := rec.Header().Get("X-Request-Id"); got == id || len(got) < 20 {
			t.Errorf("request id %q came back as %q", id, got)
		}
	}
	rec := ask(t, s, http.MethodGet, "/version", "", "X-Request-Id", "proxy-1.2_3")
	if got := rec.Header().Get("X-Request-Id"); got != "proxy-1.2_3" {
		t.Errorf("request id of a proxy became %q", got)
	}
	rec = ask(t, s, http.MethodGet, "/v1/search?q=a%0D%0AX-Evil:%201", "", "Origin", "http://a\r\nX-Evil: 1")
	for name := range rec.Header() {
		if strings.EqualFold(name, "X-Evil") {
			t.Error("a header was injected")
		}
	}
}

func TestBadOptions(t *testing.T) {
	good := server.Options{Store: newFakePosts(), Searcher: &fakeSearcher{}, Now: fixedClock}
	for name, change := range map[string]func(*server.Options){
		"no store":       func(o *server.Options) { o.Store = nil },
		"no searcher":    func(o *server.Options) { o.Searcher = nil },
		"no clock":       func(o *server.Options) { o.Now = nil },
		"origin a path":  func(o *server.Options) { o.Origins = []string{"https://a.test/x"} },
		"origin a star":  func(o *server.Options) { o.Origins = []string{"*"} },
		"origin no http": func(o *server.Options) { o.Origins = []string{"a.test"} },
	} {
		o := good
		change(&o)
		if _, err := server.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
