package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

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

// ErrDamaged is wrapped by errors of an index whose content cannot be read. A
// Resetter can be reset and filled again.
var ErrDamaged = errors.New("search index is damaged")

// ErrClosed is returned by the methods of an index that was closed.
var ErrClosed = errors.New("search index is closed")

// FollowOptions configures a Follower. Zero values mean the defaults.
type FollowOptions struct {
	BatchPosts int // at most so many changes a batch; default 8192
	BatchBytes int // at most about so many bytes of text a batch; default 8 MiB
	Workers    int // concurrent Apply calls; default 2
	Logger     *slog.Logger
	// OnProgress is called after each batch, one call at a time, with the sequence
	// number reached and the one the feed was at when the catching up began.
	OnProgress func(done, total uint64)
}

func (o FollowOptions) withDefaults() FollowOptions {
	if o.BatchPosts <= 0 {
		o.BatchPosts = 8192
	}
	if o.BatchBytes <= 0 {
		o.BatchBytes = 8 << 20
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// Follower keeps an Index up to date with a Feed. Its methods are safe for
// concurrent use, but only one Run or CatchUp may be under way.
type Follower struct {
	feed Feed
	idx  Index
	opts FollowOptions

	mu      sync.Mutex
	changed chan struct{} // closed when the index, or failed, may have changed
	failed  error         // why the index does not follow at the moment
	wake    chan struct{} // holds one token when somebody waits for what Run has not done
}

// NewFollower returns a Follower that has not started.
func NewFollower(feed Feed, idx Index, opts FollowOptions) *Follower {
	return &Follower{feed: feed, idx: idx, opts: opts.withDefaults(), changed: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// Follow runs a new Follower.
func Follow(ctx context.Context, feed Feed, idx Index, opts FollowOptions) error {
	return NewFollower(feed, idx, opts).Run(ctx)
}

const (
	// firstRetry and lastRetry bound the pause after a failure; it doubles.
	firstRetry = time.Second
	lastRetry  = time.Minute
	// lookAgain is how often an idle Run asks whether the index is still whole.
	lookAgain = 30 * time.Second
)

// Run feeds the index until ctx is done, whose error it returns, or until the index
// is closed. Other failures are logged and tried again; Wait reports them in the
// meantime.
func (f *Follower) Run(ctx context.Context) error {
	pause := firstRetry
	for {
		changed := f.feed.Changed()
		err := f.CatchUp(ctx)
		f.signal(err)
		wait := lookAgain
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrClosed):
			return err
		case err != nil:
			f.opts.Logger.Error("search index does not follow", "err", err, "again_in", pause)
			wait, changed = pause, nil
			pause = min(2*pause, lastRetry)
		default:
			pause = firstRetry
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-f.wake: // The index was reset: the feed has not moved, but it is behind.
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// signal wakes those who wait.
func (f *Follower) signal(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed = err
	close(f.changed)
	f.changed = make(chan struct{})
}

// Wait returns when every change up to seq is searchable, or with ctx's error, or
// with the error that keeps the index from following.
func (f *Follower) Wait(ctx context.Context, seq uint64) error {
	for {
		f.mu.Lock()
		changed, failed := f.changed, f.failed
		f.mu.Unlock()
		at, err := f.idx.Seq(ctx)
		switch {
		case err == nil && at >= seq:
			return nil
		case failed != nil:
			return fmt.Errorf("wait for change %d: %w", seq, failed)
		case err != nil:
			return fmt.Errorf("wait for change %d: %w", seq, err)
		}
		f.ask(seq)
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ask wakes Run for a change that the feed has and the index has not.
func (f *Follower) ask(seq uint64) {
	if f.feed.Seq() < seq {
		return // It is not written yet; Changed will tell.
	}
	select {
	case f.wake <- struct{}{}:
	default: // Run has been asked already.
	}
}

// CatchUp feeds the index up to the sequence number that the feed has now. An index
// that is damaged, ahead of the feed, or behind what the feed still knows is reset
// and filled from the start, once.
func (f *Follower) CatchUp(ctx context.Context) error {
	for again := true; ; again = false {
		total := f.feed.Seq()
		from, err := f.idx.Seq(ctx)
		if err == nil && from > total {
			err = fmt.Errorf("%w: it is at change %d, the store at %d", errAhead, from, total)
		}
		if err == nil && from < total {
			err = f.pump(ctx, from, total)
		}
		if err == nil || !again || !rebuilds(err) {
			return err
		}
		resetter, ok := f.idx.(Resetter)
		if !ok {
			return err
		}
		if err := resetter.Reset(ctx, err.Error()); err != nil {
			return err
		}
	}
}

var errAhead = errors.New("search index is ahead of the store")

func rebuilds(err error) bool {
	return errors.Is(err, errAhead) || errors.Is(err, ErrDamaged) || errors.Is(err, corpus.ErrCompacted)
}

// pump applies the changes after from, in batches of gapless ranges.
func (f *Follower) pump(ctx context.Context, from, total uint64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &pump{f: f, cancel: cancel, slots: make(chan struct{}, f.opts.Workers), total: total, next: from + 1}
	p.reset()
	err := p.read(ctx, from)
	p.running.Wait()
	if p.failed != nil {
		return p.failed
	}
	return err
}

// pump is one catching up: a reader that fills batches, and workers that apply
// them.
type pump struct {
	f      *Follower
	cancel context.CancelFunc
	slots  chan struct{}
	total  uint64
	// next is the first sequence number of the batch being filled.
	next  uint64
	batch []corpus.Change
	place map[string]int // of each id in the batch
	bytes int

	running sync.WaitGroup
	mu      sync.Mutex
	flying  map[string]chan struct{} // ids in flight; closed when they have landed
	failed  error
}

func (p *pump) reset() {
	p.batch, p.place, p.bytes = nil, make(map[string]int), 0
	if p.flying == nil {
		p.flying = make(map[string]chan struct{})
	}
}

func (p *pump) read(ctx context.Context, from uint64) error {
	last := from
	for change, err := range p.f.feed.Feed(ctx, from) {
		if err != nil {
			return fmt.Errorf("read changes after %d: %w", last, err)
		}
		p.add(change)
		last = change.Seq
		if len(p.batch) >= p.f.opts.BatchPosts || p.bytes >= p.f.opts.BatchBytes {
			if err := p.dispatch(ctx, last); err != nil {
				return err
			}
		}
	}
	// What the feed did not yield up to where it was has been superseded.
	if last = max(last, p.total); last >= p.next {
		return p.dispatch(ctx, last)
	}
	return nil
}

// add puts a change into the batch; a later one of the same id replaces it.
func (p *pump) add(c corpus.Change) {
	if i, ok := p.place[c.ID]; ok {
		p.batch[i] = c
	} else {
		p.place[c.ID] = len(p.batch)
		p.batch = append(p.batch, c)
	}
	if c.Post != nil {
		p.bytes += len(c.Post.Title) + len(c.Post.Summary) + len(c.Post.Body)
	}
}

// dispatch hands the batch, which ends at last, to a worker when there is one and
// none of its ids is in flight.
func (p *pump) dispatch(ctx context.Context, last uint64) error {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for id := range p.place {
		if err := p.landed(ctx, id); err != nil {
			<-p.slots
			return err
		}
	}
	batch, r := p.batch, Range{From: p.next, To: last}
	done := make(chan struct{})
	p.mu.Lock()
	for _, c := range batch {
		p.flying[c.ID] = done
	}
	p.mu.Unlock()
	p.next = last + 1
	p.reset()
	p.running.Go(func() {
		defer func() { <-p.slots }()
		defer close(done)
		p.apply(ctx, r, batch)
	})
	return nil
}

// landed waits until id is in no batch in flight.
func (p *pump) landed(ctx context.Context, id string) error {
	p.mu.Lock()
	done := p.flying[id]
	p.mu.Unlock()
	if done == nil {
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pump) apply(ctx context.Context, r Range, batch []corpus.Change) {
	err := p.f.idx.Apply(ctx, r, batch)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range batch {
		delete(p.flying, c.ID)
	}
	if err != nil {
		if p.failed == nil {
			p.failed = fmt.Errorf("changes %d to %d: %w", r.From, r.To, err)
		}
		p.cancel()
		return
	}
	p.f.signal(nil)
	if p.f.opts.OnProgress != nil {
		if done, err := p.f.idx.Seq(ctx); err == nil {
			p.f.opts.OnProgress(done, p.total)
		}
	}
}
