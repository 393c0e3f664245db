// Package bleveindex is the embedded engine: an [index.Index] on bleve's scorch.
//
// Scorch writes, merges, deletes and snapshots segments and is the index of
// record; package exec reads its snapshots and scores. How a post becomes a
// document of a segment is in package layout.
package bleveindex

import (
	"context"
	"errors"
	"log/slog"

	"alphanode/corpus"
	"alphanode/index"
)

// Identity says what an index was derived from. An index with another identity
// than the one asked for is rebuilt.
type Identity struct {
	// StoreID is the random id of the corpus.Store.
	StoreID string
	// Signals changes whenever Options.Signals computes other values.
	Signals string
	// Logger receives rebuilds and their reasons; nil means slog.Default.
	Logger *slog.Logger
}

// ErrDamaged is wrapped by errors that a damaged directory causes. The index can
// be Reset and filled again.
var ErrDamaged = errors.New("search index is damaged")

// Index is a search index. All methods are safe for concurrent use.
type Index struct{}

var _ index.Index = (*Index)(nil)

// Open opens or creates the index in dir. A directory that is damaged or of
// another identity is emptied, and the log says so; Seq is 0 then.
func Open(_ string, _ Identity, _ index.Options) (*Index, error) {
	return nil, errors.ErrUnsupported
}

// OpenMemory returns an empty index that lives in memory. Its segments are never
// merged: it is for tests and small collections.
func OpenMemory(_ index.Options) (*Index, error) { return nil, errors.ErrUnsupported }

// Apply implements index.Index.
func (x *Index) Apply(context.Context, index.Range, []corpus.Change) error {
	return errors.ErrUnsupported
}

// Search implements index.Index.
func (x *Index) Search(context.Context, index.Request) (*index.Result, error) {
	return nil, errors.ErrUnsupported
}

// Seq implements index.Index.
func (x *Index) Seq(context.Context) (uint64, error) { return 0, errors.ErrUnsupported }

// Close implements index.Index.
func (x *Index) Close() error { return nil }

// Reset drops all content.
func (x *Index) Reset(context.Context, string) error { return errors.ErrUnsupported }

// Stats gives figures about the current snapshot.
func (x *Index) Stats(context.Context) (index.Stats, error) {
	return index.Stats{}, errors.ErrUnsupported
}
