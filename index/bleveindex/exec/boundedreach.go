package exec

import "math/bits"

// Where words have a reach, hits are looked for in the lists alone: most posts have some title
// fit, and which of them may have much of it is seen from bounds, 64 posts at a time.

// tryReached looks for hits in all lists.
func (b *boundedRun) tryReached() {
	b.tryFitting(true)
	if few := b.few(); few != nil {
		b.tryAll(few)
	} else {
		for i := range b.lists[:b.drivers()] {
			b.rewind()
			if b.lists[i].set != nil {
				b.scanWords(i)
			} else {
				b.scanPosts(i)
			}
		}
	}
	b.tryFitting(false)
}

// scanPosts looks for hits in a list without a bitset.
func (b *boundedRun) scanPosts(i int) {
	l := &b.lists[i]
	for place, doc := range l.docs {
		b.tryReach(i, place, doc)
	}
}

// scanWords looks for hits in a list with a bitset, a word of it at a time.
func (b *boundedRun) scanWords(i int) {
	l := &b.lists[i]
	for at, word := range l.set {
		if b.allowed != nil {
			word &= b.allowed[at]
		}
		if b.fits != nil {
			word &^= b.fits[at]
		}
		if word == 0 {
			continue
		}
		fit := b.fit.reachIn(at)
		if l.worth*float64(l.mostIn(at))+l.rest+fit < b.need {
			continue
		}
		all := l.set[at]
		for ; word != 0; word &= word - 1 {
			place := int(l.ranks[at]) + bits.OnesCount64(all&(word&-word-1))
			if l.worth*float64(l.bounds[place])+l.rest+fit >= b.need {
				b.tryReach(i, place, uint32(at<<6+bits.TrailingZeros64(word))) //nolint:gosec // below the segment's size
			}
		}
	}
}

// mostIn is the greatest bound of the posts of a word of the bitset, or of neighbours too.
func (m *merged) mostIn(at int) uint8 {
	from := int(m.ranks[at])
	n := bits.OnesCount64(m.set[at])
	if n == 0 {
		return 0
	}
	return max(m.blocks[from>>blockBits], m.blocks[(from+n-1)>>blockBits])
}

// tryReach is try for a post with a title fit of which a bound is known. Lists before are
// gone through already.
func (b *boundedRun) tryReach(i, place int, doc uint32) {
	l := &b.lists[i]
	bound, fit := l.worth*float64(l.bounds[place]), b.fit.reachAt(doc)
	if bound+l.rest+fit < b.need {
		return
	}
	if b.allowed != nil && !b.allowed.contains(doc) || b.fits != nil && b.fits.contains(doc) {
		return
	}
	l.place = place
	if bound, ok := b.addLater(i, doc, bound, fit); ok {
		b.contendFitting(doc, bound, fit)
	}
}

// isHopeless reports whether a post that is worth no more than this, before its prior and
// boosts, is none of the best. Its title fit need not be computed then.
func (b *boundedRun) isHopeless(doc uint32, most float64) bool {
	if b.need <= 0 {
		return false
	}
	prior, boosts := b.multipliers(doc)
	return most*prior*boosts < b.floor*slack
}
