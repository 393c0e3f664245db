package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Neighbour is one similar post as it is shown.
type Neighbour struct {
	ID string `json:"id"`
	// Score is the similarity; greater is closer.
	Score float64 `json:"score"`
	// Reasons are phrases that a reader understands, the strongest first.
	Reasons []string `json:"reasons"`
	// Fill marks a neighbour below the floor that only fills the list.
	Fill bool `json:"fill,omitempty"`
	// Pick marks the one to go deeper with and the one to start with.
	Pick Pick `json:"pick,omitempty"`
	// Explain holds the numbers behind the reasons; JSON.
	Explain json.RawMessage `json:"explain,omitempty"`
}

// Pick is what a neighbour is picked out for; most are for nothing.
type Pick string

// The picks.
const (
	NoPick    Pick = ""
	GoDeeper  Pick = "go_deeper"
	StartHere Pick = "start_here"
)

// RawNeighbour is one entry of the longer list that the rules choose from.
type RawNeighbour struct {
	ID    string
	Score float32
}

// Row is the neighbour list of one post: what is shown, and the longer list it was
// chosen from, both in order of rank.
type Row struct {
	ID    string
	Shown []Neighbour
	Raw   []RawNeighbour
	// Least is what another post must reach to be in the longer list, in the units of
	// whoever made the row; 0 for anything.
	Least uint32
}

// GenerationInfo says what a generation was computed from.
type GenerationInfo struct {
	// StoreID is the Store.ID of the posts.
	StoreID string `json:"store_id"`
	// Seq is the sequence of the store up to which the rows are complete.
	Seq uint64 `json:"seq"`
	// AsOfDay is the day that ages count to, in days since the Unix epoch.
	AsOfDay int32 `json:"as_of_day"`
	// ModelHash stands for everything else the rows depend on.
	ModelHash string `json:"model_hash"`
	// Posts is how many posts the frozen statistics were taken from.
	Posts int `json:"posts"`
	// Built is when the generation was made, by the builder's clock.
	Built time.Time `json:"built"`
	// Number counts the generations of this file, from 1; given by NewGeneration.
	Number uint64 `json:"number"`
	// Frozen is the sequence that the statistics were taken at, Changes how many posts
	// were written or deleted in the rows since.
	Frozen  uint64 `json:"frozen"`
	Changes int    `json:"changes"`
	// Churn is the share 0..1 of the neighbours shown that the list of the same post did
	// not show before the generation, among posts that had a list.
	Churn float64 `json:"churn"`
	// Curation is what editors had laid down when the rows were made; empty for nothing.
	Curation string `json:"curation,omitempty"`
}

// GraphOptions configure OpenGraph. The zero GraphOptions, and nil, are the defaults.
type GraphOptions struct {
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// ReadOnly opens an existing graph for reading, together with other readers. A
	// damaged or newer file is then an error.
	ReadOnly bool
	// NoSync leaves out fsync; for tests and measurements.
	NoSync bool
}

// Graph keeps the neighbour list of every post in one file, similar.db. It is derived
// from the Store and may be deleted at any time.
//
// All methods may be called concurrently. A reader sees one generation whole: either
// that before a Publish or that after it.
type Graph struct {
	path     string
	log      *slog.Logger
	noSync   bool
	readOnly bool

	// writing is held by the one caller that changes the published file.
	writing chan struct{}

	// mu guards the swap of db: held shared during every read transaction.
	mu     sync.RWMutex
	db     *bolt.DB
	closed bool

	// state guards what follows.
	state    sync.Mutex
	info     GenerationInfo
	rows     int
	building bool
}

