package corpus_test

// The claims:
//  1. What Apply acknowledged is read by every reader, and again after reopening.
//  2. A post changes when its canonical form or policy differs, and only then.
//  3. An invalid change costs only itself.
//  4. Since yields the latest change of each id, in order; Feed hides what is not public.
//  5. Since before a dropped tombstone is ErrCompacted; Since(0) never is.
//  6. Other processes, newer formats and damaged files are refused with their errors.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
)

// openStore opens the store at path, and at the end of the test checks and closes it.
func openStore(t *testing.T, path string, opts *corpus.Options) *corpus.Store {
	t.Helper()
	s, err := corpus.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Check(context.Background()); err != nil && !errors.Is(err, corpus.ErrClosed) {
			t.Errorf("at the end of the test: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newStore(t *testing.T) *corpus.Store {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "posts.db"), &corpus.Options{NoSync: true})
}

func apply(t *testing.T, s *corpus.Store, changes ...corpus.Change) corpus.Applied {
	t.Helper()
	a, err := s.Apply(t.Context(), changes...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func kinds(a corpus.Applied) string {
	var list []string
	for _, o := range a.Outcomes {
		list = append(list, fmt.Sprintf("%s:%s:%d", o.ID, o.Kind, o.Seq))
	}
	return strings.Join(list, " ")
}

func post(id string) corpus.Post { return corpus.Post{ID: id, Title: "the title of " + id} }

func put(id string) corpus.Change { return corpus.Put(post(id), corpus.PublishReviewed) }

// changes is what Since or Feed yields, as "seq:id" with a minus for deletes.
func changes(t *testing.T, s *corpus.Store, seq uint64, feed bool) string {
	t.Helper()
	it := s.Since(t.Context(), seq)
	if feed {
		it = s.Feed(t.Context(), seq)
	}
	var list []string
	for c, err := range it {
		if err != nil {
			t.Fatal(err)
		}
		mark := ""
		if c.Post == nil {
			mark = "-"
		}
		list = append(list, fmt.Sprintf("%d:%s%s", c.Seq, mark, c.ID))
	}
	return strings.Join(list, " ")
}

func TestApplyOutcomes(t *testing.T) {
	s := newStore(t)
	for _, tc := range []struct {
		name    string
		changes []corpus.Change
		want    string
		log     string
		posts   int
	}{
		{"new posts", []corpus.Change{put("b"), put("a")}, "b:added:1 a:added:2", "1:b 2:a", 2},
		{"the same again", []corpus.Change{put("a"), put("b")}, "a:unchanged:2 b:unchanged:1", "1:b 2:a", 2},
		{"delete", []corpus.Change{corpus.Delete("b")}, "b:removed:3", "2:a 3:-b", 1},
		{"delete again, and what never was", []corpus.Change{corpus.Delete("b"), corpus.Delete("c")}, "b:absent:3 c:absent:0", "2:a 3:-b", 1},
		{"added again", []corpus.Change{put("b")}, "b:added:4", "2:a 4:b", 2},
		{"one id three times", []corpus.Change{corpus.Delete("a"), put("a"), put("a")}, "a:removed:5 a:added:6 a:unchanged:6", "4:b 6:a", 2},
		{"nothing", nil, "", "4:b 6:a", 2},
		{
			"bad ones cost only themselves",
			[]corpus.Change{put(""), put("d"), corpus.Delete("x\x00"), {ID: "e", Post: &corpus.Post{ID: "f", Title: "t"}}, corpus.Put(post("g"), "some")},
			":rejected:0 d:added:7 x\x00:rejected:0 e:rejected:0 g:rejected:0", "4:b 6:a 7:d", 3,
		},
	} {
		a := apply(t, s, tc.changes...)
		if got := kinds(a); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
		if got := changes(t, s, 0, false); got != tc.log {
			t.Errorf("%s: the log is %s, want %s", tc.name, got, tc.log)
		}
		if got := s.Len(); got != tc.posts {
			t.Errorf("%s: %d posts, want %d", tc.name, got, tc.posts)
		}
		if sum := a.Added + a.Changed + a.Unchanged + a.Removed + a.Absent + a.Rejected; sum != len(tc.changes) {
			t.Errorf("%s: the counts of %+v do not sum to %d", tc.name, a, len(tc.changes))
		}
	}
}

func TestRejectedSaysWhy(t *testing.T) {
	s := newStore(t)
	bad := post("a")
	bad.Entities = []corpus.Entity{{Name: "x", Type: "thing"}}
	a := apply(t, s, corpus.Put(bad, corpus.PublishReviewed))
	var fe *corpus.FieldError
	if !errors.As(a.Outcomes[0].Err, &fe) || fe.Field != "entities[0].type" || a.Rejected != 1 {
		t.Errorf("applied %+v", a)
	}
}

func TestWhatIsAChange(t *testing.T) {
	full := fullPost(t)
	full.Score, full.Stack, full.Flags = nil, nil, nil
	for _, tc := range []struct {
		name   string
		edit   func(p *corpus.Post)
		policy corpus.Policy
		want   corpus.OutcomeKind
	}{
		{"nothing", func(*corpus.Post) {}, "", corpus.Unchanged},
		{"the same hash with another body", func(p *corpus.Post) { p.Body += "." }, "", corpus.Changed},
		{"another hash", func(p *corpus.Post) { p.Hash = "0" }, "", corpus.Changed},
		{"another status", func(p *corpus.Post) { p.Revision = &corpus.Revision{Status: corpus.StatusDraft} }, "", corpus.Changed},
		{"another tag", func(p *corpus.Post) { p.Tags = []string{"postgresql", "pooling"} }, "", corpus.Changed},
		{"another payload", func(p *corpus.Post) { p.Payload = json.RawMessage(`{"a":1}`) }, "", corpus.Changed},
		{"the payload in another order", func(p *corpus.Post) {
			p.Payload = json.RawMessage(` { "a" : 1e2, "z":[1.0,{"x":"<\u0026>","y":null}]}`)
		}, "", corpus.Unchanged},
		{"no extra", func(p *corpus.Post) { p.Extra = nil }, "", corpus.Changed},
		{"empty for absent", func(p *corpus.Post) { p.Score, p.Stack, p.Flags = &corpus.Score{}, []string{}, &corpus.Flags{} }, "", corpus.Unchanged},
		{"another policy", func(*corpus.Post) {}, corpus.PublishAll, corpus.Changed},
	} {
		s := newStore(t)
		apply(t, s, corpus.Put(full, corpus.PublishReviewed))
		p := full
		tc.edit(&p)
		a := apply(t, s, corpus.Put(p, tc.policy))
		if got := a.Outcomes[0].Kind; got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.db")
	s := openStore(t, path, nil)
	full := fullPost(t)
	apply(t, s, put("z"), corpus.Put(full, corpus.PublishAll), put("a"), corpus.Delete("a"))
	want := corpus.Record{Post: full, Seq: 2, Publish: corpus.PublishAll}
	for range 2 {
		got, err := s.Get(t.Context(), full.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Get (-want +got):\n%s", d)
		}
		many, err := s.GetMany(t.Context(), []string{"z", "a", "", full.ID, "never"})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]corpus.Record{"z": {Post: post("z"), Seq: 1}, full.ID: want}, many); d != "" {
			t.Errorf("GetMany (-want +got):\n%s", d)
		}
		if _, err := s.Get(t.Context(), "a"); !errors.Is(err, corpus.ErrNotFound) {
			t.Errorf("Get of a deleted id: %v", err)
		}
		if s.Len() != 2 || s.Seq() != 4 {
			t.Errorf("Len %d, Seq %d; want 2, 4", s.Len(), s.Seq())
		}
		id := s.ID()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openStore(t, path, nil)
		if s.ID() != id || len(id) != 32 {
			t.Errorf("the id was %q and is %q", id, s.ID())
		}
	}
}

// More posts than a chunk holds, in an order that is not that of their ids.
func TestIteration(t *testing.T) {
	s := newStore(t)
	const n = 700
	var want []string
	for i := range n {
		id := fmt.Sprintf("p%03d", i*331%n)
		apply(t, s, put(id))
		want = append(want, id)
	}
	apply(t, s, corpus.Delete(want[5]))
	var log []string
	for c, err := range s.Since(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, c.ID)
	}
	if d := cmp.Diff(append(slices.Delete(slices.Clone(want), 5, 6), want[5]), log); d != "" {
		t.Errorf("Since (-want +got):\n%s", d)
	}
	want = slices.Delete(want, 5, 6)
	slices.Sort(want)
	var got []string
	for p, err := range s.Posts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.ID)
		changed := p
		changed.Body = "changed"
		apply(t, s, corpus.Put(changed, corpus.PublishReviewed)) // A consumer may write.
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Posts (-want +got):\n%s", d)
	}
}

