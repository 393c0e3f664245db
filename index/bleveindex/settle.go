package bleveindex

import (
	"context"
	"fmt"
	"time"
)

// settlePause is how often Settle looks.
const settlePause = 10 * time.Millisecond

// Settle returns when what was applied is on disk and nothing is left to be merged, or with
// ctx's error, or when writing or merging fails. Searches and further changes go on.
func (x *Index) Settle(ctx context.Context) error {
	e, err := x.current()
	if err != nil || x.dir == "" {
		return err
	}
	before := e.errorCount()
	tick := time.NewTicker(settlePause)
	defer tick.Stop()
	for e.isWorking() {
		if e.errorCount() > before {
			return fmt.Errorf("settle search index %s: %w", x.dir, errPersist)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		if now, err := x.current(); err != nil || now != e {
			return err // What was there is dropped.
		}
	}
	return nil
}

// isWorking reports whether something is being written or merged, or waits for it. The
// newest snapshot has been written, and looked at for merges, once both are at its epoch,
// which scorch tells of snapshots that are newer than the one it was opened with.
func (e *engine) isWorking() bool {
	stats := e.scorch.StatsMap()
	newest, _ := stats["CurRootEpoch"].(uint64)
	written, _ := stats["LastPersistedEpoch"].(uint64)
	merged, _ := stats["LastMergedEpoch"].(uint64)
	return written == 0 || written != merged || newest > written
}