// OpenGraph opens the graph at path or makes an empty one. Files that an unfinished
// generation left behind are removed. Because a graph is derived, a file that is damaged or
// of a newer format is no error: it is renamed to path + ".damaged" or ".newer", in place of
// an earlier one, with a line in the log, and the graph begins empty. The errors are
// ErrLocked and those of the file system.
func OpenGraph(path string, opts *GraphOptions) (*Graph, error) {
	if opts == nil {
		opts = &GraphOptions{}
	}
	g := &Graph{
		path: path, log: orDiscard(opts.Logger), noSync: opts.NoSync, readOnly: opts.ReadOnly,
		writing: make(chan struct{}, 1),
	}
	err := g.open()
	if !g.readOnly && (errors.Is(err, ErrDamaged) || errors.Is(err, ErrNewer)) {
		if err = g.setAside(err); err == nil {
			err = g.open()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open graph %s: %w", path, err)
	}
	return g, nil
}

// open opens the file, making it if need be.
func (g *Graph) open() error {
	db, err := openBolt(g.path, boltOptions{readOnly: g.readOnly, noSync: g.noSync, pageSize: graphPageSize})
	if err != nil {
		return err
	}
	g.db = db
	if err := g.load(); err != nil {
		_ = db.Close()
		return err
	}
	if !g.readOnly { // With the file locked, nobody else is building.
		if err := os.Remove(g.buildPath()); err == nil {
			g.log.Info("removed an unfinished generation", "path", g.buildPath())
		}
	}
	return nil
}

// setAside renames a file that cannot be used.
func (g *Graph) setAside(why error) error {
	to := g.path + ".damaged"
	if errors.Is(why, ErrNewer) {
		to = g.path + ".newer"
	}
	g.log.Warn("graph cannot be used and is rebuilt; the file was set aside", "path", g.path, "as", to, "error", why)
	return replaceFile(g.path, to)
}

// replaceFile renames from to to, in place of what is there.
func replaceFile(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	syncDir(to)
	return nil
}

// buildPath is where a generation is built.
func (g *Graph) buildPath() string { return g.path + ".building" }

// load reads meta, after writing that of a new file.
func (g *Graph) load() error {
	fresh := false
	err := view(g.db, func(tx *bolt.Tx) error {
		first, _ := tx.Cursor().First()
		fresh = first == nil
		return nil
	})
	if err == nil && fresh && !g.readOnly {
		err = createGraph(g.db, GenerationInfo{})
		syncDir(g.path)
	}
	if err != nil {
		return err
	}
	return view(g.db, func(tx *bolt.Tx) (err error) {
		if err := checkFormat(tx, graphKind, graphFormat); err != nil {
			return err
		}
		if tx.Bucket(bucketRows) == nil {
			return fmt.Errorf("%w: a bucket is missing", ErrDamaged)
		}
		g.info, g.rows, err = readGraphMeta(tx)
		return err
	})
}

// Close closes the file, after the calls that are at work have ended. A generation
// in the making is given up by its builder, or removed at the next open.
func (g *Graph) Close() error {
	g.writing <- struct{}{}
	defer func() { <-g.writing }()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.db.Close()
}

// Seq is the sequence of the store up to which the graph is complete; 0 when empty.
func (g *Graph) Seq() uint64 { return g.Info().Seq }

// Info describes the published generation; the zero value when none was published.
func (g *Graph) Info() GenerationInfo {
	g.state.Lock()
	defer g.state.Unlock()
	return g.info
}

// Len is the number of rows.
func (g *Graph) Len() int {
	g.state.Lock()
	defer g.state.Unlock()
	return g.rows
}

func (g *Graph) setState(info GenerationInfo, rows int) {
	g.state.Lock()
	defer g.state.Unlock()
	g.info, g.rows = info, rows
}

// view runs a read transaction on the published generation.
func (g *Graph) view(fn func(tx *bolt.Tx) error) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return view(g.db, fn)
}

// lock waits for the right to change the published file.
func (g *Graph) lock(ctx context.Context) error {
	if g.readOnly {
		return errReadOnlyGraph
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case g.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Graph) unlock() { <-g.writing }

var errReadOnlyGraph = errors.New("the graph is open for reading only")
