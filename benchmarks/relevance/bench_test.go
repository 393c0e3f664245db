// Claims proved here:
//
//  1. Judged queries are asked, others not; the report has the shape that scripts
//     rely on.
//  2. Excluded documents, and in lists of similar posts the query's own, never
//     count: neither as results nor in the ideal ranking.
//  3. Rules order the first ten places of a list of similar posts only; what they
//     displace follows by score. Without rules the list is by score.
//  4. A run file, evaluated as trec_eval does, gives the figures of the report,
//     whatever ties the system broke in its own way.
package relevance_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
)

// fakeSystem answers from tables.
type fakeSystem struct {
	search  map[string][]relevance.Ranked
	similar map[string]relevance.Neighbours
	indexed []string
	asked   []string
}

func (s *fakeSystem) Index(ctx context.Context, src corpus.Source) error {
	for post, err := range src.Posts(ctx) {
		if err != nil {
			return err
		}
		s.indexed = append(s.indexed, post.ID+": "+post.Title+": "+post.Body)
	}
	return nil
}

func (s *fakeSystem) Search(_ context.Context, query string, k int) ([]relevance.Ranked, error) {
	s.asked = append(s.asked, query)
	docs, ok := s.search[query]
	if !ok {
		return nil, errors.New("no such query")
	}
	return docs[:min(k, len(docs))], nil
}

func (s *fakeSystem) Similar(_ context.Context, id string, _ int) (relevance.Neighbours, error) {
	s.asked = append(s.asked, id)
	return s.similar[id], nil
}

func (s *fakeSystem) Close() error { return nil }

