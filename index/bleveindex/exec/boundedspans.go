package exec

import (
	"math"
	"math/bits"
	"slices"
)

// Where a post need have only one of several words, hits are looked for by spans: posts that
// follow each other, the same ones for all words. A word has the greatest bound of each span;
// these are added up over the words, in whole numbers. Spans whose sum is not enough are passed
// over, and of the others those with the greatest sums come first, so that what is needed is
// high soon (block-max indexes by document number, Dimopoulos, Nepomnyachiy and Suel 2013). In
// a span it is known where the postings of each word are: posts are found without searching.

// spanScratch is the working memory for spans.
type spanScratch struct {
	sums []uint16
	room []uint32 // for as many spans
	// sparse are, by list, the spans of words without a bitset.
	sparse [maxBoundedWords]sparseSpans
	// here are, by list, the posts of the spans that are looked at.
	here [maxBoundedWords][spansTogether]uint8
	// posts are some of these posts, places where each list has them, or -1.
	posts  [spansTogether * spanSize]spanPost
	places [maxBoundedWords][spansTogether * spanSize]int32
	// plain says that no wide vectors are to be used.
	plain bool
}

// sparseSpans has where the postings of each span begin, and their greatest bound. What it
// has of spans without postings is of earlier searches: see lookThrough.
type sparseSpans struct {
	begin    []uint32
	greatest []uint8
}

// spanPost is a post of one of the spans that are looked at.
type spanPost struct {
	span  uint32 // among these
	doc   uint32
	bound float64
}

// spanRun looks for hits of a segment by spans.
type spanRun struct {
	*boundedRun
	*spanScratch

	wide    bool
	unit    float64 // what 1 of a sum stands for
	factors [maxBoundedWords]uint16
}

const (
	// sumSteps is in how many steps spans are looked for, from the greatest sum down;
	// fewSteps the same where it is known what is needed.
	sumSteps, fewSteps = 16, 3
	// spansTogether is how many spans are looked at together, so that what has to be fetched
	// from memory is fetched for all of them at a time.
	spansTogether = 32
)

// bySpans reports whether hits of the segment are looked for by spans: those of one word are
// where that has more posts than there are spans.
func (b *boundedRun) bySpans() bool {
	l := &b.lists[0]
	return b.required == 0 && (len(b.lists) > 1 || l.set != nil && len(l.bounds) > len(l.spans))
}

// tryBySpans looks for hits in all lists.
func (b *boundedRun) tryBySpans() {
	r := spanRun{boundedRun: b, spanScratch: &b.scratch.spans}
	r.wide = hasWide() && !r.plain
	r.chooseUnit()
	r.addUp()
	most, least := r.greatest(), r.least()
	step := max(most/sumSteps, 1)
	if least > 1 && least < most {
		step = max(step, (most-least)/fewSteps+1)
	}
	for below := most + 1; below > least; least = r.least() {
		from := max(below-min(step, below-1), least)
		for some := range slices.Chunk(r.between(from, below), spansTogether) {
			r.try(some)
		}
		below = from
	}
}

// chooseUnit sees to it that no sum is above maxSum.
func (r *spanRun) chooseUnit() {
	worth := 0.0
	for i := range r.lists {
		worth += r.lists[i].worth
	}
	r.unit = worth / float64(maxSum/maxBound-len(r.lists))
	for i := range r.lists {
		r.factors[i] = uint16(max(math.Ceil(r.lists[i].worth/r.unit), 1))
	}
}

// least is the sum that a span with a post among the best has at least.
func (r *spanRun) least() uint16 {
	return uint16(min(max(r.need/r.unit*slack, 1), maxSum+1))
}

// addUp adds up the bounds of all spans.
func (r *spanRun) addUp() {
	n := spansOf(r.segments[r.window.seg].columns.Docs)
	if len(r.room) < n {
		r.sums, r.room = make([]uint16, n+n/8), make([]uint32, n+n/8)
	}
	r.sums = r.sums[:n]
	clear(r.sums)
	for i := range r.lists {
		switch l := &r.lists[i]; {
		case l.set == nil:
			r.addSparse(i)
		case r.wide:
			addSpansAVX2(r.sums, &l.spans[0], r.factors[i])
		default:
			addSpans(r.sums, l.spans, r.factors[i])
		}
	}
	if r.allowed != nil {
		r.allowOnly()
	}
}

// addSparse adds the bounds of a word of few posts, and notes where its spans begin.
func (r *spanRun) addSparse(i int) {
	s, docs, bounds := &r.sparse[i], r.lists[i].docs, r.lists[i].bounds
	if len(s.begin) < len(r.room) {
		s.begin, s.greatest = make([]uint32, len(r.room)), make([]uint8, len(r.room))
	}
	for at := 0; at < len(docs); {
		from, span, most := at, docs[at]>>spanBits, uint8(0)
		for ; at < len(docs) && docs[at]>>spanBits == span; at++ {
			most = max(most, bounds[at])
		}
		s.begin[span], s.greatest[span] = uint32(from), most //nolint:gosec // fewer than 2^32
		r.sums[span] += uint16(most) * r.factors[i]
	}
}

