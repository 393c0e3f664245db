package exec

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// manyTerms is from how many terms on it is worth to look at segments on several
// processors.
const manyTerms = 64

// termsOf is about the number of terms that a word stands for; many for a phrase, whose
// positions are as dear.
func termsOf(of source) int {
	w, ok := of.(*wordTerms)
	if !ok {
		return manyTerms
	}
	n := 1 + len(w.single)
	for i := range w.merged {
		n += len(w.merged[i].terms)
	}
	return n
}

// spread calls f once for each segment, the largest first, on as many goroutines as
// there are processors, each with a searcher of its own. It returns when all have
// returned: all failures joined. A panic of f is raised again here, where the search's
// recovery is.
func (s *searcher) spread(f func(s *searcher, seg int) error) error {
	if s.alone {
		return s.inTurn(f)
	}
	order := make([]int, len(s.segments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.segments[b].columns.Docs, s.segments[a].columns.Docs) })
	return parallel(len(order), func(first bool) (func(i int) error, func()) {
		if first {
			return func(i int) error { return f(s, order[i]) }, func() {}
		}
		fork := s.fork()
		return func(i int) error { return f(fork, order[i]) }, func() { s.config.Fast.release(fork.scratch) }
	})
}

// parallel does n things on as many goroutines as there are processors, this one the first
// of them. Each calls enter, which gives what does a thing, and what is called in the end unless
// something panicked. It returns when all have returned: all failures joined. A panic is
// raised again here.
func parallel(n int, enter func(first bool) (do func(i int) error, leave func())) error {
	var (
		next  atomic.Int64
		wg    sync.WaitGroup
		crash atomic.Value
	)
	failed := make([]error, n)
	work := func(first bool) {
		defer func() {
			if r := recover(); r != nil {
				crash.CompareAndSwap(nil, raised{r})
			}
		}()
		do, leave := enter(first)
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			failed[i] = do(i)
		}
		leave()
	}
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		wg.Go(func() { work(false) })
	}
	work(true)
	wg.Wait()
	if r, ok := crash.Load().(raised); ok {
		panic(r.value)
	}
	return errors.Join(failed...)
}

// inTurn is spread on this goroutine alone; the first failure ends it. A search that leaves
// other processors alone waits for the others.
func (s *searcher) inTurn(f func(s *searcher, seg int) error) error {
	for seg := range s.segments {
		if s.alone {
			if err := s.awaitIdle(); err != nil {
				return err
			}
		}
		if err := f(s, seg); err != nil {
			return err
		}
	}
	return nil
}

// awaitIdle waits until there are no other searches.
func (s *searcher) awaitIdle() (err error) {
	s.seen, err = s.config.Fast.searches.awaitIdle(s.ctx, s.seen)
	return err
}

// raised is what a goroutine panicked with.
type raised struct{ value any }

// fork is a searcher for another goroutine, with working memory of its own.
func (s *searcher) fork() *searcher {
	out := newSearcher(s.ctx, s.Snapshot)
	out.inverse, out.boosts, out.factors = s.inverse, s.boosts, s.factors
	out.scratch = s.config.Fast.acquire()
	return out
}