// A change made while Since runs comes in the next Since, never twice in one.
func TestSinceIsBounded(t *testing.T) {
	s := newStore(t)
	for i := range 600 {
		apply(t, s, put(fmt.Sprintf("p%03d", i)))
	}
	seen := map[string]bool{}
	last := uint64(0)
	for c, err := range s.Since(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[c.ID] || c.Seq <= last || c.Seq > 600 {
			t.Fatalf("%s at %d after %d, seen before: %v", c.ID, c.Seq, last, seen[c.ID])
		}
		seen[c.ID], last = true, c.Seq
		if c.Seq == 1 { // Moves p599 to the end of the log.
			p := post("p599")
			p.Body = "changed"
			apply(t, s, corpus.Put(p, corpus.PublishReviewed))
		}
	}
	if seen["p599"] || len(seen) != 599 {
		t.Errorf("%d ids, p599 among them: %v", len(seen), seen["p599"])
	}
	if got := changes(t, s, last, false); got != "601:p599" {
		t.Errorf("then %s", got)
	}
}

func TestFeedHides(t *testing.T) {
	s := newStore(t)
	draft := post("draft")
	draft.Revision = &corpus.Revision{Status: corpus.StatusDraft}
	lifted := draft
	lifted.ID = "lifted"
	apply(t, s, put("a"), corpus.Put(draft, corpus.PublishReviewed), corpus.Put(lifted, corpus.PublishAll), put("b"), corpus.Delete("b"))
	if got, want := changes(t, s, 0, true), "1:a 2:-draft 3:lifted 5:-b"; got != want {
		t.Errorf("Feed yields %s, want %s", got, want)
	}
	if got, want := changes(t, s, 2, true), "3:lifted 5:-b"; got != want {
		t.Errorf("Feed after 2 yields %s, want %s", got, want)
	}
}

