package server

// Claims: spread calls with each index once, and a panic reaches the caller.

import (
	"sync/atomic"
	"testing"
)

func TestSpreadCallsWithEachIndexOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		calls := make([]atomic.Int32, n)
		spread(n, func(i int) { calls[i].Add(1) })
		for i := range calls {
			if got := calls[i].Load(); got != 1 {
				t.Fatalf("%d of %d: %d calls", i, n, got)
			}
		}
	}
}

func TestSpreadRaisesAPanicInTheCaller(t *testing.T) {
	defer func() {
		if r := recover(); r != "at 7" {
			t.Errorf("recovered %v", r)
		}
	}()
	spread(20, func(i int) {
		if i == 7 {
			panic("at 7")
		}
	})
	t.Error("no panic")
}
