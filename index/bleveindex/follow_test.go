package bleveindex_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
)

// Claims: an index that follows a store answers as one that was built at once from
// what is public; it is rebuilt, and the log says why, when it is damaged, belongs
// to another store, to other fields, or is ahead; a change is searchable within
// milliseconds.

// fixture is a store and an index that follows it.
type fixture struct {
	store *corpus.Store
	idx   *bleveindex.Index
	log   *strings.Builder
}

func open(t *testing.T, dir string) *fixture {
	t.Helper()
	f := &fixture{log: &strings.Builder{}}
	var err error
	if f.store, err = corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{NoSync: true}); err != nil {
		t.Fatal(err)
	}
	f.openIndex(t, dir, f.store.ID())
	return f
}

func (f *fixture) openIndex(t *testing.T, dir, store string) {
	t.Helper()
	id := bleveindex.Identity{StoreID: store, StoreSeq: f.store.Seq(), Logger: slog.New(slog.NewTextHandler(f.log, nil))}
	var err error
	if f.idx, err = bleveindex.Open(filepath.Join(dir, "search"), id, indextest.Options()); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) close(t *testing.T) {
	t.Helper()
	if err := errors.Join(f.idx.Close(), f.store.Close()); err != nil {
		t.Error(err)
	}
}

func (f *fixture) write(t *testing.T, changes ...corpus.Change) {
	t.Helper()
	if _, err := f.store.Apply(t.Context(), changes...); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) catchUp(t *testing.T) {
	t.Helper()
	opts := index.FollowOptions{BatchPosts: 17}
	if err := index.NewFollower(f.store, f.idx, opts).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if at, err := f.idx.Seq(t.Context()); err != nil || at != f.store.Seq() {
		t.Fatalf("index is at %d, %v; store at %d", at, err, f.store.Seq())
	}
}

func (f *fixture) verify(t *testing.T) {
	t.Helper()
	indextest.Verify(t, f.idx, indextest.FromFeed(t, f.store, indextest.Options()), 1, 40)
}

func TestFollowerCatchesUp(t *testing.T) {
	f := open(t, t.TempDir())
	defer f.close(t)
	for seed := range uint64(4) {
		f.write(t, indextest.RandomChanges(seed, 120, 80)...)
		f.catchUp(t)
		f.verify(t)
	}
	if err := f.idx.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRebuild(t *testing.T) {
	segments := func(t *testing.T, dir string) []string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "search", "*.zap"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no segment files: %v", err)
		}
		return files
	}
	edit := func(t *testing.T, file string, change func([]byte) []byte) {
		t.Helper()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, change(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flip := func(b []byte) []byte { b[len(b)/2] ^= 0xff; return b }
	for name, c := range map[string]struct {
		harm   func(t *testing.T, dir string)
		store  string // another id
		reason string // what the log says; "" means that the index is used as it is
	}{
		"nothing":             {harm: func(*testing.T, string) {}},
		"another store":       {harm: func(*testing.T, string) {}, store: "other", reason: "it was built from"},
		"a byte of a segment": {harm: func(t *testing.T, dir string) { t.Helper(); edit(t, segments(t, dir)[0], flip) }, reason: "checksum"},
		"a segment cut short": {harm: func(t *testing.T, dir string) {
			t.Helper()
			edit(t, segments(t, dir)[0], func(b []byte) []byte { return b[:len(b)/2] })
		}, reason: "rebuilt"},
		"an empty segment": {harm: func(t *testing.T, dir string) {
			t.Helper()
			edit(t, segments(t, dir)[0], func([]byte) []byte { return nil })
		}, reason: "rebuilt"},
		"a segment of 3 bytes": {harm: func(t *testing.T, dir string) {
			t.Helper()
			edit(t, segments(t, dir)[0], func([]byte) []byte { return []byte("zap") })
		}, reason: "rebuilt"},
		"a segment is gone": {harm: func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Remove(segments(t, dir)[0]); err != nil {
				t.Fatal(err)
			}
		}, reason: "rebuilt"},
		"root.bolt is text": {harm: func(t *testing.T, dir string) {
			t.Helper()
			edit(t, filepath.Join(dir, "search", "root.bolt"), func([]byte) []byte { return []byte("hello") })
		}, reason: "rebuilt"},
		"root.bolt is zeros": {harm: func(t *testing.T, dir string) {
			t.Helper()
			edit(t, filepath.Join(dir, "search", "root.bolt"), func(b []byte) []byte { return make([]byte, len(b)) })
		}, reason: "rebuilt"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			f := open(t, dir)
			f.write(t, indextest.RandomChanges(3, 60, 60)...)
			f.catchUp(t)
			if err := f.idx.Close(); err != nil {
				t.Fatal(err)
			}
			c.harm(t, dir)
			store := f.store.ID()
			if c.store != "" {
				store = c.store
			}
			f.openIndex(t, dir, store)
			defer f.close(t)
			if got := f.log.String(); !strings.Contains(got, c.reason) || c.reason == "" && got != "" {
				t.Errorf("log says %q; want %q in it", got, c.reason)
			}
			at, err := f.idx.Seq(t.Context())
			if err != nil || (at == 0) != (c.reason != "") {
				t.Errorf("opened at %d, %v", at, err)
			}
			f.catchUp(t)
			f.verify(t)
		})
	}
}

