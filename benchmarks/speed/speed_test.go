// Claims proved here:
//
//  1. In an open loop a stall of the target counts for every request that was due
//     in it, not only for the one that met it.
//  2. Requests are due at even distances and sent in a shuffled order that the
//     seed decides; all queries are sent as often as each other.
//  3. Failures are counted and shown, and are no latencies; an answer that is not
//     the first one to the same query is counted.
//  4. A workload is read in both forms, and drawn from posts: the same seed, the
//     same queries; each kind is what its name says.
//  5. The report can be read by benchstat.
//  6. Without a rate, several clients ask at once.
//  7. Where each query is asked once, none is asked before it is measured, they are asked
//     in order from where they are to begin, and answers are not compared.
//  8. A run with a limit ends after it.
//  9. The editor puts posts in turn with another end, goes on after a failure, and tells
//     the first.
package speed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/results"
	"alphanode/corpus"
)

// fake is a target of a function.
type fake func(ctx context.Context, q Query) (Answer, error)

func (f fake) Do(ctx context.Context, q Query) (Answer, error) { return f(ctx, q) }

func workload(kinds ...string) Workload {
	var w Workload
	for i, kind := range kinds {
		w = append(w, Query{Kind: kind, Q: fmt.Sprint(i)})
	}
	return w
}

func TestOpenLoopCountsAStallForAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := make(chan struct{}, 1) // the target does one thing at a time
		calls := 0
		target := fake(func(context.Context, Query) (Answer, error) {
			one <- struct{}{}
			defer func() { <-one }()
			calls++
			if calls == 1+1+50 { // the first call only keeps the answer; then requests 0 to 49
				time.Sleep(time.Second)
			}
			time.Sleep(time.Millisecond)
			return Answer{}, nil
		})
		// 100 a second for two seconds; request 50 stalls for one second, in which a
		// hundred others become due.
		m, err := Run(t.Context(), target, workload("a"), Load{Rate: 100, Requests: 200, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if n := m.All.Latency.TotalCount(); n != 200 {
			t.Fatalf("%d requests measured", n)
		}
		late := 0
		for _, bar := range m.All.Latency.Distribution() {
			if bar.From > (100 * time.Millisecond).Nanoseconds() {
				late += int(bar.Count)
			}
		}
		// Request 50+k is due k*10 ms into the stall and is answered after it, at 1001 ms
		// + k ms: it waits 1001 - 9k ms, which is more than 100 ms up to k = 100.
		if late < 98 || late > 102 {
			t.Errorf("%d requests waited for more than 100 ms, want about 100", late)
		}
		if p50 := m.All.Latency.ValueAtPercentile(50); p50 < (50 * time.Millisecond).Nanoseconds() {
			t.Errorf("p50 %v hides the stall", time.Duration(p50))
		}
		if m.Seconds < 1.9 || m.Seconds > 2.2 {
			t.Errorf("took %v s", m.Seconds)
		}
	})
}

func TestRequestsAreEvenAndShuffled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		order := func(seed uint64) string {
			var mu sync.Mutex
			var sent []string
			var times []time.Duration
			start := time.Now()
			target := fake(func(_ context.Context, q Query) (Answer, error) {
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, q.Q)
				times = append(times, time.Since(start))
				return Answer{}, nil
			})
			m, err := Run(t.Context(), target, workload("a", "a", "b", "b", "b", "b"), Load{Rate: 10, Requests: 12, Warmup: 6, Seed: seed, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if m.Kinds[0].Latency.TotalCount() != 4 || m.Kinds[1].Latency.TotalCount() != 8 {
				t.Errorf("kinds were not sent as often as they are in the workload")
			}
			// Six to verify, six to warm up, twelve measured, 100 ms apart.
			if got := times[23] - times[12]; got != 1100*time.Millisecond {
				t.Errorf("twelve requests within %v", got)
			}
			return strings.Join(sent[12:18], "")
		}
		first, again, other := order(1), order(1), order(2)
		if first != again || first == other || first == "012345" {
			t.Errorf("orders %s %s %s", first, again, other)
		}
	})
}

