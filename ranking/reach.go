package ranking

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// noCut is the cut of a post whose features were not chosen yet.
const noCut = math.MaxUint32

// noteCut remembers the value that all that is walked for the post at a place exceeds:
// a function of the post and of what is frozen. Callers may note it at the same time.
func (k *kernel) noteCut(place uint32, cut float32) {
	atomic.StoreUint32(&k.cuts[place], math.Float32bits(cut))
}

// reacher finds the posts whose lists a post reaches: those whose sum for it is at
// least the least of their list. Sums are first bounded for all posts at once, by those
// who ask about what the post has. Those whose bound is enough are summed exactly. Not safe
// for concurrent use, but blocks are worked on in parallel.
type reacher struct {
	kernel *kernel
	entries
	least   []uint32
	bounds  []uint32          // by place: of the sums, in units of 1/finer
	arrows  map[uint32]uint16 // by post: what the arrows between the two add to its sum
	date    moment
	workers []*reachWorker
}

// finer is the number of units of a bound in one of a sum.
const finer = 32

// entries are those of one post, for the sums of others.
type entries struct {
	post  int
	has   [numChannels][]uint8 // by feature: the level of the entry plus one
	wants [numChannels]bool
}

// reachWorker is what one worker needs.
type reachWorker struct {
	sum   *exactSum
	found []reachedPost
}

func (k *kernel) newReacher() *reacher {
	r := &reacher{kernel: k, arrows: map[uint32]uint16{}}
	for range runtime.GOMAXPROCS(0) {
		r.workers = append(r.workers, &reachWorker{sum: k.newExactSum()})
	}
	return r
}

// reached returns the living posts whose lists post b reaches, with the sums, in no
// order. When ctx is done, it may leave some out.
func (k *kernel) reached(ctx context.Context, b int, least []uint32) []reachedPost {
	if k.watch(ctx) != nil {
		return nil
	}
	r, ok := k.reaches.Get().(*reacher)
	if !ok {
		r = k.newReacher()
	}
	defer k.reaches.Put(r)
	r.least = least
	r.load(k.model, b)
	defer r.forget(k.model)
	r.prepare()
	var mu sync.Mutex
	var found []reachedPost
	inParallel(ctx, len(k.gone), len(r.workers), func(w, n int) {
		worker := r.workers[w]
		worker.found = worker.found[:0]
		r.block(n, worker)
		mu.Lock()
		defer mu.Unlock()
		found = append(found, worker.found...)
	})
	if ctx.Err() != nil { // Blocks that nobody came to.
		clear(r.bounds)
	}
	return found
}

// load notes the entries of a post.
func (e *entries) load(m *Model, b int) {
	e.post = b
	for c := range m.vectors {
		if e.has[c] == nil {
			e.has[c] = make([]uint8, len(m.vectors[c].idf))
		}
		ids, counts := m.vectors[c].row(b)
		e.wants[c] = len(ids) > 0
		for k, f := range ids {
			e.has[c][f] = uint8(m.probing.Levels[c].of(m.entryWeight(channel(c), b, counts[k]))) + 1
		}
	}
}

// forget undoes load.
func (e *entries) forget(m *Model) {
	for c := range m.vectors {
		ids, _ := m.vectors[c].row(e.post)
		for _, f := range ids {
			e.has[c][f] = 0
		}
	}
}

// prepare bounds the sums, but for what dates add.
func (r *reacher) prepare() {
	k := r.kernel
	m := k.model
	if len(r.bounds) < len(k.order) {
		r.bounds = make([]uint32, len(k.order)+len(k.order)/16)
	}
	for c := range numChannels {
		r.ask(c)
	}
	r.point()
	r.date = k.moments[k.place[r.post]]
	r.date.weight *= float32(m.weights[datesPart] / one * k.unit * finer * sure)
}

// ask bounds what the features of a channel add for those who ask about them.
func (r *reacher) ask(c channel) {
	k := r.kernel
	levels, features := &k.model.probing.Levels[c], k.postings[c].features
	ids, _ := k.model.vectors[c].row(r.post)
	for _, f := range ids {
		level, rounding := k.levelOf(features[f].frozen, r.has[c][f]-1), uint32(k.rounding(features[f].frozen)*finer)+1
		k.askers.bound(c, f, float64(levels.Value[level])*k.unit*finer*sure, rounding, r.bounds)
		if c == proseChannel {
			k.askers.bound(coveringAskers, f, float64(levels.Covering[level])*k.unit*finer*sure, rounding, r.bounds)
		}
	}
}

// point bounds what arrows add.
func (r *reacher) point() {
	k := r.kernel
	clear(r.arrows)
	edges := k.model.edgesOf(r.post)
	for e := range edges {
		w := k.model.weights[int(numProducts)+turned(e)]
		for n, a := range edges[e].to {
			x := arrow{uint32(r.post), uint32(w*float64(edges[e].weight[n])*oneAsked + 0.5)}
			add := k.arrowSum(x)
			r.arrows[a] += add
			r.bounds[k.place[a]] += uint32(add) * finer
		}
	}
}

// turned is the kind of arrow that one is for the post at its other end.
func turned(kind int) int { return kind ^ 1 }

// sure makes up for what rounding loses.
const sure = 1.001

// block finds those in one block.
func (r *reacher) block(b int, w *reachWorker) {
	from := b << blockBits
	to := min(from+blockSpan, len(r.kernel.order))
	for ; from < to; from += spanPosts {
		r.span(from, min(from+spanPosts, to), w)
	}
	clear(r.bounds[b<<blockBits : to])
}

// span sums for those whose bounds, dates taken in, reach the least of their lists;
// the places are those of one span.
func (r *reacher) span(from, to int, w *reachWorker) {
	k := r.kernel
	nearest := float32(r.date.nearest(&k.spans[from>>spanBits]) + finer)
	for place := from; place < to; place++ {
		if r.bounds[place] == 0 {
			continue
		}
		a := k.order[place]
		// Dates are bounded with the factor of who asks taken in.
		factor := k.factors[place]
		bound, need := float32(r.bounds[place]+finer)*factor, float32(r.least[a])*factor*(finer/sure)
		if bound+nearest < need || bound+float32(r.date.near(&k.moments[place])+finer) < need {
			continue
		}
		if int(a) == r.post || k.model.dead[a] {
			continue
		}
		if sum := r.sum(int(a), w); sum > 0 && sum >= r.least[a] {
			w.found = append(w.found, reachedPost{a, sum})
		}
	}
}

// sum is that of the post for post a.
func (r *reacher) sum(a int, w *reachWorker) uint32 {
	k := r.kernel
	sum := w.sum.of(a, &r.entries) + r.arrows[uint32(a)]
	if sum == 0 {
		return 0
	}
	date := k.askedMoment(k.model.dates[a])
	return uint32(sum) + date.near(&k.moments[k.place[r.post]])
}
