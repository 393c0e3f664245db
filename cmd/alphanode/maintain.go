package main

import (
	"context"
	"errors"
	"fmt"

	"alphanode/server"
)

// ready says why searches would not see all that is stored; nil when they do.
func (a *App) ready() error {
	seq, err := a.Index.Seq(context.Background())
	if err != nil {
		return err
	}
	if at := a.Store.Seq(); seq < at {
		return fmt.Errorf("the index is at change %d of %d", seq, at)
	}
	return nil
}

// reindex empties the index and fills it again from the store.
func (a *App) reindex(ctx context.Context, progress server.Progress) error {
	if err := a.Index.Reset(ctx, "asked for by reindex"); err != nil {
		return err
	}
	return a.catchUp(ctx, progress)
}

// catchUp waits until everything stored is searchable, and tells how far it is.
func (a *App) catchUp(ctx context.Context, progress server.Progress) error {
	target := a.Store.Seq()
	done := make(chan error, 1)
	go func() { done <- a.Follower.Wait(ctx, target) }()
	tick := a.ticks(ctx)
	for {
		select {
		case err := <-done:
			return err
		case <-tick:
			seq, err := a.Index.Seq(ctx)
			if err != nil {
				return err
			}
			progress(int(min(seq, target)), int(target)) //nolint:gosec // Far below 2^63.
		}
	}
}

// check verifies what is derived: the graph, and that every public post is in the
// index and nothing else.
func (a *App) check(ctx context.Context) error {
	if err := a.CatchUp(ctx); err != nil {
		return err
	}
	public := 0
	for change, err := range a.Store.Feed(ctx, 0) {
		if err != nil {
			return err
		}
		if change.Post != nil {
			public++
		}
	}
	stats, err := a.Index.Stats(ctx)
	if err != nil {
		return err
	}
	if stats.Posts != public {
		err = fmt.Errorf("search index holds %d posts, the store has %d public ones: run reindex", stats.Posts, public)
	}
	return errors.Join(err, a.Index.Check(ctx), a.Graph.Check(ctx))
}
