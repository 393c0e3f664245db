package index_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
)

// Claims: batches have gapless ranges and respect their limits; no id is in two
// batches in flight; at most Workers batches are; an index that is ahead, damaged
// or behind a compaction is reset once; a failure is reported to Wait and tried
// again; Wait returns when the change is searchable.

// feed is a change log in memory.
type feed struct {
	mu        sync.Mutex
	log       []corpus.Change
	compacted uint64
	changed   chan struct{}
}

func newFeed() *feed { return &feed{changed: make(chan struct{})} }

func (f *feed) write(ids ...string) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		seq := uint64(len(f.log) + 1)
		f.log = append(f.log, corpus.Change{Seq: seq, ID: id, Post: &corpus.Post{ID: id, Body: "0123456789"}})
	}
	close(f.changed)
	f.changed = make(chan struct{})
	return uint64(len(f.log))
}

func (f *feed) Feed(_ context.Context, seq uint64) iter.Seq2[corpus.Change, error] {
	return func(yield func(corpus.Change, error) bool) {
		f.mu.Lock()
		log, compacted := f.log, f.compacted
		f.mu.Unlock()
		if seq > 0 && seq < compacted {
			yield(corpus.Change{}, corpus.ErrCompacted)
			return
		}
		for _, c := range log[min(seq, uint64(len(log))):] {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (f *feed) Seq() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return uint64(len(f.log))
}

func (f *feed) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// recorder is an index that checks what it is given.
type recorder struct {
	t *testing.T
	index.Index
	mu      sync.Mutex
	applied map[uint64]bool
	seq     uint64
	flying  map[string]bool
	batches int
	most    int // batches at a time
	largest int
	resets  []string
	fail    func() error
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	return &recorder{t: t, applied: make(map[uint64]bool), flying: make(map[string]bool), fail: func() error { return nil }}
}

func (r *recorder) Apply(_ context.Context, over index.Range, changes []corpus.Change) error {
	r.mu.Lock()
	if err := r.fail(); err != nil {
		r.mu.Unlock()
		return err
	}
	r.batches++
	r.most, r.largest = max(r.most, r.batches), max(r.largest, len(changes))
	for _, c := range changes {
		if r.flying[c.ID] {
			r.t.Errorf("id %s is in two batches in flight", c.ID)
		}
		if c.Seq < over.From || c.Seq > over.To {
			r.t.Errorf("change %d is not in its range %v", c.Seq, over)
		}
		r.flying[c.ID] = true
	}
	r.mu.Unlock()
	time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond) //nolint:gosec // any order will do
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches--
	for _, c := range changes {
		delete(r.flying, c.ID)
	}
	for seq := over.From; seq <= over.To; seq++ {
		if r.applied[seq] {
			r.t.Errorf("change %d is in two ranges", seq)
		}
		r.applied[seq] = true
	}
	for r.applied[r.seq+1] {
		r.seq++
	}
	return nil
}

func (r *recorder) Seq(context.Context) (uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seq, nil
}

func (r *recorder) Reset(_ context.Context, reason string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resets = append(r.resets, reason)
	r.applied, r.seq = make(map[uint64]bool), 0
	return nil
}

func ids(seed uint64, n, of int) []string {
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // reproducible
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(r.IntN(of))
	}
	return out
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestBatches(t *testing.T) {
	for name, opts := range map[string]index.FollowOptions{
		"posts": {BatchPosts: 7, Workers: 2},
		"bytes": {BatchBytes: 50, Workers: 3},
		"one":   {BatchPosts: 5, Workers: 1},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := newFeed(), newRecorder(t)
			f.write(ids(1, 300, 40)...)
			var progress []uint64
			opts.OnProgress = func(done, total uint64) {
				if done > total {
					t.Errorf("progress %d of %d", done, total)
				}
				progress = append(progress, done)
			}
			if err := index.NewFollower(f, r, opts).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			limit := 7
			if name != "posts" {
				limit = 5
			}
			if r.seq != 300 || r.most > opts.Workers || r.largest > limit {
				t.Errorf("at %d, %d batches at a time, the largest of %d", r.seq, r.most, r.largest)
			}
			if len(progress) == 0 || progress[len(progress)-1] == 0 {
				t.Errorf("progress %v", progress)
			}
		})
	}
}

func TestResets(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(f *feed, r *recorder)
		resets  int
	}{
		"nothing":   {func(*feed, *recorder) {}, 0},
		"ahead":     {func(_ *feed, r *recorder) { r.seq = 1000 }, 1},
		"compacted": {func(f *feed, r *recorder) { f.compacted, r.seq = 50, 10 }, 1},
		"damaged": {func(_ *feed, r *recorder) {
			r.fail = func() error {
				if len(r.resets) == 0 {
					return fmt.Errorf("segment 7: %w", index.ErrDamaged)
				}
				return nil
			}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := newFeed(), newRecorder(t)
			f.write(ids(2, 100, 100)...)
			c.prepare(f, r)
			if err := index.NewFollower(f, r, index.FollowOptions{BatchPosts: 9}).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(r.resets) != c.resets || r.seq != 100 {
				t.Errorf("reset %v, at %d", r.resets, r.seq)
			}
		})
	}
}

func TestDamagedForGood(t *testing.T) {
	f, r := newFeed(), newRecorder(t)
	f.write("a")
	r.fail = func() error { return index.ErrDamaged }
	if err := index.NewFollower(f, r, index.FollowOptions{}).CatchUp(t.Context()); !errors.Is(err, index.ErrDamaged) {
		t.Errorf("err = %v", err)
	}
	if len(r.resets) != 1 {
		t.Errorf("reset %d times", len(r.resets))
	}
}

func TestRunAndWait(t *testing.T) {
	f, r := newFeed(), newRecorder(t)
	follower := index.NewFollower(f, r, index.FollowOptions{Logger: quiet()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- follower.Run(ctx) }()
	for i := range 20 {
		seq := f.write(ids(uint64(i), 3, 10)...)
		if err := follower.Wait(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	late, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if err := follower.Wait(late, 10_000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for what is not written: %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

// TestFailureIsReportedAndTriedAgain: a full disk, for instance.
func TestFailureIsReportedAndTriedAgain(t *testing.T) {
	f, r := newFeed(), newRecorder(t)
	full := errors.New("no space left")
	failures := 1
	r.fail = func() error {
		if failures > 0 {
			failures--
			return full
		}
		return nil
	}
	follower := index.NewFollower(f, r, index.FollowOptions{Logger: quiet()})
	seq := f.write("a")
	go func() { _ = follower.Run(t.Context()) }()
	if err := follower.Wait(t.Context(), seq); !errors.Is(err, full) {
		t.Errorf("while it fails: %v", err)
	}
	for start := time.Now(); ; {
		if at, _ := r.Seq(t.Context()); at == seq {
			return
		}
		if time.Since(start) > 20*time.Second {
			t.Fatal("not tried again")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestRunEndsWithTheIndex(t *testing.T) {
	f, r := newFeed(), newRecorder(t)
	f.write("a")
	r.fail = func() error { return index.ErrClosed }
	if err := index.Follow(t.Context(), f, r, index.FollowOptions{Logger: quiet()}); !errors.Is(err, index.ErrClosed) {
		t.Errorf("Follow ended with %v", err)
	}
}
