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

func TestConformance(t *testing.T) {
	for name, change := range map[string]func(*index.Options){
		"default":      func(*index.Options) {},
		"reference":    func(o *index.Options) { o.Reference = true },
		"no budget":    func(o *index.Options) { o.PostingsBudget = -1 },
		"small budget": func(o *index.Options) { o.PostingsBudget = 4 << 10 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			indextest.Run(t, func(t *testing.T, dir string, opts index.Options) index.Index {
				t.Helper()
				change(&opts)
				x, err := bleveindex.Open(dir, bleveindex.Identity{StoreID: "store"}, opts)
				if err != nil {
					t.Fatal(err)
				}
				return x
			})
		})
	}
}
