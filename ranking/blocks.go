package ranking

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// blockPosts is the number of candidates whose sums are kept at a time: 128 KiB
// of accumulators stay in the second-level cache, and a post of a block is named by
// 16 bits.
const blockPosts = 1 << 15

// block holds the weighted entries of a run of posts by feature.
type block struct {
	from, to int
	lists    [numProducts]lists
}

// lists are postings: those of feature f lie from start[f] to start[f+1].
type lists struct {
	start   []uint32
	posts   []uint16 // within the block
	weights []uint16 // in units of 1/one
}

// newBlock turns the rows of the posts from..to into postings.
func (m *Model) newBlock(ctx context.Context, from, to, workers int) *block {
	b := &block{from: from, to: to}
	inParallel(ctx, int(numProducts), workers, func(_, p int) {
		if m.weights[p] > 0 {
			b.lists[p] = m.newLists(part(p), from, to)
		}
	})
	return b
}

func (m *Model) newLists(p part, from, to int) lists {
	v := &m.vectors[products[p].candidate]
	l := lists{start: make([]uint32, len(v.idf)+1)}
	n := 0
	for i := from; i < to; i++ {
		ids, _ := v.row(i)
		n += len(ids)
		for _, id := range ids {
			l.start[id+1]++
		}
	}
	for f := range v.idf {
		l.start[f+1] += l.start[f]
	}
	l.posts, l.weights = make([]uint16, n), make([]uint16, n)
	for i := from; i < to; i++ {
		scale := m.candidateScale(p, i)
		ids, counts := v.row(i)
		for k, id := range ids {
			at := l.start[id]
			l.posts[at], l.weights[at] = uint16(i-from), m.candidateWeight(p, i, scale, id, counts[k])
			l.start[id]++
		}
	}
	// Filling moved each start to the start of the next feature.
	copy(l.start[1:], l.start[:len(v.idf)])
	l.start[0] = 0
	return l
}

// accumulators are the sums of one block, in units of 1/oneScore.
type accumulators [blockPosts]uint32

// add sums the products of a post with all posts of the block.
func (b *block) add(a *asked, sums *accumulators) {
	for p := range a.terms {
		l := &b.lists[p]
		for _, t := range a.terms[p] {
			from, to := l.start[t.feature], l.start[t.feature+1]
			weights := l.weights[from:to]
			for k, post := range l.posts[from:to] {
				sums[post&(blockPosts-1)] += t.weight * uint32(weights[k])
			}
		}
	}
	for e := range a.edges {
		for _, x := range a.edges[e] {
			if i := int(x.to); i >= b.from && i < b.to {
				sums[i-b.from] += x.weight
			}
		}
	}
}

// collect offers what was summed and clears the sums.
func (b *block) collect(m *Model, a *asked, sums *accumulators, best *top) {
	least := best.least()
	for k := range b.to - b.from {
		if a.date.weight > 0 && sums[k] > 0 {
			sums[k] += a.date.near(&m.dates[b.from+k])
		}
		if sums[k] >= least && b.from+k != a.self {
			best.offer(sums[k], b.from+k)
			least = best.least()
		}
	}
	clear(sums[:b.to-b.from])
}

// least is a similarity below which no post can enter.
func (t *top) least() uint32 {
	if len(t.heap) < t.k || t.k == 0 {
		return 1
	}
	// One unit less, so that rounding never shuts out an equal score.
	x := t.floor/t.model.maxFactor*oneScore - 1
	return uint32(min(max(x, 1), math.MaxUint32))
}

// Exact computes the k posts most similar to each of the posts asked about, as
// [Model.Similar] does, but by scoring all pairs, with so many workers (0: one a
// CPU). The answer does not depend on their number. It stops early only with the
// context's error.
func (m *Model) Exact(ctx context.Context, posts []int, k, workers int) ([][]Scored, error) {
	return m.exact(ctx, posts, k, workers, nil)
}

func (m *Model) exact(ctx context.Context, posts []int, k, workers int, progress func(done int)) ([][]Scored, error) {
	best := make([]top, len(posts))
	for q := range best {
		best[q] = top{model: m, k: k, floor: math.Inf(-1)}
	}
	workers = numWorkers(workers)
	type scratch struct {
		sums  accumulators
		asked asked
	}
	scratches := make([]*scratch, workers)
	for w := range scratches {
		scratches[w] = &scratch{}
	}
	blocks := (len(m.infos) + blockPosts - 1) / blockPosts
	report := reporter{shares: max(blocks, 1)}
	for n := range blocks {
		b := m.newBlock(ctx, n*blockPosts, min((n+1)*blockPosts, len(m.infos)), workers)
		inParallel(ctx, len(posts), workers, func(w, q int) {
			s := scratches[w]
			v := m.view(posts[q])
			m.ask(&v, &s.asked)
			b.add(&s.asked, &s.sums)
			b.collect(m, &s.asked, &s.sums, &best[q])
			report.step(progress)
		})
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	out := make([][]Scored, len(posts))
	for q := range best {
		out[q] = best[q].sorted()
	}
	return out, nil
}

// reporter makes progress in posts out of steps, each a share of a post.
type reporter struct {
	mu     sync.Mutex
	steps  int
	shares int
}

// reportEvery is the number of steps between two reports.
const reportEvery = 512

func (r *reporter) step(progress func(done int)) {
	if progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.steps++; r.steps%reportEvery == 0 {
		progress(r.steps / r.shares)
	}
}

func numWorkers(n int) int {
	if n <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// taken is the number of items that a worker takes at a time, at most; of few items
// it takes a part of its share, so that all end together.
const (
	taken = 32
	turns = 8
)

// inParallel calls f for 0..n-1, each once, from so many workers, or the fewer that ctx
// allows; f is told which worker it runs in. Between calls it gives way, where ctx says so.
// It returns when all calls have, or early when ctx is done.
func inParallel(ctx context.Context, n, workers int, f func(worker, i int)) {
	workers, give := allowed(ctx, workers), yieldingOf(ctx)
	step := min(taken, max(n/(workers*turns), 1))
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(int64(step))) - step
				if from >= n {
					return
				}
				for i := from; i < min(from+step, n) && ctx.Err() == nil; i++ {
					give.yield(ctx, w)
					f(w, i)
				}
			}
		})
	}
	wait.Wait()
}
