package ranking

import (
	"context"
	"math/bits"
	"runtime"
	"slices"
	"sync/atomic"
)

// askers are the walked features from the other side: by feature, the posts for which it
// is walked, with what it weighs for them. Whom a post reaches is found in the lists of
// what it has. Four bytes for each feature that is walked for a post, some 0.7 KB a post.
type askers struct {
	shift uint // an entry is a place<<shift with a weight
	lists [numAskers]askerLists
	sums  []*exactSum // one a worker
}

// The lists are by channel of the candidate; those of titles that its prose covers stand
// beside them.
const (
	coveringAskers = numChannels
	numAskers      = numChannels + 1
)

// askerLists are those of one channel.
type askerLists struct {
	step    float32  // the unit of weights; these are rounded up
	starts  []uint32 // by feature: where its entries begin, and at the end where the last end
	entries []uint32
	later   map[uint32][]uint32 // those of later posts
}

// A weight has as many bits as places leave it, within these bounds.
const leastWeightBits, mostWeightBits = 8, 16

// watch makes the askers of the living posts, where there are none, and notes the cuts.
func (k *kernel) watch(ctx context.Context) error {
	if k.askers != nil {
		return ctx.Err()
	}
	// Twice as many places as there are, so that later posts have room.
	room := bits.Len(2*uint(len(k.order)) + blockSpan)
	a := &askers{shift: uint(min(max(32-room, leastWeightBits), mostWeightBits))}
	for range runtime.GOMAXPROCS(0) {
		a.sums = append(a.sums, k.newExactSum())
	}
	a.count(ctx, k)
	a.fill(ctx, k)
	if err := ctx.Err(); err != nil {
		return err
	}
	k.askers = a
	return nil
}

// each calls f for every living post, with what is walked for it.
func (a *askers) each(ctx context.Context, k *kernel, f func(worker int, place uint32, walked []wanted)) {
	inParallel(ctx, len(k.order), len(a.sums), func(w, place int) {
		if post := k.order[place]; post != unknown && !k.model.dead[post] {
			f(w, uint32(place), a.sums[w].choose(int(post)))
		}
	})
}

// entriesOf calls f for each entry that a walked feature makes.
func entriesOf(walked []wanted, f func(list channel, feature uint32, weight float32)) {
	for i := range walked {
		w := &walked[i]
		if w.weight > 0 {
			f(w.channel, w.feature, w.weight)
		}
		if w.covering > 0 {
			f(coveringAskers, w.feature, w.covering)
		}
	}
}

// count makes room for the lists, and sets the units of their weights: later ones may be
// twice as great as all before.
func (a *askers) count(ctx context.Context, k *kernel) {
	for c := range a.lists {
		a.lists[c].starts = make([]uint32, len(k.postings[vectorsOf(channel(c))].features)+1)
	}
	greatest := make([][numAskers]float32, len(a.sums))
	a.each(ctx, k, func(worker int, _ uint32, walked []wanted) {
		most := &greatest[worker]
		entriesOf(walked, func(list channel, feature uint32, weight float32) {
			atomic.AddUint32(&a.lists[list].starts[feature+1], 1)
			most[list] = max(most[list], weight)
		})
	})
	for c := range a.lists {
		l := &a.lists[c]
		for f := range l.starts[1:] {
			l.starts[f+1] += l.starts[f]
		}
		for w := range greatest {
			l.step = max(l.step, 2*greatest[w][c]/float32(a.mask()))
		}
		l.entries = make([]uint32, l.starts[len(l.starts)-1])
		l.later = map[uint32][]uint32{}
	}
}

// vectorsOf is the channel whose features a list has.
func vectorsOf(list channel) channel {
	if list == coveringAskers {
		return proseChannel
	}
	return list
}

func (a *askers) mask() uint32 { return 1<<a.shift - 1 }

// fill fills the lists.
func (a *askers) fill(ctx context.Context, k *kernel) {
	var next [numAskers][]uint32
	for c := range a.lists {
		next[c] = slices.Clone(a.lists[c].starts)
	}
	a.each(ctx, k, func(_ int, place uint32, walked []wanted) {
		entriesOf(walked, func(list channel, feature uint32, weight float32) {
			x, _ := a.entry(list, place, weight)
			a.lists[list].entries[atomic.AddUint32(&next[list][feature], 1)-1] = x
		})
	})
}

// entry is one of a list, false when it does not fit.
func (a *askers) entry(list channel, place uint32, weight float32) (uint32, bool) {
	units := a.mask() + 1
	if step := a.lists[list].step; step > 0 {
		units = uint32(min(weight/step, float32(a.mask()))) + 1
	}
	return place<<a.shift | units&a.mask(), units <= a.mask() && place<<a.shift>>a.shift == place
}

// add takes in a later post; false when the lists have to be made anew for it.
func (a *askers) add(place uint32, walked []wanted) bool {
	fits := true
	entriesOf(walked, func(list channel, feature uint32, weight float32) {
		x, ok := a.entry(list, place, weight)
		l := &a.lists[list]
		l.later[feature] = append(l.later[feature], x)
		fits = fits && ok
	})
	return fits
}

// bound adds to the bounds of all who ask about a feature what it adds for them at most:
// value, in units of bounds, for a weight of 1, and what rounding adds.
func (a *askers) bound(list channel, feature uint32, value float64, rounding uint32, bounds []uint32) {
	l := &a.lists[list]
	unit, mask := float32(value)*l.step, a.mask()
	for _, x := range l.entries[l.starts[feature]:l.starts[feature+1]] {
		bounds[x>>a.shift] += uint32(float32(x&mask)*unit) + rounding
	}
	for _, x := range l.later[feature] {
		bounds[x>>a.shift] += uint32(float32(x&mask)*unit) + rounding
	}
}
