package ranking

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"alphanode/corpus"
	"alphanode/index"
)

// Options configures an Engine. The zero value of a field means its default.
type Options struct {
	// Now is the clock that gives the as-of day. Required for posts to age: nil
	// means that the newest post of the corpus gives the day.
	Now func() time.Time
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// Workers is the number of goroutines that compute lists. 0 means one a CPU.
	Workers int
	// Debounce is how long the store must rest before Follow rebuilds. Default 2 s.
	Debounce time.Duration
	// MaxDelay bounds that rest while writes keep coming. Default 60 s.
	MaxDelay time.Duration
}

var errNotBuilt = errors.New("not built yet")

// Engine ranks: it puts prior, suggestions and similar posts in front of an
// index. All methods are safe for concurrent use.
type Engine struct {
	index  index.Index
	store  *corpus.Store
	graph  *corpus.Graph
	config Config
	opts   Options
}

// New returns an Engine over an index, the store that it is derived from, and
// the graph of similar posts. The configuration must be valid.
func New(idx index.Index, store *corpus.Store, graph *corpus.Graph, c Config, opts Options) *Engine {
	return &Engine{index: idx, store: store, graph: graph, config: c, opts: opts}
}

// Search answers one request.
func (e *Engine) Search(ctx context.Context, req index.Request) (*index.Result, error) {
	return e.index.Search(ctx, req)
}

// Suggestion completes what a person is typing.
type Suggestion struct {
	// Kind is "title", "entity" or "tag".
	Kind string `json:"kind"`
	// Text is what to show.
	Text string `json:"text"`
	// ID and URL are those of the post, for a title.
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"`
	// Count is the number of posts that have the entity or tag.
	Count int `json:"count,omitempty"`
}

// Suggest completes q: titles that have its words, the last as a prefix, then
// entities and tags that start with it. At most limit (0: 8, at most 50) in all.
func (e *Engine) Suggest(ctx context.Context, q string, limit int) ([]Suggestion, error) {
	return nil, errNotBuilt
}

// Similar returns the list of a post as it is shown, at most limit long (0: 10,
// at most 50). It is corpus.ErrNotFound when there is no such public post.
func (e *Engine) Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error) {
	return nil, errNotBuilt
}

// SimilarTo does so for a post that need not be stored.
func (e *Engine) SimilarTo(ctx context.Context, p corpus.Post, limit int) ([]corpus.Neighbour, error) {
	return nil, errNotBuilt
}

// BuildGraph brings the graph up to date with the store: nothing when it is,
// otherwise a new generation beside the published one, swapped in when complete.
// Progress, if not nil, is told the number of posts done.
func (e *Engine) BuildGraph(ctx context.Context, progress func(done, total int)) error {
	return errNotBuilt
}

// Follow keeps the graph up to date until ctx is done, which is its only error
// besides a failing store.
func (e *Engine) Follow(ctx context.Context) error { return errNotBuilt }