// TestDamagedAnywhere: whatever byte of root.bolt or of a segment is wrong, the index
// opens, and answers rightly once it has caught up.
func TestDamagedAnywhere(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	f.write(t, indextest.RandomChanges(3, 60, 60)...)
	f.catchUp(t)
	if err := f.idx.Close(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9, 9)) //nolint:gosec // reproducible
	for round := range 30 {
		files, err := filepath.Glob(filepath.Join(dir, "search", "*"))
		if err != nil {
			t.Fatal(err)
		}
		file := files[r.IntN(len(files))]
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := r.IntN(len(data))
		for i := range min(1+r.IntN(64), len(data)-at) {
			data[at+i] = byte(r.IntN(256))
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f.openIndex(t, dir, f.store.ID())
		f.catchUp(t)
		indextest.Verify(t, f.idx, indextest.FromFeed(t, f.store, indextest.Options()), uint64(round), 5)
		if t.Failed() {
			t.Fatalf("round %d: %d bytes from %d of %s; log %s", round, 64, at, filepath.Base(file), f.log)
		}
		if err := f.idx.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRebuildAhead: a store that was put back to an earlier state.
func TestRebuildAhead(t *testing.T) {
	dir, before := t.TempDir(), t.TempDir()
	f := open(t, dir)
	f.write(t, indextest.RandomChanges(3, 20, 60)...)
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(dir, "posts.db"), filepath.Join(before, "posts.db"))
	if err := f.idx.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir)
	f.write(t, indextest.RandomChanges(4, 20, 60)...)
	f.catchUp(t)
	f.close(t)
	copyFile(t, filepath.Join(before, "posts.db"), filepath.Join(dir, "posts.db"))
	f = open(t, dir)
	defer f.close(t)
	if got := f.log.String(); !strings.Contains(got, "the store at") {
		t.Errorf("log says %q", got)
	}
	f.catchUp(t)
	f.verify(t)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCompacted: an index behind what the log still knows is filled from the start.
func TestCompacted(t *testing.T) {
	f := open(t, t.TempDir())
	defer f.close(t)
	f.write(t, indextest.RandomChanges(5, 100, 30)...)
	f.catchUp(t)
	f.write(t, indextest.RandomChanges(6, 100, 30)...)
	if err := f.store.Compact(t.Context(), f.store.Seq()+1); err != nil {
		t.Fatal(err)
	}
	f.catchUp(t)
	f.verify(t)
}

// TestLiveUpdates: single changes are searchable in milliseconds, also while
// searches run, and Wait says when.
func TestLiveUpdates(t *testing.T) {
	f := open(t, t.TempDir())
	defer f.close(t)
	f.write(t, indextest.RandomChanges(8, 200, 200)...)
	follower := index.NewFollower(f.store, f.idx, index.FollowOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- follower.Run(ctx) }()
	var took []time.Duration
	for seed := range uint64(20) {
		applied, err := f.store.Apply(t.Context(), indextest.RandomChanges(100+seed, 1, 200)...)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := follower.Wait(t.Context(), applied.Seq); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	t.Logf("searchable after %v", took)
	if best := minOf(took); best > 100*time.Millisecond {
		t.Errorf("the quickest update took %v", best)
	}
	f.verify(t)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

func minOf(all []time.Duration) time.Duration {
	best := all[0]
	for _, d := range all {
		best = min(best, d)
	}
	return best
}

// TestInUse: a directory that another one has open is an error, not damage.
func TestInUse(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	defer f.close(t)
	if _, err := bleveindex.Open(filepath.Join(dir, "search"), bleveindex.Identity{}, index.Options{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("second open: %v", err)
	}
}

// TestDiskFails: when segments cannot be written, Apply says so rather than to fill
// the memory.
func TestDiskFails(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	defer f.store.Close() //nolint:errcheck // only read
	if err := os.RemoveAll(filepath.Join(dir, "search")); err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); ; seq += 1000 {
		var changes []corpus.Change
		for i := range uint64(1000) {
			changes = append(changes, corpus.Change{Seq: seq + i, ID: strconv.FormatUint(seq+i, 10), Post: &corpus.Post{Title: "x"}})
		}
		err := f.idx.Apply(t.Context(), index.Range{From: seq, To: seq + 999}, changes)
		if err != nil && strings.Contains(err.Error(), "written to disk") {
			break
		}
		if err != nil || seq > 30_000 { // More than may wait.
			t.Fatalf("after %d posts: %v", seq, err)
		}
	}
	if err := f.idx.Reset(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	f.write(t, indextest.RandomChanges(1, 20, 20)...)
	f.catchUp(t)
	f.verify(t)
	if err := f.idx.Close(); err != nil {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	x, err := bleveindex.OpenMemory(index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := x.Search(t.Context(), index.Request{}); !errors.Is(err, bleveindex.ErrClosed) {
		t.Errorf("search: %v", err)
	}
	if err := x.Apply(t.Context(), index.Range{From: 1, To: 1}, nil); !errors.Is(err, bleveindex.ErrClosed) {
		t.Errorf("apply: %v", err)
	}
}
