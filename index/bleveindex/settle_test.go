package bleveindex_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/indextest"
)

// Claims: after Settle nothing is merged any more, though there was much to merge, and the
// posts are all there; it ends with the context, and where nothing came since the index was
// opened; a closed index says so.

func TestSettle(t *testing.T) {
	ctx := context.Background()
	idx, err := bleveindex.Open(t.TempDir(), bleveindex.Identity{StoreID: "settle"}, indextest.Options())
	if err != nil {
		t.Fatal(err)
	}
	const batches = 40
	for i := range uint64(batches) {
		changes := make([]corpus.Change, 50)
		for j := range changes {
			changes[j] = corpus.Put(corpus.Post{ID: fmt.Sprint(i, "-", j), Title: "some words"}, corpus.PublishAll)
			changes[j].Seq = i + 1
		}
		if err := idx.Apply(ctx, index.Range{From: i + 1, To: i + 1}, changes); err != nil {
			t.Fatal(err)
		}
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if err := idx.Settle(stopped); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := idx.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	before, err := idx.Stats(ctx)
	if err != nil || before.Segments > 10 || before.Posts != 50*batches {
		t.Errorf("%d posts in %d segments, %v", before.Posts, before.Segments, err)
	}
	if err := idx.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if after, err := idx.Stats(ctx); err != nil || after.Segments != before.Segments {
		t.Errorf("%d segments after %d, %v", after.Segments, before.Segments, err)
	}
	if err := idx.Close(); err != nil {
		t.Fatal(err)
	}
	if err := idx.Settle(ctx); !errors.Is(err, bleveindex.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestSettleWithoutChanges(t *testing.T) {
	dir := t.TempDir()
	for range 10 {
		idx, err := bleveindex.Open(dir, bleveindex.Identity{StoreID: "settle"}, indextest.Options())
		if err != nil {
			t.Fatal(err)
		}
		if err := idx.Settle(t.Context()); err != nil {
			t.Error(err)
		}
		if err := idx.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
