package ranking

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Giving way, proved here: what computes in the background stands still while a request is
// under way, is done in the end however many there are, and sooner where more waits.

// give runs 100 pieces of work of a millisecond and says how long they took.
func give(ctx context.Context, answering func() int, waiting int) time.Duration {
	y := newYielding(answering, time.Now)
	y.free = 1
	y.press(waiting, 100)
	start := time.Now()
	inParallel(withYielding(withWorkers(ctx, 1), y), 100, 1, func(int, int) { time.Sleep(time.Millisecond) })
	return time.Since(start)
}

func TestYield(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idle := give(t.Context(), func() int { return 0 }, 0)
		busy := give(t.Context(), func() int { return 1 }, 0)
		pressed, late := give(t.Context(), func() int { return 1 }, 25), give(t.Context(), func() int { return 1 }, 50)
		if idle != 100*time.Millisecond || late != idle {
			t.Errorf("%v while nothing is asked, %v when half of what may wait does, want 100 ms", idle, late)
		}
		if busy != 100*(time.Millisecond+mostNaps*nap) || pressed >= busy || pressed <= idle {
			t.Errorf("%v while something is asked, %v when a quarter of what may wait does", busy, pressed)
		}
		var asked atomic.Int64
		asked.Store(1)
		go func() {
			time.Sleep(5 * time.Millisecond)
			asked.Store(0)
		}()
		if once := give(t.Context(), func() int { return int(asked.Load()) }, 0); once < 104*time.Millisecond || once > 106*time.Millisecond {
			t.Errorf("%v when one request of 5 ms came first", once)
		}
	})
}
