package ranking

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"alphanode/corpus"
)

// keeper is an updater with what it says about the published rows.
type keeper struct {
	*updater
	// generation is the number of the generation that it belongs to.
	generation uint64
	// seq is a sequence of the store whose changes the model all has; it may have later
	// ones too.
	seq uint64
	// behind is true while rows may say less than the model: all of them have to be
	// looked at.
	behind bool
}

// errGeneration says that the rows cannot be brought up to date within their
// generation.
var errGeneration = errors.New("a new generation is due")

// due is true when the graph is of another store, configuration or time, so that no
// change can be brought into it.
func (e *Engine) due() bool {
	info := e.graph.Info()
	return info.StoreID != e.store.ID() || info.ModelHash != e.config.Hash() || info.Seq == 0 || info.Seq > e.store.Seq() ||
		info.Posts == 0 || e.stale(info.AsOfDay)
}

// stale is true when the day that ages count to lies too far back.
func (e *Engine) stale(day int32) bool {
	return e.opts.Now != nil && dayOf(e.opts.Now())-day >= maxStaleDays
}

// allowance is how many changes may still be brought into the generation at once.
func (e *Engine) allowance() int {
	info := e.graph.Info()
	backlog := int(e.opts.Backlog * float64(info.Posts))
	drift := int(e.opts.Drift*float64(info.Posts)) - info.Changes
	return min(backlog, drift)
}

// atOnce is the number of changes whose rows are written in one step, fewOnce where steps
// give way: writing does not.
const atOnce, fewOnce = 64, 8

