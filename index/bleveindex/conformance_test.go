package bleveindex_test

import (
	"testing"

	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
)

// Claims: the engine answers as the oracle does, under random operations, merges and
// reopening; so does its plain form, which the fast one is derived from; so does the
// fast one when it may keep nothing, or next to nothing, in memory.

func opener(change func(*index.Options)) indextest.Opener {
	return func(t *testing.T, dir string, opts index.Options) index.Index {
		t.Helper()
		change(&opts)
		x, err := bleveindex.Open(dir, bleveindex.Identity{StoreID: "store"}, opts)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func TestConformance(t *testing.T) {
	indextest.Run(t, opener(func(*index.Options) {}))
}

func TestConformanceOfThePlainForm(t *testing.T) {
	indextest.Run(t, opener(func(o *index.Options) { o.Reference = true }))
}

func TestConformanceWithoutMemory(t *testing.T) {
	for _, budget := range []int64{-1, 4 << 10} {
		indextest.RunRandom(t, opener(func(o *index.Options) { o.PostingsBudget = budget }), 3, 70)
	}
}
