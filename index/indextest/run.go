package indextest

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
)

// Opener opens the index in dir, or opens it again with what it holds.
type Opener func(t *testing.T, dir string, opts index.Options) index.Index

// Merger is an index that can merge its segments when asked to.
type Merger interface {
	Merge(ctx context.Context) error
}

// Options are those that Run opens indexes with: a prior that depends on the day,
// and a clock that stands still.
func Options() index.Options {
	return index.Options{
		Signals: func(p *corpus.Post, _ body.Doc) index.Signals {
			return index.Signals{
				Quality: float32(len(p.Title) % 101), Depth: float32(len(p.Body) % 101), Clarity: 50, Freshness: 100,
				Day: p.PublishedAt.Day(), HalfLifeDays: 365,
			}
		},
		Prior: func(s index.Signals, day int32) float32 {
			age := float64(max(0, day-s.Day))
			return float32((float64(s.Quality)/100 + math.Exp2(-age/float64(s.HalfLifeDays))) / 2)
		},
		Now: func() time.Time { return time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC) },
	}
}

// Run checks that the indexes that open gives conform to index.Index. Seeds are
// printed with each failure.
func Run(t *testing.T, open Opener) {
	t.Helper()
	t.Run("random operations", func(t *testing.T) { RunRandom(t, open, 0, 18, 70) })
	t.Run("random operations without prior", func(t *testing.T) {
		opts := Options()
		opts.Prior, opts.Signals = nil, nil
		runRandom(t, open, opts, 11)
	})
	t.Run("random operations, plain", func(t *testing.T) {
		opts := Options()
		opts.Plain = true
		runRandom(t, open, opts, 12)
	})
	t.Run("same scores whatever the batching", func(t *testing.T) { runBatching(t, open) })
	t.Run("scripts", func(t *testing.T) { runScripts(t, open) })
	t.Run("deadline", func(t *testing.T) { runDeadline(t, open) })
	t.Run("sequence", func(t *testing.T) { runSequence(t, open) })
	t.Run("concurrent", func(t *testing.T) { runConcurrent(t, open) })
}

// RunRandom compares the indexes that open gives with the oracle under random
// operations, a series of them for each seed.
func RunRandom(t *testing.T, open Opener, seeds ...uint64) {
	t.Helper()
	for _, seed := range seeds {
		runRandom(t, open, Options(), seed)
	}
}

// subject is an index under test with its oracle.
type subject struct {
	t      *testing.T
	open   Opener
	opts   index.Options
	dir    string
	idx    index.Index
	oracle *Oracle
	seq    uint64
	seed   uint64
	random
}

func newSubject(t *testing.T, open Opener, opts index.Options, seed uint64) *subject {
	t.Helper()
	s := &subject{t: t, open: open, opts: opts, dir: t.TempDir(), oracle: NewOracle(opts), seed: seed, random: newRandom(seed)}
	s.idx = open(t, s.dir, opts)
	t.Cleanup(func() {
		if err := s.idx.Close(); err != nil {
			t.Errorf("seed %d: close: %v", seed, err)
		}
	})
	return s
}

