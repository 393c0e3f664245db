package server_test

import (
	"context"
	"encoding/json"
	"iter"
	"log/slog"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
	"alphanode/ranking"
	"alphanode/server"
)

// fakePosts is a store in memory. A function field that is set replaces its method.
type fakePosts struct {
	mu    sync.Mutex
	posts map[string]corpus.Record
	seq   uint64

	apply func(ctx context.Context, changes ...corpus.Change) (corpus.Applied, error)
	check func(ctx context.Context) error
	get   func(ctx context.Context, id string) (corpus.Record, error)
}

func newFakePosts(posts ...corpus.Post) *fakePosts {
	f := &fakePosts{posts: map[string]corpus.Record{}}
	for _, p := range posts {
		f.seq++
		f.posts[p.ID] = corpus.Record{Post: p, Seq: f.seq}
	}
	return f
}

func (f *fakePosts) Get(ctx context.Context, id string) (corpus.Record, error) {
	if f.get != nil {
		return f.get(ctx, id)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	rec, ok := f.posts[id]
	if !ok {
		return rec, corpus.ErrNotFound
	}
	return rec, nil
}

func (f *fakePosts) GetMany(_ context.Context, ids []string) (map[string]corpus.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]corpus.Record{}
	for _, id := range ids {
		if rec, ok := f.posts[id]; ok {
			out[id] = rec
		}
	}
	return out, nil
}

func (f *fakePosts) GetCards(ctx context.Context, ids []string) (map[string]corpus.Record, error) {
	return f.GetMany(ctx, ids)
}

func (f *fakePosts) Records(context.Context) iter.Seq2[corpus.Record, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := maps.Clone(f.posts)
	return func(yield func(corpus.Record, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if !yield(all[id], nil) {
				return
			}
		}
	}
}

func (f *fakePosts) Cards(ctx context.Context) iter.Seq2[corpus.Record, error] { return f.Records(ctx) }

func (f *fakePosts) Apply(ctx context.Context, changes ...corpus.Change) (corpus.Applied, error) {
	if f.apply != nil {
		return f.apply(ctx, changes...)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var a corpus.Applied
	for _, c := range changes {
		a.Outcomes = append(a.Outcomes, f.applyOne(c))
	}
	a.Seq = f.seq
	return a, nil
}

func (f *fakePosts) applyOne(c corpus.Change) corpus.Outcome {
	old, had := f.posts[c.ID]
	kind := corpus.Added
	switch {
	case c.Post == nil && !had:
		return corpus.Outcome{ID: c.ID, Kind: corpus.Absent}
	case c.Post == nil:
		delete(f.posts, c.ID)
		f.seq++
		return corpus.Outcome{ID: c.ID, Kind: corpus.Removed, Seq: f.seq}
	case had && slices.Equal(mustJSON(old.Post), mustJSON(*c.Post)) && old.Publish == c.Publish:
		return corpus.Outcome{ID: c.ID, Kind: corpus.Unchanged, Seq: old.Seq}
	case had:
		kind = corpus.Changed
	}
	f.seq++
	f.posts[c.ID] = corpus.Record{Post: *c.Post, Seq: f.seq, Publish: c.Publish}
	return corpus.Outcome{ID: c.ID, Kind: kind, Seq: f.seq}
}

func (f *fakePosts) Check(ctx context.Context) error {
	if f.check != nil {
		return f.check(ctx)
	}
	return nil
}

func (f *fakePosts) Seq() uint64 { f.mu.Lock(); defer f.mu.Unlock(); return f.seq }
func (f *fakePosts) Len() int    { f.mu.Lock(); defer f.mu.Unlock(); return len(f.posts) }

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// fakeSearcher answers with its function fields; one that is nil answers with
// nothing found.
type fakeSearcher struct {
	search     func(ctx context.Context, req index.Request) (*index.Result, error)
	suggest    func(ctx context.Context, q string, limit int) ([]ranking.Suggestion, error)
	similar    func(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error)
	similarTo  func(ctx context.Context, p corpus.Post, limit int) ([]corpus.Neighbour, error)
	matching   func(ctx context.Context, p *corpus.Post, filter query.Filter, limit int) ([]corpus.Neighbour, error)
	curate     func(ctx context.Context) error
	status     ranking.GraphStatus
	measured   *ranking.Measured
	buildGraph func(ctx context.Context, progress func(done, total int)) error
}

func (f *fakeSearcher) Search(ctx context.Context, req index.Request) (*index.Result, error) {
	if f.search == nil {
		return &index.Result{TotalExact: true}, nil
	}
	return f.search(ctx, req)
}

func (f *fakeSearcher) Suggest(ctx context.Context, q string, limit int) ([]ranking.Suggestion, error) {
	if f.suggest == nil {
		return nil, nil
	}
	return f.suggest(ctx, q, limit)
}

func (f *fakeSearcher) Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error) {
	if f.similar == nil {
		return nil, nil
	}
	return f.similar(ctx, id, limit)
}

