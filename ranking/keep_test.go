package ranking

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
)

// The graph within a generation, proved here:
//  1. A change is brought into the published rows, which then are those of a rebuild
//     under the same statistics, to the last byte; the generation stays.
//  2. So it is after a process was killed in the middle, any number of times, and after
//     rows could not be written.
//  3. A start with nothing to do writes nothing.
//  4. Lists are read, and texts compared, while changes are brought in.
//  5. What lists are made again from is made ready while nothing is to be done, for as
//     many posts as there is room for, and changes no list.
//  6. Too many changes at once, or since the freeze, make a new generation, which says
//     how much it changed; so does a log that has forgotten deletes, or a file without tables.

// keepDir names, in the child process, the directory to work in.
const keepDir = "RANKING_KEEP_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(keepDir); dir != "" {
		if err := keepChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// shop is a data directory that is open.
type shop struct {
	store  *corpus.Store
	graph  *corpus.Graph
	engine *Engine
}

func clock() time.Time { return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC) }

func openShop(dir string, opts Options) (shop, error) {
	store, err := corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{Now: clock})
	if err != nil {
		return shop{}, err
	}
	graph, err := corpus.OpenGraph(filepath.Join(dir, "similar.db"), nil)
	if err != nil {
		return shop{}, errors.Join(err, store.Close())
	}
	opts.Now = clock
	c := DefaultConfig()
	c.Rules.Shown, c.Rules.Raw = 4, 8
	return shop{store, graph, New(nil, store, graph, c, opts)}, nil
}

func (s shop) close() error { return errors.Join(s.store.Close(), s.graph.Close()) }

// within lets every change be brought into the generation.
func within() Options {
	return Options{Settle: time.Microsecond, Debounce: time.Millisecond, Backlog: 1e6, Drift: 1e6}
}

