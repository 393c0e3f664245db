package bleveindex

import (
	"fmt"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

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
	held    map[uint64]*held
	// last is the engine's snapshot that current was made from. It is compared
	// only: no reference is held, so that files of merged segments go away.
	last    *scorch.IndexSnapshot
	current *exec.Snapshot
}

func (v *views) init(config *exec.Config, prior exec.PriorFunc) {
	v.config, v.prior = config, prior
	v.held = make(map[uint64]*held)
}

// held is what is kept of one segment. Scorch replaces a segment in memory by the
// same one on disk under its number: what was read through the old one is read
// anew.
type held struct {
	segment segment.Segment
	columns *exec.Columns
	shared  *exec.Shared // nil in the plain form
}

// hold gives what is kept of a segment, decoding what is new.
func (v *views) hold(id uint64, seg segment.Segment) (*held, error) {
	h := v.held[id]
	if h != nil && h.segment == seg {
		return h, nil
	}
	out := &held{segment: seg}
	var err error
	if h != nil {
		out.columns = h.columns
	} else if out.columns, err = exec.DecodeColumns(seg, &v.config.Schema, v.config.Titles); err != nil {
		return nil, err
	}
	if v.config.Fast != nil {
		out.shared, err = exec.NewShared(seg, out.columns, &v.config.Schema)
	}
	return out, err
}

// drop frees what is kept of segments that are gone.
func (v *views) drop(kept map[uint64]*held) {
	for id, h := range v.held {
		if h.shared != nil && kept[id] != h {
			v.config.Fast.Drop(h.shared)
		}
	}
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
	for _, h := range v.held {
		total += h.columns.Bytes()
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
	kept := make(map[uint64]*held, len(reader.Segments()))
	segments := make([]*exec.Segment, 0, len(reader.Segments()))
	for _, s := range reader.Segments() {
		h, err := v.hold(s.Id(), s.Segment())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		kept[s.Id()] = h
		prior := h.columns.Prior(v.prior, v.version, day)
		segments = append(segments, exec.NewSegment(s.Segment(), s.Deleted(), h.columns, prior, h.shared))
	}
	v.drop(kept)
	seq := appliedRanges(reader.Internal()).prefix()
	v.held, v.last = kept, reader
	v.current = exec.NewSnapshot(v.config, segments, seq, day)
	return v.current, nil
}

func dayOf(t time.Time) int32 { return int32(t.UTC().Unix() / 86400) } //nolint:gosec // days fit
