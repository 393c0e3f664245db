package ranking

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// kernel ranks at a cost that hardly grows with the number of posts, in two stages.
// Stage one sums what a post has in common with all others in some of its features,
// roughly: those that say most for their number of postings, up to a budget. Stage two
// scores the posts of greatest sums, the candidates, exactly.
//
// The sum of a pair is what it takes to reach a list: it depends on the two posts and
// on what is frozen, on no third post. docs/ranking.md has the method and what it
// misses. It is a ranker.
type kernel struct {
	model      *Model
	budget     int     // of postings
	easy       int     // that are walked whatever they are worth
	worthy     float32 // beyond these a feature has a greater value
	limit      int     // features that more posts had are not walked
	dense      int     // features of more posts are dense
	wide       bool    // wide vectors are used
	candidates int
	unit       float64 // of sums: a similarity of 1 before the prior

	postings [numChannels]postings
	blocks   int // those with postings; later posts have blocks of their own
	// A post has a place: the posts of the start by subject, those of a block by date, so
	// that a run of places is a span of time; then later ones.
	order   []uint32                         // by place: the post, unknown where there is none
	place   []uint32                         // by post
	moments []moment                         // by place
	factors []float32                        // by place: of the prior
	cuts    []uint32                         // by place: see noteCut
	spans   []span                           // by place >> spanBits
	gone    [][]uint16                       // by block: the places within it of posts that were removed
	later   [numChannels]map[uint32][]uint32 // postings of later posts, by feature
	askers  *askers                          // nil until watch makes them

	listers sync.Pool // of *lister
	reaches sync.Pool // of *reacher
}

// maxSum bounds a sum. The greatest similarity fills half of it, which leaves room
// for rounding.
const maxSum = 1<<15 - 1

// newKernel makes the kernel of the living posts of a model.
func newKernel(m *Model) *kernel {
	return newKernelFrom(m, denseFrom(m.posts), hasWide())
}

// newKernelFrom is newKernel, with features of more than so many posts dense, and with
// wide vectors or without.
func newKernelFrom(m *Model, dense int, wide bool) *kernel {
	c := m.config.Similar.Search
	k := &kernel{
		model: m, budget: c.Postings, easy: c.Postings / easyShare, worthy: worthyFrom(m.posts), limit: max(c.Postings, m.posts/commonShare),
		dense: dense, wide: wide, candidates: c.Candidates,
		unit: maxSum / 2 / (1 + m.config.SimilarBeta), place: make([]uint32, len(m.infos)),
	}
	for i := range m.infos {
		k.place[i] = noPlace
		if !m.dead[i] {
			k.order = append(k.order, uint32(i))
		}
	}
	k.sort()
	k.blocks = (len(k.order) + blockSpan - 1) / blockSpan
	k.postAll()
	for p, post := range k.order {
		k.settle(int(post), p)
	}
	for c := range k.later {
		k.later[c] = map[uint32][]uint32{}
	}
	return k
}

// sort orders the posts by subject, and those of each block by date.
func (k *kernel) sort() {
	m := k.model
	slices.SortFunc(k.order, func(a, b uint32) int { return cmp.Or(cmp.Compare(k.subject(a), k.subject(b)), cmp.Compare(a, b)) })
	for block := range slices.Chunk(k.order, blockSpan) {
		slices.SortFunc(block, func(a, b uint32) int {
			return cmp.Or(cmp.Compare(m.dates[a].day, m.dates[b].day), cmp.Compare(m.infos[a].id, m.infos[b].id))
		})
	}
}

// subject is the place of a post in the arrangement by subject, unknown without one.
func (k *kernel) subject(post uint32) uint32 {
	if s := k.model.subjects; int(post) < len(s) {
		return s[post]
	}
	return unknown
}

// settle notes what collecting reads of a post at its place.
func (k *kernel) settle(post, place int) {
	k.place[post] = uint32(place)
	k.moments = append(k.moments, k.moment(post))
	k.factors, k.cuts = append(k.factors, float32(k.model.factor[post])), append(k.cuts, noCut)
	for place>>blockBits >= len(k.gone) {
		k.gone = append(k.gone, nil)
	}
	for place>>spanBits >= len(k.spans) {
		k.spans = append(k.spans, span{})
	}
	k.spans[place>>spanBits].take(&k.moments[place])
}

// add lets a post in that the model has just appended.
func (k *kernel) add(i int) {
	for len(k.order) < k.blocks<<blockBits {
		k.order, k.moments = append(k.order, unknown), append(k.moments, moment{})
		k.factors, k.cuts = append(k.factors, 0), append(k.cuts, noCut)
	}
	place := len(k.order)
	k.order, k.place = append(k.order, uint32(i)), append(k.place, noPlace)
	k.settle(i, place)
	k.model.records.keep(k.model, i)
	for c := range k.later {
		l := &k.model.probing.Levels[c]
		ids, counts := k.model.vectors[c].row(i)
		for e, f := range ids {
			level := uint32(l.of(k.model.entryWeight(channel(c), i, counts[e])))
			k.later[c][f] = append(k.later[c][f], uint32(place)<<levelBits|level)
		}
	}
	if k.askers != nil && !k.askers.add(uint32(place), k.askers.sums[0].choose(i)) {
		k.askers = nil
	}
}

// remove leaves a post out from now on.
func (k *kernel) remove(i int) {
	p := k.place[i]
	b := p >> blockBits
	k.gone[b] = append(k.gone[b], uint16(p&placeMask))
}

func (k *kernel) atATime() int { return rowsAtATime }
func (k *kernel) exact() bool  { return true }

func (k *kernel) borrow() *lister {
	if l, ok := k.listers.Get().(*lister); ok {
		return l
	}
	return k.newLister()
}

func (k *kernel) list(v *view, n int) ([]Scored, uint32) {
	l := k.borrow()
	defer k.listers.Put(l)
	return l.list(v, n)
}

// lists asks about posts of near subjects together, a batch at a time.
func (k *kernel) lists(ctx context.Context, posts []int, n, workers int, progress func(done int), f func(i int, list []Scored, least uint32)) error {
	posts = slices.Clone(posts)
	slices.SortFunc(posts, func(a, b int) int {
		return cmp.Or(cmp.Compare(k.subject(uint32(a)), k.subject(uint32(b))), cmp.Compare(a, b))
	})
	var mu sync.Mutex
	done := 0
	batches := (len(posts) + batchQuestions - 1) / batchQuestions
	inParallel(ctx, batches, numWorkers(workers), func(_, b int) {
		part := posts[b*batchQuestions : min((b+1)*batchQuestions, len(posts))]
		l := k.borrow()
		defer k.listers.Put(l)
		l.batch(part, n)
		mu.Lock()
		defer mu.Unlock()
		for i, post := range part {
			f(post, l.answers[i].list, l.answers[i].least)
		}
		if done += len(part); progress != nil {
			progress(done)
		}
	})
	return ctx.Err()
}
