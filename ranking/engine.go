package ranking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"alphanode/corpus"
	"alphanode/index"
)

// Options configures an Engine. The zero value of a field means its default.
type Options struct {
	// Now is the clock that gives the as-of day and the time of a build. Nil means
	// that the newest date of the posts gives the day.
	Now func() time.Time
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// Workers is the number of goroutines that compute lists and what these are made from. 0
	// means one a CPU; who answers searches meanwhile leaves a CPU to them.
	Workers int
	// Answering tells how many requests are being answered: Follow brings changes into the
	// lists on processors that these leave. Nil: it need not give way.
	Answering func() int
	// Settle is how long Follow waits after a change for others that come with it, before
	// it brings them into the lists. Default 20 ms.
	Settle time.Duration
	// Debounce is how long the store must rest before Follow computes all lists anew.
	// Default 2 s.
	Debounce time.Duration
	// MaxDelay bounds that rest while writes keep coming. Default 60 s. Whatever it
	// is, Follow spends at most a fifth of the time on computing all lists.
	MaxDelay time.Duration
	// Backlog is the number of changes that wait to be brought into the lists, as a
	// share of the posts, above which all are computed anew, with new statistics. Default
	// 0.01.
	Backlog float64
	// Drift is the number of changes since the statistics were taken, as a share of the
	// posts, above which that is done. Default 0.05.
	Drift float64
	// Contenders is for how many posts it is kept in memory what their lists were made
	// from, so that these are made again faster; 1.1 KB each. Default 100,000;
	// negative for none.
	Contenders int
	// GraphOnly leaves lists as the graph has them: no model is ever made, for which all
	// posts are read, and what needs one is ErrNoModel. Follow must not be called.
	GraphOnly bool
}

// withDefaults fills in what is zero.
func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Settle <= 0 {
		o.Settle = 20 * time.Millisecond
	}
	if o.Backlog <= 0 {
		o.Backlog = 0.01
	}
	if o.Drift <= 0 {
		o.Drift = 0.05
	}
	if o.Contenders == 0 {
		o.Contenders = 100_000
	}
	if o.Debounce <= 0 {
		o.Debounce = 2 * time.Second
	}
	if o.MaxDelay <= 0 {
		o.MaxDelay = time.Minute
	}
	return o
}

// Engine ranks: it puts prior, suggestions and similar posts in front of an
// index. All methods are safe for concurrent use.
type Engine struct {
	index  index.Index
	store  *corpus.Store
	graph  *corpus.Graph
	config Config
	opts   Options

	model     atomic.Pointer[Model]
	building  chan struct{} // holds one token: who has it may build
	following atomic.Bool
	measured  atomic.Pointer[Measured]
	// publishing is held while rows of the published graph are made and written, and
	// while another generation takes its place together with its model.
	publishing sync.Mutex
	// keeper brings changes into the published rows; nil when that is not possible. It
	// is set with the right to build, and used with publishing held.
	keeper *keeper
}

// ErrNotReady is wrapped by the errors of what needs a model while the first one
// is still being built.
var ErrNotReady = errors.New("similar posts are still being computed")

// ErrNoModel is wrapped by the errors of what needs a model where Options.GraphOnly rules
// that out.
var ErrNoModel = errors.New("similar posts are not computed here")

// New returns an Engine over an index, the store that it is derived from, and
// the graph of similar posts. The configuration must be valid.
func New(idx index.Index, store *corpus.Store, graph *corpus.Graph, c Config, opts Options) *Engine {
	return &Engine{
		index: idx, store: store, graph: graph, config: c, opts: opts.withDefaults(), building: make(chan struct{}, 1),
	}
}

// Search answers one request from one snapshot of the index, the prior in the
// score.
func (e *Engine) Search(ctx context.Context, req index.Request) (*index.Result, error) {
	res, err := e.index.Search(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("searching %q: %w", req.Query.Raw, err)
	}
	return res, nil
}

// The lengths of a list.
const (
	defaultNeighbours = 10
	maxNeighbours     = 50
)

func listLength(limit int) int {
	if limit <= 0 {
		return defaultNeighbours
	}
	return min(limit, maxNeighbours)
}

// Similar returns the list of a post as it is shown, at most limit long (0: 10,
// at most 50). A list that the graph has is one read of it: whether the post itself
// and its neighbours are still there and public is for the caller to see as it loads
// them. A post that is newer than the graph is answered from the model; while Follow
// builds the first one, and with Options.GraphOnly, its list is empty. It is corpus.ErrNotFound when there is
// neither a list nor a public post. [Expanded] makes the explanation out of the numbers
// that a neighbour has.
func (e *Engine) Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error) {
	row, err := e.row(ctx, id, listLength(limit))
	if err != nil {
		return nil, fmt.Errorf("similar posts of %q: %w", id, err)
	}
	return readable(row, listLength(limit)), nil
}

// row is the row of the graph, or a new one when it has none or a longer list is
// asked for than a row shows.
func (e *Engine) row(ctx context.Context, id string, limit int) (corpus.Row, error) {
	row, err := e.graph.Shown(ctx, id)
	known := err == nil
	if err != nil && !errors.Is(err, corpus.ErrNotFound) {
		return row, err
	}
	m := e.model.Load()
	if known && (limit <= e.config.Rules.Shown || m == nil) {
		return row, nil
	}
	rec, err := e.store.Get(ctx, id)
	if err == nil && !corpus.Public(&rec.Post, rec.Publish) {
		err = corpus.ErrNotFound
	}
	if err != nil {
		return corpus.Row{}, err
	}
	if m == nil && (e.following.Load() || e.opts.GraphOnly) {
		return corpus.Row{ID: id}, nil
	}
	if m, err = e.loaded(ctx); err != nil {
		return corpus.Row{}, err
	}
	return m.readRow(&rec.Post, max(limit, e.config.Rules.Shown)), nil
}

// SimilarTo does so for a post that need not be stored; with the id of a stored
// one, that one is left out. It wraps ErrNotReady when ctx ends before there is a
// model.
func (e *Engine) SimilarTo(ctx context.Context, p corpus.Post, limit int) ([]corpus.Neighbour, error) {
	m, err := e.loaded(ctx)
	if err != nil {
		return nil, fmt.Errorf("similar posts of a text: %w", err)
	}
	return readable(m.readRow(&p, max(listLength(limit), e.config.Rules.Shown)), listLength(limit)), nil
}

// readable cuts a row to length.
func readable(row corpus.Row, limit int) []corpus.Neighbour {
	return row.Shown[:min(len(row.Shown), limit)]
}

// loaded is the model, built when there is none.
func (e *Engine) loaded(ctx context.Context) (*Model, error) {
	if m := e.model.Load(); m != nil {
		return m, nil
	}
	if e.opts.GraphOnly {
		return nil, ErrNoModel
	}
	release, err := e.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if m := e.model.Load(); m != nil {
		return m, nil
	}
	if err := e.provide(ctx); err != nil {
		return nil, err
	}
	return e.model.Load(), nil
}

// acquire waits for the right to build.
func (e *Engine) acquire(ctx context.Context) (release func(), err error) {
	select {
	case e.building <- struct{}{}:
		return func() { <-e.building }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrNotReady, ctx.Err())
	}
}
