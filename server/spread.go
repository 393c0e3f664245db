package server

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// spread calls f with 0..n-1, on as many goroutines as there are CPUs, and returns
// when all have returned. A panic of f is raised again here, where the request's
// recovery is.
func spread(n int, f func(i int)) {
	var (
		next   atomic.Int64
		failed atomic.Value
		wg     sync.WaitGroup
	)
	work := func() {
		defer func() {
			if r := recover(); r != nil {
				failed.CompareAndSwap(nil, raised{r})
			}
		}()
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if r, ok := failed.Load().(raised); ok {
		panic(r.value)
	}
}

// raised is what a goroutine panicked with.
type raised struct{ value any }
