package exec

import (
	"container/heap"
	"math"
)

// offer keeps a hit that is among the best so far.
func (r *fastRun) offer(h candidate) {
	if r.collector.after != nil && !r.collector.passes(h) {
		return
	}
	if !r.full {
		r.best.kept = append(r.best.kept, h)
		if r.full = len(r.best.kept) == r.best.k; r.full {
			heap.Init(&r.best)
		}
	} else {
		if r.key.number != byID {
			if v := r.primary(h); v < r.floor || v == r.floor && r.collector.compare(h, r.best.kept[0]) >= 0 {
				return
			}
		} else if r.collector.compare(h, r.best.kept[0]) >= 0 {
			return
		}
		r.best.kept[0] = h
		heap.Fix(&r.best, 0)
	}
	if r.full && r.key.number != byID {
		r.floor = r.primary(r.best.kept[0])
	}
}

// primary is what hits are ordered by first, the higher the better; absent numbers
// are last whatever the direction.
func (r *fastRun) primary(h candidate) float64 {
	v := h.score
	if r.key.number >= 0 {
		if v = r.segments[h.seg].columns.Numbers[r.key.number].At(h.doc); absent(v) {
			return math.Inf(-1)
		}
	}
	if !r.key.desc {
		return -v
	}
	return v
}
