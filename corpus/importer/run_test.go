package importer_test

// Claims: 1. an import counts what it did, and the same import again changes
// nothing, in every format; 2. of an id that comes twice the last post stays;
// 3. stopped at any commit, everything up to it is stored, and the next run goes
// on; 4. memory does not grow with the input.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

func run(t *testing.T, store *corpus.Store, format string, opts importer.RunOptions, paths ...string) importer.Summary {
	t.Helper()
	source, err := importer.Open(format, paths, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := importer.Run(t.Context(), store, source, opts)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestImportTwiceChangesNothing(t *testing.T) {
	root := tree(t, map[string]string{
		"p.jsonl":           `{"id":"a","title":"A"}` + "\nbad\n" + `{"id":"b","title":"B","extra":{"x":{"b":1,"a":2}}}`,
		"beir/corpus.jsonl": `{"_id":"c","title":"C","metadata":{"z":{"b":1,"a":[2]},"difficulty":"x"}}`,
		"q.txt":             samplePage, "tree/d.md": "---\ntitle: D\nnested: {b: 1, a: 2}\n---\nx", "tree/e.md": "---\nbad: [\n---\n",
	})
	for name, want := range map[string]importer.Summary{
		"p.jsonl": {Added: 2, Rejected: 1}, "beir": {Added: 1, Warnings: 1}, "q.txt": {Added: 1}, "tree": {Added: 1, Rejected: 1},
	} {
		t.Run(name, func(t *testing.T) {
			store := openStore(t)
			var rejected int
			opts := importer.RunOptions{OnReject: func(*corpus.RecordError) { rejected++ }}
			if got := run(t, store, importer.Auto, opts, filepath.Join(root, name)); got != want || rejected != want.Rejected {
				t.Errorf("first %+v, want %+v; %d rejections told", got, want, rejected)
			}
			seq := store.Seq()
			want.Added, want.Unchanged = 0, want.Added
			if got := run(t, store, importer.Auto, importer.RunOptions{}, filepath.Join(root, name)); got != want || store.Seq() != seq {
				t.Errorf("second %+v, want %+v", got, want)
			}
		})
	}
}

func TestLastOfTheSameIDStays(t *testing.T) {
	store := openStore(t)
	file := filepath.Join(tree(t, map[string]string{"p.jsonl": `{"id":"a","title":"First"}` + "\n" + `{"id":"b","title":"B"}` + "\n" + `{"id":"a","title":"Second"}`}), "p.jsonl")
	if got, want := run(t, store, importer.JSONL, importer.RunOptions{}, file), (importer.Summary{Added: 2, Changed: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if r, err := store.Get(t.Context(), "a"); err != nil || r.Post.Title != "Second" {
		t.Errorf("stored %+v, %v", r.Post, err)
	}
}

func TestPolicyIsStored(t *testing.T) {
	store := openStore(t)
	file := filepath.Join(tree(t, map[string]string{"a.md": "---\ntitle: T\ndraft: true\n---\nx"}), "a.md")
	run(t, store, importer.Auto, importer.RunOptions{}, file)
	if r, err := store.Get(t.Context(), "a"); err != nil || corpus.Public(&r.Post, r.Publish) {
		t.Errorf("a draft is public, or %v", err)
	}
	if sum := run(t, store, importer.Auto, importer.RunOptions{Publish: corpus.PublishAll}, file); sum.Changed != 1 {
		t.Errorf("another policy gives %+v", sum)
	}
	if r, err := store.Get(t.Context(), "a"); err != nil || !corpus.Public(&r.Post, r.Publish) {
		t.Errorf("the gate is not lifted, or %v", err)
	}
}

func TestStoppedImportGoesOn(t *testing.T) {
	var lines strings.Builder
	for i := range 95 {
		fmt.Fprintf(&lines, "{\"id\":\"p%02d\",\"title\":\"T\"}\n", i)
	}
	file := filepath.Join(tree(t, map[string]string{"p.jsonl": lines.String()}), "p.jsonl")
	store := openStore(t)
	source, err := importer.Open(importer.JSONL, []string{file}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var seen []int
	sum, err := importer.Run(ctx, store, source, importer.RunOptions{BatchSize: 10, OnProgress: func(p importer.Progress) {
		if seen = append(seen, p.Records); len(seen) == 3 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || sum.Added != 30 || store.Len() != 30 {
		t.Fatalf("stopped with %+v, %v and %d posts stored", sum, err, store.Len())
	}
	if diff := cmp.Diff([]int{10, 20, 30}, seen); diff != "" {
		t.Error(diff)
	}
	if got, want := run(t, store, importer.JSONL, importer.RunOptions{BatchSize: 10}, file), (importer.Summary{Added: 65, Unchanged: 30}); got != want {
		t.Errorf("went on with %+v, want %+v", got, want)
	}
}

// repeated is a reader of n lines, each made when it is read.
type repeated struct {
	n, i int
	rest []byte
}

// Read implements io.Reader.
func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.i == r.n {
			return 0, io.EOF
		}
		r.i++
		r.rest = fmt.Appendf(r.rest[:0], "{\"id\":\"p%d\",\"title\":\"T\",\"body\":\"%s\"}\n", r.i, strings.Repeat("word ", 600))
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestInputIsStreamed(t *testing.T) {
	source, err := importer.Open(importer.JSONL, []string{"-"}, importer.Options{Stdin: &repeated{n: 20_000}}) // 60 MB
	if err != nil {
		t.Fatal(err)
	}
	most, count := uint64(0), 0
	for _, err := range source.Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if count++; count%5000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if count != 20_000 || most > 30<<20 {
		t.Errorf("%d posts read with %d bytes live", count, most)
	}
}

func BenchmarkJSONL(b *testing.B) {
	b.SetBytes(3000)
	source, err := importer.Open(importer.JSONL, []string{"-"}, importer.Options{Stdin: &repeated{n: b.N}})
	if err != nil {
		b.Fatal(err)
	}
	for _, err := range source.Posts(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
	}
}
