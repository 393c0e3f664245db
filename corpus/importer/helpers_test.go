package importer_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

// result is what reading a source gave.
type result struct {
	posts    []corpus.Post
	rejected []*corpus.RecordError
	warnings []*corpus.RecordError
	source   importer.Source
}

// read reads all of a source.
func read(t *testing.T, format string, opts importer.Options, paths ...string) result {
	t.Helper()
	var r result
	opts.OnWarning = func(w *corpus.RecordError) { r.warnings = append(r.warnings, w) }
	source, err := importer.Open(format, paths, opts)
	if err != nil {
		t.Fatal(err)
	}
	r.source = source
	for p, err := range source.Posts(t.Context()) {
		var rejected *corpus.RecordError
		switch {
		case errors.As(err, &rejected):
			r.rejected = append(r.rejected, rejected)
		case err != nil:
			t.Fatal(err)
		default:
			r.posts = append(r.posts, p)
		}
	}
	if source.Warnings() != len(r.warnings) {
		t.Errorf("Warnings() is %d, %d were told", source.Warnings(), len(r.warnings))
	}
	return r
}

// one is the only post of a result without rejections.
func (r result) one(t *testing.T) corpus.Post {
	t.Helper()
	if len(r.posts) != 1 || len(r.rejected) != 0 {
		t.Fatalf("%d posts, rejected %v; want one post", len(r.posts), r.rejected)
	}
	return r.posts[0]
}

func (r result) ids() (ids []string) {
	for _, p := range r.posts {
		ids = append(ids, p.ID)
	}
	return ids
}

// tree writes files into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), []byte(content))
	}
	return root
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func gzipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openStore(t *testing.T) *corpus.Store {
	t.Helper()
	store, err := corpus.Open(filepath.Join(t.TempDir(), "posts.db"), &corpus.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Check(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
