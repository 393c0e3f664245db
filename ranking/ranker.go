package ranking

import (
	"context"
	"math"
)

// ranker decides which posts are in the ranked list of another, and in which
// order. A post's list depends on the posts that reach it alone: those whose reach
// of it, a number decided by the two posts and by what is frozen, is at least the list's
// least. Methods may be called concurrently but for add and remove.
type ranker interface {
	// lists ranks the n best for each of some posts, and tells f in any order, one at a
	// time, with the least of the list: 0 when all that reach it are in it.
	lists(ctx context.Context, posts []int, n, workers int, progress func(done int), f func(i int, list []Scored, least uint32)) error
	// list does so for one post, of the model or not.
	list(v *view, n int) ([]Scored, uint32)
	// reached returns the living posts whose lists post b reaches, and how far, in no
	// order.
	reached(ctx context.Context, b int, least []uint32) []reachedPost
	// watch prepares for reached, which is faster then.
	watch(ctx context.Context) error
	// add and remove follow the versions of posts.
	add(i int)
	remove(i int)
	// atATime is how many posts lists is best asked for at a time.
	atATime() int
	// exact is false where a list depends on more than the posts that reach it, so that
	// it cannot be kept as they change.
	exact() bool
}

// ranker is what the model's lists are made by.
func (m *Model) ranker() ranker {
	if m.posts > m.config.Similar.Search.ExactPosts {
		return m.kernel()
	}
	return plainRanker{m}
}

// reachedPost is a post with the reach of another for its list.
type reachedPost struct{ post, reach uint32 }

// plainRanker ranks by the scores of all pairs: its reach is the score itself.
type plainRanker struct{ model *Model }

// reach is a score as a whole number that keeps its order.
func reach(score float64) uint32 { return uint32(score * (1 << 31)) }

func leastOf(list []Scored, n int) uint32 {
	if len(list) < n || n == 0 {
		return 0
	}
	return reach(list[n-1].Score)
}

func (r plainRanker) lists(ctx context.Context, posts []int, n, workers int, progress func(done int), f func(i int, list []Scored, least uint32)) error {
	all, err := r.model.exact(ctx, posts, n, workers, progress)
	if err != nil {
		return err
	}
	for k, list := range all {
		f(posts[k], list, leastOf(list, n))
	}
	return nil
}

func (r plainRanker) list(v *view, n int) ([]Scored, uint32) {
	list := r.model.plain(v, n)
	return list, leastOf(list, n)
}

func (r plainRanker) reached(_ context.Context, b int, least []uint32) (found []reachedPost) {
	m := r.model
	s := m.newScorer()
	for a := range m.infos {
		if m.dead[a] || a == b {
			continue
		}
		v := m.view(a)
		s.ask(&v)
		sim := s.similarity(b)
		if x := reach(m.score(sim, b)); sim > 0 && x >= least[a] {
			found = append(found, reachedPost{uint32(a), x})
		}
	}
	return found
}

func (plainRanker) watch(ctx context.Context) error { return ctx.Err() }
func (plainRanker) add(int)                         {}
func (plainRanker) remove(int)                      {}
func (plainRanker) atATime() int                    { return math.MaxInt32 }
func (plainRanker) exact() bool                     { return true }
