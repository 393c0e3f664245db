package server

import (
	"context"
	"iter"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
	"alphanode/ranking"
)

// Searcher is what the server asks of ranking; a *ranking.Engine. Methods are
// called concurrently.
type Searcher interface {
	// Search answers one request from one snapshot.
	Search(ctx context.Context, req index.Request) (*index.Result, error)
	// Suggest completes what was typed so far, best first.
	Suggest(ctx context.Context, q string, limit int) ([]ranking.Suggestion, error)
	// Similar lists the neighbours of a stored post; corpus.ErrNotFound when there
	// is no such post.
	Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error)
	// SimilarTo lists the neighbours of a post that is not stored.
	SimilarTo(ctx context.Context, p corpus.Post, limit int) ([]corpus.Neighbour, error)
	// SimilarMatching lists those neighbours of a post, stored or not, that match a
	// filter, without fill.
	SimilarMatching(ctx context.Context, p *corpus.Post, filter query.Filter, limit int) ([]corpus.Neighbour, error)
	// Curate makes the lists say what editors have laid down; called after that was
	// written.
	Curate(ctx context.Context) error
	// Status says how far the lists are, Measured how good they were when last
	// measured; both cost nothing.
	Status() ranking.GraphStatus
	Measured() (ranking.Measured, bool)
	// BuildGraph brings the lists of similar posts up to date with the store.
	BuildGraph(ctx context.Context, progress func(done, total int)) error
}

// Corrector is a Searcher that tells what a person may have meant; a *ranking.Engine.
type Corrector interface {
	// DidYouMean gives another query than the one that was answered with res.
	DidYouMean(ctx context.Context, req index.Request, res *index.Result) (m ranking.Meant, ok bool, err error)
}

// Posts is what the server asks of the store; a *corpus.Store.
type Posts interface {
	// Get returns one post, public or not; corpus.ErrNotFound when there is none.
	Get(ctx context.Context, id string) (corpus.Record, error)
	// GetMany returns the posts that exist, from one read transaction.
	GetMany(ctx context.Context, ids []string) (map[string]corpus.Record, error)
	// GetCards is GetMany with only what a list shows of a post.
	GetCards(ctx context.Context, ids []string) (map[string]corpus.Record, error)
	// Records yields all posts, public or not, in the order of ids.
	Records(ctx context.Context) iter.Seq2[corpus.Record, error]
	// Cards is Records with only what a list shows of a post.
	Cards(ctx context.Context) iter.Seq2[corpus.Record, error]
	// Apply writes; durable when it returns.
	Apply(ctx context.Context, changes ...corpus.Change) (corpus.Applied, error)
	// Check verifies the store; joined errors.
	Check(ctx context.Context) error
	Seq() uint64
	Len() int
}

// Waiter waits until everything up to seq is searchable; index.Follower is one.
type Waiter interface {
	Wait(ctx context.Context, seq uint64) error
}

// Curations is what the server asks of the store about the documents of editors; a
// *corpus.Store.
type Curations interface {
	Curation(ctx context.Context, kind string) (corpus.Curation, error)
	CurationAt(ctx context.Context, kind string, version uint64) (corpus.Curation, error)
	CurationHistory(ctx context.Context, kind string) ([]corpus.Curation, error)
	PutCuration(ctx context.Context, kind string, body []byte, expected uint64) (corpus.Curation, error)
	// CurationChanged is closed at the next change; take it before reading.
	CurationChanged() <-chan struct{}
}