// ticking gives a clock that goes on by a millisecond a reading.
func ticking() func() time.Time {
	now := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

// trecCollection writes a TREC collection of three documents.
func trecCollection(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tiny")
	for name, content := range map[string]string{
		"docs.trec": "<DOC>\n<DOCNO> a </DOCNO>\n<TITLE>Cats</TITLE>\n<TEXT>\n<P>Cats &amp; dogs</P>\nmore\n</TEXT>\n</DOC>\n" +
			"<DOC>\n<TEXT>no number</TEXT>\n</DOC>\n<doc>\n<docno>b</docno>\n<text>birds</text>\n</doc>\n<DOC>\n<DOCNO>c</DOCNO>\n</DOC>\n",
		"topics": "1\tcats\n2\tbirds\n3\tnobody judged this\n",
		"qrels":  "1 0 a 1\n2 0 b 2\n2 0 a 0\n",
	} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBenchSearch(t *testing.T) {
	system := &fakeSystem{search: map[string][]relevance.Ranked{"cats": {{"b", 2}, {"a", 1}}, "birds": {{"b", 2}}}}
	runOut := filepath.Join(t.TempDir(), "out.run")
	report, err := relevance.Bench(t.Context(), relevance.Options{
		Task: relevance.SearchTask, Dataset: trecCollection(t), System: system, Now: ticking(), RunOut: runOut,
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a: Cats: Cats & dogs \nmore", "b: : birds"}, system.indexed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"cats", "birds"}, system.asked); diff != "" {
		t.Error(diff)
	}
	var out strings.Builder
	if err := report.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	// RR (1/2 + 1)/2; nDCG (1/log2(3) + 1)/2; P@5 1/5 each; judged: b of 1 is not.
	const want = `{"dataset":"tiny","task":"relevance","queries":2,
		"metrics":{"nDCG@10":0.815465,"RR":0.75,"AP":0.75,"P@5":0.2,"R@100":1,"Judged@10":0.75},
		"index_seconds":0.001,"latency_us":{"p50":1000,"p99":1000},"rejected":2}`
	if diff := cmp.Diff(decode(t, want), decode(t, out.String()), cmp.Comparer(near)); diff != "" {
		t.Error(diff)
	}
	written, err := os.ReadFile(runOut)
	if err != nil {
		t.Fatal(err)
	}
	if want := "1 Q0 b 1 2 alphanode\n1 Q0 a 2 1 alphanode\n2 Q0 b 1 2 alphanode\n"; string(written) != want {
		t.Errorf("run is %q", written)
	}
	out.Reset()
	if err := report.WriteText(&out); err != nil || !strings.Contains(out.String(), "nDCG@10") || !strings.Contains(out.String(), "0.8155") {
		t.Errorf("%v, text is\n%s", err, out.String())
	}
}

func decode(t *testing.T, s string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

func beirCollection(t *testing.T, queries, qrels string) string {
	t.Helper()
	path := write(t, "set/queries.jsonl", queries)
	dir := filepath.Dir(path)
	if err := os.Mkdir(filepath.Join(dir, "qrels"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "qrels/test.tsv"), []byte(qrels), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestExcludedDocumentsNeverCount(t *testing.T) {
	dir := beirCollection(t, `{"_id":"1","text":"x","metadata":{"exclude":["home"]}}`, "1\thome\t1\n1\ta\t1\n")
	system := &fakeSystem{search: map[string][]relevance.Ranked{"x": {{"home", 3}, {"a", 2}}}}
	report, err := relevance.Bench(t.Context(), relevance.Options{
		Task: relevance.SearchTask, Dataset: dir, System: system, Indexed: true, Now: ticking(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Metrics["RR"] != 1 || report.Metrics["nDCG@10"] != 1 || report.Metrics["R@100"] != 1 {
		t.Errorf("the excluded document counts: %v", report.Metrics)
	}
}

// neighbours gives n documents d0, d1, ... with falling scores.
func neighbours(n int) []relevance.Ranked {
	docs := make([]relevance.Ranked, n)
	for i := range docs {
		docs[i] = relevance.Ranked{ID: fmt.Sprintf("d%d", i), Score: float64(n - i)}
	}
	return docs
}

func TestBenchSimilarRules(t *testing.T) {
	raw := neighbours(14)
	// The rules drop d0, d1 and d2, and put d11 first; d12 is beyond ten places.
	shown := append([]relevance.Ranked{raw[11]}, raw[3:11]...)
	shown = append(shown, raw[13], raw[12])
	system := &fakeSystem{similar: map[string]relevance.Neighbours{
		"q": {Shown: shown, Raw: slices.Insert(slices.Clone(raw), 5, relevance.Ranked{ID: "q", Score: 9})},
	}}
	dir := beirCollection(t, `{"_id":"q","text":"x"}`, "q\td0\t1\nq\tq\t1\n")
	order := func(noRules bool) string {
		report, err := relevance.Bench(t.Context(), relevance.Options{
			Task: relevance.SimilarTask, Dataset: dir, System: system, Indexed: true, NoRules: noRules, Now: ticking(),
		})
		if err != nil {
			t.Fatal(err)
		}
		if report.Metrics["R@100"] != 1 {
			t.Errorf("the query's own document counts: %v", report.Metrics)
		}
		var ids []string
		for _, doc := range relevance.Order(report.Run["q"]) {
			ids = append(ids, doc.ID)
		}
		return strings.Join(ids, " ")
	}
	if got, want := order(false), "d11 d3 d4 d5 d6 d7 d8 d9 d10 d13 d0 d1 d2 d12"; got != want {
		t.Errorf("with rules: %s, want %s", got, want)
	}
	if got, want := order(true), "d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 d10 d11 d12 d13"; got != want {
		t.Errorf("without rules: %s, want %s", got, want)
	}
}

func TestRunFileKeepsTheOrderOfTies(t *testing.T) {
	// trec_eval would put c first; the system has a first.
	docs := []relevance.Ranked{{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1 - 1e-9}, {"e", 0.5}}
	system := &fakeSystem{search: map[string][]relevance.Ranked{"x": docs}}
	dir := beirCollection(t, `{"_id":"1","text":"x"}`, "1\ta\t1\n1\td\t1\n")
	runOut := filepath.Join(t.TempDir(), "out.run")
	report, err := relevance.Bench(t.Context(), relevance.Options{
		Task: relevance.SearchTask, Dataset: dir, System: system, Indexed: true, Now: ticking(), RunOut: runOut,
	})
	if err != nil {
		t.Fatal(err)
	}
	run, err := relevance.ReadRun(runOut)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range relevance.Evaluate(relevance.DefaultMeasures(), report.Collection.Judgments(relevance.SearchTask), run) {
		if got := report.Metrics[s.Measure.String()]; got != s.Mean {
			t.Errorf("%s: %v reported, %v from the run file", s.Measure, got, s.Mean)
		}
	}
	if report.Metrics["AP"] != (1+2.0/4)/2 {
		t.Errorf("AP %v is not that of the system's order", report.Metrics["AP"])
	}
}

func TestBenchErrors(t *testing.T) {
	system := &fakeSystem{}
	dir := beirCollection(t, `{"_id":"1","text":"x"}`, "1\ta\t1\n")
	for name, test := range map[string]struct {
		dataset string
		task    relevance.Task
		indexed bool
		want    string
	}{
		"absent":       {"no/such/folder", relevance.SearchTask, true, "no/such/folder"},
		"empty":        {t.TempDir(), relevance.SearchTask, true, "neither queries.jsonl"},
		"no documents": {dir, relevance.SearchTask, false, relevance.ErrNoDocuments.Error()},
		"query fails":  {dir, relevance.SearchTask, true, `query "1": no such query`},
		"task":         {dir, "speed", true, `task "speed"`},
		"unknown query": {
			beirCollection(t, `{"_id":"1","text":"x"}`, "2\ta\t1\n"), relevance.SearchTask, true,
			`query "2" is judged but not in`,
		},
	} {
		_, err := relevance.Bench(t.Context(), relevance.Options{
			Task: test.task, Dataset: test.dataset, System: system, Indexed: test.indexed, Now: ticking(),
		})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, test.want)
		}
	}
}
