package corpus

// The claims, which only a test inside of the package can hold still:
//  1. Calls of Apply that wait together are one transaction.
//  2. A call whose context ends while it waits writes nothing; the others are written.
//  3. A commit that fails tells every caller and leaves nothing behind.

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

func groupStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "posts.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Check(context.Background()), s.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// txID is the number of the last write transaction.
func txID(t *testing.T, s *Store) (id int) {
	t.Helper()
	if err := s.db.View(func(tx *bolt.Tx) error { id = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return id
}

// queued waits until n calls are in the queue.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	for {
		s.mu.Lock()
		got := len(s.queue)
		s.mu.Unlock()
		if got == n {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("the calls do not arrive")
		}
		time.Sleep(time.Millisecond)
	}
}

func groupPut(i int) Change {
	return Put(Post{ID: fmt.Sprintf("p%d", i), Title: "t"}, PublishReviewed)
}

func TestGroupCommit(t *testing.T) {
	s := groupStore(t)
	before := txID(t, s)
	s.committing <- struct{}{} // As if a long commit were at work.
	var wg sync.WaitGroup
	const calls = 8
	for i := range calls {
		wg.Go(func() {
			if a, err := s.Apply(t.Context(), groupPut(i)); err != nil || a.Added != 1 || a.Outcomes[0].ID != groupPut(i).ID {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
	queued(t, s, calls)
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		if _, err := s.Apply(ctx, groupPut(99)); !errors.Is(err, context.Canceled) {
			t.Errorf("the cancelled call: %v", err)
		}
	})
	queued(t, s, calls+1)
	cancel()
	queued(t, s, calls)
	<-s.committing
	wg.Wait()
	if n := txID(t, s) - before; n != 1 {
		t.Errorf("%d transactions for %d calls", n, calls)
	}
	if s.Len() != calls || s.Seq() != calls {
		t.Errorf("%d posts at %d, want %d", s.Len(), s.Seq(), calls)
	}
}

func TestGroupIsBounded(t *testing.T) {
	s := groupStore(t)
	for range 3 {
		s.queue = append(s.queue, &request{bytes: groupBytes/2 + 1, done: make(chan struct{})})
	}
	for want := range 3 {
		if got := len(s.take()); got != 1 {
			t.Errorf("group %d has %d requests, want 1", want, got)
		}
	}
	if got := len(s.take()); got != 0 {
		t.Errorf("%d requests out of an empty queue", got)
	}
}

func TestFailedCommit(t *testing.T) {
	s := groupStore(t)
	if _, err := s.Apply(t.Context(), groupPut(0)); err != nil {
		t.Fatal(err)
	}
	// Room for no more than a few pages.
	s.db.MaxSize = 1 << 20
	s.db.AllocSize = 1
	big := groupPut(1)
	big.Post.Payload = []byte(`{"x":"` + noise(250<<10) + `"}`)
	var err error
	for i := 0; err == nil && i < 100; i++ {
		big.ID = fmt.Sprintf("big%d", i)
		big.Post.ID = big.ID
		_, err = s.Apply(t.Context(), groupPut(1000+i), big)
		if err != nil {
			for _, id := range []string{big.ID, fmt.Sprintf("p%d", 1000+i)} {
				if _, getErr := s.Get(t.Context(), id); !errors.Is(getErr, ErrNotFound) {
					t.Errorf("%s of the failed batch: %v", id, getErr)
				}
			}
		}
	}
	if err == nil {
		t.Fatal("no commit failed; the test shows nothing")
	}
	s.db.MaxSize = 0
	seq := s.Seq()
	if a, err := s.Apply(t.Context(), groupPut(2)); err != nil || a.Seq != seq+1 {
		t.Errorf("after the failure: %+v, %v", a, err)
	}
}

// noise is text that does not compress.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'A' + byte(x>>24)%26
	}
	return string(b)
}
