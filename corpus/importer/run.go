package importer

import (
	"context"
	"errors"
	"fmt"

	"alphanode/corpus"
)

// defaultBatch is the number of posts in one commit when none is configured.
const defaultBatch = 1000

// batchBytes bounds the text of one commit.
const batchBytes = 16 << 20

// Run stores the posts of src and returns what it did. A rejected record costs
// only itself. An id that comes twice is stored twice, in order: the last one
// stays. When Run is stopped, by ctx or by a crash, everything up to the last
// commit is stored, and running it again goes on: what is stored already is
// unchanged. Seconds is left to the caller, who has the clock.
func Run(ctx context.Context, store *corpus.Store, src corpus.Source, opts RunOptions) (Summary, error) {
	r := run{store: store, opts: opts, ids: make(map[string]bool)}
	r.meter, _ = src.(Source)
	for post, err := range src.Posts(ctx) {
		var rejected *corpus.RecordError
		switch {
		case errors.As(err, &rejected):
			r.reject(rejected)
			continue
		case err != nil:
			return r.sum, err
		}
		if err := r.add(ctx, post); err != nil {
			return r.sum, err
		}
	}
	err := r.flush(ctx)
	if r.meter != nil {
		r.sum.Warnings = r.meter.Warnings()
	}
	return r.sum, err
}

// run is one import.
type run struct {
	store   *corpus.Store
	opts    RunOptions
	meter   Source // nil when src cannot tell how far it is
	sum     Summary
	pending []corpus.Change
	ids     map[string]bool // of pending
	bytes   int
	records int
}

func (r *run) reject(e *corpus.RecordError) {
	r.sum.Rejected++
	if r.opts.OnReject != nil {
		r.opts.OnReject(e)
	}
}

// add queues a post; a batch never holds an id twice.
func (r *run) add(ctx context.Context, p corpus.Post) error {
	if r.ids[p.ID] {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	r.ids[p.ID] = true
	r.pending = append(r.pending, corpus.Put(p, r.opts.Publish))
	r.bytes += len(p.Body)
	limit := r.opts.BatchSize
	if limit <= 0 {
		limit = defaultBatch
	}
	if len(r.pending) < limit && r.bytes < batchBytes {
		return nil
	}
	return r.flush(ctx)
}

func (r *run) flush(ctx context.Context) error {
	if len(r.pending) == 0 {
		return nil
	}
	applied, err := r.store.Apply(ctx, r.pending...)
	if err != nil {
		return fmt.Errorf("store %d posts from %q: %w", len(r.pending), r.pending[0].ID, err)
	}
	r.count(applied)
	r.records += len(r.pending)
	clear(r.pending)
	r.pending, r.bytes = r.pending[:0], 0
	clear(r.ids)
	if r.opts.OnProgress != nil {
		r.opts.OnProgress(r.progress())
	}
	return nil
}

func (r *run) count(a corpus.Applied) {
	r.sum.Added += a.Added
	r.sum.Changed += a.Changed
	r.sum.Unchanged += a.Unchanged
	r.sum.Removed += a.Removed
	for i, o := range a.Outcomes {
		if o.Kind == corpus.Rejected {
			r.reject(place{file: r.pending[i].ID}.reject(o.Err))
		}
	}
}

func (r *run) progress() Progress {
	if r.meter != nil {
		return r.meter.Progress()
	}
	return Progress{Records: r.records}
}
