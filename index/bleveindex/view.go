package bleveindex

import (
	"fmt"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"alphanode/index/bleveindex/exec"
)

// view is a snapshot in use.
type view struct {
	reader   *scorch.IndexSnapshot
	snapshot *exec.Snapshot
}

func (v *view) close() error { return v.reader.Close() }

// views makes snapshots ready for searches and keeps what they share: the columns
// of each segment, and the last snapshot's statistics.
type views struct {
	config *exec.Config

	mu      sync.Mutex
	prior   exec.PriorFunc
	version uint64 // of prior
	columns map[uint64]*exec.Columns
	// last is the engine's snapshot that current was made from. It is compared
	// only: no reference is held, so that files of merged segments go away.
	last    *scorch.IndexSnapshot
	current *exec.Snapshot
}

func (v *views) init(config *exec.Config, prior exec.PriorFunc) {
	v.config, v.prior = config, prior
	v.columns = make(map[uint64]*exec.Columns)
}

func (v *views) setPrior(prior exec.PriorFunc) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.prior = prior
	v.version++
	v.last, v.current = nil, nil
}

func (v *views) columnBytes() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	var total int64
	for _, c := range v.columns {
		total += c.Bytes()
	}
	return total
}

// snapshot prepares reader: decodes the columns of segments that are new and sums
// up the statistics, unless the last call was for the same one and day.
func (v *views) snapshot(reader *scorch.IndexSnapshot, day int32) (s *exec.Snapshot, err error) {
	defer recoverDamage(&err)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last == reader && v.current.Day() == day {
		return v.current, nil
	}
	columns := make(map[uint64]*exec.Columns, len(reader.Segments()))
	segments := make([]*exec.Segment, 0, len(reader.Segments()))
	for _, s := range reader.Segments() {
		c := v.columns[s.Id()]
		if c == nil {
			if c, err = exec.DecodeColumns(s.Segment(), &v.config.Schema, v.config.Titles); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
			}
		}
		columns[s.Id()] = c
		segments = append(segments, exec.NewSegment(s.Segment(), s.Deleted(), c, c.Prior(v.prior, v.version, day)))
	}
	seq := appliedRanges(reader.Internal()).prefix()
	v.columns, v.last = columns, reader
	v.current = exec.NewSnapshot(v.config, segments, seq, day)
	return v.current, nil
}

func dayOf(t time.Time) int32 { return int32(t.UTC().Unix() / 86400) } //nolint:gosec // days fit