func TestFailuresAndDifferentAnswers(t *testing.T) {
	calls := 0
	target := fake(func(_ context.Context, q Query) (Answer, error) {
		calls++
		switch {
		case calls > 2 && q.Kind == "fails":
			return Answer{}, errors.New("no luck")
		case calls > 4:
			return Answer{Total: 7}, nil
		}
		return Answer{}, nil
	})
	m, err := Run(t.Context(), target, workload("fails", "changes"), Load{Requests: 6, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	fails, changes := m.Kinds[0], m.Kinds[1]
	if fails.Failed != 3 || fails.Latency.TotalCount() != 0 || changes.Failed != 0 || changes.Different != 2 || m.All.Failed != 3 {
		t.Errorf("fails %+v, changes %+v", fails, changes)
	}
	if len(m.Errors) != 3 || !strings.Contains(m.Errors[0].Error(), "no luck") {
		t.Errorf("errors %v", m.Errors)
	}
	var out strings.Builder
	if err := WriteText(&out, m); err != nil || !strings.Contains(out.String(), "no luck") {
		t.Errorf("%v: %s", err, out.String())
	}
	failing := fake(func(context.Context, Query) (Answer, error) { return Answer{}, errors.New("down") })
	if _, err := Run(t.Context(), failing, workload("a"), Load{Requests: 1, Now: time.Now}); err == nil || !strings.Contains(err.Error(), "down") {
		t.Errorf("a target that is down: %v", err)
	}
	if _, err := Run(t.Context(), failing, nil, Load{Requests: 1, Now: time.Now}); err == nil {
		t.Error("an empty workload is no error")
	}
}

func TestCancelEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		target := fake(func(context.Context, Query) (Answer, error) { return Answer{}, nil })
		if _, err := Run(ctx, target, workload("a"), Load{Rate: 1, Requests: 1000, Now: time.Now}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
}

func TestReadWorkload(t *testing.T) {
	got, err := readWorkload(strings.NewReader("and\t+go +rust\t\nprefix\tpre*\nfuzzy\tgarbge~1\t\nfilter\ta b\ttag-1\nfacet\ta\n" +
		`{"kind":"similar","similar":"a/b"}` + "\n\n" + `{"kind":"sort","q":"x","sort":"-date","page":3}` + "\n"))
	want := Workload{
		{Kind: "and", Q: "+go +rust"},
		{Kind: "prefix", Q: "pre", Typing: true},
		{Kind: "fuzzy", Q: "garbge"},
		{Kind: "filter", Q: "a b", Filter: `tag:"tag-1"`},
		{Kind: "facet", Q: "a", Facets: []string{"tags", "stack", "difficulty"}},
		{Kind: "similar", Similar: "a/b"},
		{Kind: "sort", Q: "x", Sort: "-date", Page: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("%v %s", err, diff)
	}
	var out strings.Builder
	if err := got.Write(&out); err != nil {
		t.Fatal(err)
	}
	again, err := readWorkload(strings.NewReader(out.String()))
	if diff := cmp.Diff(want, again); diff != "" || err != nil {
		t.Errorf("written and read back: %v %s", err, diff)
	}
	for in, want := range map[string]string{"": "no queries", "a": "line 1: 1 fields", "a\tb\n{": "line 2", `{"kind":"a","query":"x"}`: "unknown field", "\tx": "without kind"} {
		if _, err := readWorkload(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", in, err, want)
		}
	}
	if _, err := got.Only("and", "none"); err == nil || !strings.Contains(err.Error(), `"none"`) {
		t.Errorf("an unknown kind: %v", err)
	}
	if only, err := got.Only("sort"); err != nil || len(only) != 1 {
		t.Errorf("only sort: %v %v", only, err)
	}
}

// posts is a source of n posts of words that are rarer the higher their number.
type posts int

func (n posts) Posts(context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for i := range int(n) {
			var words []string
			for w := 1; w <= 400; w++ {
				if i%w == 0 {
					words = append(words, "word"+string(rune('a'+w%26))+string(rune('a'+w/26)))
				}
			}
			words = append(words, "always", "garbage", "collector")
			p := corpus.Post{ID: fmt.Sprint(i), Title: "Title", Body: strings.Join(words, " "), Tags: []string{fmt.Sprintf("tag %d", i%7)}}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func TestDraw(t *testing.T) {
	got, err := Draw(t.Context(), posts(2000), 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Draw(t.Context(), posts(2000), 1, 3)
	if diff := cmp.Diff(got, again); diff != "" || err != nil {
		t.Errorf("the same seed: %v %s", err, diff)
	}
	if other, _ := Draw(t.Context(), posts(2000), 2, 3); cmp.Equal(got, other) {
		t.Error("another seed gives the same queries")
	}
	form := map[string]string{
		"term-medium": `^\w+$`, "term-common": `^\w+$`, "words": `^\w+( \w+){1,3}$`, "or": `^\w+( OR \w+){1,2}$`, "and": `^\+\w+( \+\w+){1,2}$`,
		"phrase": `^"\w+( \w+){1,2}"$`, "prefix": `^\w{3,5}$`, "keystrokes": `^\w+ \w{3,5}$`, "typo": `^\w{5,}$`,
		"page": `^\w+( \w+){0,3}$`, "session": `^\w+( \w*){0,3}$`,
		"facets": `^\w+( \w+){1,2}$`, "filter": `^\w+( \w+){1,2}$`, "sort": `^\w+$`, "deep-page": `^\w+$`, "similar": `^$`,
	}
	for _, q := range got {
		if want, ok := form[q.Kind]; !ok || !regexp.MustCompile(want).MatchString(q.Q) {
			t.Errorf("%s: %q", q.Kind, q.Q)
		}
		if (q.Kind == "filter") != strings.HasPrefix(q.Filter, `tag:"tag `) || (q.Kind == "similar") != (q.Similar != "") ||
			(q.Kind == "sort") != (q.Sort != "") || (q.Kind == "deep-page") != (q.Page > 1) {
			t.Errorf("%+v", q)
		}
	}
	sessions, err := got.Only("session")
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range sessions {
		first := len(q.Q) == 1
		if !q.Typing || len(q.Facets) != 5 || first == (i > 0 && strings.HasPrefix(q.Q, sessions[i-1].Q)) {
			t.Errorf("%+v does not go on where the one before ends, and begins nothing", q)
		}
	}
	if terms, err := got.Only("term"); err != nil || len(terms.Kinds()) != 2 {
		t.Errorf("all kinds of terms: %v, %v", terms, err)
	}
	if n := len(got.Kinds()); n != len(form) {
		t.Errorf("%d kinds drawn, want %d: %v", n, len(form), got.Kinds())
	}
	if _, err := Draw(t.Context(), posts(0), 1, 3); err == nil {
		t.Error("no posts are no error")
	}
}

func TestServerTarget(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
		switch {
		case strings.HasSuffix(r.URL.Path, "/similar"):
			fmt.Fprint(w, `{"id":"a/b","similar":[{"id":"x"}]}`)
		case r.URL.Query().Get("q") == "bad":
			http.Error(w, "no such field", http.StatusBadRequest)
		case r.URL.Query().Get("q") == "late":
			fmt.Fprint(w, `{"total":3,"partial":true}`)
		default:
			fmt.Fprint(w, `{"total":3,"hits":[{"id":"p"},{"id":"q"}]}`)
		}
	}))
	defer server.Close()
	target, err := NewServer(server.URL+"/", "secret", 4)
	if err != nil {
		t.Fatal(err)
	}
	a, err := target.Do(t.Context(), Query{Q: "a b", Filter: `tag:"x"`, Facets: []string{"tags", "stack"}, Sort: "-date", Page: 2, Typing: true})
	if want := (Answer{Total: 3, First: "p", Hits: 2}); a != want || err != nil {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err = target.Do(t.Context(), Query{Similar: "a/b"}); a.First != "x" || err != nil {
		t.Errorf("%+v, %v", a, err)
	}
	want := []string{
		"/v1/search?facets=tags%2Cstack&filter=tag%3A%22x%22&page=2&per_page=10&q=a+b&sort=-date&typing=true Bearer secret",
		"/v1/posts/a%2Fb/similar?limit=10 Bearer secret",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	for q, want := range map[string]string{"bad": "400 Bad Request: no such field", "late": "partial"} {
		_, done := target.Do(t.Context(), Query{Q: q})
		for _, err := range []error{done, target.Ask(t.Context(), Query{Q: q})} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v", q, err)
			}
		}
	}
	if err := target.Ask(t.Context(), Query{Q: "good"}); err != nil {
		t.Error(err)
	}
	if _, err := NewServer("localhost:80", "", 1); err == nil {
		t.Error("an address without scheme is no error")
	}
}

func TestClientsAskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := fake(func(context.Context, Query) (Answer, error) {
			time.Sleep(10 * time.Millisecond)
			return Answer{}, nil
		})
		m, err := Run(t.Context(), target, workload("a"), Load{Clients: 4, Requests: 100, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := WriteText(&text, m); err != nil || !strings.HasPrefix(text.String(), "rate 4-clients, 400.0 answers/s\n") {
			t.Errorf("report %q, %v", text.String(), err)
		}
		if m.Seconds != 0.25 {
			t.Errorf("100 requests of 10 ms by 4 clients took %g s, want 0.25", m.Seconds)
		}
	})
}

func TestEachQueryOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		target := asker{func(_ context.Context, q Query) (Answer, error) {
			time.Sleep(10 * time.Millisecond)
			asked = append(asked, q.Q)
			return Answer{Total: len(asked)}, nil
		}}
		m, err := Run(t.Context(), target, workload("a", "a", "a", "a", "a"), Load{Once: true, From: 2, Warmup: 3, Limit: 35 * time.Millisecond, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(asked, " "); got != "2 3 4 0" || m.Sent != 4 || m.All.Latency.TotalCount() != 4 || m.All.Different != 0 {
			t.Errorf("asked %q, %d sent, %d different", got, m.Sent, m.All.Different)
		}
	})
}

// asker is a fake that is only asked.
type asker struct{ fake }

func (a asker) Ask(ctx context.Context, q Query) error {
	_, err := a.fake(ctx, q)
	return err
}

func (a asker) Do(context.Context, Query) (Answer, error) { return Answer{}, errors.New("taken apart") }

func TestEditor(t *testing.T) {
	file := filepath.Join(t.TempDir(), "posts.jsonl")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"id":"a/b","title":"T","body":"One."}` + "\n\n" + `{"id":"c","body":"Two.","views":3}` + "\n")
	var got []string
	ctx, stop := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.EscapedPath()+" "+string(body))
		if len(got) == 2 {
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
		if len(got) == 3 {
			stop()
		}
	}))
	defer server.Close()
	target, err := NewServer(server.URL, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEditor(target, file, 60_000, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := e.Run(ctx)
	if err == nil || !strings.Contains(err.Error(), "PUT /v1/posts/c: 503 Service Unavailable: not now") {
		t.Errorf("error %v", err)
	}
	if n := stats.Latency.TotalCount(); n != 1 || stats.Failed != 1 {
		t.Errorf("%d edits, %d failed, want one of each: the last was cut off", n, stats.Failed)
	}
	server.Close() // What it noted is ours now.
	want := []string{
		`PUT /v1/posts/a%2Fb {"body":"One.\n\nEdit 1.\n","id":"a/b","title":"T"}`,
		`PUT /v1/posts/c {"body":"Two.\n\nEdit 2.\n","id":"c","views":3}`,
		`PUT /v1/posts/a%2Fb {"body":"One.\n\nEdit 3.\n","id":"a/b","title":"T"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{
		"":                     "no posts",
		`{"id":"a"}` + "\n{x}": "posts.jsonl:2: ",
		`{"body":"x"}`:         "posts.jsonl:1: the post has no id",
	} {
		write(text)
		if _, err := NewEditor(target, file, 1, time.Now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
	if _, err := NewEditor(target, file, -1, time.Now); err == nil {
		t.Error("-1 edits a minute are no error")
	}
}

func TestWriteBenchmarks(t *testing.T) {
	target := fake(func(context.Context, Query) (Answer, error) { return Answer{}, nil })
	m, err := Run(t.Context(), target, workload("a", "b"), Load{Requests: 10, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := WriteBenchmarks(&out, results.Machine{CPU: "C"}, "abc", m, m); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`^BenchmarkQuery/kind=\w+/rate=one-by-one-\d+ \d+ \d+ ns/op \d+ p50-ns \d+ p90-ns \d+ p99-ns \d+ p99.9-ns [\d.]+ req/s 0 failed$`)
	lines := 0
	for text := range strings.Lines(out.String()) {
		if strings.HasPrefix(text, "Benchmark") {
			if lines++; !line.MatchString(strings.TrimSpace(text)) {
				t.Errorf("line %q", text)
			}
		}
	}
	if lines != 6 || !strings.Contains(out.String(), "cpu: C\ncommit: abc\n") {
		t.Errorf("%d lines in\n%s", lines, out.String())
	}
	if rows := m.Rows(); len(rows) != 3 || len(rows[0]) != len(Columns()) {
		t.Errorf("rows %v", rows)
	}
}