func newShop(t *testing.T, opts Options, posts []corpus.Post) shop {
	t.Helper()
	s, err := openShop(t.TempDir(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	s.put(t, posts...)
	s.bring(t)
	return s
}

func (s shop) put(tb testing.TB, posts ...corpus.Post) {
	tb.Helper()
	var list []corpus.Change
	for _, p := range posts {
		list = append(list, corpus.Put(p, corpus.PublishAll))
	}
	s.change(tb, list...)
}

func (s shop) change(tb testing.TB, list ...corpus.Change) {
	tb.Helper()
	if _, err := s.store.Apply(tb.Context(), list...); err != nil {
		tb.Fatal(err)
	}
}

func (s shop) bring(tb testing.TB) {
	tb.Helper()
	if err := s.engine.BuildGraph(tb.Context(), nil); err != nil {
		tb.Fatal(err)
	}
}

// asRebuilt compares the published rows with those of a rebuild under what the
// generation froze.
func (s shop) asRebuilt(tb testing.TB) {
	tb.Helper()
	if s.graph.Seq() != s.store.Seq() {
		tb.Fatalf("the rows say %d, the store is at %d", s.graph.Seq(), s.store.Seq())
	}
	var f *frozen
	err := s.graph.Tables(tb.Context(), func(r io.Reader) (err error) {
		f, err = restore(r, s.engine.config)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	m, err := f.load(tb.Context(), s.store.Feed(tb.Context(), 0))
	if err != nil {
		tb.Fatal(err)
	}
	_, doc, err := s.engine.curated(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	m.curate(doc)
	_, want := updaterOf(tb, m)
	got := map[string]corpus.Row{}
	for row, err := range s.graph.Rows(tb.Context()) {
		if err != nil {
			tb.Fatal(err)
		}
		got[row.ID] = row
	}
	sameRows(tb, want, got)
	if err := s.graph.Check(tb.Context()); err != nil {
		tb.Error(err)
	}
}

// randomChanges changes posts at random, hubs among them, some in one go.
func randomChanges(rng *rand.Rand, size int) []corpus.Change {
	var list []corpus.Change
	for range 1 + rng.IntN(3)*rng.IntN(4) {
		i := rng.IntN(size)
		if rng.IntN(5) == 0 {
			i = 7
		}
		p := mixedPost(rng, i, size)
		if rng.IntN(5) == 0 {
			list = append(list, corpus.Delete(p.ID))
		} else {
			list = append(list, corpus.Put(p, corpus.PublishAll))
		}
	}
	return list
}

const keepPosts = 100

// keepChild changes posts and follows them until it is killed. It says when the rows
// have followed the first changes.
func keepChild(dir string) error {
	s, err := openShop(dir, within())
	if err != nil {
		return err
	}
	ctx := context.Background()
	go func() { _ = s.engine.Follow(ctx) }()
	start := s.store.Seq()
	rng := rand.New(rand.NewPCG(start, 5))
	for said := false; ; {
		if _, err := s.store.Apply(ctx, randomChanges(rng, keepPosts)...); err != nil {
			return err
		}
		if !said && s.graph.Seq() > start {
			fmt.Println("following")
			said = true
		}
	}
}

func TestKilledWhileFollowing(t *testing.T) {
	dir := t.TempDir()
	s, err := openShop(dir, within())
	if err != nil {
		t.Fatal(err)
	}
	s.put(t, mixedPosts(1, keepPosts)...)
	s.bring(t)
	first := s.graph.Info()
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		killRound(t, dir, time.Duration(7*round)*time.Millisecond)
		if s, err = openShop(dir, within()); err != nil {
			t.Fatal(err)
		}
		found := s.graph.Seq()
		s.bring(t)
		s.asRebuilt(t)
		if now := s.graph.Info(); now.Number != first.Number || found <= first.Seq {
			t.Errorf("round %d: generation %d at %d after %d at %d: changes were not brought into it", round, now.Number, found, first.Number, first.Seq)
		}
		first.Seq = found
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killRound kills a child so long after it followed the first changes.
func killRound(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), keepDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Errorf("the child said %q, %v", line, err)
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

func TestChangesWithinAGeneration(t *testing.T) {
	s := newShop(t, within(), mixedPosts(2, 80))
	built := s.graph.Info()
	rng := rand.New(rand.NewPCG(2, 6))
	changes := 0
	for range 12 {
		list := randomChanges(rng, 90)
		s.change(t, list...)
		changes += len(list)
		s.bring(t)
		s.asRebuilt(t)
	}
	if now := s.graph.Info(); now.Number != built.Number || now.Changes == 0 || now.Changes > changes {
		t.Errorf("%d changes: %+v after %+v", changes, now, built)
	}
	// A failed write leaves the model ahead of the rows.
	s.engine.keeper.behind = true
	s.change(t, randomChanges(rng, 90)...)
	s.bring(t)
	s.asRebuilt(t)
}

func TestListsMadeReady(t *testing.T) {
	for _, room := range []int{-1, 30, 1000} {
		opts := within()
		opts.Contenders = room
		s := newShop(t, opts, mixedPosts(11, 150))
		kept := s.engine.keeper.kept
		for s.engine.warmSome(t.Context()) {
		}
		if got := int(kept.kept.Load()); got != min(max(room, 0), 150) {
			t.Errorf("room for %d: %d are ready", room, got)
		}
		rng := rand.New(rand.NewPCG(11, 1))
		for range 8 {
			s.change(t, randomChanges(rng, 160)...)
			s.bring(t)
			s.engine.warmSome(t.Context())
		}
		s.asRebuilt(t)
		held := 0
		for _, c := range kept.lists {
			if c != nil {
				held++
			}
		}
		if got := int(kept.kept.Load()); got != held || held > max(room, 0) {
			t.Errorf("room for %d: %d are ready, %d are counted", room, held, got)
		}
	}
}

func TestReadersWhileFollowing(t *testing.T) {
	s := newShop(t, within(), mixedPosts(9, 80))
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { _ = s.engine.Follow(ctx) })
	for r := range 3 {
		rng := rand.New(rand.NewPCG(uint64(r), 8))
		all.Go(func() {
			for ctx.Err() == nil {
				p := mixedPost(rng, rng.IntN(90), 90)
				list, err := s.engine.SimilarTo(ctx, p, 5)
				if err != nil && ctx.Err() == nil || slices.ContainsFunc(list, func(n corpus.Neighbour) bool { return n.ID == p.ID }) {
					t.Errorf("posts similar to %s: %v, %v", p.ID, list, err)
				}
				if _, err := s.engine.Similar(ctx, p.ID, 20); err != nil && !errors.Is(err, corpus.ErrNotFound) && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	rng := rand.New(rand.NewPCG(9, 9))
	for range 60 {
		s.change(t, randomChanges(rng, 90)...)
		time.Sleep(time.Millisecond)
	}
	for range 2000 {
		if s.graph.Seq() == s.store.Seq() {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	all.Wait()
	s.asRebuilt(t)
}

func TestStartWithNothingToDo(t *testing.T) {
	s := newShop(t, within(), mixedPosts(3, 60))
	s.change(t, corpus.Delete("post-3"))
	s.bring(t)
	before := s.graph.Info()
	again := New(nil, s.store, s.graph, s.engine.config, s.engine.opts)
	if err := again.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := again.loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := s.graph.Info(); now != before || again.keeper == nil || again.keeper.behind {
		t.Errorf("a start made %+v of %+v", now, before)
	}
	s.put(t, mixedPosts(4, 5)...)
	if err := again.BuildGraph(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if now := s.graph.Info(); now.Number != before.Number {
		t.Errorf("generation %d after %d", now.Number, before.Number)
	}
	s.asRebuilt(t)
}

func TestNewGeneration(t *testing.T) {
	posts := mixedPosts(5, 150)
	for _, tc := range []struct {
		name string
		opts Options
		want uint64
		do   func(t *testing.T, s shop)
	}{
		{"within", Options{Backlog: 0.05, Drift: 0.2}, 1, func(t *testing.T, s shop) {
			t.Helper()
			s.put(t, posts[0])
		}},
		{"backlog", Options{Backlog: 0.02, Drift: 0.2}, 2, func(t *testing.T, s shop) {
			t.Helper()
			s.put(t, mixedPosts(6, 4)...)
		}},
		{"many changes of few posts", Options{Backlog: 0.02, Drift: 0.2}, 1, func(t *testing.T, s shop) {
			t.Helper()
			for i := range 9 {
				s.put(t, mixedPosts(uint64(i), 1)...)
			}
		}},
		{"drift", Options{Backlog: 1, Drift: 0.02}, 2, func(t *testing.T, s shop) {
			t.Helper()
			for i := range 4 {
				s.put(t, mixedPosts(uint64(7+i), 150)[i])
				s.bring(t)
			}
		}},
		{"forgotten deletes", Options{Backlog: 1, Drift: 1}, 2, func(t *testing.T, s shop) {
			t.Helper()
			s.change(t, corpus.Delete("post-1"))
			s.put(t, mixedPosts(8, 150)[2])
			if err := s.store.Compact(t.Context(), s.store.Seq()); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShop(t, tc.opts, posts)
			tc.do(t, s)
			s.bring(t)
			s.asRebuilt(t)
			info := s.graph.Info()
			if info.Number != tc.want {
				t.Errorf("generation %d, want %d", info.Number, tc.want)
			}
			if tc.want > 1 && (info.Churn <= 0 || info.Churn > 0.9 || info.Changes != 0) {
				t.Errorf("after a new generation: %+v", info)
			}
		})
	}
}