func runRandom(t *testing.T, open Opener, opts index.Options, seed uint64) {
	t.Helper()
	s := newSubject(t, open, opts, seed)
	for range 12 {
		switch s.IntN(10) {
		case 0:
			s.reopen()
		case 1:
			s.merge()
		case 2, 3:
			s.applyTwo()
		default:
			s.apply(s.changes(s.IntN(25)))
		}
		for range 12 {
			s.compare(s.request(opts.Plain))
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// changes makes n changes of different ids, with sequence numbers.
func (s *subject) changes(n int) []corpus.Change {
	var out []corpus.Change
	for _, i := range s.Perm(60)[:min(n, 60)] {
		id := "post-" + string(rune('0'+i%10)) + strings.Repeat("x", i/10)
		s.seq++
		c := corpus.Change{Seq: s.seq, ID: id}
		if s.IntN(4) > 0 {
			p := s.post(id)
			c.Post = &p
		}
		out = append(out, c)
	}
	return out
}

func (s *subject) apply(changes []corpus.Change) {
	s.t.Helper()
	from := s.seq - uint64(len(changes)) + 1
	if err := s.idx.Apply(s.t.Context(), index.Range{From: from, To: s.seq}, changes); err != nil {
		s.t.Fatalf("seed %d: apply: %v", s.seed, err)
	}
	s.oracle.Apply(changes)
	if at, err := s.idx.Seq(s.t.Context()); err != nil || at != s.seq {
		s.t.Fatalf("seed %d: seq is %d, %v; want %d", s.seed, at, err, s.seq)
	}
}

// applyTwo applies two batches without a common id at the same time.
func (s *subject) applyTwo() {
	s.t.Helper()
	changes := s.changes(20)
	s.oracle.Apply(changes)
	first := changes[0].Seq
	var wg sync.WaitGroup
	for _, half := range [][]corpus.Change{changes[10:], changes[:10]} {
		r := index.Range{From: half[0].Seq, To: half[len(half)-1].Seq}
		wg.Go(func() {
			if err := s.idx.Apply(s.t.Context(), r, half); err != nil {
				s.t.Errorf("seed %d: apply: %v", s.seed, err)
			}
		})
	}
	wg.Wait()
	if at, err := s.idx.Seq(s.t.Context()); err != nil || at != first+19 {
		s.t.Errorf("seed %d: seq is %d, %v; want %d", s.seed, at, err, first+19)
	}
}

func (s *subject) reopen() {
	s.t.Helper()
	if err := s.idx.Close(); err != nil {
		s.t.Fatalf("seed %d: close: %v", s.seed, err)
	}
	s.idx = s.open(s.t, s.dir, s.opts)
	if at, err := s.idx.Seq(s.t.Context()); err != nil || at != s.seq {
		s.t.Fatalf("seed %d: seq is %d, %v after opening again; want %d", s.seed, at, err, s.seq)
	}
}

func (s *subject) merge() {
	s.t.Helper()
	if m, ok := s.idx.(Merger); ok {
		if err := m.Merge(s.t.Context()); err != nil {
			s.t.Fatalf("seed %d: merge: %v", s.seed, err)
		}
	}
}

// compare searches both and reports differences.
func (s *subject) compare(req index.Request) {
	s.t.Helper()
	got, err := s.idx.Search(s.t.Context(), req)
	if err != nil {
		s.t.Errorf("seed %d: search %q: %v", s.seed, req.Query.Raw, err)
		return
	}
	if diff := Compare(got, s.oracle.Search(req)); diff != "" {
		s.t.Errorf("seed %d: %d posts, query %q, filter %v, typing %t, typos %d, sort %v, from %d, size %d (-want +got):\n%s",
			s.seed, s.oracle.Len(), req.Query.Raw, req.Filter, req.Typing, req.Typos, req.Sort, req.From, req.Size, diff)
	}
	for _, h := range got.Hits {
		if req.Explain {
			checkExplanation(s.t, h, h.Explain)
		}
	}
}

// tolerance is how far scores may be apart, relative to their size.
const tolerance = 1e-9

// Compare describes how got differs from want; "" when it does not. Scores may
// differ by 1e-9, and hits whose scores do not differ by more may change places.
func Compare(got, want *index.Result) string {
	opts := []cmp.Option{
		cmpopts.IgnoreFields(index.Result{}, "Hits", "Words", "Seq", "AsOfDay", "Last", "Snapshot"),
		cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		return diff
	}
	same := cmp.Comparer(near)
	return cmp.Diff(canonical(want.Hits), canonical(got.Hits), same, cmpopts.IgnoreFields(index.Hit{}, "Explain"))
}

func near(a, b float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b)) }

// canonical orders runs of hits with the same score by id, but for runs of exactly
// equal scores, whose order is defined, and the last run, which a page may cut.
func canonical(hits []index.Hit) []index.Hit {
	out := slices.Clone(hits)
	for from := 0; from < len(out); {
		to := from + 1
		exact := true
		for to < len(out) && near(out[to].Score, out[from].Score) {
			exact = exact && out[to].Score == out[from].Score
			to++
		}
		if !exact {
			slices.SortFunc(out[from:to], func(a, b index.Hit) int { return strings.Compare(a.ID, b.ID) })
		}
		from = to
	}
	return out
}

// checkExplanation checks that the values of a tree follow from its operations, and
// that its root is the score.
func checkExplanation(t *testing.T, h index.Hit, e *index.Explanation) {
	t.Helper()
	if e == nil {
		t.Errorf("hit %s has no explanation", h.ID)
		return
	}
	if math.Abs(e.Value-h.Score) > 1e-6*max(1, math.Abs(h.Score)) {
		t.Errorf("hit %s: explanation says %v, score is %v", h.ID, e.Value, h.Score)
	}
	checkNode(t, h.ID, e)
}

func checkNode(t *testing.T, id string, e *index.Explanation) {
	t.Helper()
	want := e.Value
	switch e.Op {
	case index.Sum:
		want = 0
		for _, c := range e.Children {
			want += c.Value
		}
	case index.Product:
		want = 1
		for _, c := range e.Children {
			want *= c.Value
		}
	case index.Max:
		want = math.Inf(-1)
		for _, c := range e.Children {
			want = max(want, c.Value)
		}
	case index.Leaf:
		if len(e.Children) > 0 {
			t.Errorf("hit %s: leaf %q has children", id, e.Name)
		}
	default:
		t.Errorf("hit %s: node %q has operation %q", id, e.Name, e.Op)
	}
	if math.Abs(want-e.Value) > 1e-6*max(1, math.Abs(want)) {
		t.Errorf("hit %s: node %q is %v, its children make %v", id, e.Name, e.Value, want)
	}
	for _, c := range e.Children {
		checkNode(t, id, c)
	}
}

// runBatching: the same posts have the same scores, bit for bit, however they were
// batched, merged and deleted.
func runBatching(t *testing.T, open Opener) {
	t.Helper()
	r := newRandom(77)
	var changes []corpus.Change
	for i := range 40 {
		p := r.post("post-" + string(rune('A'+i)))
		changes = append(changes, corpus.Change{Seq: uint64(i + 1), ID: p.ID, Post: &p})
	}
	var indexes []index.Index
	for _, size := range []int{40, 1, 7} {
		s := newSubject(t, open, Options(), uint64(size))
		for chunk := range slices.Chunk(changes, size) {
			s.seq += uint64(len(chunk))
			s.apply(chunk)
			s.churn()
		}
		if size == 7 {
			s.merge()
		}
		indexes = append(indexes, s.idx)
	}
	for range 60 {
		req := r.request(false)
		want, err := indexes[0].Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, idx := range indexes[1:] {
			got, err := idx.Search(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := Compare(got, want); diff != "" {
				t.Errorf("query %q, filter %v (-want +got):\n%s", req.Query.Raw, req.Filter, diff)
			}
		}
	}
}

// churn writes posts and deletes them again: nothing of them may be left.
func (s *subject) churn() {
	s.t.Helper()
	var put, drop []corpus.Change
	for _, id := range []string{"gone-1", "gone-2", "gone-3"} {
		p := s.post(id)
		s.seq++
		put = append(put, corpus.Change{Seq: s.seq, ID: id, Post: &p})
	}
	s.apply(put)
	for _, c := range put {
		s.seq++
		drop = append(drop, corpus.Change{Seq: s.seq, ID: c.ID})
	}
	s.apply(drop)
}

func runDeadline(t *testing.T, open Opener) {
	t.Helper()
	s := newSubject(t, open, Options(), 5)
	s.apply(s.changes(30))
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	res, err := s.idx.Search(ctx, s.request(false))
	if err != nil || !res.Partial || res.TotalExact {
		t.Errorf("past the deadline: %+v, %v; want a partial result", res, err)
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.idx.Search(gone, s.request(false)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v; want %v", err, context.Canceled)
	}
}

// runSequence: Seq is the end of the gapless prefix, whatever the order.
func runSequence(t *testing.T, open Opener) {
	t.Helper()
	s := newSubject(t, open, Options(), 6)
	steps := []struct {
		r    index.Range
		want uint64
	}{
		{index.Range{From: 11, To: 20}, 0},
		{index.Range{From: 31, To: 40}, 0},
		{index.Range{From: 1, To: 10}, 20},
		{index.Range{From: 41, To: 41}, 20},
		{index.Range{From: 21, To: 30}, 41},
		{index.Range{From: 42, To: 50}, 50},
		{index.Range{From: 51, To: 50}, 50},
		{index.Range{From: 20, To: 30}, 50},
		{index.Range{From: 51, To: 51}, 51},
	}
	for _, step := range steps {
		if err := s.idx.Apply(t.Context(), step.r, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := s.idx.Seq(t.Context()); err != nil || got != step.want {
			t.Errorf("after %v: seq is %d, %v; want %d", step.r, got, err, step.want)
		}
	}
	s.seq = 51
	s.reopen()
}

// runConcurrent: readers see whole batches only while a writer writes.
func runConcurrent(t *testing.T, open Opener) {
	t.Helper()
	s := newSubject(t, open, Options(), 7)
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				res, err := s.idx.Search(context.WithoutCancel(ctx), index.Request{Size: 100})
				if err != nil || res.Total%2 != 0 || len(res.Hits) != min(100, res.Total) {
					t.Errorf("total %d, %d hits, %v; batches have two posts", res.Total, len(res.Hits), err)
					return
				}
			}
		})
	}
	for i := range uint64(40) {
		a, b := s.post("a"+string(rune('a'+i%20))), s.post("b"+string(rune('a'+i%20)))
		changes := []corpus.Change{{Seq: 2*i + 1, ID: a.ID, Post: &a}, {Seq: 2*i + 2, ID: b.ID, Post: &b}}
		if err := s.idx.Apply(t.Context(), index.Range{From: 2*i + 1, To: 2*i + 2}, changes); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	readers.Wait()
}