// allowOnly takes away the spans without a post that may be a hit.
func (r *spanRun) allowOnly() {
	whole := 0
	if r.wide {
		whole = len(r.allowed) * spansOfWord / spansAtATime * spansAtATime
		allowSpansAVX2(r.sums[:whole], &r.allowed[0])
	}
	allowSpans(r.sums[whole:], r.allowed[whole/spansOfWord:])
}

func (r *spanRun) greatest() uint16 {
	if r.wide {
		return greatestAVX2(r.sums)
	}
	return greatest(r.sums)
}

// between gives the spans whose sums are at least so much, and below so much.
func (r *spanRun) between(least, below uint16) []uint32 {
	if r.wide {
		return r.room[:findSpansAVX2(r.room, r.sums, least, below)]
	}
	return r.room[:findSpans(r.room, r.sums, least, below)]
}

// try tries the posts of some spans, but for those with title fit.
func (r *spanRun) try(spans []uint32) {
	for i := range r.lists {
		if r.lists[i].set != nil {
			r.lookUp(i, spans)
		} else {
			r.lookThrough(i, spans)
		}
	}
	posts, least := r.posts[:0], uint64(r.least())
	for j, span := range spans {
		posts = r.promising(posts, j, span, least)
	}
	for i := range r.lists {
		r.place(i, posts)
	}
	for n := range posts {
		if p := &posts[n]; p.bound >= r.need {
			for i := range r.lists {
				r.lists[i].place = int(r.places[i][n])
			}
			r.contend(p.doc, p.bound, 0)
		}
	}
}

// lookUp notes which posts of the spans a word with a bitset has.
func (r *spanRun) lookUp(i int, spans []uint32) {
	set, here := r.lists[i].set, &r.here[i]
	for j, span := range spans {
		here[j%spansTogether] = postsOf(set, span)
	}
}

// lookThrough notes which posts of the spans a word without a bitset has.
func (r *spanRun) lookThrough(i int, spans []uint32) {
	docs, here := r.lists[i].docs, &r.here[i]
	for j, span := range spans {
		here[j] = 0
		at := int(r.sparse[i].begin[span])
		if at >= len(docs) || at > 0 && docs[at-1]>>spanBits == span {
			continue // Of an earlier search.
		}
		for ; at < len(docs) && docs[at]>>spanBits == span; at++ {
			here[j] |= 1 << (docs[at] % spanSize)
		}
	}
}

// promising adds the posts of a span that may be worth what is needed, by the greatest bounds
// of the words that they have: of four posts at a time, in 16 bits each.
func (r *spanRun) promising(posts []spanPost, j int, span uint32, least uint64) []spanPost {
	var first, last uint64
	matching := uint8(0)
	for i := range r.lists {
		here := r.here[i][j]
		matching |= here
		most := uint64(r.factors[i]) * r.greatestIn(i, span)
		first += spread(here&15) * most
		last += spread(here>>4) * most
	}
	if r.allowed != nil {
		matching &= postsOf(r.allowed, span)
	}
	if r.fits != nil {
		matching &^= postsOf(r.fits, span)
	}
	r.tried += bits.OnesCount8(matching)
	for _, half := range [...]struct {
		sums uint64
		from int
	}{{first, 0}, {last, 4}} {
		enough := ((half.sums | highest) - least*eachLane) & highest
		for ; enough != 0; enough &= enough - 1 {
			if k := half.from + bits.TrailingZeros64(enough)>>4; matching>>k&1 != 0 {
				posts = append(posts, spanPost{span: uint32(j), doc: span<<spanBits | uint32(k)}) //nolint:gosec // not negative
			}
		}
	}
	return posts
}

const (
	eachLane = 0x0001000100010001
	highest  = 0x8000800080008000
)

// spread puts each of four bits into 16 of their own.
func spread(four uint8) uint64 { return uint64(four) * 0x0000200040008001 & eachLane }

// greatestIn is the greatest bound of a span in a list, where that has posts of it.
func (r *spanRun) greatestIn(i int, span uint32) uint64 {
	if l := &r.lists[i]; l.set != nil {
		return uint64(l.spans[span])
	}
	return uint64(r.sparse[i].greatest[span])
}

// place looks for the places of posts in a list, and adds their bounds.
func (r *spanRun) place(i int, posts []spanPost) {
	l, places, here := &r.lists[i], &r.places[i], &r.here[i]
	for n := range posts {
		p := &posts[n]
		places[n] = -1
		if here[p.span]>>(p.doc%spanSize)&1 == 0 {
			continue
		}
		from := 0
		if l.set == nil {
			from = int(r.sparse[i].begin[p.doc>>spanBits])
		}
		at, _ := l.find(p.doc, from)
		places[n] = int32(at) //nolint:gosec // fewer than 2^31
		p.bound += l.worth * float64(l.bounds[at])
	}
}
