package exec

import (
	"context"
	"sync/atomic"
	"time"
)

// searches counts the searches of an index, so that what is made ready beside them keeps out of
// their way. Safe for concurrent use.
type searches struct {
	begun, active atomic.Int64
}

// enter notes that a search begins, and leave that it ends.
func (s *searches) enter() {
	s.active.Add(1)
	s.begun.Add(1)
}

func (s *searches) leave() { s.active.Add(-1) }

// betweenSearches is how long there has to be no search for the next thing to be made ready:
// longer than from one keystroke of a program that types without a pause to the next.
const betweenSearches = 20 * time.Millisecond

// awaitIdle waits until there was no search since seen were begun, or none for a while. It gives
// how many were begun by then.
func (s *searches) awaitIdle(ctx context.Context, seen int64) (int64, error) {
	for {
		begun := s.begun.Load()
		if begun == seen && s.active.Load() == 0 || ctx.Err() != nil {
			return begun, ctx.Err()
		}
		seen = begun
		select {
		case <-ctx.Done():
		case <-time.After(betweenSearches):
		}
	}
}
