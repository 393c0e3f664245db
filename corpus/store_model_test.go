package corpus_test

// The claim: after any sequence of operations the store says what a map and a list
// say. The seed is printed; CORPUS_SEED=n runs one again.

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
)

// model is what a store must be, in the plainest form.
type model struct {
	seq       uint64
	compacted uint64
	posts     map[string]corpus.Record
	log       []corpus.Change // One entry per id, by sequence.
}

func (m *model) write(c corpus.Change) corpus.OutcomeKind {
	old, live := m.posts[c.ID]
	switch {
	case c.ID == "":
		return corpus.Rejected
	case c.Post == nil && !live:
		return corpus.Absent
	case c.Post != nil && live && old.Publish == c.Publish && cmp.Equal(old.Post, *c.Post):
		return corpus.Unchanged
	}
	m.seq++
	c.Seq = m.seq
	m.log = append(slices.DeleteFunc(m.log, func(e corpus.Change) bool { return e.ID == c.ID }), c)
	switch {
	case c.Post == nil:
		delete(m.posts, c.ID)
		return corpus.Removed
	case live:
		m.posts[c.ID] = corpus.Record{Post: *c.Post, Seq: m.seq, Publish: c.Publish}
		return corpus.Changed
	default:
		m.posts[c.ID] = corpus.Record{Post: *c.Post, Seq: m.seq, Publish: c.Publish}
		return corpus.Added
	}
}

func (m *model) compact(before uint64) {
	m.log = slices.DeleteFunc(m.log, func(e corpus.Change) bool {
		drop := e.Post == nil && e.Seq < before
		if drop {
			m.compacted = max(m.compacted, e.Seq)
		}
		return drop
	})
}

func TestAgainstModel(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("CORPUS_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("CORPUS_SEED=%d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	path := filepath.Join(t.TempDir(), "posts.db")
	opts := &corpus.Options{NoSync: true}
	s := openStore(t, path, opts)
	m := &model{posts: map[string]corpus.Record{}}
	for step := range 400 {
		switch n := rng.IntN(100); {
		case n < 70:
			modelApply(t, rng, s, m)
		case n < 75:
			before := rng.Uint64N(m.seq + 2)
			m.compact(before)
			if err := s.Compact(t.Context(), before); err != nil {
				t.Fatal(err)
			}
		case n < 80:
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openStore(t, path, opts)
		default:
			modelSince(t, s, m, rng.Uint64N(m.seq+2))
		}
		if step%20 == 0 {
			modelCompare(t, s, m)
		}
	}
	modelCompare(t, s, m)
}

func modelApply(t *testing.T, rng *rand.Rand, s *corpus.Store, m *model) {
	t.Helper()
	var list []corpus.Change
	var want []corpus.OutcomeKind
	for range rng.IntN(40) {
		c := corpus.Delete(fmt.Sprintf("id/%d", rng.IntN(150)))
		switch n := rng.IntN(10); {
		case n == 0:
			c = put("")
		case n < 8:
			p := post(c.ID)
			p.Body = fmt.Sprint(rng.IntN(3))
			if rng.IntN(50) == 0 {
				p.Body = string(make([]byte, 100_000))
			}
			c = corpus.Put(p, [...]corpus.Policy{corpus.PublishReviewed, corpus.PublishAll}[rng.IntN(2)])
		}
		list, want = append(list, c), append(want, m.write(c))
	}
	for i, o := range apply(t, s, list...).Outcomes {
		if o.Kind != want[i] || o.ID != list[i].ID {
			t.Fatalf("%q: %v, want %v", o.ID, o.Kind, want[i])
		}
	}
	if s.Seq() != m.seq || s.Len() != len(m.posts) {
		t.Fatalf("seq %d, %d posts; want %d, %d", s.Seq(), s.Len(), m.seq, len(m.posts))
	}
}

func modelSince(t *testing.T, s *corpus.Store, m *model, seq uint64) {
	t.Helper()
	var got []corpus.Change
	var err error
	for c, e := range s.Since(t.Context(), seq) {
		if err = e; err == nil {
			got = append(got, c)
		}
	}
	if seq > 0 && seq < m.compacted && seq < m.seq {
		if !errors.Is(err, corpus.ErrCompacted) {
			t.Fatalf("Since(%d), compacted to %d: %v", seq, m.compacted, err)
		}
		return
	}
	var want []corpus.Change
	for _, c := range m.log {
		if c.Seq > seq {
			want = append(want, c)
		}
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Fatalf("Since(%d): %v (-want +got):\n%s", seq, err, d)
	}
}

func modelCompare(t *testing.T, s *corpus.Store, m *model) {
	t.Helper()
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	modelSince(t, s, m, 0)
	var got []corpus.Record
	for r, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	var want []corpus.Record
	for _, id := range slices.Sorted(maps.Keys(m.posts)) {
		want = append(want, m.posts[id])
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("Records (-want +got):\n%s", d)
	}
	ids := []string{"id/0", "id/1", "id/2", "never"}
	found, err := s.GetMany(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		want, live := m.posts[id]
		if got, ok := found[id]; ok != live || !cmp.Equal(want, got) {
			t.Fatalf("GetMany: %q is %+v, want %+v", id, got, want)
		}
	}
}
