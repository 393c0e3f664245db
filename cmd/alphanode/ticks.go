package main

import (
	"context"
	"time"
)

// progressInterval is how often long work is asked how far it is.
const progressInterval = 200 * time.Millisecond

// ticks fires at the progress interval until ctx is done.
func (a *App) ticks(ctx context.Context) <-chan time.Time {
	t := time.NewTicker(progressInterval)
	context.AfterFunc(ctx, t.Stop)
	return t.C
}

// pause waits for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
