package server_test

// Claims:
//  1. Each line of a batch gets its own result, in order; a bad line costs itself.
//  2. Deletes are lines {"id":..,"deleted":true}.
//  3. publish=all is for the local token only, and is stored with the posts.
//  4. A line over the limit of a post, a line that is not UTF-8 and a last line
//     without its end are handled as lines.
//  5. A batch that is too large says so, and says what was stored.
//  6. A store that fails in the middle ends the batch; what was stored before stays
//     reported as stored, the rest does not.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/server"
)

// batchLine is a line of a batch answer.
type batchLine struct {
	Line    int
	ID      string
	Status  string
	Field   string
	Error   any
	Summary *struct {
		Added, Changed, Unchanged, Removed, Absent, Rejected int
		Seq                                                  uint64
		Searchable, Complete                                 bool
	}
}

func batchLines(t *testing.T, rec *httptest.ResponseRecorder) []batchLine {
	t.Helper()
	wantStatus(t, rec, http.StatusOK)
	var out []batchLine
	sc := bufio.NewScanner(rec.Body)
	for sc.Scan() {
		var l batchLine
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", sc.Text(), err)
		}
		out = append(out, l)
	}
	if len(out) == 0 || out[len(out)-1].Summary == nil {
		t.Fatalf("no summary in %v", out)
	}
	return out
}

// brief is a line as "line status id field".
func brief(lines []batchLine) []string {
	var out []string
	for _, l := range lines {
		if l.Summary == nil {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", l.Line, l.Status, l.ID, l.Field)))
		}
	}
	return out
}

func TestBatch(t *testing.T) {
	store := newFakePosts(corpus.Post{ID: "old", Title: "old"})
	var waited uint64
	s := newServer(t, server.Options{Store: store, Waiter: fakeWaiter(func(_ context.Context, seq uint64) error { waited = seq; return nil })})
	in := strings.Join([]string{
		`{"id":"a","title":"A"}`,
		`{"id":"a","title":"A"}`,
		`  `,
		`{"id":"b","title":"B","difficulty":"easy"}`,
		`nonsense`,
		`{"id":"a","title":"AA"}`,
		`{"id":"old","deleted":true}`,
		`{"id":"never","deleted":true}`,
		`{"id":"c","title":"about \"deleted\" rows","deleted":false}`,
		"{\"id\":\"d\",\"title\":\"\xff\"}",
		`{"id":"e","title":"no line end"}`,
	}, "\n")
	lines := batchLines(t, ask(t, s, http.MethodPost, "/v1/posts:batch", in, "Content-Type", "application/x-ndjson"))
	want := []string{
		"1 added a", "2 unchanged a", "4 rejected b difficulty", "5 rejected", "6 changed a", "7 removed old", "8 absent never",
		"9 added c", "10 rejected d", "11 added e",
	}
	if diff := cmp.Diff(want, brief(lines)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	sum := lines[len(lines)-1].Summary
	if sum.Added != 3 || sum.Changed != 1 || sum.Unchanged != 1 || sum.Removed != 1 || sum.Absent != 1 || sum.Rejected != 3 ||
		!sum.Complete || !sum.Searchable || sum.Seq != store.Seq() || waited != store.Seq() {
		t.Errorf("summary %+v, waited for %d", *sum, waited)
	}
}

func TestBatchPublish(t *testing.T) {
	store := newFakePosts()
	s := newServer(t, server.Options{Store: store})
	const draft = `{"id":"a","title":"A","revision":{"status":"draft"}}`
	wantStatus(t, ask(t, s, http.MethodPost, "/v1/posts:batch?publish=all", draft), http.StatusForbidden)
	if store.Len() != 0 {
		t.Error("a refused batch was stored")
	}
	batchLines(t, ask(t, s, http.MethodPost, "/v1/posts:batch?publish=all", draft, local...))
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/a", ""), http.StatusOK)
	batchLines(t, ask(t, s, http.MethodPost, "/v1/posts:batch", draft, local...))
	wantStatus(t, ask(t, s, http.MethodGet, "/v1/posts/a", ""), http.StatusNotFound)
}

func TestBatchLongLine(t *testing.T) {
	limits := corpus.DefaultLimits()
	limits.Record = 200_000
	s := newServer(t, server.Options{PostLimits: &limits})
	long := `{"id":"long","title":"` + strings.Repeat("x", 300_000) + `"}`
	fits := `{"id":"fits","body":"` + strings.Repeat("x", 150_000) + `"}`
	lines := batchLines(t, ask(t, s, http.MethodPost, "/v1/posts:batch", long+"\n"+fits+"\n"+long))
	if diff := cmp.Diff([]string{"1 rejected", "2 added fits", "3 rejected"}, brief(lines)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBatchTooLarge(t *testing.T) {
	var in bytes.Buffer
	for i := range 5000 {
		fmt.Fprintf(&in, "{\"id\":\"p%d\",\"title\":\"T\"}\n", i)
	}
	declared := newServer(t, server.Options{Limits: server.Limits{BatchBytes: 1000}})
	rec := ask(t, declared, http.MethodPost, "/v1/posts:batch", in.String())
	wantStatus(t, rec, http.StatusRequestEntityTooLarge)

	store := newFakePosts()
	byLines := newServer(t, server.Options{Store: store, Limits: server.Limits{BatchLines: 2500}})
	lines := batchLines(t, ask(t, byLines, http.MethodPost, "/v1/posts:batch", in.String()))
	end := lines[len(lines)-1]
	if store.Len() != 2500 || end.Summary.Added != 2500 || end.Summary.Complete || end.Error == nil || len(lines) != 2501 {
		t.Errorf("%d stored, %d lines, summary %+v, error %v", store.Len(), len(lines), *end.Summary, end.Error)
	}

	store = newFakePosts()
	chunked := newServer(t, server.Options{Store: store, Limits: server.Limits{BatchBytes: 50_000}})
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/posts:batch", struct{ *bytes.Buffer }{&in})
	req.Host, req.ContentLength = "localhost", -1
	out := httptest.NewRecorder()
	chunked.Handler().ServeHTTP(out, req)
	lines = batchLines(t, out)
	end = lines[len(lines)-1]
	if end.Summary.Complete || end.Summary.Added != store.Len() || store.Len() < 1000 || end.Error == nil {
		t.Errorf("%d stored, summary %+v, error %v", store.Len(), *end.Summary, end.Error)
	}
}

func TestBatchStoreFails(t *testing.T) {
	store := newFakePosts()
	calls := 0
	failing := &fakePosts{posts: store.posts}
	failing.apply = func(ctx context.Context, changes ...corpus.Change) (corpus.Applied, error) {
		if calls++; calls == 2 {
			return corpus.Applied{}, errors.New("disk full")
		}
		return store.Apply(ctx, changes...)
	}
	var in bytes.Buffer
	for i := range 3000 {
		fmt.Fprintf(&in, "{\"id\":\"p%d\",\"title\":\"T\"}\n", i)
	}
	s := newServer(t, server.Options{Store: failing})
	lines := batchLines(t, ask(t, s, http.MethodPost, "/v1/posts:batch", in.String()))
	count := map[string]int{}
	for _, l := range lines {
		count[l.Status]++
	}
	end := lines[len(lines)-1]
	if count["added"] != store.Len() || count["failed"] != 1000 || end.Summary.Complete || end.Error == nil {
		t.Errorf("%v with %d stored, summary %+v", count, store.Len(), *end.Summary)
	}
}
