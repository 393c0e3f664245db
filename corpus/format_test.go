package corpus_test

// The claim: the files of every released format are opened, read and written on. Those
// in testdata were made by the version that brought the format, and are never made again.

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
)

// unzip copies a file of testdata to where it may be written on.
func unzip(t *testing.T, name string) string {
	t.Helper()
	in, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	r, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	write(t, path, data)
	return path
}

func TestStoreFormat1(t *testing.T) {
	s := openStore(t, unzip(t, "posts-format1.db"), nil)
	if s.ID() != "000102030405060708090a0b0c0d0e0f" || s.Seq() != 6 || s.Len() != 2 {
		t.Errorf("id %s, seq %d, %d posts", s.ID(), s.Seq(), s.Len())
	}
	if got, want := changes(t, s, 0, false), "2:guides/connection-limits 3:z 6:-gone"; got != want {
		t.Errorf("the log is %s, want %s", got, want)
	}
	got, err := s.Get(t.Context(), "guides/connection-limits")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(corpus.Record{Post: fullPost(t), Seq: 2, Publish: corpus.PublishAll}, got); d != "" {
		t.Errorf("Get (-want +got):\n%s", d)
	}
	// The hash of a post is part of the format: another one would make every import a change.
	if a := apply(t, s, corpus.Put(fullPost(t), corpus.PublishAll), put("z"), put("new")); kinds(a) != "guides/connection-limits:unchanged:2 z:unchanged:3 new:added:7" {
		t.Errorf("written again: %s", kinds(a))
	}
}

func TestGraphFormat1(t *testing.T) {
	g := openGraph(t, unzip(t, "similar-format1.db"))
	wantRow(t, g, row("a", 5))
	wantRow(t, g, row("b", 0))
	if i := g.Info(); i.Seq != 9 || i.StoreID != "s" || i.AsOfDay != 19466 || i.ModelHash != "m" || i.Posts != 2 || i.Built.Unix() != 1681862400 || g.Len() != 2 {
		t.Errorf("%+v, %d rows", i, g.Len())
	}
	if err := g.Apply(t.Context(), 10, []corpus.Row{row("c", 1)}, []string{"b"}); err != nil {
		t.Error(err)
	}
}
