// Claims proved here:
//
//  1. A pool has what any run has among its first documents, once, in an order
//     that neither ranks nor systems decide.
//  2. Grades are durable, the latest one counts, a broken last line is dropped, and
//     work goes on where it stopped.
//  3. Several judges give the median; their agreement is Cohen's kappa, as worked
//     out by hand.
//  4. The page grades with its keys' forms alone, escapes what it shows, refuses
//     other hosts and origins; the terminal grades with single keys.
package judge

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/relevance"
)

func runs() []relevance.Run {
	return []relevance.Run{
		{"1": {{ID: "a", Score: 3}, {ID: "b", Score: 2}, {ID: "c", Score: 1}}},
		{"1": {{ID: "b", Score: 3}, {ID: "d", Score: 2}, {ID: "e", Score: 1}}, "2": {{ID: "a", Score: 1}}},
	}
}

func queries() []relevance.Query {
	return []relevance.Query{{ID: "1", Text: "first <query>", Exclude: []string{"d"}}, {ID: "2", Text: "second"}}
}

func pairs(p Pool) string {
	var out []string
	for _, item := range p {
		out = append(out, item.Query.ID+item.Doc.ID)
	}
	return strings.Join(out, " ")
}

func TestNewPool(t *testing.T) {
	orders := make(map[string]bool)
	for seed := range uint64(20) {
		p := NewPool(queries(), runs(), 2, seed)
		got := pairs(p)
		if len(p) != 3 || !p.Has("1", "a") || !p.Has("1", "b") || !p.Has("2", "a") || !strings.HasSuffix(got, "2a") {
			t.Fatalf("pool %s", got)
		}
		if again := pairs(NewPool(queries(), runs(), 2, seed)); again != got {
			t.Errorf("the same seed gives %s and %s", got, again)
		}
		orders[got] = true
	}
	if len(orders) != 2 {
		t.Errorf("orders of the pool: %v", orders)
	}
}

