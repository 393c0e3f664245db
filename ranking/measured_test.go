package ranking_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"alphanode/ranking"
)

// Follow measures the lists: after the first generation and after the next, and what
// it tells is what SiteMeasures works out.
func TestMeasured(t *testing.T) {
	f := newFixture(t, nil, ranking.Options{Debounce: time.Millisecond})
	f.put(t, subjects()...)
	if _, ok := f.engine.Measured(); ok {
		t.Error("measured before there are lists")
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.engine.Follow(ctx) }()
	defer func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Follow ended with %v", err)
		}
	}()
	waitFor(t, func() bool { m, ok := f.engine.Measured(); return ok && m.Seq == f.store.Seq() })
	got, _ := f.engine.Measured()
	want, err := f.engine.SiteMeasures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.SiteMeasures != want || got.Posts != 12 || got.Generation != f.graph.Info().Number || !got.At.Equal(fixedClock()) {
		t.Errorf("measured %+v, want %+v of generation %d", got, want, f.graph.Info().Number)
	}
}
