package postings

// Claims: documents, their number and how many of them are live are those of the
// roaring library, for containers of all kinds; bytes that were cut or changed give
// an error or other documents, and no panic.

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

func randomSet(rng *rand.Rand) *roaring.Bitmap {
	b := roaring.New()
	for range 1 + rng.IntN(6) {
		base := uint32(rng.IntN(12)) << 16
		switch rng.IntN(3) {
		case 0: // Few.
			for range 1 + rng.IntN(300) {
				b.Add(base | uint32(rng.IntN(1<<16)))
			}
		case 1: // Many.
			for range 20_000 {
				b.Add(base | uint32(rng.IntN(1<<16)))
			}
		default: // In a row.
			from := uint64(base) | uint64(rng.IntN(1<<15))
			b.AddRange(from, from+uint64(1+rng.IntN(1<<15)))
		}
	}
	if rng.IntN(2) == 0 {
		b.RunOptimize()
	}
	return b
}

func TestDocSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	live := make([]uint64, 9<<16/64) // Not all documents that occur.
	alive := roaring.New()
	for i := range live {
		live[i] = rng.Uint64() & rng.Uint64()
		for bit := range uint32(64) {
			if live[i]>>bit&1 != 0 {
				alive.Add(uint32(i)*64 + bit)
			}
		}
	}
	for i := range 200 {
		b := randomSet(rng)
		data, err := b.ToBytes()
		if err != nil {
			t.Fatal(err)
		}
		set, err := parseDocs(data)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := set.appendTo(nil)
		if err != nil || !slices.Equal(docs, b.ToArray()) || set.count() != uint32(len(docs)) {
			t.Fatalf("set %d: %d documents, counted %d, want %d: %v", i, len(docs), set.count(), b.GetCardinality(), err)
		}
		if n, err := set.countIn(live); err != nil || n != int(b.AndCardinality(alive)) {
			t.Fatalf("set %d: %d live, want %d: %v", i, n, b.AndCardinality(alive), err)
		}
		for range 20 {
			damaged := slices.Clone(data[:rng.IntN(len(data))])
			if len(damaged) > 0 {
				damaged[rng.IntN(len(damaged))] ^= byte(1 + rng.IntN(255))
			}
			if set, err := parseDocs(damaged); err == nil {
				_, _ = set.appendTo(nil)
				_, _ = set.countIn(live)
			}
		}
	}
}
