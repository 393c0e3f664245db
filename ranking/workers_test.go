package ranking

import (
	"context"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alphanode/corpus"
)

// Workers, proved here: what computes on behalf of a context that allows one goroutine is
// one at a time, and all of it is done; without a bound several are.

// crowd tells how many were at work at once at most.
type crowd struct {
	mu        sync.Mutex
	now, most int
	done      int
}

func (c *crowd) work() {
	c.mu.Lock()
	c.now++
	c.most = max(c.most, c.now)
	c.mu.Unlock()
	time.Sleep(time.Millisecond)
	c.mu.Lock()
	c.now--
	c.done++
	c.mu.Unlock()
}

func TestWorkersOfAContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for most, ctx := range map[int]context.Context{3: t.Context(), 1: withWorkers(t.Context(), 1)} {
			var c crowd
			inParallel(ctx, 100, 3, func(int, int) { c.work() })
			if c.most != most || c.done != 100 {
				t.Errorf("%d at once, want %d; %d done", c.most, most, c.done)
			}
		}
	})
}

func TestWorkersOfAFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c crowd
		merged := 0
		newWorker := func() func([]*corpus.Post) int {
			return func(posts []*corpus.Post) int { c.work(); return len(posts) }
		}
		err := inOrder(withWorkers(t.Context(), 1), manyPosts(10*batchPosts), newWorker, func(n int) { merged += n })
		if err != nil || merged != 10*batchPosts || c.most != 1 {
			t.Errorf("%d posts merged, %d at once, %v", merged, c.most, err)
		}
	})
}

func manyPosts(n int) iter.Seq2[corpus.Change, error] {
	return func(yield func(corpus.Change, error) bool) {
		for range n {
			if !yield(corpus.Change{Post: &corpus.Post{}}, nil) {
				return
			}
		}
	}
}
