// Claims proved here:
//
//  1. Every measure that trec_eval, gdeval or cwl_eval also has, has their value,
//     to 1e-6 (gdeval prints five digits: 5e-6), query by query and in the mean.
//  2. That holds on a collection with grades from -1 to 3, ties, unjudged
//     documents, a query without results and one without relevant documents.
//  3. It holds on the baseline's runs of three real collections.
//
// The values in testdata were written by compare.sh.
package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"alphanode/benchmarks/relevance"
)

// golden is a file that compare.py wrote: by measure.
type golden map[string]struct {
	Mean    float64
	Queries map[string]float64
}

func TestEqualsOtherTools(t *testing.T) {
	checkGolden(t, "graded", "testdata/graded.qrels", "testdata/graded.run")
}

func TestEqualsOtherToolsOnRealRuns(t *testing.T) {
	collections := os.Getenv("ALPHANODE_COLLECTIONS")
	if collections == "" {
		t.Skip("ALPHANODE_COLLECTIONS is not set: the real collections are not here")
	}
	for _, name := range []string{"scifact", "cacm", "vaswani"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(collections, name)
			if _, err := os.Stat(dir); err != nil {
				t.Skipf("collection %s is not here: %v", name, err)
			}
			var run bytes.Buffer
			if err := writeBaseline(t.Context(), &run, dir); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), name+".run")
			if err := os.WriteFile(path, run.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			checkGolden(t, name, filepath.Join(dir, "qrels/test.tsv"), path)
		})
	}
}

func checkGolden(t *testing.T, name, qrelsPath, runPath string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var want golden
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) < 80 {
		t.Fatalf("golden file has %d measures only", len(want))
	}
	qrels, err := relevance.ReadQrels(qrelsPath)
	if err != nil {
		t.Fatal(err)
	}
	run, err := relevance.ReadRun(runPath)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range want {
		m, err := relevance.ParseMeasure(name)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 1e-6
		if m.Name == "ERR" || m.ExpGain {
			tolerance = 5.1e-6
		}
		got := relevance.Evaluate([]relevance.Measure{m}, qrels, run)[0]
		if math.Abs(got.Mean-values.Mean) > tolerance {
			t.Errorf("%s: mean %.8f, want %.8f", m, got.Mean, values.Mean)
		}
		for query, value := range values.Queries {
			if math.Abs(got.ByQuery[query]-value) > tolerance {
				t.Errorf("%s of query %s: %.8f, want %.8f", m, query, got.ByQuery[query], value)
			}
		}
	}
}
