package exec

import (
	"math"
	"sync"
)

// A title fit is weight m^2 / T, and most of what it takes to compute is T, the sum of the
// idf of all terms of a title. A bound of T from below, by post, is kept with each segment:
// it holds for as long as no term has become much more frequent and the posts not much
// fewer than when it was made.

// titleWeights are the least and the greatest idf of title terms, by number, that the bounds
// are made with. Immutable.
type titleWeights struct {
	live     int
	freq     []uint32 // when they were made
	least    []float32
	greatest []float32
	rarest   float32 // the greatest idf of a term that is not known
	number   uint64  // tells weights apart
}

const (
	// growth is by how much the frequency of a term may grow or fall, shrink by how much the
	// number of posts may fall, swell by how much it may grow, before new weights are made.
	growth = 1.25
	shrink = 0.9
	swell  = 1.1
)

// newTitleWeights makes the weights of a snapshot.
func newTitleWeights(live int, freq []uint32) *titleWeights {
	both := make([]float32, 2*len(freq))
	w := &titleWeights{live: live, freq: freq, least: both[:len(freq)], greatest: both[len(freq):]}
	w.rarest = w.atMost(1)
	for id, df := range freq {
		if w.greatest[id] = w.rarest; df > 0 {
			w.least[id] = float32(math.Log(1+shrink*float64(live)/most(df)) / loose)
			w.greatest[id] = w.atMost(fewest(df))
		}
	}
	return w
}

// atMost is the greatest idf of a term that at least df posts have.
func (w *titleWeights) atMost(df float64) float32 {
	return float32(math.Log(1+swell*float64(w.live)/df) * loose)
}

// greatestOf is the greatest idf of a term.
func (w *titleWeights) greatestOf(id uint32) float32 {
	if int(id) < len(w.greatest) {
		return w.greatest[id]
	}
	return w.rarest
}

// most is up to which frequency a weight holds that was made for another.
func most(df uint32) float64 { return growth*float64(df) + 1 }

// fewest is down to which frequency a weight holds that was made for another.
func fewest(df uint32) float64 { return max(1, float64(df)/growth-1) }

// holds reports whether no idf of a snapshot is below its least weight, or above its greatest.
// Terms that no post has any more do not count.
func (w *titleWeights) holds(live int, freq []uint32) bool {
	if w == nil || float64(live) < shrink*float64(w.live) || float64(live) > swell*float64(w.live) || len(freq) < len(w.freq) {
		return false
	}
	for id, df := range w.freq {
		if now := float64(freq[id]); df > 0 && now > 0 && (now > most(df) || now < fewest(df)) {
			return false
		}
	}
	return true
}

// lastWeights are the weights that were made last.
type lastWeights struct {
	mu   sync.Mutex
	last *titleWeights
	made uint64
}

// titleWeights gives weights that hold for a snapshot.
func (f *Fast) titleWeights(live int, freq []uint32) *titleWeights {
	f.weights.mu.Lock()
	defer f.weights.mu.Unlock()
	if !f.weights.last.holds(live, freq) {
		f.weights.last = newTitleWeights(live, freq)
		f.weights.made++
		f.weights.last.number = f.weights.made
	}
	return f.weights.last
}

// titleBounds are the bounds of one segment.
type titleBounds struct {
	mu      sync.Mutex
	weights *titleWeights
	totals  []float32
}

// titleTotals gives, by post of a segment, no more than the sum of the idf of the terms of
// its title.
func (d *derived) titleTotals(w *titleWeights) []float32 {
	b := &d.titleBounds
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.weights == w {
		return b.totals
	}
	c := d.columns
	least := make([]float32, len(c.TitleIDs)) // By ordinal; terms that are new have 0.
	for ord, id := range c.TitleIDs {
		if int(id) < len(w.least) {
			least[ord] = w.least[id]
		}
	}
	totals := make([]float32, c.Docs)
	for doc := range totals {
		for _, ord := range c.Titles.Of(uint32(doc)) { //nolint:gosec // documents are numbered by uint32
			totals[doc] += least[ord]
		}
	}
	b.weights, b.totals = w, totals
	return totals
}
