package importer_test

// Claims, on the public collections (skipped where they are not there):
//  1. Every folder imports with nothing rejected.
//  2. A second import changes nothing.

import (
	"os"
	"path/filepath"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

func TestCollectionsImport(t *testing.T) {
	root := os.Getenv("ALPHANODE_COLLECTIONS")
	if root == "" {
		t.Skip("ALPHANODE_COLLECTIONS is not set: no collections to import")
	}
	folders, err := filepath.Glob(filepath.Join(root, "*", "corpus.jsonl*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no collections in %s: %v", root, err)
	}
	for _, corpusFile := range folders {
		dir := filepath.Dir(corpusFile)
		t.Run(filepath.Base(dir), func(t *testing.T) { importTwice(t, dir) })
	}
}

func importTwice(t *testing.T, dir string) {
	t.Helper()
	store, err := corpus.Open(filepath.Join(t.TempDir(), "posts.db"), &corpus.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // A temporary store.
	for round := range 2 {
		src, err := importer.Open(importer.Auto, []string{dir}, importer.Options{
			OnWarning: func(w *corpus.RecordError) {
				if round == 0 {
					t.Log("warning:", w)
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		sum, err := importer.Run(t.Context(), store, src, importer.RunOptions{
			OnReject: func(r *corpus.RecordError) { t.Error("rejected:", r) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 && sum.Added == 0 || round == 1 && (sum.Added+sum.Changed+sum.Removed > 0 || sum.Unchanged == 0) {
			t.Errorf("round %d: %+v", round, sum)
		}
	}
}
