package ranking

import (
	"context"
	"errors"
	"time"

	"alphanode/corpus"
)

// Follow keeps the graph up to date until ctx is done, whose error it returns: a
// build at the start if one is due, then one when the store has moved and come
// to rest. A build that fails is logged and tried again at the next change or
// after MaxDelay.
func (e *Engine) Follow(ctx context.Context) error {
	e.following.Store(true)
	defer e.following.Store(false)
	for {
		changed := e.store.Changed() // Taken first, so that no change is missed.
		cost, err := e.refresh(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var retry <-chan time.Time
		if err != nil {
			e.opts.Logger.Error("similar posts could not be brought up to date", "error", err)
			retry = time.After(e.opts.MaxDelay)
		}
		select {
		case <-changed:
		case <-retry:
		case <-time.After(refreshPeriod):
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := e.rest(ctx, cost); err != nil {
			return err
		}
	}
}

// refreshPeriod is how often a graph is looked at that no change has touched: its
// day may have gone stale.
const refreshPeriod = 6 * time.Hour

// refresh builds what is not up to date: the graph, or only the model that
// answers for texts that the graph does not know. It returns the time spent.
func (e *Engine) refresh(ctx context.Context) (time.Duration, error) {
	start := e.now()
	err := e.BuildGraph(ctx, nil)
	if err == nil {
		_, err = e.loaded(ctx)
	}
	if err == nil {
		err = e.remeasure(ctx)
	}
	if errors.Is(err, corpus.ErrCompacted) {
		err = nil // The next round reads from the start.
	}
	return e.now().Sub(start), err
}

func (e *Engine) now() time.Time {
	if e.opts.Now == nil {
		return time.Time{}
	}
	return e.opts.Now()
}

// idleShare is the time left free after a build, in builds.
const idleShare = 4

// rest waits until the store has been still for Debounce, but no longer than
// MaxDelay, and at least four times as long as the last build took.
func (e *Engine) rest(ctx context.Context, cost time.Duration) error {
	least := time.NewTimer(idleShare * cost)
	defer least.Stop()
	limit := time.NewTimer(e.opts.MaxDelay)
	defer limit.Stop()
	for still := false; !still; {
		select {
		case <-e.store.Changed():
		case <-time.After(e.opts.Debounce):
			still = true
		case <-limit.C:
			still = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case <-least.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