func (f *fakeSearcher) SimilarTo(ctx context.Context, p corpus.Post, limit int) ([]corpus.Neighbour, error) {
	if f.similarTo == nil {
		return nil, nil
	}
	return f.similarTo(ctx, p, limit)
}

func (f *fakeSearcher) SimilarMatching(ctx context.Context, p *corpus.Post, filter query.Filter, limit int) ([]corpus.Neighbour, error) {
	if f.matching == nil {
		return nil, nil
	}
	return f.matching(ctx, p, filter, limit)
}

func (f *fakeSearcher) Curate(ctx context.Context) error {
	if f.curate == nil {
		return nil
	}
	return f.curate(ctx)
}

func (f *fakeSearcher) Status() ranking.GraphStatus { return f.status }

func (f *fakeSearcher) Measured() (ranking.Measured, bool) {
	if f.measured == nil {
		return ranking.Measured{}, false
	}
	return *f.measured, true
}

func (f *fakeSearcher) BuildGraph(ctx context.Context, progress func(done, total int)) error {
	if f.buildGraph == nil {
		return nil
	}
	return f.buildGraph(ctx, progress)
}

// fakeWaiter is a follower of function.
type fakeWaiter func(ctx context.Context, seq uint64) error

func (f fakeWaiter) Wait(ctx context.Context, seq uint64) error { return f(ctx, seq) }

// listing answers every search with all posts of the store, public or not, as an
// index does that has not heard yet of a change.
func listing(store *fakePosts) func(context.Context, index.Request) (*index.Result, error) {
	return func(ctx context.Context, req index.Request) (*index.Result, error) {
		var hits []index.Hit
		for rec, err := range store.Records(ctx) {
			if err != nil {
				return nil, err
			}
			hits = append(hits, index.Hit{ID: rec.Post.ID, Seq: rec.Seq, Score: 1})
		}
		r := &index.Result{Total: len(hits), TotalExact: true, Facets: map[string][]index.FacetCount{}}
		from := min(req.From, len(hits))
		r.Hits = hits[from:min(from+req.Size, len(hits))]
		for _, f := range req.Facets {
			r.Facets[f.Field] = []index.FacetCount{{Value: "go", Count: 2}}
		}
		return r, nil
	}
}

const token = "local-token-of-tests"

// fixedClock stands still.
func fixedClock() time.Time { return time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC) }

// newServer is a server with what opts leaves out filled in.
func newServer(tb testing.TB, opts server.Options) *server.Server {
	tb.Helper()
	if opts.Store == nil {
		opts.Store = newFakePosts()
	}
	if opts.Searcher == nil {
		opts.Searcher = &fakeSearcher{}
	}
	if opts.Now == nil {
		opts.Now = fixedClock
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	opts.Token = token
	s, err := server.New(opts)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// ask sends one request to the handler. Headers are pairs.
func ask(tb testing.TB, s *server.Server, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	req := httptest.NewRequestWithContext(tb.Context(), method, target, strings.NewReader(body))
	req.Host = "localhost:8080"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec
}

// wantStatus fails with the body when the status is another.
func wantStatus(tb testing.TB, rec *httptest.ResponseRecorder, status int) {
	tb.Helper()
	if rec.Code != status {
		tb.Fatalf("status %d, want %d\n%s", rec.Code, status, rec.Body)
	}
}

// problemCode is the code of a problem document.
func problemCode(tb testing.TB, rec *httptest.ResponseRecorder) string {
	tb.Helper()
	if ct := rec.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
		tb.Fatalf("Content-Type %q is not that of a problem document\n%s", ct, rec.Body)
	}
	var p struct{ Code string }
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		tb.Fatal(err)
	}
	return p.Code
}

// oddIDs are ids that break naive routing.
var oddIDs = []string{"a/b", "c++ x", "100%", "日本", "../x", "a:b", ".", "..", "a?b#c", "%2F", "x&id=y", `"<script>`, "posts:batch"}

// local is the header of the local token.
var local = []string{"Authorization", "Bearer " + token}
