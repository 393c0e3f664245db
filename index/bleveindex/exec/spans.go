package exec

// The sums of spans, 32 of which are added up at a time where the processor can: a sum has 16
// bits, of which the highest is free.

const (
	// spanSize is how many posts a span has: a byte of a bitset.
	spanSize    = 1 << spanBits
	spanBits    = 3
	spansOfWord = 64 / spanSize
	// spansAtATime is of what the number of spans is made a multiple.
	spansAtATime = 32
	// maxSum is the greatest sum of a span.
	maxSum = 1<<15 - 1
)

// spansOf is how many spans n posts have, with those that make it a multiple.
func spansOf(n int) int {
	const posts = spanSize * spansAtATime
	return (n + posts - 1) / posts * spansAtATime
}

// addSpans adds factor times the bound of each span to its sum.
func addSpans(sums []uint16, spans []uint8, factor uint16) {
	spans = spans[:len(sums)]
	for i, bound := range spans {
		sums[i] += uint16(bound) * factor
	}
}

// greatest is the greatest of some sums.
func greatest(sums []uint16) uint16 {
	most := uint16(0)
	for _, sum := range sums {
		most = max(most, sum)
	}
	return most
}

// findSpans notes which sums are at least so much, and below so much, in room for all. It
// gives how many there are.
func findSpans(found []uint32, sums []uint16, least, below uint16) int {
	n := 0
	for i, sum := range sums {
		if sum >= least && sum < below {
			found[n] = uint32(i) //nolint:gosec // fewer than 2^32
			n++
		}
	}
	return n
}

// allowSpans takes away the sums of spans of which a set has no post.
func allowSpans(sums []uint16, allowed []uint64) {
	for i := range sums {
		if word := i / spansOfWord; word >= len(allowed) || postsOf(allowed, uint32(i)) == 0 { //nolint:gosec // fewer than 2^32
			sums[i] = 0
		}
	}
}

// postsOf gives the posts of a span that a set has, by place in the span.
func postsOf(set []uint64, span uint32) uint8 {
	return uint8(set[span/spansOfWord] >> (span % spansOfWord * spanSize)) //nolint:gosec // as many bits as a span has posts
}
