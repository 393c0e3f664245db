package corpus

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"time"
)

// Options configure Open. The zero Options, and nil, are the defaults.
type Options struct {
	// Now is the clock; it stamps when a new store was made. Nil stamps nothing.
	Now func() time.Time
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// Limits bound the posts that Apply accepts.
	Limits Limits
	// ReadOnly opens an existing store for reading; Apply and Compact fail.
	ReadOnly bool
	// NoSync leaves out fsync: what Apply acknowledged can be lost with the
	// machine. For tests and measurements.
	NoSync bool
	// Rand is what a new store's random id is read from. Nil means crypto/rand.
	Rand io.Reader
}

// Store is the posts.db file.
type Store struct{}

// Record is a post with what the store keeps beside it.
type Record struct {
	Post Post
	// Seq is the sequence of the change that wrote the post.
	Seq uint64
	// Publish is the policy stored with the post.
	Publish Policy
}

// OutcomeKind says what a change did.
type OutcomeKind uint8

// The kinds of outcome.
const (
	Rejected  OutcomeKind = iota // the change is invalid; see Err
	Added                        // the id was new
	Changed                      // the post differs from the stored one
	Unchanged                    // the same post under the same policy was stored already
	Removed                      // the post was deleted
	Absent                       // the id to delete was not stored
)

// Outcome is what became of one change.
type Outcome struct {
	ID   string
	Kind OutcomeKind
	// Seq is the sequence that a reader must have seen to know of this id's
	// present state; 0 when rejected or when the store never knew the id.
	Seq uint64
	// Err says why the change was rejected; nil otherwise.
	Err error
}

// Applied is what one call of Apply did.
type Applied struct {
	// Seq is the highest Seq of the outcomes: a reader that is complete up to it
	// has seen everything this call wrote or found written.
	Seq uint64
	// The number of outcomes of each kind.
	Added, Changed, Unchanged, Removed, Absent, Rejected int
	// Outcomes has one entry per change, in order.
	Outcomes []Outcome
}

// Open opens or creates the store at path.
func Open(path string, opts *Options) (*Store, error) { return nil, errTODO }

// Close closes the file.
func (s *Store) Close() error { return errTODO }

// Apply makes the changes durable.
func (s *Store) Apply(ctx context.Context, changes ...Change) (Applied, error) {
	return Applied{}, errTODO
}

// Since yields the changes after seq.
func (s *Store) Since(ctx context.Context, seq uint64) iter.Seq2[Change, error] { return nil }

// Feed is Since with every post that is not public turned into a delete.
func (s *Store) Feed(ctx context.Context, seq uint64) iter.Seq2[Change, error] { return nil }

// Get returns the record of id, or ErrNotFound.
func (s *Store) Get(ctx context.Context, id string) (Record, error) { return Record{}, errTODO }

// GetMany returns the records of ids, read in one transaction.
func (s *Store) GetMany(ctx context.Context, ids []string) (map[string]Record, error) {
	return nil, errTODO
}

// Posts yields all posts in id order.
func (s *Store) Posts(ctx context.Context) iter.Seq2[Post, error] { return nil }

// Records yields all records in id order.
func (s *Store) Records(ctx context.Context) iter.Seq2[Record, error] { return nil }

// Seq is the sequence of the latest change.
func (s *Store) Seq() uint64 { return 0 }

// ID is the store's random id, new at each creation and restore.
func (s *Store) ID() string { return "" }

// Len is the number of posts.
func (s *Store) Len() int { return 0 }

// Compact drops the tombstones with a sequence below before.
func (s *Store) Compact(ctx context.Context, before uint64) error { return errTODO }

// Check reports everything that is inconsistent.
func (s *Store) Check(ctx context.Context) error { return errTODO }

// Changed returns a channel that is closed at the next commit.
func (s *Store) Changed() <-chan struct{} { return nil }
