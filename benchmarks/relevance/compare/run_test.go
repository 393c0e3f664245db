// Claims proved here: saved runs in both forms and measured configurations are
// compared, in the same collection, with titles; documents that never count are
// left out of saved runs too; what cannot be compared is an error that names it.
package compare

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/baseline"
)

// folder writes files into a new folder and gives its path.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func runOptions(t *testing.T) Options {
	t.Helper()
	now := time.Unix(0, 0)
	return Options{
		Task: relevance.SearchTask, Seed: 1, Default: "bm25",
		Dataset: folder(t, map[string]string{
			"docs.trec": "<DOC>\n<DOCNO>a</DOCNO>\n<TITLE>About cats</TITLE>\n</DOC>\n<DOC>\n<DOCNO>b</DOCNO>\n<TEXT>dogs and cats and dogs</TEXT>\n</DOC>\n",
			"topics":    "1\tcats\n",
			"qrels":     "1 0 a 1\n",
			"old.run":   "1 Q0 b 1 2 x\n1 Q0 a 2 1 x\n",
			"old.json":  `{"1": {"b": 2, "a": 1}}`,
			"other.run": "7 Q0 b 1 2 x\n",
			"bad.run":   "7 Q0 b\n",
		}),
		Systems: map[string]relevance.Opener{"bm25": func(context.Context, relevance.Config) (relevance.System, error) { return baseline.New(), nil }},
		Now:     func() time.Time { now = now.Add(time.Millisecond); return now },
	}
}

func TestRun(t *testing.T) {
	for _, saved := range []string{"old.run", "old.json"} {
		o := runOptions(t)
		o.Baseline, o.Candidate = filepath.Join(o.Dataset, saved), "bm25"
		c, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		// a is second in the saved run and first by BM25, being shorter.
		rr := c.Measures[1]
		if rr.Measure != "RR" || rr.Baseline != 0.5 || rr.Candidate != 1 {
			t.Errorf("%s: %+v", saved, rr)
		}
		if len(c.Best) != 1 || c.Best[0].CandidateHits[0].Title != "About cats" {
			t.Errorf("%s: best %+v", saved, c.Best)
		}
		if c.Baseline.LatencyUS != nil || c.Candidate.LatencyUS == nil || c.Candidate.LatencyUS.P99 != 1000 {
			t.Errorf("%s: latencies %+v, %+v", saved, c.Baseline.LatencyUS, c.Candidate.LatencyUS)
		}
	}
}

func TestRunErrors(t *testing.T) {
	for baseline, want := range map[string]string{
		"other.run": "no query of collection", "bad.run": ":1: a line of a run has 6 fields", "absent.run": "there is no file of that name",
	} {
		o := runOptions(t)
		o.Baseline, o.Candidate = filepath.Join(o.Dataset, baseline), "bm25"
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), baseline) {
			t.Errorf("%s: error %v, want %q in it", baseline, err, want)
		}
	}
}
