package ranking

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// yielding makes what is computed in the background give way to requests: no more
// goroutines compute than there are processors that no request takes, less one, which finds
// the next request free. Whoever computes asks between pieces of work, some 0.1 ms each. It
// is for one computation at a time.
type yielding struct {
	answering func() int // the requests under way
	now       func() time.Time
	free      int         // processors that may compute while nothing is asked
	since     []time.Time // by worker: when it went on last
	// naps is how often a worker waits for requests to end, before it goes on in any case.
	naps atomic.Int64
}

const (
	// stint is how long is computed between two looks at who is waiting.
	stint = 200 * time.Microsecond
	// nap is how long is waited before another look; a sleeping processor takes
	// requests at once.
	nap = 500 * time.Microsecond
	// mostNaps leaves a hundredth of a processor, however many requests there are.
	mostNaps = 20
)

// newYielding is nil when it cannot be known what is asked.
func newYielding(answering func() int, now func() time.Time) *yielding {
	if answering == nil || now == nil {
		return nil
	}
	most := runtime.GOMAXPROCS(0)
	y := &yielding{answering: answering, now: now, free: max(most-1, 1), since: make([]time.Time, most)}
	y.naps.Store(mostNaps)
	return y
}

// press makes waiting shorter, the more of the changes that may wait do.
func (y *yielding) press(waiting, most int) {
	if y != nil {
		y.naps.Store(int64(mostNaps * max(most-2*waiting, 0) / max(most, 1)))
	}
}

// yield waits while there are requests that a worker may be in the way of.
func (y *yielding) yield(ctx context.Context, worker int) {
	if y == nil || y.now().Sub(y.since[worker]) < stint {
		return
	}
	for n := y.naps.Load(); n > 0 && y.answering()+worker >= y.free && ctx.Err() == nil; n-- {
		time.Sleep(nap)
	}
	y.since[worker] = y.now()
}

// yieldingKey is the key of the yielding of a context.
type yieldingKey struct{}

// withYielding makes what is computed on behalf of ctx give way; nil undoes that.
func withYielding(ctx context.Context, y *yielding) context.Context {
	return context.WithValue(ctx, yieldingKey{}, y)
}

func yieldingOf(ctx context.Context) *yielding {
	y, _ := ctx.Value(yieldingKey{}).(*yielding)
	return y
}
