package bleveindex

import (
	"crypto/rand"
	"fmt"
	"strconv"
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
	token    string // names the snapshot
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
	// serial counts the snapshots; nonce tells those of different processes apart; token is
	// made of both and names the current one.
	serial uint64
	nonce  string
	token  string
	// before is the snapshot made last, for what does not change from one to the next.
	before *exec.Snapshot
	// dropping is what drops segments that are gone.
	dropping sync.WaitGroup
}

func (v *views) init(config *exec.Config, prior exec.PriorFunc) {
	v.config, v.prior = config, prior
	v.held = make(map[uint64]*held)
	v.nonce = rand.Text()[:12] + "-"
}

// held is what is kept of one segment. Scorch replaces a segment in memory by the
// same one on disk under its number: what was read through the old one is read
// anew.
type held struct {
	segment segment.Segment
	columns *exec.Columns
	shared  *exec.Shared // nil in the plain form
}

// release drops the reference to the segment: its memory may go away.
func (h *held) release() { _ = h.segment.DecRef() } // Fails to unmap what nobody uses.

// hold gives what is kept of a segment, opening what is new. It takes a reference to the
// segment: columns are read where they lie in it, also of the snapshot before.
func (v *views) hold(id uint64, seg segment.Segment) (*held, error) {
	h := v.held[id]
	if h != nil && h.segment == seg {
		return h, nil
	}
	out := &held{segment: seg}
	var err error
	if h != nil && !h.columns.Mapped {
		out.columns = h.columns
	} else if out.columns, err = exec.OpenColumns(seg, &v.config.Schema, v.config.Titles); err != nil {
		return nil, err
	}
	if v.config.Fast != nil {
		var before *exec.Shared
		if h != nil && out.columns == h.columns {
			before = h.shared
		}
		out.shared, err = exec.NewShared(seg, out.columns, &v.config.Schema, before)
		if err == nil {
			// What is there at open is likely to be searched.
			v.config.Fast.Prepare(out.shared, &v.config.Schema, v.before == nil)
		}
	}
	if err != nil {
		return nil, err
	}
	seg.AddRef()
	return out, nil
}

// release drops the references to all segments that were new to a snapshot that failed.
func (v *views) release(kept map[uint64]*held) {
	for id, h := range kept {
		if v.held[id] != h {
			h.release()
		}
	}
}

// close lets go of all segments.
func (v *views) close() {
	defer v.dropping.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, h := range v.held {
		h.release()
	}
	v.held, v.last, v.current, v.before = make(map[uint64]*held), nil, nil, nil
}

// drop frees what is kept of segments that are gone. Searches, which wait for the snapshot,
// do not wait for that.
func (v *views) drop(kept map[uint64]*held) {
	for id, h := range v.held {
		if kept[id] != h {
			forGood := kept[id] == nil
			v.dropping.Go(func() { v.dropOne(h, forGood) })
		}
	}
}

// dropOne frees what is kept of a segment, which may be gone for good.
func (v *views) dropOne(h *held, forGood bool) {
	if h.shared != nil {
		v.config.Fast.Drop(h.shared)
		if forGood {
			v.config.Fast.Forget(h.shared)
		}
	}
	h.release()
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

// view gives the snapshot that take returns, ready to search. Snapshots are taken
// one at a time, so that each is the same as the one before, or newer.
func (v *views) view(take func() (*scorch.IndexSnapshot, error), day int32) (*view, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	reader, err := take()
	if err != nil {
		return nil, err
	}
	snapshot, err := v.prepare(reader, day)
	if err != nil {
		_ = reader.Close()
		return nil, err
	}
	return &view{reader: reader, snapshot: snapshot, token: v.token}, nil
}

// snapshot prepares reader.
func (v *views) snapshot(reader *scorch.IndexSnapshot, day int32) (*exec.Snapshot, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.prepare(reader, day)
}

// prepare decodes the columns of segments that are new and sums up the statistics,
// unless the last call was for the same snapshot and day. The caller holds mu.
func (v *views) prepare(reader *scorch.IndexSnapshot, day int32) (s *exec.Snapshot, err error) {
	defer recoverDamage(&err)
	if v.last == reader && v.current.Day() == day {
		return v.current, nil
	}
	kept, done := make(map[uint64]*held, len(reader.Segments())), false
	defer func() {
		if !done { // Failed, perhaps by a panic.
			v.release(kept)
		}
	}()
	segments := make([]*exec.Segment, 0, len(reader.Segments()))
	for _, s := range reader.Segments() {
		h, err := v.hold(s.Id(), s.Segment())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		kept[s.Id()] = h
		prior := h.columns.Prior(v.prior, v.version, day)
		before := v.before.Segment(h.columns)
		segments = append(segments, exec.NewSegment(s.Segment(), s.Deleted(), h.columns, prior, h.shared, before))
	}
	seq := appliedRanges(reader.Internal()).prefix()
	current := exec.NewSnapshot(v.config, segments, seq, day, v.before)
	done = true
	v.drop(kept) // Not earlier: the statistics of the snapshot before are subtracted.
	v.held, v.last, v.current, v.before = kept, reader, current, current
	v.serial++
	v.token = v.nonce + strconv.FormatUint(v.serial, 36)
	return v.current, nil
}

func dayOf(t time.Time) int32 { return int32(t.UTC().Unix() / 86400) } //nolint:gosec // days fit
