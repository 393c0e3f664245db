package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	bleve "github.com/blevesearch/bleve_index_api"

	"alphanode/corpus"
	"alphanode/index"
)

// Apply implements index.Index. It returns when the batch is searchable. The batch
// goes to disk in the background; what Seq says after a crash is what got there.
// When too much waits for the disk, Apply waits too.
func (x *Index) Apply(ctx context.Context, r index.Range, changes []corpus.Change) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.engine == nil {
		return ErrClosed
	}
	defer recoverDamage(&err)
	batch := bleve.NewBatch()
	for _, c := range changes {
		if c.Post == nil {
			batch.Delete(c.ID)
			continue
		}
		batch.Update(x.builder.Document(c))
	}
	done, err := x.engine.mark(batch, r)
	if err != nil {
		return err
	}
	defer done()
	if err := x.engine.apply(ctx, batch, len(changes)); err != nil {
		return fmt.Errorf("apply %d..%d: %w", r.From, r.To, err)
	}
	return nil
}

// apply gives the batch to scorch when there is room for it.
func (e *engine) apply(ctx context.Context, batch *bleve.Batch, posts int) error {
	if e.dir != "" {
		if err := e.backlog.enter(ctx, posts, e.errorCount); err != nil {
			return err
		}
		batch.SetPersistedCallback(func(error) { e.backlog.leave(posts) })
	}
	err := e.scorch.Batch(batch)
	if err != nil && e.dir != "" {
		e.backlog.leave(posts)
	}
	return err
}

// backlog bounds what waits to be written to disk.
type backlog struct {
	mu      sync.Mutex
	batches int
	posts   int
	changed chan struct{} // closed at the next change
}

const (
	// maxBacklogBatches is how many batches may wait, maxBacklogPosts how many posts; but so
	// many as minBacklogBatches always, or large ones would be made one at a time.
	maxBacklogBatches = 256
	maxBacklogPosts   = 24_000
	minBacklogBatches = 4
	// stalled is how long nothing may get to disk before errors are looked for;
	// after so many times stalled, even without an error, Apply gives up.
	stalled  = time.Second
	patience = 120
)

func (b *backlog) init() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batches, b.posts, b.changed = 0, 0, make(chan struct{})
}

// enter waits for room. It gives up when writing fails.
func (b *backlog) enter(ctx context.Context, posts int, failures func() uint64) error {
	var before uint64
	for waited := 0; ; waited++ {
		changed, full := b.tryEnter(posts)
		if !full {
			return nil
		}
		select {
		case <-changed:
			waited = -1
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(stalled):
			n := failures()
			if waited > 0 && n > before || waited > patience {
				return errPersist
			}
			before = n
		}
	}
}

var errPersist = errors.New("segments cannot be written to disk")

func (b *backlog) tryEnter(posts int) (<-chan struct{}, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.batches >= minBacklogBatches && (b.batches >= maxBacklogBatches || b.posts+posts > maxBacklogPosts) {
		return b.changed, true
	}
	b.batches++
	b.posts += posts
	return nil, false
}

func (b *backlog) leave(posts int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batches = max(0, b.batches-1)
	b.posts = max(0, b.posts-posts)
	close(b.changed)
	b.changed = make(chan struct{})
}

// wait returns when nothing waits any more.
func (b *backlog) wait(limit time.Duration) error {
	deadline := time.After(limit)
	for {
		b.mu.Lock()
		n, changed := b.batches, b.changed
		b.mu.Unlock()
		if n == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-deadline:
			return fmt.Errorf("close search index: %d batches are not on disk after %v", n, limit)
		}
	}
}
