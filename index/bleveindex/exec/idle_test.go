package exec

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Claim: what is made ready does not wait where there were no searches; it waits for those under
// way, and for a while after each; and it gives up with its context.
func TestAwaitIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s searches
		start := time.Now()
		seen, err := s.awaitIdle(t.Context(), 0)
		if seen != 0 || err != nil || time.Since(start) > 0 {
			t.Errorf("without searches: %d, %v after %v", seen, err, time.Since(start))
		}
		go func() {
			for range 5 {
				s.enter()
				time.Sleep(betweenSearches / 2)
				s.leave()
				time.Sleep(betweenSearches / 4)
			}
		}()
		synctest.Wait()
		seen, err = s.awaitIdle(t.Context(), 0)
		if took := time.Since(start); seen != 5 || err != nil || took < 4*betweenSearches {
			t.Errorf("after searches: %d, %v after %v", seen, err, took)
		}
		if again, err := s.awaitIdle(t.Context(), seen); again != seen || err != nil {
			t.Errorf("again: %d, %v", again, err)
		}
		s.enter()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.awaitIdle(ctx, seen); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while searching: %v", err)
		}
	})
}
