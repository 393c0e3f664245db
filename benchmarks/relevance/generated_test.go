// Claim proved here: the queries and judgments of the generated collections that
// are checked in are those that follow from how their posts were made ("-update"
// writes them anew).
package relevance_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"alphanode/benchmarks/relevance"
)

var update = flag.Bool("update", false, "write the queries and judgments of the generated collections anew")

// generatedQueries is how many queries each generated collection has.
const generatedQueries = 60

func TestGeneratedJudgments(t *testing.T) {
	for _, name := range []string{"generated", "generated-similar"} {
		e, err := relevance.LoadExperiment(filepath.Join("experiments", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		queries, qrels := e.Collection.Generated.Judge(e.Task, generatedQueries)
		if len(queries) != generatedQueries {
			t.Fatalf("%s: %d queries only", name, len(queries))
		}
		var questions, judgments bytes.Buffer
		judgments.WriteString("query-id\tcorpus-id\tscore\n")
		encoder := json.NewEncoder(&questions)
		for _, q := range queries {
			if err := encoder.Encode(map[string]string{"_id": q.ID, "text": q.Text}); err != nil {
				t.Fatal(err)
			}
			for _, doc := range slices.Sorted(maps.Keys(qrels[q.ID])) {
				fmt.Fprintf(&judgments, "%s\t%s\t%d\n", q.ID, doc, qrels[q.ID][doc])
			}
		}
		checked(t, filepath.Join("experiments", e.Collection.Path, "queries.jsonl"), questions.Bytes())
		checked(t, filepath.Join("experiments", e.Collection.Path, "qrels", "test.tsv"), judgments.Bytes())
	}
}

func checked(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the repository
			t.Fatal(err)
		}
		if err := os.WriteFile(path, want, 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the generator's truth gives (%v): run make golden, then look at the figures", path, err)
	}
}
