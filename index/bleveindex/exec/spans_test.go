package exec

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Claims about spans:
//  1. Their sums come out the same with and without wide vectors.
//  2. Of words of random postings, frequent and rare ones, with and without a filter, all
//     posts that are worth as much as the k-th best, by their bounds, are among those that
//     are found; with and without wide vectors the same ones.

func TestWideSpans(t *testing.T) {
	if !hasWide() {
		t.Skip("the processor has no wide vectors")
	}
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 6))
		n := spansAtATime * rng.IntN(20)
		plain, spans := make([]uint16, n), make([]uint8, n+1)
		allowed := make([]uint64, n/spansOfWord+1)
		for i := range plain {
			plain[i], spans[i] = uint16(rng.IntN(maxSum/2)), uint8(rng.IntN(1<<rng.IntN(9)))
			allowed[i/spansOfWord] |= rng.Uint64() & rng.Uint64() & rng.Uint64() & rng.Uint64()
		}
		wide := slices.Clone(plain)
		factor := uint16(rng.IntN(maxSum / 2 / maxBound))
		addSpans(plain, spans, factor)
		addSpansAVX2(wide, &spans[0], factor)
		allowSpans(plain, allowed)
		allowSpansAVX2(wide, &allowed[0])
		if !slices.Equal(plain, wide) {
			t.Fatalf("seed %d: sums %v, want %v", seed, wide, plain)
		}
		if got, want := greatestAVX2(wide), greatest(plain); got != want {
			t.Fatalf("seed %d: the greatest is %d, want %d", seed, got, want)
		}
		least, below := uint16(1+rng.IntN(maxSum)), uint16(1+rng.IntN(maxSum+1))
		x, y := make([]uint32, n), make([]uint32, n)
		x, y = x[:findSpansAVX2(x, wide, least, below)], y[:findSpans(y, plain, least, below)]
		if !slices.Equal(x, y) {
			t.Fatalf("seed %d: from %d below %d: spans %v, want %v", seed, least, below, x, y)
		}
	}
}

// wordsBySpans is a run over a segment with a few words.
func wordsBySpans(rng *rand.Rand) *boundedRun {
	s := mergedFixture(rng, 1)
	b := &boundedRun{fastRun: &fastRun{searcher: s, depth: 1 + rng.IntN(20), most: 1, key: sortKey{byScore, true}}, widest: 1, narrowest: 1}
	b.window.seg = 0
	for range 2 + rng.IntN(3) {
		fields := []fieldLists{{weight: 1, linear: []cursor{{list: randomList(rng, []float64{0.001, 0.01, 0.1, 0.5}[rng.IntN(4)]), level: 1}}}}
		b.lists = append(b.lists, b.list(&fastWord{scale: 1 + 5*rng.Float64()}, s.merge(0, fields)))
	}
	b.order()
	if rng.IntN(2) == 0 {
		b.allowed = newBitset(mergedPosts)
		for range mergedPosts / 20 {
			b.allowed.add(rng.Uint32N(mergedPosts))
		}
	}
	return b
}

// boundOf is what a post is worth at most.
func boundOf(b *boundedRun, doc uint32) float64 {
	bound := 0.0
	for i := range b.lists {
		if l := &b.lists[i]; b.allowed == nil || b.allowed.contains(doc) {
			if at, found := l.find(doc, 0); found {
				bound += l.worth * float64(l.bounds[at])
			}
		}
	}
	return bound
}

func TestTryBySpans(t *testing.T) {
	for seed := range uint64(60) {
		b := wordsBySpans(rand.New(rand.NewPCG(seed, 7)))
		b.tryBySpans()
		found := make(map[uint32]bool)
		for _, c := range b.contenders {
			found[c.doc] = true
		}
		best := 0
		for doc := range uint32(mergedPosts) {
			if bound := boundOf(b, doc); bound > 0 && bound >= b.need {
				if best++; !found[doc] {
					t.Fatalf("seed %d: post %d, worth %v at most, was not found; %v is needed", seed, doc, bound, b.need)
				}
			}
		}
		if best < b.depth && b.need > 0 {
			t.Fatalf("seed %d: %v is needed, only %d posts may be worth it", seed, b.need, best)
		}
		wide := slices.Clone(b.contenders)
		b.contenders, b.sureBest, b.need, b.full, b.floor = nil, nil, 0, false, 0
		b.scratch.spans.plain = true
		if b.tryBySpans(); !slices.Equal(b.contenders, wide) {
			t.Fatalf("seed %d: %d posts, %d with wide vectors", seed, len(b.contenders), len(wide))
		}
	}
}
