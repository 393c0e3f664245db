package exec

import (
	"math"
	"math/bits"
)

// merged is what a word or phrase stands for in one segment: the posts that have any
// of its variants in any field, deleted ones among them, with a bound of what each is
// worth. It never changes and may be shared between goroutines.
//
// The bound of a post is worth/255 of a byte, and no less than x / (x + k1), where x is
// the weighted frequency of the word, as long as the average lengths are those that it
// was made with. When they were a and are now r a for some r > 1, no norm shrinks by
// more than r, so that no x, and no x / (x + k1), grows by more than r: see stretch.
type merged struct {
	step   float64 // what 1 of a bound stands for
	blocks []uint8 // the greatest bound of each blockSize places
	bounds []uint8 // by place in docs, rounded up
	docs   []uint32
	// worth are the weighted frequencies, where the postings are few; nil where they are added
	// up by need.
	worth []float64
	// set, ranks and spans are there for frequent words: the posts, and how many of them come
	// before each 64 posts of the segment.
	set   bitset
	ranks []uint32
	// spans are the greatest bounds of the posts of each span; 0 where there are none.
	spans []uint8
	// averages are the average lengths, by text field.
	averages []float64
	// fields are the postings; compact are the same of a word of very many terms and posts,
	// instead. They are kept nowhere else.
	fields  []fieldLists
	compact []compactField
}

const (
	// blockSize is how many bounds have a common maximum.
	blockSize = 1 << blockBits
	blockBits = 6
	// frequent is how many posts a post of a word has to itself at most, for the word to
	// have a bitset: that is then smaller than the numbers of its posts.
	frequent = 64
	// keptWorth is up to how many posts the weighted frequencies are kept: 8 bytes a post.
	keptWorth = 1024
	// maxBound is the greatest bound.
	maxBound = math.MaxUint8
)

// merge adds up the postings of a word in one segment.
func (s *searcher) merge(seg int, fields []fieldLists) *merged {
	docs, worth := s.addUp(seg, fields)
	m := &merged{docs: sharedDocs(fields, docs), averages: s.averageLength}
	if len(docs) <= keptWorth {
		m.worth = append(make([]float64, 0, len(worth)), worth...)
	}
	m.quantise(worth, s.config.Scoring.K1)
	if all := s.segments[seg].columns.Docs; len(docs)*frequent >= all {
		m.index(all)
	}
	return m
}

// sharedDocs gives a list of the posts that is kept anyway, or a copy.
func sharedDocs(fields []fieldLists, docs []uint32) []uint32 {
	var same []uint32
	for i := range fields {
		fields[i].each(func(c *cursor) {
			if len(c.list.Docs) == len(docs) { // All are among docs, so that they are the same.
				same = c.list.Docs
			}
		})
	}
	if same != nil {
		return same
	}
	return append(make([]uint32, 0, len(docs)), docs...)
}

// quantise computes the bounds: the next whole number above, so that no post is worth less
// than a step below.
func (m *merged) quantise(x []float64, k1 float64) {
	most := 0.0
	for i, v := range x {
		x[i] = v / (v + k1)
		most = max(most, x[i])
	}
	m.step = most / maxBound * (1 + 1e-12)                       // So that rounding takes no bound below its value.
	both := make([]uint8, len(x)+(len(x)+blockSize-1)/blockSize) // Side by side: most words are rare.
	m.bounds, m.blocks = both[:len(x):len(x)], both[len(x):]
	inverse := 1 / m.step
	for block := range m.blocks {
		from := block << blockBits
		to := min(from+blockSize, len(x))
		bounds, greatest := m.bounds[from:to], uint8(0)
		for i, v := range x[from:to] {
			bounds[i] = uint8(min(int(v*inverse)+1, maxBound))
			greatest = max(greatest, bounds[i])
		}
		m.blocks[block] = greatest
	}
}

// index makes the bitset for a segment of n posts, and the greatest bounds of its spans.
func (m *merged) index(n int) {
	m.set, m.spans = newBitset(n), make([]uint8, spansOf(n))
	for i, doc := range m.docs {
		m.set.add(doc)
		span := &m.spans[doc>>spanBits]
		*span = max(*span, m.bounds[i])
	}
	m.ranks = m.set.ranks()
}

// indexSpans does the latter where there are no numbers of posts beside the bitset.
func (m *merged) indexSpans(n int) {
	m.spans = make([]uint8, spansOf(n))
	bounds := m.bounds
	for i, word := range m.set {
		spans := m.spans[i*spansOfWord:]
		for ; word != 0; word &= word - 1 {
			span := &spans[bits.TrailingZeros64(word)>>spanBits]
			*span = max(*span, bounds[0])
			bounds = bounds[1:]
		}
	}
}

// size is the memory that m takes, in bytes, roughly.
func (m *merged) size() int64 {
	n := 4*len(m.docs) + 8*len(m.worth) + len(m.bounds) + len(m.blocks) + len(m.spans) + 8*len(m.set) + 4*len(m.ranks) + 256
	for i := range m.fields {
		m.fields[i].each(func(c *cursor) {
			if n += int(c.list.Size()) + 64; len(m.docs) > 0 && &c.list.Docs[0] == &m.docs[0] {
				n -= 4 * len(m.docs) // Shared.
			}
		})
	}
	for i := range m.compact {
		n += int(m.compact[i].size())
	}
	return int64(n)
}

// find gives the place of a post, if it is there; else where to look for a later one
// from. From is a place on or before that of the post.
func (m *merged) find(doc uint32, from int) (int, bool) {
	if m.set == nil {
		at := seek(m.docs, from, doc)
		return at, at < len(m.docs) && m.docs[at] == doc
	}
	if !m.set.contains(doc) {
		return from, false
	}
	return int(m.ranks[doc>>6]) + bits.OnesCount64(m.set[doc>>6]&(1<<(doc&63)-1)), true
}

// len is the number of posts.
func (m *merged) len() int { return len(m.bounds) }

// live is the number of posts that are not deleted.
func (m *merged) live(s *Segment) int {
	if s.deleted == nil {
		return m.len()
	}
	if m.set == nil {
		return s.liveOf(m.docs)
	}
	n := 0
	for i, w := range m.set {
		n += bits.OnesCount64(w & s.live[i])
	}
	return n
}

// stretch is by how much what posts are worth may have grown, at least 1, and shrunk, at
// most 1, with other average lengths than m was made with.
func (m *merged) stretch(averages []float64) (most, least float64) {
	most, least = 1, 1
	if &averages[0] == &m.averages[0] {
		return most, least
	}
	for i, a := range averages {
		most, least = max(most, a/m.averages[i]), min(least, a/m.averages[i])
	}
	return most, least
}

// isLoose reports whether the average lengths have changed so much that the bounds say little.
func (m *merged) isLoose(averages []float64) bool {
	most, least := m.stretch(averages)
	return most > maxLoose*least
}

// maxLoose is the ratio of the two from which on merged postings are made anew.
const maxLoose = 1.1
