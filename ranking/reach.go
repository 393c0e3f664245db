package ranking

import (
	"context"
	"math"
	"runtime"
	"slices"
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

// watch works out the cuts that are not known, so that finding who is reached need not.
func (k *kernel) watch(ctx context.Context) error {
	workers := runtime.GOMAXPROCS(0)
	sums := make([]*exactSum, workers)
	for w := range sums {
		sums[w] = k.newExactSum()
	}
	inParallel(ctx, len(k.order), workers, func(w, place int) {
		if a := k.order[place]; a != unknown && !k.model.dead[a] {
			sums[w].cut(int(a))
		}
	})
	return ctx.Err()
}

// reacher finds the posts whose lists a post reaches: those whose sum for it is at
// least the least of their list. Sums are first bounded for all posts at once, by the
// postings of what the post has, read from the other side: a posting tells the level of
// the weight of whoever asks. Those whose bound is enough are summed exactly. Not safe
// for concurrent use, but blocks are worked on in parallel.
type reacher struct {
	kernel *kernel
	entries
	least   []uint32
	bounds  []uint32 // by place: of the sums, times the prior's factor of the place, in units of 1/finer
	every   uint32   // bounds what features too frequent to be posted add
	askers  []askers
	titles  []titleAskers
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

// askers are the posts that ask about a feature, with what each level of theirs may
// add, and the value that it may have for them, times the prior's factor.
type askers struct {
	list  postingList
	add   [numLevels]uint32
	value [numLevels]float32
}

// titleAskers are the posts that have a term in their title, and those that have it
// in their prose.
type titleAskers struct {
	list  postingList
	prose askers
	// low and high are the least and the greatest value of the prose.
	low, high float32
	// add and value are for a share of 1 of the title, idf is the share of a title whose
	// terms sum to 1, least what rounding may add to it; of these the factor is taken in.
	add, value, idf, least float32
	// rounding bounds what rounding adds.
	rounding uint32
}

// postingList are the postings of one feature.
type postingList struct {
	short  []uint32 // place<<levelBits | level
	later  []uint32
	starts []uint32 // by block
	items  []uint16
}

// reachWorker is what one worker needs.
type reachWorker struct {
	sum   *exactSum
	cuts  [blockSpan]int32 // the bits of cuts times factors, which are ordered as these
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

// prepare lists who asks about what the post has, and bounds what short lists add.
func (r *reacher) prepare() {
	k := r.kernel
	m := k.model
	if len(r.bounds) < len(k.order) {
		r.bounds = make([]uint32, len(k.order)+len(k.order)/16)
	}
	r.askers, r.titles, r.every = r.askers[:0], r.titles[:0], 0
	for p, pr := range products {
		if m.weights[p] == 0 {
			continue
		}
		ids, _ := m.vectors[pr.candidate].row(r.post)
		for _, f := range ids {
			if n := k.postings[pr.candidate].features[f].frozen; n > 0 && int(n) <= k.limit {
				r.feature(part(p), f)
			}
		}
	}
	r.point()
	r.date = k.moments[k.place[r.post]]
	r.date.weight *= float32(m.weights[datesPart] / one * k.unit * finer * sure)
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
			r.bounds[k.place[a]] += r.times(k.place[a], float64(add))
		}
	}
}

// turned is the kind of arrow that one is for the post at its other end.
func turned(kind int) int { return kind ^ 1 }

// times is a sum of the post at a place as part of a bound.
func (r *reacher) times(place uint32, sum float64) uint32 {
	return uint32(sum*float64(r.kernel.factors[place])*finer*sure + 1)
}

// sure makes up for what rounding loses.
const sure = 1.001

// postingsOf are the postings of a feature; false when it has more than are kept.
func (k *kernel) postingsOf(c channel, f uint32) (postingList, bool) {
	p := &k.postings[c]
	x := &p.features[f]
	list := postingList{later: k.later[c][f]}
	switch {
	case int(x.frozen) > k.limit:
		return list, false
	case x.count <= rarePosts:
		list.short = p.rare[x.start : x.start+x.count]
	default:
		list.starts, list.items = p.starts[x.start:int(x.start)+k.blocks+1], p.items
	}
	return list, true
}

// feature sees to a feature of the post in one part.
func (r *reacher) feature(p part, f uint32) {
	pr := products[p]
	if pr.kind == covered {
		r.title(p, f)
		return
	}
	a := r.asking(p, f)
	list, ok := r.kernel.postingsOf(pr.asked, f)
	if !ok {
		r.every += slices.Max(a.add[:])
		return
	}
	a.list = list
	for _, x := range slices.Concat(list.short, list.later) {
		if place := x >> levelBits; a.value[x&levelMask] > r.cutAt(place) {
			r.bounds[place] += a.add[x&levelMask]
		}
	}
	if len(list.starts) > 0 {
		r.askers = append(r.askers, a)
	}
}

// asking bounds, by the level of whoever asks about a feature, its value and what
// it adds.
func (r *reacher) asking(p part, f uint32) (a askers) {
	k := r.kernel
	m, pr := k.model, products[p]
	levels, own := &m.probing.Levels[pr.candidate], &m.probing.Levels[pr.asked]
	x := &k.postings[pr.candidate].features[f]
	most := 1 + m.config.SimilarBeta
	greatest := most * k.shareOf(p, f)
	for n := range a.add {
		// The greatest share of the part that it may weigh, times the factor.
		share := greatest
		if n < numLevels-1 && pr.kind == cosine {
			share = min(share, float64(own.Upper[n]*x.idf))
		}
		weight := m.weights[p]*share + most/(2*oneAsked)
		if pr.kind != shared {
			weight *= float64(x.idf)
		}
		a.value[n] = float32(weight * float64(levels.MeanValue) / k.rareness(x.frozen) * sure)
		a.add[n] = uint32((weight*float64(levels.Value[r.has[pr.candidate][f]-1])*k.unit+most*k.rounding(x.frozen))*finer*sure + 1)
	}
	return a
}

// shareOf bounds what a feature weighs for whoever asks about it, as a share of the
// part.
func (k *kernel) shareOf(p part, f uint32) float64 {
	m, pr := k.model, products[p]
	rarity := float64(m.vectors[pr.asked].idf[f]) / math.Log(float64(max(m.posts, 3)))
	switch {
	case pr.kind == shared:
		// Its idf over the sum of all, times that of the rarest over ln N.
		return min(rarity, 1)
	case p == tagsPart:
		// Its weight over the length of all, times that of the rarest over ln N: the
		// rarest is no greater than the length.
		return min(rarity*float64(roots[k.tagCount]), 1)
	default:
		return 1
	}
}

// rareness is what the worth of a feature is divided by.
func (k *kernel) rareness(count uint32) float64 {
	n := math.Sqrt(float64(k.cost(count)))
	return n * math.Sqrt(n)
}

// title sees to a term of the post's prose that titles may have.
func (r *reacher) title(p part, f uint32) {
	k := r.kernel
	m := k.model
	list, _ := k.postingsOf(titleChannel, f)
	if len(list.short)+len(list.later)+len(list.starts) == 0 {
		return
	}
	x, l := &k.postings[proseChannel].features[f], &m.probing.Levels[proseChannel]
	t := titleAskers{list: list, prose: r.asking(prosePart, f), idf: m.idf[titleChannel][f] * sure}
	t.prose.list, _ = k.postingsOf(proseChannel, f)
	t.low, t.high = slices.Min(t.prose.value[:]), slices.Max(t.prose.value[:])
	t.least = float32((1 + m.config.SimilarBeta) / oneAsked / m.weights[p])
	t.value = float32(m.weights[p] * float64(l.MeanCovering) / k.rareness(x.frozen) * sure)
	t.add = float32(m.weights[p] * float64(l.Covering[r.has[proseChannel][f]-1]) * k.unit * finer * sure)
	t.rounding = uint32(2 * k.rounding(x.frozen) * finer)
	for _, x := range slices.Concat(list.short, list.later) {
		r.cover(&t, x>>levelBits, r.cutAt(x>>levelBits))
	}
	if len(list.starts) > 0 {
		r.titles = append(r.titles, t)
	}
}

// cover bounds what it adds that the post covers a term of the title at a place: the
// term is walked for the sake of title and prose together.
func (r *reacher) cover(t *titleAskers, place uint32, cut float32) {
	share := t.idf*r.kernel.titled[place] + t.least
	value, add := share*t.value, uint32(0)
	if t.low <= cut { // Otherwise its prose, if that has it, was seen to.
		if value+t.high <= cut {
			return
		}
		level, ok := t.prose.list.level(place)
		seen := ok && t.prose.value[level] > cut
		if ok && !seen {
			value, add = value+t.prose.value[level], t.prose.add[level]
		}
		if !seen && value <= cut {
			return
		}
	}
	r.bounds[place] += add + uint32(share*t.add) + t.rounding
}

// level finds the level of the posting at a place.
func (l *postingList) level(place uint32) (uint32, bool) {
	if n := firstOf(l.short, place<<levelBits); n < len(l.short) && l.short[n]>>levelBits == place {
		return l.short[n] & levelMask, true
	}
	if n := firstOf(l.later, place<<levelBits); n < len(l.later) && l.later[n]>>levelBits == place {
		return l.later[n] & levelMask, true
	}
	if b := int(place >> blockBits); b+1 < len(l.starts) {
		list, at := l.items[l.starts[b]:l.starts[b+1]], uint16(place&placeMask)
		if n := firstOf(list, at<<levelBits); n < len(list) && list[n]>>levelBits == at {
			return uint32(list[n] & levelMask), true
		}
	}
	return 0, false
}

// firstOf is the place of the first number of a rising list that is at least x. It
// does not branch on what it reads: which half x lies in cannot be predicted.
func firstOf[T uint16 | uint32](list []T, x T) int {
	from := 0
	for n := len(list); n > 0; {
		half := (n + 1) / 2
		less := int(uint64(int64(list[from+half-1])-int64(x)) >> 63)
		from += half & -less
		n -= half
	}
	return from
}

// cutAt is the cut of the post at a place, times its factor and a little less; below
// 0 when it is not known.
func (r *reacher) cutAt(place uint32) float32 {
	k := r.kernel
	bits := atomic.LoadUint32(&k.cuts[place])
	if bits == noCut {
		return -1
	}
	return math.Float32frombits(bits) * k.factors[place] / sure
}

// block finds those in one block.
func (r *reacher) block(b int, w *reachWorker) {
	k := r.kernel
	base := uint32(b) << blockBits
	n := min(len(k.order)-int(base), blockSpan)
	bounds := r.bounds[base : int(base)+n]
	if b < k.blocks {
		for place := range n {
			w.cuts[place] = int32(math.Float32bits(r.cutAt(base + uint32(place))))
		}
		for i := range r.askers {
			r.askers[i].walk(b, &w.cuts, bounds)
		}
		for i := range r.titles {
			t := &r.titles[i]
			for _, x := range t.list.items[t.list.starts[b]:t.list.starts[b+1]] {
				place := base | uint32(x>>levelBits)
				r.cover(t, place, math.Float32frombits(uint32(w.cuts[x>>levelBits])))
			}
		}
	}
	for from := 0; from < n; from += spanPosts {
		r.span(int(base)+from, int(base)+min(from+spanPosts, n), w)
	}
	clear(bounds)
}

// walk adds to the bounds of a block where the value may exceed the cut. It does not
// branch: whether it does cannot be predicted.
func (a *askers) walk(b int, cuts *[blockSpan]int32, bounds []uint32) {
	var value [numLevels]int32
	for n, v := range a.value {
		value[n] = int32(math.Float32bits(v))
	}
	for _, x := range a.list.items[a.list.starts[b]:a.list.starts[b+1]] {
		level, place := x&levelMask, x>>levelBits
		exceeds := uint32(uint64(int64(cuts[place])-int64(value[level])) >> 63)
		bounds[place] += a.add[level] & -exceeds
	}
}

// span sums for those whose bounds, dates taken in, reach the least of their lists;
// the places are those of one span.
func (r *reacher) span(from, to int, w *reachWorker) {
	k := r.kernel
	nearest := r.date.nearest(&k.spans[from>>spanBits])
	for place := from; place < to; place++ {
		bound := r.bounds[place] + r.every
		if bound == 0 {
			continue
		}
		a := k.order[place]
		if a == unknown {
			continue
		}
		need := float32(r.least[a]) * k.factors[place] * (finer / sure)
		if float32(bound+nearest+finer) < need || float32(bound+r.date.near(&k.moments[place])+finer) < need {
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
