package ranking

import (
	"context"
	"runtime"
	"time"
)

// warmPosts is the number of posts that are warmed up at a time: some 20 ms that a
// change may have to wait.
const warmPosts = 64

// warm makes ready what lists are made again from, some posts at a time and idleShare
// times as long free after each as it took, so that searches hardly notice, until there is
// no more to make ready, the store changes or ctx is done. Where it gives way to searches,
// nothing is left free. A change to a post that was not made ready takes longer, no more.
func (e *Engine) warm(ctx context.Context, changed <-chan struct{}) {
	idle := time.Duration(idleShare)
	if yieldingOf(ctx) != nil {
		idle = 0
	}
	for {
		start := e.now()
		if !e.warmSome(ctx) {
			return
		}
		select {
		case <-changed:
			return
		case <-ctx.Done():
			return
		case <-time.After(max(idle*e.now().Sub(start), time.Millisecond)):
		}
	}
}

// warmSome makes the next posts ready; false when there are none.
func (e *Engine) warmSome(ctx context.Context) bool {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	k := e.keeper
	return k != nil && !k.behind && k.generation == e.graph.Info().Number && k.warm(ctx, warmPosts) && ctx.Err() == nil
}

// warm fills what is kept for the next so many posts that have nothing; false when
// all have or there is no room.
func (u *updater) warm(ctx context.Context, most int) bool {
	m := u.model
	if u.ranker.watch(ctx) != nil {
		return false
	}
	posts := u.kept.missing(most, m.dead)
	inParallel(ctx, len(posts), allowed(ctx, runtime.GOMAXPROCS(0)), func(_, n int) {
		v := m.view(posts[n])
		u.kept.list(&v, m.config.Rules.Raw)
	})
	for _, i := range posts {
		u.least[i] = min(u.least[i], u.kept.floor(uint32(i)))
	}
	return len(posts) > 0
}