func book(t *testing.T, path string) *Book {
	t.Helper()
	b, err := OpenBook(path, func() time.Time { return time.Unix(1714521600, 0) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func grade(t *testing.T, b *Book, judge, query, doc string, n int) {
	t.Helper()
	if err := b.Grade(judge, query, doc, n); err != nil {
		t.Fatal(err)
	}
}

func TestBookIsDurable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.jsonl")
	b := book(t, path)
	grade(t, b, "ann", "1", "a", 1)
	grade(t, b, "ann", "1", "b", 2)
	grade(t, b, "ann", "1", "a", 3)
	grade(t, b, "ann", "2", "a", 0)
	if query, doc, ok, err := b.Undo("ann"); query != "2" || doc != "a" || !ok || err != nil {
		t.Errorf("undo: %s %s %v %v", query, doc, ok, err)
	}
	if _, _, ok, _ := b.Undo("nobody"); ok {
		t.Error("undo of nobody")
	}
	if err := b.Grade("ann", "1", "a", 4); err == nil {
		t.Error("grade 4 is no error")
	}
	if err := b.Grade("", "1", "a", 1); err == nil {
		t.Error("no judge is no error")
	}
	// A crash in the middle of a line.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"judge":"ann","que`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again := book(t, path)
	if diff := cmp.Diff(relevance.Qrels{"1": {"a": 3, "b": 2}}, again.Qrels()); diff != "" {
		t.Error(diff)
	}
	grade(t, again, "ann", "2", "a", 1)
	if diff := cmp.Diff(relevance.Qrels{"1": {"a": 3, "b": 2}, "2": {"a": 1}}, book(t, path).Qrels()); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(path, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenBook(path, time.Now); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a bad line: %v", err)
	}
}

func TestAgreement(t *testing.T) {
	b := book(t, filepath.Join(t.TempDir(), "book.jsonl"))
	// Ten decisions; ann and bob agree on 7: 4 times 0, 2 times 1, once 3. They differ
	// as 0-1, 1-0 and 1-3.
	for i, pair := range [][2]int{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 1}, {1, 1}, {3, 3}, {0, 1}, {1, 0}, {1, 3}} {
		doc := string(rune('a' + i))
		grade(t, b, "ann", "1", doc, pair[0])
		grade(t, b, "bob", "1", doc, pair[1])
	}
	grade(t, b, "ann", "2", "only ann", 3)
	got := b.Agreement()
	if len(got) != 1 || got[0].Both != 10 || got[0].Same != 7 {
		t.Fatalf("%+v", got)
	}
	// ann: 0 five times, 1 four, 3 once. bob: 0 five, 1 three, 3 two. Agreement by chance
	// 0.25 + 0.12 + 0.02 = 0.39; kappa (0.7 - 0.39)/0.61.
	if math.Abs(got[0].Kappa-0.31/0.61) > 1e-12 {
		t.Errorf("kappa %v", got[0].Kappa)
	}
	// Squared distances: observed 1 + 1 + 4 = 6. By chance, over 10: pairs 0-1 5*3, 0-3 9*5*2,
	// 1-0 4*5, 1-3 4*4*2, 3-0 9*1*5, 3-1 4*1*3: 15 + 90 + 20 + 32 + 45 + 12 = 214, so 21.4.
	if math.Abs(got[0].Weighted-(1-6/21.4)) > 1e-12 {
		t.Errorf("weighted kappa %v", got[0].Weighted)
	}
	// The median of two is the lower one.
	if q := b.Qrels()["1"]; q["h"] != 0 || q["i"] != 0 || q["j"] != 1 {
		t.Errorf("medians %v", q)
	}
	var out bytes.Buffer
	WriteAgreement(&out, got)
	if want := "ann and bob: 10 decisions in common, 7 the same, kappa 0.508, weighted kappa 0.720\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func newPage(t *testing.T) (*Page, *Book, Pool) {
	t.Helper()
	pool := NewPool(queries(), runs(), 2, 1)
	for i := range pool {
		pool[i].Doc.Title, pool[i].Doc.Text = "Title <b>"+pool[i].Doc.ID, "<script>alert(1)</script>"
	}
	b := book(t, filepath.Join(t.TempDir(), "book.jsonl"))
	p, err := NewPage(pool, b)
	if err != nil {
		t.Fatal(err)
	}
	return p, b, pool
}

func request(t *testing.T, p *Page, method, target string, form url.Values, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost:8090"+target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPageGradesEverything(t *testing.T) {
	p, b, pool := newPage(t)
	if got := read(t, request(t, p, http.MethodGet, "/", nil)); !strings.Contains(got, "3 decisions are waiting") {
		t.Errorf("start: %s", got)
	}
	target := "/?judge=ann"
	for i, item := range pool {
		page := read(t, request(t, p, http.MethodGet, target, nil))
		if !strings.Contains(page, "Title &lt;b&gt;"+item.Doc.ID) || strings.Contains(page, "<script>alert") {
			t.Fatalf("decision %d: %s", i, page)
		}
		answer := request(t, p, http.MethodPost, "/grade", url.Values{"judge": {"ann"}, "query": {item.Query.ID}, "doc": {item.Doc.ID}, "grade": {"2"}})
		if answer.StatusCode != http.StatusSeeOther {
			t.Fatalf("grade: %s %s", answer.Status, read(t, answer))
		}
		target = answer.Header.Get("Location")
	}
	if got := read(t, request(t, p, http.MethodGet, target, nil)); !strings.Contains(got, "Everything is graded") {
		t.Errorf("end: %s", got)
	}
	if got := read(t, request(t, p, http.MethodGet, "/qrels", nil)); got != "1 0 a 2\n1 0 b 2\n2 0 a 2\n" {
		t.Errorf("export: %q", got)
	}
	answer := request(t, p, http.MethodPost, "/undo", url.Values{"judge": {"ann"}})
	if got := answer.Header.Get("Location"); got != "/?judge=ann&at=2" {
		t.Errorf("undo goes to %s", got)
	}
	if _, graded := b.Graded("ann", "2", "a"); graded {
		t.Error("undo left the grade")
	}
	if got := read(t, request(t, p, http.MethodGet, "/agreement", nil)); !strings.Contains(got, "not two judges") {
		t.Errorf("agreement: %s", got)
	}
}

func TestPageSkipsAndRefuses(t *testing.T) {
	p, b, pool := newPage(t)
	form := url.Values{"judge": {"ann"}, "query": {pool[0].Query.ID}, "doc": {pool[0].Doc.ID}, "grade": {"skip"}}
	if got := request(t, p, http.MethodPost, "/grade", form).Header.Get("Location"); got != "/?judge=ann&at=1" {
		t.Errorf("skip goes to %s", got)
	}
	form.Set("grade", "3")
	if r := request(t, p, http.MethodPost, "/grade", form, "Origin", "https://example.com", "Sec-Fetch-Site", "cross-site"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another origin: %s", r.Status)
	}
	if r := request(t, p, http.MethodGet, "/", nil); r.Header.Get("Content-Security-Policy") == "" {
		t.Error("no content security policy")
	}
	outside := httptest.NewRecorder()
	p.ServeHTTP(outside, httptest.NewRequest(http.MethodGet, "http://evil.example/qrels", nil))
	if outside.Code != http.StatusForbidden {
		t.Errorf("another host: %d", outside.Code)
	}
	for name, value := range map[string]string{"doc": "unknown", "grade": "9", "judge": " "} {
		bad := url.Values{"judge": {"ann"}, "query": {pool[0].Query.ID}, "doc": {pool[0].Doc.ID}, "grade": {"1"}}
		bad.Set(name, value)
		if r := request(t, p, http.MethodPost, "/grade", bad); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s=%q: %s", name, value, r.Status)
		}
	}
	if len(b.Judges()) != 0 {
		t.Errorf("something was graded: %v", b.Qrels())
	}
}