// catchUp brings the changes of the store into the published rows, in steps each of
// which is durable as a whole. It is errGeneration when they are too many, or cannot be
// told any more; the right to build is held.
func (e *Engine) catchUp(ctx context.Context) error {
	for !e.current() {
		if err := e.affordable(ctx); err != nil {
			return err
		}
		if err := e.provide(ctx); err != nil {
			return err
		}
		if e.keeper == nil || !e.keeper.ranker.exact() {
			return errGeneration
		}
		yieldingOf(ctx).press(int(e.store.Seq()-e.graph.Seq()), e.allowance())
		if err := e.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// affordable is errGeneration when there are more changes than allowed.
func (e *Engine) affordable(ctx context.Context) error {
	left := e.allowance()
	if int(e.store.Seq()-e.graph.Seq()) <= left {
		return nil
	}
	for _, err := range e.store.Since(ctx, e.graph.Seq()) {
		if err != nil {
			return orGeneration(err)
		}
		if left--; left < 0 {
			return errGeneration
		}
	}
	return nil
}

// orGeneration turns the error of a log that has forgotten deletes into
// errGeneration.
func orGeneration(err error) error {
	if errors.Is(err, corpus.ErrCompacted) {
		return errGeneration
	}
	return fmt.Errorf("reading what changed: %w", err)
}

// step brings some changes into the rows.
func (e *Engine) step(ctx context.Context) (err error) {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	if e.keeper.behind {
		return e.reconcile(ctx)
	}
	end := e.store.Seq()
	changes, more, err := e.changes(ctx)
	if err != nil {
		return orGeneration(err)
	}
	if more {
		end = changes[len(changes)-1].Seq
	}
	e.keeper.behind = true // Until the rows are written.
	d, err := e.keeper.apply(ctx, changes, e.written(ctx))
	if err == nil {
		err = e.graph.Update(ctx, corpus.Delta{Seq: end, Changes: len(changes), Rows: d.rows, Removed: d.removed, Pause: pausing(ctx)})
	}
	if err != nil {
		return fmt.Errorf("bringing %d changes into the similar posts: %w", len(changes), err)
	}
	e.keeper.behind, e.keeper.seq = false, end
	e.opts.Logger.Debug("similar posts follow", "changes", len(changes), "looked", d.looked, "written", len(d.rows), "seq", end)
	return nil
}

// pausing gives way between rows that are written.
func pausing(ctx context.Context) func() {
	give := yieldingOf(ctx)
	if give == nil {
		return nil
	}
	return func() { give.yield(ctx, 0) }
}

// changes are the first changes that the rows do not say, and whether there are more.
func (e *Engine) changes(ctx context.Context) (list []corpus.Change, more bool, err error) {
	most := atOnce
	if yieldingOf(ctx) != nil {
		most = fewOnce
	}
	for c, err := range e.store.Feed(ctx, e.graph.Seq()) {
		if err != nil {
			return nil, false, err
		}
		if len(list) == most {
			return list, true, nil
		}
		list = append(list, c)
	}
	return list, false, nil
}

// written asks the graph for rows.
func (e *Engine) written(ctx context.Context) func(id string) (corpus.Row, bool, error) {
	return func(id string) (corpus.Row, bool, error) {
		row, err := e.graph.List(ctx, id)
		if errors.Is(err, corpus.ErrNotFound) {
			return row, false, nil
		}
		return row, err == nil, err
	}
}

// provide sees to a model, and to a keeper where the published generation can go on;
// the right to build is held.
func (e *Engine) provide(ctx context.Context) error {
	if e.keeper != nil && e.keeper.generation == e.graph.Info().Number || e.keeper == nil && e.model.Load() != nil {
		return nil
	}
	m, k, err := e.revive(withYielding(ctx, nil))
	if err != nil {
		return err
	}
	e.publishing.Lock()
	defer e.publishing.Unlock()
	e.model.Store(m)
	e.keeper = k
	return e.curate(ctx, m)
}

// revive makes the model of the published generation, or of a new one when what that
// froze is not known; then without a keeper.
func (e *Engine) revive(ctx context.Context) (*Model, *keeper, error) {
	if !e.due() {
		var f *frozen
		err := e.graph.Tables(ctx, func(r io.Reader) (err error) {
			f, err = restore(r, e.config)
			return err
		})
		if err == nil {
			return e.load(ctx, f)
		}
		e.opts.Logger.Info("similar posts begin a new generation at the next change", "reason", err)
	}
	m, err := e.build(ctx, nil)
	return m, nil, err
}

// load makes the model of the store under what the published generation froze.
func (e *Engine) load(ctx context.Context, f *frozen) (*Model, *keeper, error) {
	info, seq := e.graph.Info(), e.store.Seq()
	m, err := f.load(ctx, e.store.Feed(ctx, 0))
	if err != nil {
		return nil, nil, fmt.Errorf("loading similar posts: %w", err)
	}
	k := &keeper{updater: newUpdater(m, m.ranker(), e.opts.Contenders), generation: info.Number, seq: seq, behind: e.store.Seq() != info.Seq}
	if err := k.ranker.watch(ctx); err != nil {
		return nil, nil, fmt.Errorf("loading similar posts: %w", err)
	}
	for row, err := range e.graph.Rows(ctx) {
		if err != nil {
			return nil, nil, fmt.Errorf("reading the lists: %w", err)
		}
		if i, ok := m.byID[row.ID]; ok {
			k.note(i, row.Least, &row)
		}
	}
	return m, k, nil
}

// reconcile looks at all rows, and writes those that are not what the model says:
// after changes that came while nobody followed, or whose rows could not be written. The
// right to write rows is held.
func (e *Engine) reconcile(ctx context.Context) error {
	k, changed := e.keeper, 0
	for _, err := range e.store.Since(ctx, e.graph.Seq()) {
		if err != nil {
			return orGeneration(err)
		}
		changed++
	}
	err := e.rewrite(ctx, k)
	var gone []string
	if err == nil {
		gone, err = e.withoutPost(ctx, k.model)
	}
	if err == nil {
		err = e.graph.Update(ctx, corpus.Delta{Seq: k.seq, Changes: changed, Removed: gone})
	}
	if err != nil {
		return fmt.Errorf("looking at all similar posts: %w", err)
	}
	k.behind = false
	e.opts.Logger.Info("similar posts looked at", "posts", len(k.model.byID), "seq", k.seq)
	return nil
}

// rewrite writes the rows of a keeper's model that the graph has otherwise.
func (e *Engine) rewrite(ctx context.Context, k *keeper) error {
	var rows []corpus.Row
	flush := func() error {
		err := e.graph.Update(ctx, corpus.Delta{Seq: e.graph.Seq(), Rows: rows})
		rows = rows[:0]
		return err
	}
	old := e.written(ctx)
	k.kept.forgetAll()
	err := k.model.all(ctx, e.opts.Workers, nil, func(i int, row corpus.Row, least uint32) error {
		k.note(uint32(i), least, &row)
		was, known, err := old(row.ID)
		if err != nil || known && was.Least <= least && sameLists(&was, &row) {
			return err
		}
		if rows = append(rows, row); len(rows) == writeRows {
			return flush()
		}
		return nil
	})
	if err == nil && len(rows) > 0 {
		err = flush()
	}
	return err
}

// sameLists is true for rows that differ in no byte that is shown or kept.
func sameLists(a, b *corpus.Row) bool {
	return slices.Equal(a.Raw, b.Raw) && slices.EqualFunc(a.Shown, b.Shown, func(x, y corpus.Neighbour) bool {
		return x.ID == y.ID && x.Score == y.Score && x.Fill == y.Fill && x.Pick == y.Pick &&
			slices.Equal(x.Reasons, y.Reasons) && bytes.Equal(x.Explain, y.Explain)
	})
}

// withoutPost are the ids of the rows whose posts the model does not have.
func (e *Engine) withoutPost(ctx context.Context, m *Model) (ids []string, err error) {
	for row, err := range e.graph.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		if _, ok := m.byID[row.ID]; !ok {
			ids = append(ids, row.ID)
		}
	}
	return ids, nil
}
