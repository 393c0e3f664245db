// Package bleveindex is the embedded engine: an [index.Index] on bleve's scorch.
//
// Scorch writes, merges, deletes and snapshots segments and is the index of
// record; package exec reads its snapshots and scores. How a post becomes a
// document of a segment is in package layout.
package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"alphanode/index"
	"alphanode/index/bleveindex/exec"
	"alphanode/index/bleveindex/layout"
	"alphanode/index/bleveindex/zapwriter"
)

// Identity says what an index was derived from. An index with another identity
// than the one asked for is rebuilt.
type Identity struct {
	// StoreID is the random id of the corpus.Store.
	StoreID string
	// StoreSeq is the sequence number that the store is at: an index that is ahead of
	// it is rebuilt. 0 leaves that to the Follower.
	StoreSeq uint64
	// Signals changes whenever Options.Signals computes other values.
	Signals string
	// Logger receives rebuilds and their reasons; nil means slog.Default.
	Logger *slog.Logger
}

// ErrDamaged is wrapped by errors that a damaged directory causes. The index can
// be Reset and filled again.
var ErrDamaged = index.ErrDamaged

// Index is a search index. All methods are safe for concurrent use.
type Index struct {
	dir      string // empty in memory
	identity string
	storeSeq uint64
	log      *slog.Logger
	now      func() time.Time
	signals  index.SignalsFunc
	config   exec.Config
	builder  *layout.Builder
	holds    *holds

	// mu guards what follows. Apply holds it for reading, so that Reset and Close
	// wait for batches in flight.
	mu     sync.RWMutex
	engine *engine // nil when closed
	prior  exec.PriorFunc
}

var (
	_ index.Index    = (*Index)(nil)
	_ index.Resetter = (*Index)(nil)
)

// Open opens or creates the index in dir. A directory that is damaged or of
// another identity is emptied, and the log says so; Seq is 0 then. A directory
// that another process has open is an error.
func Open(dir string, id Identity, opts index.Options) (*Index, error) {
	if dir == "" {
		return nil, errors.New("search index: a directory is needed")
	}
	x := newIndex(dir, id, opts)
	if err := x.open(); err != nil {
		return nil, err
	}
	return x, nil
}

// OpenMemory returns an empty index that lives in memory. Its segments are never
// merged: it is for tests and small collections.
func OpenMemory(opts index.Options) (*Index, error) {
	x := newIndex("", Identity{}, opts)
	if err := x.recreate(); err != nil {
		return nil, err
	}
	return x, nil
}

func newIndex(dir string, id Identity, opts index.Options) *Index {
	x := &Index{dir: dir, identity: identityOf(id, opts), storeSeq: id.StoreSeq, log: id.Logger, now: opts.Now, signals: opts.Signals, holds: newHolds(opts)}
	if x.log == nil {
		x.log = slog.Default()
	}
	if x.now == nil {
		x.now = time.Now //nolint:forbidigo // the default of a clock that is given by Options.Now
	}
	x.config = configOf(opts)
	x.config.Now = x.now
	x.builder = layout.NewBuilder(x.config.Schema, opts.Signals, workers())
	x.prior = opts.Prior
	return x
}

func configOf(opts index.Options) exec.Config {
	c := exec.Config{Schema: layout.DefaultSchema(), Scoring: index.DefaultScoring(), Beta: opts.PriorBeta, Titles: exec.NewVocabulary()}
	if opts.Plain {
		c.Schema, c.Scoring = layout.PlainSchema(), index.PlainScoring()
	}
	if opts.Scoring != nil {
		c.Scoring = *opts.Scoring
	}
	switch {
	case opts.Prior == nil || c.Beta < 0 || opts.Plain:
		c.Beta = 0
	case c.Beta == 0:
		c.Beta = defaultBeta
	}
	if !opts.Reference {
		c.Fast = exec.NewFast(&c.Schema, opts.PostingsBudget, workers())
	}
	return c
}

const defaultBeta = 0.15

// identityOf is what an index must have been built from to be used.
func identityOf(id Identity, opts index.Options) string {
	return fmt.Sprintf("store %s, segments %s, fields %s, signals %q %t, plain %t",
		id.StoreID, zapwriter.Layout, index.Fingerprint(), id.Signals, opts.Signals != nil, opts.Plain)
}

// workers is the number of analyses at a time.
func workers() int { return max(2, runtime.GOMAXPROCS(0)) }

// Search implements index.Index. A segment that cannot be read gives an error that
// wraps ErrDamaged.
func (x *Index) Search(ctx context.Context, req index.Request) (result *index.Result, err error) {
	e, err := x.current()
	if err != nil {
		return nil, err
	}
	view, moved, err := x.searched(e, &req)
	if err != nil {
		return nil, err
	}
	defer view.close() //nolint:errcheck // drops a reference
	defer recoverDamage(&err)
	req.From, req.Size = max(0, req.From), max(0, req.Size)
	return view.answer(ctx, &req, moved)
}

// recoverDamage turns a panic into an error: the segment reader slices the bytes of
// a file by offsets that it finds in them.
func recoverDamage(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v\n%s", ErrDamaged, r, debug.Stack())
	}
}

// Seq implements index.Index.
func (x *Index) Seq(context.Context) (uint64, error) {
	e, err := x.current()
	if err != nil {
		return 0, err
	}
	snapshot, err := e.reader()
	if err != nil {
		return 0, err
	}
	defer snapshot.Close() //nolint:errcheck // drops a reference
	return appliedRanges(snapshot.Internal()).prefix(), nil
}

// Close waits until what was applied is on disk, for at most closeWait, and closes
// the index. Searches that run go on.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.engine == nil {
		return nil
	}
	return errors.Join(x.engine.backlog.wait(closeWait), x.stop())
}

const closeWait = 30 * time.Second

// Reset drops all content; Seq is 0 afterwards. It waits for batches in flight.
func (x *Index) Reset(_ context.Context, reason string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.log.Warn("search index is rebuilt", "dir", x.dir, "reason", reason)
	return x.recreate()
}

// Stats gives figures about the current snapshot.
func (x *Index) Stats(_ context.Context) (index.Stats, error) {
	e, err := x.current()
	if err != nil {
		return index.Stats{}, err
	}
	view, err := e.view(dayOf(x.now()))
	if err != nil {
		return index.Stats{}, err
	}
	defer view.close() //nolint:errcheck // drops a reference
	return index.Stats{
		Posts: view.snapshot.Live(), Segments: view.snapshot.Segments(), Seq: view.snapshot.Seq(),
		Disk: diskUsage(x.dir), Columns: e.views.columnBytes(),
	}, nil
}

// SetPrior replaces the function that gives the prior: its columns are computed
// again at the next search, nothing is indexed anew.
func (x *Index) SetPrior(prior exec.PriorFunc) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.prior = prior
	if x.engine != nil {
		x.engine.views.setPrior(prior)
	}
}

// current is the running engine.
func (x *Index) current() (*engine, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.engine == nil {
		return nil, ErrClosed
	}
	return x.engine, nil
}

// Merge merges all segments on disk into one and drops what is deleted. It is slow
// and never needed: merging goes on by itself.
func (x *Index) Merge(ctx context.Context) error {
	e, err := x.current()
	if err != nil || x.dir == "" {
		return err
	}
	if err := e.scorch.ForceMerge(ctx, nil); err != nil {
		return fmt.Errorf("merge search index: %w", err)
	}
	return nil
}
