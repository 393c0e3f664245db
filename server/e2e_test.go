package server_test

// Claims, on the real store, index and ranking:
//  1. What is put is found at once: by word, filter, facet, suggestion, and as a
//     similar post; what is deleted is gone at once.
//  2. One hidden post with a unique word is on no route, in no count, suggestion,
//     list, page or export; made public, it is on each of them.
//  3. Highlights mark what matched, and pages walk all hits without one twice.
//  4. Concurrent writes and reads never see an error or half a post.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/ranking"
	"alphanode/server"
)

// realServer is a server on real parts.
type realServer struct {
	*server.Server
	store  *corpus.Store
	engine *ranking.Engine
}

func newReal(t *testing.T) *realServer {
	t.Helper()
	dir := t.TempDir()
	quiet := slog.New(slog.DiscardHandler)
	store, err := corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{Now: fixedClock, Logger: quiet, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := corpus.OpenGraph(filepath.Join(dir, "similar.db"), &corpus.GraphOptions{Logger: quiet, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	config := ranking.DefaultConfig()
	idx, err := bleveindex.Open(filepath.Join(dir, "search"), bleveindex.Identity{StoreID: store.ID(), Logger: quiet}, index.Options{
		Signals: func(p *corpus.Post, parsed body.Doc) index.Signals { return ranking.SignalsOf(p, parsed, config) },
		Prior:   ranking.Prior(config), Now: fixedClock,
	})
	if err != nil {
		t.Fatal(err)
	}
	follower := index.NewFollower(store, idx, index.FollowOptions{Logger: quiet})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- follower.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the follower ended: %v", err)
		}
		if err := store.Check(context.Background()); err != nil {
			t.Errorf("the store after the test: %v", err)
		}
		if err := errors.Join(idx.Close(), graph.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	engine := ranking.New(idx, store, graph, config, ranking.Options{Now: fixedClock, Logger: quiet})
	return &realServer{
		Server: newServer(t, server.Options{Store: store, Searcher: engine, Curation: store, Waiter: follower, IndexSeq: idx.Seq, Now: time.Now}),
		store:  store, engine: engine,
	}
}

// put stores posts by a batch.
func (r *realServer) put(t *testing.T, posts ...corpus.Post) {
	t.Helper()
	var in strings.Builder
	for _, p := range posts {
		in.Write(mustJSON(p))
		in.WriteByte('\n')
	}
	lines := batchLines(t, ask(t, r.Server, http.MethodPost, "/v1/posts:batch", in.String()))
	if end := lines[len(lines)-1]; end.Summary.Rejected > 0 || !end.Summary.Searchable {
		t.Fatalf("%+v", lines)
	}
}

// decoded is the JSON of an answer.
func decoded(t *testing.T, r *realServer, target string) map[string]any {
	t.Helper()
	rec := ask(t, r.Server, http.MethodGet, target, "")
	wantStatus(t, rec, http.StatusOK)
	var m map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// subjects are what the posts of site are about, with sentences to make them of.
var subjects = []struct {
	word, tag string
	sentences []string
}{
	{"storage", "bbolt", []string{
		"Crash recovery needs a log that is written first.", "A B+ tree keeps its pages on disk and its root in memory.",
		"Copy on write leaves the old pages alone.", "Without fsync a commit is a hope.", "Free pages are listed and used again.",
		"A reader holds its snapshot for as long as it wants.", "Checksums find torn writes.", "Compaction moves what is left together.",
	}},
	{"network", "http", []string{
		"A server listens on a socket and accepts.", "Timeouts keep slow clients from holding connections.", "Keep-alive saves the handshake.",
		"Proxies add headers of their own.", "A body may be chunked when its length is unknown.", "Congestion windows grow until packets are lost.",
		"Caches revalidate with entity tags.", "Multiplexed streams share one connection.",
	}},
	{"search", "index", []string{
		"An inverted index maps terms to postings.", "Ranking weighs term frequency against document frequency.", "Field length dampens long texts.",
		"Stemming unites the forms of a word.", "Skips make conjunctions cheap.", "Facets count the values of matching documents.",
		"A prefix walks the dictionary in order.", "Snippets show the best passage.",
	}},
}

// site is a small site about three things. Every post of storage has "recovery".
func site(n int) []corpus.Post {
	var posts []corpus.Post
	for i := range n {
		s := subjects[i%3]
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		text := []string{s.sentences[0]}
		for _, at := range rng.Perm(7)[:3] {
			text = append(text, s.sentences[at+1])
		}
		posts = append(posts, corpus.Post{
			ID: fmt.Sprintf("%s/%d", s.word, i), URL: fmt.Sprintf("https://e.test/%s/%d", s.word, i),
			Title: fmt.Sprintf("Notes on %s, part %d", s.word, i), Body: fmt.Sprintf("# Part %d\n\n%s", i, strings.Join(text, " ")),
			Tags: []string{s.tag}, Topic: s.word, Entities: []corpus.Entity{{Name: s.tag, Type: "tool"}},
		})
	}
	return posts
}

func TestEndToEnd(t *testing.T) {
	r := newReal(t)
	r.put(t, site(30)...)
	answer := decoded(t, r, "/v1/search?q=recovery&facets=tags&per_page=3")
	if answer["total"] != 10.0 || len(answer["hits"].([]any)) != 3 {
		t.Fatalf("%v", answer)
	}
	hit := answer["hits"].([]any)[0].(map[string]any)
	if !strings.Contains(hit["snippet"].(string), "<mark>recovery</mark>") || !strings.HasPrefix(hit["id"].(string), "storage/") {
		t.Errorf("hit %v", hit)
	}
	if tags := fmt.Sprint(answer["facets"]); tags != "map[tags:[map[count:10 value:bbolt]]]" {
		t.Errorf("facets %s", tags)
	}
	if got := decoded(t, r, "/v1/search?filter=tag:http")["total"]; got != 10.0 {
		t.Errorf("filter finds %v", got)
	}
	if got := decoded(t, r, "/v1/facets/topic?prefix=se"); fmt.Sprint(got["values"]) != "[map[count:10 value:search]]" {
		t.Errorf("facet values %v", got)
	}
	similar := decoded(t, r, "/v1/posts/storage%2F0/similar?limit=5")["similar"].([]any)
	if len(similar) == 0 || !strings.HasPrefix(similar[0].(map[string]any)["id"].(string), "storage/") {
		t.Errorf("similar %v", similar)
	}
	if got := fmt.Sprint(decoded(t, r, "/v1/suggest?q=bbo")["suggestions"]); !strings.Contains(got, "bbolt") {
		t.Errorf("suggestions %v", got)
	}
	for i := range 10 {
		wantStatus(t, ask(t, r.Server, http.MethodDelete, fmt.Sprintf("/v1/posts/storage%%2F%d", 3*i), ""), http.StatusOK)
	}
	if got := decoded(t, r, "/v1/search?q=recovery")["total"]; got != 0.0 {
		t.Errorf("%v hits after deletes", got)
	}
	wantStatus(t, ask(t, r.Server, http.MethodGet, "/healthz", ""), http.StatusOK)
}

func TestPagesWalkAllHits(t *testing.T) {
	r := newReal(t)
	r.put(t, site(60)...)
	for _, sort := range []string{"", "&sort=-published_at", "&sort=id"} {
		seen := map[string]bool{}
		for page := 1; page <= 7; page++ {
			for _, h := range decoded(t, r, fmt.Sprintf("/v1/search?q=notes&page=%d%s", page, sort))["hits"].([]any) {
				id := h.(map[string]any)["id"].(string)
				if seen[id] {
					t.Errorf("%q: %s twice", sort, id)
				}
				seen[id] = true
			}
		}
		if len(seen) != 60 {
			t.Errorf("%q: %d posts on all pages", sort, len(seen))
		}
	}
}

// realGateCalls name neither the secret's id nor its word, except as what is asked.
var realGateCalls = [][3]string{
	{"GET", "/v1/search?facets=*&per_page=100&explain=true", ""},
	{"GET", "/v1/search?q=recovery&facets=*&per_page=100", ""},
	{"POST", "/v1/search", `{"facets":["tags","entities"],"per_page":100}`},
	{"GET", "/v1/suggest?q=xyz&limit=50", ""},
	{"GET", "/v1/facets/tags?limit=1000", ""},
	{"GET", "/v1/facets/entities?limit=1000&prefix=xyz", ""},
	{"GET", "/v1/facets/topic?limit=1000", ""},
	{"GET", "/v1/posts/storage%2F0/similar?limit=50&explain=true", ""},
	{"POST", "/v1/similar?limit=50", `{"title":"crash recovery","body":"pages on disk and fsync"}`},
	{"GET", "/v1/similar:all?limit=50", ""},
	{"GET", "/", ""},
	{"GET", "/?q=recovery", ""},
	{"GET", "/posts/storage%2F0", ""},
	{"GET", "/metrics", ""},
	{"GET", "/openapi.json", ""},
}

func TestRealReviewGate(t *testing.T) {
	r := newReal(t)
	r.put(t, site(9)...)
	secret := site(1)[0]
	secret.ID, secret.Title = secretID, "The "+secretWord
	secret.Body += "\n\n" + secretWord
	secret.Tags, secret.Topic = append(secret.Tags, secretWord), secretWord
	secret.Entities = append(secret.Entities, corpus.Entity{Name: secretWord, Type: "tool"})
	shown := func() (where []string) {
		for _, c := range realGateCalls {
			rec := ask(t, r.Server, c[0], c[1], c[2], local...)
			wantStatus(t, rec, http.StatusOK)
			if leaks(rec.Body.String()) != "" {
				where = append(where, c[1])
			}
		}
		return where
	}
	asked := func() int { return int(decoded(t, r, "/v1/search?q="+secretWord)["total"].(float64)) }

	for name, hide := range map[string]func(*corpus.Post){
		"draft":        func(p *corpus.Post) { p.Revision = &corpus.Revision{Status: corpus.StatusDraft} },
		"needs review": func(p *corpus.Post) { p.Revision, p.Flags = nil, &corpus.Flags{NeedsHumanReview: true} },
	} {
		hide(&secret)
		r.put(t, secret)
		if err := r.engine.BuildGraph(t.Context(), func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		if where := shown(); len(where) > 0 || asked() != 0 {
			t.Errorf("%s: told by %q, %d hits", name, where, asked())
		}
		for _, c := range gateNames {
			wantStatus(t, ask(t, r.Server, c[0], c[1], "", local...), http.StatusNotFound)
		}
		public := secret
		public.Revision, public.Flags = &corpus.Revision{Status: corpus.StatusPublished}, nil
		r.put(t, public)
		if err := r.engine.BuildGraph(t.Context(), func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		if where := shown(); len(where) < 11 || asked() != 1 {
			t.Errorf("made public, it is told by %q only, %d hits", where, asked())
		}
	}
}

func TestConcurrentWritesAndReads(t *testing.T) {
	r := newReal(t)
	r.put(t, site(30)...)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 15 {
				id := fmt.Sprintf("w%d/%d", g, i)
				body := string(mustJSON(corpus.Post{ID: id, Title: "Written " + id, Body: "recovery"}))
				if rec := ask(t, r.Server, http.MethodPut, "/v1/post?id="+id, body); rec.Code != http.StatusCreated {
					t.Errorf("put %s: %d %s", id, rec.Code, rec.Body)
				}
				if rec := ask(t, r.Server, http.MethodGet, "/v1/search?q="+fmt.Sprintf("%%22written+w%d%%22", g), ""); !strings.Contains(rec.Body.String(), id) && i < 10 {
					t.Errorf("%s is not found at once: %s", id, rec.Body)
				}
			}
		})
		wg.Go(func() {
			for range 30 {
				rec := ask(t, r.Server, http.MethodGet, "/v1/search?q=recovery&facets=*&per_page=50", "")
				if rec.Code != http.StatusOK || !json.Valid(rec.Body.Bytes()) {
					t.Errorf("search: %d", rec.Code)
				}
			}
		})
	}
	wg.Wait()
}

func TestExportIsComplete(t *testing.T) {
	r := newReal(t)
	r.put(t, site(30)...)
	rec := ask(t, r.Server, http.MethodGet, "/v1/similar:all", "", local...)
	wantStatus(t, rec, http.StatusOK)
	n := 0
	for sc := bufio.NewScanner(rec.Body); sc.Scan(); n++ {
		var line struct {
			ID, Title string
			Similar   []struct{ ID, Title string }
		}
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil || line.ID == "" || line.Title == "" || len(line.Similar) == 0 {
			t.Errorf("%s: %v", sc.Text(), err)
		}
	}
	if n != 30 {
		t.Errorf("%d lines", n)
	}
}
