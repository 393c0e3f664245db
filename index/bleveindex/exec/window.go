package exec

import (
	"math"
	"math/bits"

	"alphanode/index/bleveindex/postings"
)

// windowSize is how many posts of a segment are evaluated at a time: the
// accumulators of a window stay in the processor's cache.
const windowSize = 1 << 12

// windowSet is a set of the posts of one window.
type windowSet [windowSize / 64]uint64

func (w *windowSet) count() int {
	n := 0
	for _, b := range w {
		n += bits.OnesCount64(b)
	}
	return n
}

// load copies the part of a segment's set that lies in the window that begins at
// from, a multiple of 64.
func (w *windowSet) load(b bitset, from uint32) {
	n := copy(w[:], b[from>>6:])
	clear(w[n:])
}

// andSet intersects with a segment's set.
func (w *windowSet) andSet(b bitset, from uint32) {
	b = b[from>>6:]
	for i := range w {
		if i < len(b) {
			w[i] &= b[i]
		} else {
			w[i] = 0
		}
	}
}

func (w *windowSet) and(o *windowSet) {
	for i := range w {
		w[i] &= o[i]
	}
}

func (w *windowSet) andNot(o *windowSet) {
	for i := range w {
		w[i] &^= o[i]
	}
}

func (w *windowSet) or(o *windowSet) {
	for i := range w {
		w[i] |= o[i]
	}
}

func (w *windowSet) empty() bool {
	for _, b := range w {
		if b != 0 {
			return false
		}
	}
	return true
}

type accumulator [windowSize]float64

// scratch is the working memory of one search.
type scratch struct {
	score accumulator // relevance of the window's posts; zero between windows
	x     accumulator // weighted frequencies of one word; zero between words
	exact [windowSize]uint32
	stem  [windowSize]uint32
	other accumulator
	spare []*accumulator // for groups
	// bits and counts have room for the largest segment, zero between uses.
	bits   bitset
	counts []uint32
	list   postings.List // of one term while several are added up
	// share is what a title term counts, by its number; zero between searches.
	share  []float64
	asked  []uint32 // those that are not zero
	fit    bitset
	fitted []float32 // of fastFit
	facets []*facetScratch
	// docs and worth are those of a word while its postings are added up.
	docs  []uint32
	worth []float64
	wide  wideScratch
	// match, mark and lists are of a bounded run.
	match, mark bitset
	found       []bitset // by segment
	lists       []boundedList
	contenders  []contender
	sureBest    []float64
	spans       spanScratch
	// fits are the posts of the window with title fit, kept those whose score was added to
	// last, marked those of one node.
	fits, kept, marked windowSet
	// searcher, planning, run, bounded, nodes, tail, words and hits are of the search.
	searcher searcher
	planning planning
	run      fastRun
	bounded  boundedRun
	nodes    []fastNode
	tail     []float64
	words    []*fastWord
	hits     []candidate
	// page, ids and ends are the hits shown, their ids and where each id ends.
	page []candidate
	ids  []byte
	ends []int
}

// forget drops what refers to the search that ended, so that nothing of it is kept alive.
func (s *scratch) forget() {
	s.searcher, s.planning, s.run, s.bounded = searcher{}, planning{}, fastRun{}, boundedRun{}
	clear(s.nodes[:cap(s.nodes)])
	clear(s.words[:cap(s.words)])
	clear(s.lists[:cap(s.lists)])
}

func (s *scratch) bitset(n int) bitset {
	if words := (n + 63) / 64; len(s.bits) < words {
		s.bits = make(bitset, words)
	}
	return s.bits[:(n+63)/64]
}

// windowRun is the window that is evaluated.
type windowRun struct {
	*searcher
	*scratch
	seg  int
	from uint32 // first post
	to   uint32 // one after the last

	// cut is the weighted frequency that makes no hit, where one word makes the whole
	// relevance; -1 elsewhere.
	cut float64
}

// fastNode is a part of a plan, ready to be evaluated window by window.
type fastNode interface {
	// fetchAll fetches the postings, before all else.
	fetchAll(s *searcher) error
	// start goes to the beginning of a segment.
	start(seg int)
	// window gives the posts of the window that match, and adds to score, unless it
	// is nil, the relevance of those in mask. Posts outside of mask may be missing in
	// found. Windows come in ascending order; some may be left out.
	window(r *windowRun, found, mask *windowSet, score *accumulator)
	// next is the first post from here on that may match; none when there is none.
	next(from uint32) uint32
	// rewind goes back to where the last window began.
	rewind()
	// split is window where only the posts in worth can become hits: it adds to score
	// only theirs.
	split(r *windowRun, found, mask, worth *windowSet, score *accumulator)
	// bound is more than the relevance of any post.
	bound(k1 float64) float64
	// cost is about the number of postings.
	cost() int
}

// none is no post: it is greater than all.
const none = math.MaxUint32
