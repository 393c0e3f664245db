package bleveindex_test

import (
	"testing"

	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
)

// TestConformance: the engine answers as the oracle does, under random operations,
// merges and reopening.
func TestConformance(t *testing.T) {
	indextest.Run(t, func(t *testing.T, dir string, opts index.Options) index.Index {
		t.Helper()
		x, err := bleveindex.Open(dir, bleveindex.Identity{StoreID: "store"}, opts)
		if err != nil {
			t.Fatal(err)
		}
		return x
	})
}
