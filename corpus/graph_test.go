package corpus_test

// The claims:
//  1. Rows are read back as they were written, one by one and all in id order, also after reopening.
//  2. A generation is invisible until it is published, then replaces everything in one step.
//  3. What an unfinished generation leaves behind is removed at open.
//  4. A damaged or newer file is set aside, never fatal; posts.db is not taken for a graph.

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"alphanode/corpus"
)

func openGraph(t *testing.T, path string) *corpus.Graph {
	t.Helper()
	g, err := corpus.OpenGraph(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Check(context.Background()); err != nil && !errors.Is(err, corpus.ErrClosed) {
			t.Errorf("at the end of the test: %v", err)
		}
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func row(id string, n int) corpus.Row {
	r := corpus.Row{ID: id}
	for i := range n {
		other := fmt.Sprintf("posts/%d/%s", i, id)
		r.Raw = append(r.Raw, corpus.RawNeighbour{ID: other, Score: 1 / float32(i+1)})
		if i < 3 {
			r.Shown = append(r.Shown, corpus.Neighbour{
				ID: other, Score: 1 / float64(i+1), Reasons: []string{"both about \"bbolt\" & 日本"}, Fill: i == 2,
				Explain: json.RawMessage(`{"op":"sum","value":0.5}`),
			})
		}
	}
	return r
}

func wantRow(t *testing.T, g *corpus.Graph, want corpus.Row) {
	t.Helper()
	got, err := g.List(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("List(%q) (-want +got):\n%s", want.ID, d)
	}
}

func noRow(t *testing.T, g *corpus.Graph, id string) {
	t.Helper()
	if _, err := g.List(t.Context(), id); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("List(%q): %v, want ErrNotFound", id, err)
	}
}

func rowIDs(t *testing.T, g *corpus.Graph) (ids []string) {
	t.Helper()
	for r, err := range g.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

func build(t *testing.T, g *corpus.Graph, info corpus.GenerationInfo, rows ...corpus.Row) *corpus.Generation {
	t.Helper()
	gen, err := g.NewGeneration(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	if err := gen.Put(t.Context(), rows...); err != nil {
		t.Fatal(err)
	}
	return gen
}

func TestGraphApply(t *testing.T) {
	path := filepath.Join(t.TempDir(), "similar.db")
	g := openGraph(t, path)
	if g.Seq() != 0 || g.Len() != 0 || g.Info() != (corpus.GenerationInfo{}) {
		t.Errorf("a new graph: seq %d, %d rows, %+v", g.Seq(), g.Len(), g.Info())
	}
	empty := corpus.Row{ID: "lonely", Least: 1<<32 - 1}
	if err := g.Apply(t.Context(), 7, []corpus.Row{row("b", 50), row("a", 2), empty}, nil); err != nil {
		t.Fatal(err)
	}
	if err := g.Apply(t.Context(), 9, []corpus.Row{row("b", 4), row("c", 1)}, []string{"a", "never", ""}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		wantRow(t, g, row("b", 4))
		wantRow(t, g, empty)
		noRow(t, g, "a")
		if d := cmp.Diff([]string{"b", "c", "lonely"}, rowIDs(t, g)); d != "" {
			t.Errorf("Rows (-want +got):\n%s", d)
		}
		if g.Seq() != 9 || g.Len() != 3 {
			t.Errorf("seq %d, %d rows; want 9, 3", g.Seq(), g.Len())
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		g = openGraph(t, path)
	}
}

func TestGraphRefusesRows(t *testing.T) {
	g := openGraph(t, filepath.Join(t.TempDir(), "similar.db"))
	bad := row("b", 1)
	bad.Shown[0].Explain = json.RawMessage(`{`)
	nan := row("c", 1)
	nan.Shown[0].Score = math.NaN()
	for _, r := range []corpus.Row{{ID: ""}, {ID: "a\n"}, bad, nan} {
		if err := g.Apply(t.Context(), 1, []corpus.Row{row("a", 1), r}, nil); err == nil {
			t.Errorf("the row %q was taken", r.ID)
		}
	}
	if g.Len() != 0 || g.Seq() != 0 {
		t.Errorf("a refused call left %d rows at %d", g.Len(), g.Seq())
	}
}

func TestGeneration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "similar.db")
	g := openGraph(t, path)
	if err := g.Apply(t.Context(), 3, []corpus.Row{row("old", 2), row("a", 2)}, nil); err != nil {
		t.Fatal(err)
	}
	info := corpus.GenerationInfo{StoreID: "s", Seq: 12, AsOfDay: 19000, ModelHash: "m", Posts: 2, Built: time.Date(2023, 4, 19, 1, 2, 3, 0, time.UTC)}
	gen := build(t, g, info, row("b", 5), row("a", 9))
	info.Number = 1
	if _, err := g.NewGeneration(t.Context(), info); !errors.Is(err, corpus.ErrBuilding) {
		t.Errorf("a second generation: %v", err)
	}
	if err := gen.Put(t.Context(), row("a", 5)); err != nil {
		t.Fatal(err)
	}
	wantRow(t, g, row("a", 2))
	noRow(t, g, "b")
	if err := g.Apply(t.Context(), 4, []corpus.Row{row("a", 3)}, nil); err != nil {
		t.Fatalf("while a generation is built: %v", err)
	}
	if err := gen.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(gen.Discard(), gen.Discard()); err != nil {
		t.Errorf("Discard after Publish: %v", err)
	}
	if gen.Put(t.Context(), row("x", 1)) == nil || gen.Publish(t.Context()) == nil {
		t.Error("a published generation can be used")
	}
	for range 2 {
		wantRow(t, g, row("a", 5))
		noRow(t, g, "old")
		if g.Info() != info || g.Len() != 2 {
			t.Errorf("published %+v with %d rows, want %+v", g.Info(), g.Len(), info)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		g = openGraph(t, path)
	}
	if err := build(t, g, info, row("z", 1)).Discard(); err != nil {
		t.Fatal(err)
	}
	noRow(t, g, "z")
	if files, _ := filepath.Glob(path + "*"); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestUnfinishedGenerationIsRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "similar.db")
	g := openGraph(t, path)
	gen := build(t, g, corpus.GenerationInfo{Seq: 5}, row("a", 1))
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gen.Publish(t.Context()); !errors.Is(err, corpus.ErrClosed) {
		t.Errorf("Publish on a closed graph: %v", err)
	}
	if err := os.WriteFile(path+".building", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	g = openGraph(t, path)
	if _, err := os.Stat(path + ".building"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished generation: %v", err)
	}
	noRow(t, g, "a")
}

func TestGraphSetsAside(t *testing.T) {
	for _, tc := range []struct {
		name, as string
		spoil    func(t *testing.T, path string)
	}{
		{"not bbolt", ".damaged", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, slices.Repeat([]byte("damaged "), 10_000))
		}},
		{"cut short", ".damaged", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Truncate(path, 40<<10); err != nil {
				t.Fatal(err)
			}
		}},
		{"another kind", ".damaged", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("kind"), []byte("posts")) })
		}},
		{"without rows", ".damaged", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("rows")) })
		}},
		{"newer", ".newer", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(tx *bolt.Tx) error {
				return tx.Bucket([]byte("meta")).Put([]byte("format"), binary.BigEndian.AppendUint64(nil, 99))
			})
		}},
	} {
		path := filepath.Join(t.TempDir(), "similar.db")
		g := openGraph(t, path)
		if err := g.Apply(t.Context(), 3, []corpus.Row{row("a", 50)}, nil); err != nil {
			t.Fatal(err)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		tc.spoil(t, path)
		if _, err := corpus.OpenGraph(path, &corpus.GraphOptions{ReadOnly: true}); err == nil {
			t.Errorf("%s: opened for reading", tc.name)
		}
		g = openGraph(t, path)
		if g.Len() != 0 || g.Seq() != 0 {
			t.Errorf("%s: %d rows at %d", tc.name, g.Len(), g.Seq())
		}
		if _, err := os.Stat(path + tc.as); err != nil {
			t.Errorf("%s: not set aside: %v", tc.name, err)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// edit changes a closed file behind the back of this package.
func edit(t *testing.T, path string, fn func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(fn), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// Readers go on while rows are written and generations swapped, and each row they
// see is whole.
func TestGraphConcurrently(t *testing.T) {
	g := openGraph(t, filepath.Join(t.TempDir(), "similar.db"))
	if err := g.Apply(t.Context(), 1, []corpus.Row{row("a", 1)}, nil); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !stop.Load() {
				r, err := g.List(t.Context(), "a")
				if err != nil || len(r.Shown) != min(len(r.Raw), 3) {
					t.Errorf("%+v, %v", r, err)
					return
				}
				for _, err := range g.Rows(t.Context()) {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for i := range 20 {
		gen := build(t, g, corpus.GenerationInfo{Seq: uint64(i)}, row("a", i+1), row("b", i))
		if err := g.Apply(t.Context(), uint64(i), []corpus.Row{row("a", i+2)}, []string{"b"}); err != nil {
			t.Error(err)
		}
		if err := gen.Publish(t.Context()); err != nil {
			t.Error(err)
		}
	}
	stop.Store(true)
	wg.Wait()
}

// Fill and picks come back as they were put, in every combination.
func TestGraphMarks(t *testing.T) {
	g := openGraph(t, filepath.Join(t.TempDir(), "similar.db"))
	r := corpus.Row{ID: "a"}
	for i, pick := range []corpus.Pick{corpus.NoPick, corpus.GoDeeper, corpus.StartHere} {
		for _, fill := range []bool{false, true} {
			r.Shown = append(r.Shown, corpus.Neighbour{ID: fmt.Sprintf("%d%v", i, fill), Fill: fill, Pick: pick})
		}
	}
	if err := g.Apply(t.Context(), 1, []corpus.Row{r}, nil); err != nil {
		t.Fatal(err)
	}
	wantRow(t, g, r)
}

// Tables are read back as they were put, with their generation, and a damaged piece
// is found.
func TestGraphTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "similar.db")
	g := openGraph(t, path)
	read := func() (data []byte, err error) {
		err = g.Tables(t.Context(), func(r io.Reader) (err error) {
			data, err = io.ReadAll(r)
			return err
		})
		return data, err
	}
	if _, err := read(); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("tables of an empty graph: %v", err)
	}
	gen := build(t, g, corpus.GenerationInfo{Seq: 5}, row("a", 1))
	want := bytes.Repeat([]byte("0123456789abcde"), 200_000)
	for _, data := range [][]byte{[]byte("first"), want} {
		if err := gen.PutTables(t.Context(), func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("broken")
	if err := gen.PutTables(t.Context(), func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a failing writer: %v", err)
	}
	gen.SetChurn(0.25)
	if err := gen.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Update(t.Context(), corpus.Delta{Seq: 6, Changes: 3, Rows: []corpus.Row{row("b", 1)}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, err := read(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
		}
		if i := g.Info(); i.Changes != 3 || i.Churn != 0.25 || i.Seq != 6 || i.Number != 1 {
			t.Errorf("%+v", i)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		g = openGraph(t, path)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("tables"))
		k, v := b.Cursor().First()
		v = bytes.Clone(v)
		v[0] ^= 1
		return b.Put(k, v)
	})
	g, err := corpus.OpenGraph(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = g.Close() }()
	if _, err := read(); !errors.Is(err, corpus.ErrDamaged) {
		t.Errorf("damaged tables: %v", err)
	}
	if err := g.Check(t.Context()); !errors.Is(err, corpus.ErrDamaged) {
		t.Errorf("Check of damaged tables: %v", err)
	}
}

func TestGraphShown(t *testing.T) {
	g, err := corpus.OpenGraph(filepath.Join(t.TempDir(), "similar.db"), &corpus.GraphOptions{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	}()
	row := corpus.Row{ID: "a", Least: 7, Shown: []corpus.Neighbour{{ID: "b", Score: 1, Reasons: []string{"x", "y"}}, {ID: "c"}}, Raw: []corpus.RawNeighbour{{ID: "bb"}, {ID: "bc"}}}
	pauses := 0
	if err := g.Update(t.Context(), corpus.Delta{Seq: 1, Rows: []corpus.Row{row, {ID: "b"}}, Pause: func() { pauses++ }}); err != nil {
		t.Fatal(err)
	}
	if pauses != 4 {
		t.Errorf("%d pauses, want one as each row is packed and one as it is put", pauses)
	}
	list, err := g.List(t.Context(), "a")
	if d := cmp.Diff(row, list); d != "" || err != nil {
		t.Errorf("%v (-want +got): %s", err, d)
	}
	row.Raw = nil
	shown, err := g.Shown(t.Context(), "a")
	if d := cmp.Diff(row, shown); d != "" || err != nil {
		t.Errorf("%v (-want +got): %s", err, d)
	}
}