func TestCompact(t *testing.T) {
	s := newStore(t)
	apply(t, s, put("a"), put("b"), put("c"), corpus.Delete("a"), corpus.Delete("b"))
	if err := s.Compact(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	if got, want := changes(t, s, 0, false), "3:c 5:-b"; got != want {
		t.Errorf("the log is %s, want %s", got, want)
	}
	for _, tc := range []struct {
		seq       uint64
		compacted bool
	}{{0, false}, {1, true}, {3, true}, {4, false}, {5, false}, {9, false}} {
		compacted := false
		for _, err := range s.Since(t.Context(), tc.seq) {
			compacted = compacted || errors.Is(err, corpus.ErrCompacted)
		}
		if compacted != tc.compacted {
			t.Errorf("Since(%d) is compacted: %v, want %v", tc.seq, compacted, tc.compacted)
		}
	}
	if a := apply(t, s, corpus.Delete("a"), put("b")); kinds(a) != "a:absent:0 b:added:6" {
		t.Errorf("after compaction: %s", kinds(a))
	}
}

func TestChanged(t *testing.T) {
	s := newStore(t)
	closed := func(ch <-chan struct{}) bool {
		select {
		case <-ch:
			return true
		default:
			return false
		}
	}
	ch := s.Changed()
	apply(t, s, corpus.Delete("never"))
	if closed(ch) {
		t.Error("closed though nothing changed")
	}
	apply(t, s, put("a"))
	if !closed(ch) || closed(s.Changed()) {
		t.Error("not closed by a change, or the next one is closed")
	}
}

func TestCancelled(t *testing.T) {
	s := newStore(t)
	apply(t, s, put("a"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Apply(ctx, put("b")); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
	if _, err := s.Get(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v", err)
	}
	if err := s.Compact(ctx, 9); !errors.Is(err, context.Canceled) {
		t.Errorf("Compact: %v", err)
	}
	if err := s.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Check: %v", err)
	}
	for name, it := range map[string]func(func(string, error) bool){
		"Since": func(yield func(string, error) bool) {
			s.Since(ctx, 0)(func(c corpus.Change, err error) bool { return yield(c.ID, err) })
		},
		"Posts": func(yield func(string, error) bool) {
			s.Posts(ctx)(func(p corpus.Post, err error) bool { return yield(p.ID, err) })
		},
	} {
		n := 0
		for _, err := range it {
			if n++; !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s yielded %d times", name, n)
		}
	}
	if s.Len() != 1 || s.Seq() != 1 {
		t.Errorf("%d posts at %d", s.Len(), s.Seq())
	}
}

func TestClosed(t *testing.T) {
	s := newStore(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), put("a")); !errors.Is(err, corpus.ErrClosed) {
		t.Errorf("Apply: %v", err)
	}
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, corpus.ErrClosed) {
		t.Errorf("Get: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.db")
	if _, err := corpus.Open(path, &corpus.Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a store that is not there: %v", err)
	}
	s, err := corpus.Open(path, &corpus.Options{Rand: bytes.NewReader(make([]byte, 16)), Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("0", 32); s.ID() != want {
		t.Errorf("ID = %s, want the injected %s", s.ID(), want)
	}
	apply(t, s, put("a"))
	if _, err := corpus.Open(path, &corpus.Options{ReadOnly: true}); !errors.Is(err, corpus.ErrLocked) {
		t.Errorf("while a writer has it: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Readers share it.
		r := openStore(t, path, &corpus.Options{ReadOnly: true})
		if _, err := r.Get(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		if _, err := r.Apply(t.Context(), put("b")); err == nil {
			t.Error("Apply on a store opened for reading")
		}
		if err := r.Compact(t.Context(), 1); err == nil {
			t.Error("Compact on a store opened for reading")
		}
	}
}
