package ranking

import (
	"context"
	"errors"
	"time"

	"alphanode/corpus"
)

// Follow keeps the graph up to date until ctx is done, whose error it returns. A
// change is brought into the lists that it concerns after Settle. All lists are computed
// anew, with new statistics, at the start if that is due, and when too much has changed and
// the store has come to rest. What fails is logged and tried again at the next
// change or after MaxDelay.
func (e *Engine) Follow(ctx context.Context) error {
	ctx = withYielding(withWorkers(ctx, e.opts.Workers), newYielding(e.opts.Answering, e.opts.Now))
	e.following.Store(true)
	defer e.following.Store(false)
	var p pace
	for {
		changed := e.store.Changed() // Taken first, so that no change is missed.
		err := e.refresh(ctx, &p)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !errors.Is(err, errGeneration) {
			if err == nil {
				e.warm(ctx, changed)
			}
			if err := e.await(ctx, changed, err); err != nil {
				return err
			}
		}
		if err := e.pause(ctx, &p); err != nil {
			return err
		}
	}
}

// await waits until there is something to do; failed is why there may be already.
func (e *Engine) await(ctx context.Context, changed <-chan struct{}, failed error) error {
	var retry <-chan time.Time
	if failed != nil {
		e.opts.Logger.Error("similar posts could not be brought up to date", "error", failed)
		retry = time.After(e.opts.MaxDelay)
	}
	select {
	case <-changed:
	case <-retry:
	case <-time.After(refreshPeriod):
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// pace says how much time was spent.
type pace struct {
	small  bool          // the round is one of few changes
	update time.Duration // on the last round of these
	built  time.Time     // when all lists were made anew
	build  time.Duration // and how long that took
}

// refreshPeriod is how often a graph is looked at that no change has touched: its
// day may have gone stale.
const refreshPeriod = 6 * time.Hour

// refresh brings up to date what is not: the graph, or only the model that answers
// for texts that the graph does not know. In a small round it is errGeneration, and
// nothing is computed, when there are more changes than there seemed.
func (e *Engine) refresh(ctx context.Context, p *pace) error {
	start, generation := e.now(), e.graph.Info().Number
	err := e.bring(ctx, p.small, nil)
	if err == nil {
		_, err = e.loaded(ctx)
	}
	if err == nil {
		err = e.remeasure(ctx)
	}
	if errors.Is(err, corpus.ErrCompacted) {
		err = nil // The next round reads from the start.
	}
	end := e.now()
	if e.graph.Info().Number != generation {
		p.built, p.build = end, end.Sub(start)
	} else {
		p.update = end.Sub(start)
	}
	return err
}

func (e *Engine) now() time.Time {
	if e.opts.Now == nil {
		return time.Time{}
	}
	return e.opts.Now()
}

// maxPause bounds the time left free after few changes.
const maxPause = 2 * time.Second

// pause waits before the next round: a moment where few changes wait, and idleShare times
// as long as the last few took, so that a stream of changes leaves room for searches and
// lists are made again once for several; else until the store has come to rest.
func (e *Engine) pause(ctx context.Context, p *pace) error {
	if p.small = e.few(); !p.small {
		return e.rest(ctx, p)
	}
	select {
	case <-time.After(max(e.opts.Settle, min(idleShare*p.update, maxPause))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// few is true when the changes that wait can be brought into the lists.
func (e *Engine) few() bool {
	return !e.due() && e.store.Seq()-e.graph.Seq() <= uint64(max(e.allowance(), 0))
}

// idleShare is the time left free after a build or a few changes, as a multiple of theirs.
const idleShare = 4

// rest waits until the store has been still for Debounce, but no longer than
// MaxDelay, and until four times as long as the last build took have passed since.
func (e *Engine) rest(ctx context.Context, p *pace) error {
	least := time.NewTimer(idleShare*p.build - e.now().Sub(p.built))
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