func TestTerminal(t *testing.T) {
	_, b, pool := newPage(t)
	pool[0].Doc.Text = "text \x1b]0;title\x07 " + strings.Repeat("word ", 400)
	var out bytes.Buffer
	term := &Terminal{Pool: pool, Book: b, Judge: "ann", In: strings.NewReader("x3\n1u0sq"), Out: &out}
	done, err := term.Run()
	// 3 for the first, 1 for the second, taken back and 0 instead, the third skipped, then quit.
	if done != 2 || err != nil {
		t.Fatalf("%d graded, %v", done, err)
	}
	for i, want := range []int{3, 0} {
		if got, ok := b.Graded("ann", pool[i].Query.ID, pool[i].Doc.ID); got != want || !ok {
			t.Errorf("decision %d is %d %v, want %d", i, got, ok, want)
		}
	}
	if strings.Contains(out.String(), "\x1b]0;") {
		t.Error("a document steers the terminal")
	}
	// Goes on where it stopped, and ends when all is graded.
	again := &Terminal{Pool: pool, Book: b, Judge: "ann", In: strings.NewReader("2"), Out: &out}
	if done, err := again.Run(); done != 3 || err != nil {
		t.Errorf("%d graded, %v", done, err)
	}
	if _, err := (&Terminal{Pool: pool, Book: b, In: strings.NewReader(""), Out: &out}).Run(); err == nil {
		t.Error("no name is no error")
	}
}

func TestWrap(t *testing.T) {
	got := wrap("one two three\n\nfour "+strings.Repeat("x", 12), 8)
	if diff := cmp.Diff([]string{"one two", "three", "four", "xxxxxxxx", "xxxx"}, got); diff != "" {
		t.Error(diff)
	}
}
