// Claims proved here: what "bench" prints and writes for one configuration, for a
// comparison with a gate, for judging on the terminal and for speed; and that what
// cannot be done is an error before anything is measured.
package benchmarks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alphanode/benchmarks"
	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/compare"
	"alphanode/corpus"
	"alphanode/index"
)

// collection writes a TREC collection of two documents.
func collection(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tiny")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"docs.trec": "<DOC>\n<DOCNO>a</DOCNO>\n<TITLE>Cats</TITLE>\n</DOC>\n<DOC>\n<DOCNO>b</DOCNO>\n<TEXT>dogs and cats and dogs</TEXT>\n</DOC>\n",
		"topics":    "1\tcats\n",
		"qrels":     "1 0 a 1\n",
		"old.run":   "1 Q0 b 1 2 x\n1 Q0 a 2 1 x\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func options(t *testing.T) benchmarks.RelevanceOptions {
	t.Helper()
	return benchmarks.RelevanceOptions{Task: relevance.SearchTask, Dataset: collection(t), Config: "bm25", Now: time.Now, Seed: 1}
}

func TestRelevance(t *testing.T) {
	o := options(t)
	o.Measures, o.RunOut = "RR P@1", filepath.Join(t.TempDir(), "out.run")
	var out bytes.Buffer
	if err := benchmarks.Relevance(t.Context(), &out, o); err != nil || !strings.Contains(out.String(), "RR   1.0000") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if run, err := os.ReadFile(o.RunOut); err != nil || !strings.HasPrefix(string(run), "1 Q0 a 1 ") {
		t.Errorf("run %s, %v", run, err)
	}
	out.Reset()
	o.JSON = true
	if err := benchmarks.Relevance(t.Context(), &out, o); err != nil || !strings.HasPrefix(out.String(), `{"dataset":"tiny","task":"relevance","queries":1,`) {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestRelevanceComparesAndGates(t *testing.T) {
	o := options(t)
	o.Baseline, o.Candidate = "bm25", filepath.Join(o.Dataset, "old.run")
	o.HTML, o.Markdown = filepath.Join(t.TempDir(), "r.html"), filepath.Join(t.TempDir(), "r.md")
	o.Floors = []string{"MRR=0.9"}
	var out bytes.Buffer
	err := benchmarks.Relevance(t.Context(), &out, o)
	if !errors.Is(err, compare.ErrGate) || !strings.Contains(out.String(), "FAIL: RR is 0.5000, below its floor of 0.9000") {
		t.Errorf("%v\n%s", err, out.String())
	}
	for _, file := range []string{o.HTML, o.Markdown} {
		if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "Failed") {
			t.Errorf("%s: %v", file, err)
		}
	}
	o.Floors, o.Gates, o.Candidate = nil, []string{benchmarks.GateFirst}, "bm25"
	if err := benchmarks.Relevance(t.Context(), &out, o); err != nil {
		t.Errorf("compared with itself: %v", err)
	}
}

// manyQueries is a collection on which bm25 finds the one relevant document of each
// of 40 queries, and worse.run puts another before it; good.run does not.
func manyQueries(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var docs, topics, qrels, good, worse strings.Builder
	for i := range 40 {
		fmt.Fprintf(&docs, "<DOC>\n<DOCNO>d%d</DOCNO>\n<TEXT>word%d here</TEXT>\n</DOC>\n", i, i)
		fmt.Fprintf(&topics, "%d\tword%d\n", i, i)
		fmt.Fprintf(&qrels, "%d 0 d%d 1\n", i, i)
		fmt.Fprintf(&good, "%d Q0 d%d 1 2 x\n", i, i)
		fmt.Fprintf(&worse, "%d Q0 d%d 1 2 x\n%d Q0 d%d 2 1 x\n", i, (i+1)%40, i, i)
	}
	for name, b := range map[string]*strings.Builder{"docs.trec": &docs, "topics": &topics, "qrels": &qrels, "good.run": &good, "worse.run": &worse} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGates(t *testing.T) {
	dir := manyQueries(t)
	for _, c := range []struct {
		candidate    string
		gates        []string
		fails, wants []string // what the verdict says
	}{
		{"worse.run", []string{"first"}, []string{"nDCG@10 fell"}, nil},
		{"worse.run", []string{"R@100"}, nil, []string{"none of [R@100]"}},
		{"worse.run", []string{"R@100", "RR>=0.4"}, nil, []string{"none of [R@100]", "RR is not below its floor of 0.4000"}},
		{"worse.run", []string{"R@100", "RR>=0.6", "Success@1"}, []string{"Success@1 fell from 1.0000 to 0.0000", "RR is 0.5000, below its floor of 0.6000"}, nil},
		{"worse.run", []string{"RR>=0.4"}, nil, []string{"PASS: RR is not below its floor"}},
		{"good.run", []string{"first", "MRR", "RBP(p=0.5)>=0.1"}, nil, []string{"none of [nDCG@10 RR]", "RBP(p=0.5) is not below"}},
	} {
		o := options(t)
		o.Dataset, o.Baseline, o.Candidate, o.Gates = dir, "bm25", filepath.Join(dir, c.candidate), c.gates
		var out bytes.Buffer
		err := benchmarks.Relevance(t.Context(), &out, o)
		if errors.Is(err, compare.ErrGate) != (len(c.fails) > 0) || err != nil && !errors.Is(err, compare.ErrGate) {
			t.Errorf("%v: %v", c.gates, err)
		}
		for _, want := range append(c.fails, c.wants...) {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is not in\n%s", c.gates, want, out.String())
			}
		}
	}
}

func TestRelevanceErrors(t *testing.T) {
	for want, change := range map[string]func(*benchmarks.RelevanceOptions){
		"need a baseline":        func(o *benchmarks.RelevanceOptions) { o.Gates = []string{"RR"} },
		"is unknown":             func(o *benchmarks.RelevanceOptions) { o.Measures = "F@1" },
		"not MEASURE=VALUE":      func(o *benchmarks.RelevanceOptions) { o.Baseline, o.Floors = "bm25", []string{"RR"} },
		`"other" is neither`:     func(o *benchmarks.RelevanceOptions) { o.Config = "other" },
		`gate: measure "F@1"`:    func(o *benchmarks.RelevanceOptions) { o.Baseline, o.Gates = "bm25", []string{"F@1"} },
		`floor "RR>=x"`:          func(o *benchmarks.RelevanceOptions) { o.Baseline, o.Gates = "bm25", []string{"RR>=x"} },
		"no such file or direct": func(o *benchmarks.RelevanceOptions) { o.Dataset = "absent" },
	} {
		o := options(t)
		change(&o)
		if err := benchmarks.Relevance(t.Context(), &bytes.Buffer{}, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

func TestJudgeOnTheTerminal(t *testing.T) {
	dir := collection(t)
	qrels := filepath.Join(t.TempDir(), "qrels")
	var out bytes.Buffer
	err := benchmarks.Judge(t.Context(), &out, benchmarks.JudgeOptions{
		Task: relevance.SearchTask, Dataset: dir, Sides: []string{"bm25", filepath.Join(dir, "old.run")},
		Book: filepath.Join(t.TempDir(), "book.jsonl"), QrelsOut: qrels, Judge: "ann", Keys: strings.NewReader("33"), Now: time.Now,
	})
	if err != nil || !strings.Contains(out.String(), "2 of 2 graded") || !strings.Contains(out.String(), "dogs and cats") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if got, err := os.ReadFile(qrels); string(got) != "1 0 a 3\n1 0 b 3\n" {
		t.Errorf("judgments %q, %v", got, err)
	}
}

func TestJudgeOnAPage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	err := benchmarks.Judge(ctx, &out, benchmarks.JudgeOptions{
		Task: relevance.SearchTask, Dataset: collection(t), Sides: []string{"bm25"}, Book: filepath.Join(t.TempDir(), "book.jsonl"),
		Addr: "127.0.0.1:0", Listening: func(string) { cancel() }, Now: time.Now,
	})
	if err != nil || !strings.Contains(out.String(), "not two judges") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// searcher finds nothing.
type searcher struct{}

func (searcher) Search(context.Context, index.Request) (*index.Result, error) {
	return &index.Result{}, nil
}

func (searcher) Similar(context.Context, string, int) ([]corpus.Neighbour, error) { return nil, nil }

func TestSpeed(t *testing.T) {
	dir := t.TempDir()
	workload, result := filepath.Join(dir, "w.tsv"), filepath.Join(dir, "speed-test.json")
	if err := os.WriteFile(workload, []byte("term\tgo\nphrase\t\"a b\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := benchmarks.SpeedOptions{Searcher: searcher{}, Workload: workload, Rates: []float64{0, 100}, Duration: 50 * time.Millisecond, Runs: 2, ResultOut: result, Repository: ".", Now: time.Now}
	var out bytes.Buffer
	if err := benchmarks.Speed(t.Context(), &out, o); err != nil || strings.Count(out.String(), "answers/s") != 4 {
		t.Errorf("%v\n%s", err, out.String())
	}
	if data, err := os.ReadFile(result); err != nil || !strings.Contains(string(data), `"section": "speed"`) {
		t.Errorf("result %s, %v", data, err)
	}
	out.Reset()
	o.Bench = true
	if err := benchmarks.Speed(t.Context(), &out, o); err != nil || strings.Count(out.String(), "BenchmarkQuery/kind=all/rate=100") != 2 {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	o = benchmarks.SpeedOptions{Searcher: searcher{}, Workload: workload, Share: 0.5, Clients: []int{1, 2}, Duration: 20 * time.Millisecond, Repository: ".", Now: time.Now}
	if err := benchmarks.Speed(t.Context(), &out, o); err != nil || strings.Count(out.String(), "answers/s") != 4 || !strings.Contains(out.String(), "2-clients") {
		t.Errorf("a share of the greatest throughput of one and two clients: %v\n%s", err, out.String())
	}
	o = benchmarks.SpeedOptions{Searcher: searcher{}, Workload: workload, Once: true, Clients: []int{1, 2}, Repository: ".", Now: time.Now}
	if err := benchmarks.Speed(t.Context(), &out, o); err != nil {
		t.Errorf("two queries for two runs: %v", err)
	}
	o.Clients = []int{1, 1, 1}
	if err := benchmarks.Speed(t.Context(), &out, o); err == nil || !strings.Contains(err.Error(), "3 requests for 2 queries") {
		t.Errorf("more runs than queries to ask once: %v", err)
	}
	o.Searcher = nil
	if err := benchmarks.Speed(t.Context(), &out, o); err == nil || !strings.Contains(err.Error(), "neither a server nor an index") {
		t.Errorf("no target: %v", err)
	}
}
