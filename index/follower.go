package index

import (
	"context"
	"errors"
	"iter"
	"log/slog"

	"alphanode/corpus"
)

// Feed is the part of a corpus.Store that an index is fed from.
type Feed interface {
	// Feed yields the changes after seq in order, posts that are not public as
	// deletes. corpus.ErrCompacted means that only Feed(ctx, 0) is complete.
	Feed(ctx context.Context, seq uint64) iter.Seq2[corpus.Change, error]
	// Seq is the sequence number of the latest change.
	Seq() uint64
	// Changed is closed at the next change.
	Changed() <-chan struct{}
}

// Resetter is an index that can be emptied, to be filled again from the start.
type Resetter interface {
	// Reset drops all content; Seq is 0 afterwards. The reason is logged.
	Reset(ctx context.Context, reason string) error
}

// FollowOptions configures a Follower. Zero values mean the defaults.
type FollowOptions struct {
	BatchPosts int // at most so many changes a batch; default 1000
	BatchBytes int // at most about so many bytes of text a batch; default 8 MiB
	Workers    int // concurrent Apply calls; default 2
	Logger     *slog.Logger
	// OnProgress is called after each batch with the sequence number reached and
	// the one the store is at.
	OnProgress func(done, total uint64)
}

// Follower keeps an Index up to date with a Feed.
type Follower struct {
	feed Feed
	idx  Index
	opts FollowOptions
}

// NewFollower returns a Follower that has not started.
func NewFollower(feed Feed, idx Index, opts FollowOptions) *Follower {
	return &Follower{feed: feed, idx: idx, opts: opts}
}

// Run feeds the index until ctx is done, whose error it returns, or until the
// index or the feed fails.
func (f *Follower) Run(_ context.Context) error { return errors.ErrUnsupported }

// CatchUp feeds the index up to the sequence number that the feed has now.
func (f *Follower) CatchUp(_ context.Context) error { return errors.ErrUnsupported }

// Wait returns when every change up to seq is searchable, or with ctx's error, or
// with the error that ended Run.
func (f *Follower) Wait(_ context.Context, _ uint64) error { return errors.ErrUnsupported }

// Follow runs a new Follower.
func Follow(ctx context.Context, feed Feed, idx Index, opts FollowOptions) error {
	return NewFollower(feed, idx, opts).Run(ctx)
}
