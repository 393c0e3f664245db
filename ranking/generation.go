package ranking

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/curation"
)

// maxStaleDays is by how many days the as-of day of a graph may lag: a week moves
// a prior by less than a hundredth.
const maxStaleDays = 7

// BuildGraph brings the graph up to date with the store: nothing when it is, the
// rows that changes concern where these are few, otherwise a new generation beside
// the published one, swapped in when complete.
// Progress, if not nil, is told the posts done of all; it is called from one
// goroutine at a time. A build that is under way is waited for.
func (e *Engine) BuildGraph(ctx context.Context, progress func(done, total int)) error {
	return e.bring(withWorkers(ctx, e.opts.Workers), false, progress)
}

// bring is BuildGraph; patient, it is errGeneration where a new generation is needed.
func (e *Engine) bring(ctx context.Context, patient bool, progress func(done, total int)) error {
	release, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	if e.current() {
		return e.followEditors(ctx)
	}
	if !e.due() {
		if err := e.catchUp(ctx); patient || !errors.Is(err, errGeneration) {
			return err
		}
	}
	return e.generation(ctx, progress)
}

// followEditors makes the lists of a graph that is current otherwise say what
// editors have laid down; the right to build is held.
func (e *Engine) followEditors(ctx context.Context) error {
	body, _, err := e.curated(ctx)
	if err != nil || body == e.graph.Info().Curation {
		return err
	}
	if err := e.provide(ctx); err != nil {
		return err
	}
	return e.Curate(ctx)
}

// current reports whether the graph says what the store says.
func (e *Engine) current() bool {
	info := e.graph.Info()
	return info.StoreID == e.store.ID() && info.Seq == e.store.Seq() && info.ModelHash == e.config.Hash() && !e.stale(info.AsOfDay)
}

func dayOf(t time.Time) int32 { return corpus.DayOf(t).Day() }

// generation builds and publishes one; the right to build is held.
func (e *Engine) generation(ctx context.Context, progress func(done, total int)) (err error) {
	ctx = withYielding(ctx, nil) // All lists take long as it is.
	seq := e.store.Seq()         // Before reading: what is written meanwhile is work for the next one.
	steps := newSteps(e.store.Len(), progress)
	m, err := e.build(ctx, steps.next())
	if err != nil {
		return err
	}
	e.opts.Logger.Debug("similar posts: model built", "posts", m.Len())
	info := e.info(m, seq)
	var doc curation.Similar
	if info.Curation, doc, err = e.curated(ctx); err != nil {
		return err
	}
	m.curate(doc)
	gen, err := e.graph.NewGeneration(ctx, info)
	if err != nil {
		return fmt.Errorf("starting a generation of similar posts: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, gen.Discard())
		}
	}()
	if err := gen.PutTables(ctx, m.save); err != nil {
		return fmt.Errorf("writing what similar posts are computed with: %w", err)
	}
	k := &keeper{updater: newUpdater(m, m.ranker(), e.opts.Contenders), seq: seq}
	if err := e.write(ctx, k, gen, steps); err != nil {
		return err
	}
	e.opts.Logger.Debug("similar posts: lists written", "posts", m.Len())
	if err := e.publish(ctx, gen, k); err != nil {
		return fmt.Errorf("publishing a generation of similar posts: %w", err)
	}
	steps.end()
	e.opts.Logger.Info("similar posts computed", "posts", m.Len(), "seq", seq)
	return nil
}

// publish puts a generation and its model in the place of those before, and makes
// it follow what editors have laid down while it was built.
func (e *Engine) publish(ctx context.Context, gen *corpus.Generation, k *keeper) error {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	if err := gen.Publish(ctx); err != nil {
		return err
	}
	k.generation = e.graph.Info().Number
	e.model.Store(k.model)
	e.keeper = k
	return e.curate(ctx, k.model)
}

func (e *Engine) info(m *Model, seq uint64) corpus.GenerationInfo {
	info := corpus.GenerationInfo{
		StoreID: e.store.ID(), Seq: seq, AsOfDay: m.day, ModelHash: e.config.Hash(), Posts: m.posts, Frozen: seq,
	}
	if e.opts.Now != nil {
		info.Built = e.opts.Now().UTC()
	}
	return info
}

// writeRows is the number of rows that are written at a time.
const writeRows = 2048

func (e *Engine) write(ctx context.Context, k *keeper, gen *corpus.Generation, s *steps) error {
	progress := s.next()
	rows := make([]corpus.Row, 0, writeRows)
	var c churn
	flush := func() error {
		if err := gen.Put(ctx, rows...); err != nil {
			return fmt.Errorf("writing similar posts: %w", err)
		}
		rows = rows[:0]
		return nil
	}
	old := e.written(ctx)
	// In the order of ids, so that each page of the file is written once.
	err := k.model.allOf(ctx, k.model.inOrderOfID(), e.opts.Workers, progress, func(i int, row corpus.Row, least uint32) error {
		k.note(uint32(i), least, &row)
		was, known, err := old(row.ID)
		if err != nil {
			return fmt.Errorf("reading the list of before: %w", err)
		}
		if known {
			c.count(was.Shown, row.Shown)
		}
		if rows = append(rows, row); len(rows) == writeRows {
			return flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	gen.SetChurn(c.share())
	return flush()
}

// churn counts the neighbours that lists did not show before.
type churn struct{ shown, fresh int }

func (c *churn) count(before, now []corpus.Neighbour) {
	for _, n := range now {
		c.shown++
		if !slices.ContainsFunc(before, func(o corpus.Neighbour) bool { return o.ID == n.ID }) {
			c.fresh++
		}
	}
}

func (c *churn) share() float64 { return ratio(c.fresh, c.shown) }

// build reads the store into a model.
func (e *Engine) build(ctx context.Context, read func(done int)) (*Model, error) {
	day := noDay
	if e.opts.Now != nil {
		day = dayOf(e.opts.Now())
	}
	m, err := BuildModel(ctx, counted(e.store.Feed(ctx, 0), read), e.config, day)
	if err != nil {
		return nil, fmt.Errorf("computing similar posts: %w", err)
	}
	return m, nil
}

// noDay asks for the newest day of the posts.
const noDay = index.NoDay

func counted(feed iter.Seq2[corpus.Change, error], read func(done int)) iter.Seq2[corpus.Change, error] {
	if read == nil {
		return feed
	}
	return func(yield func(corpus.Change, error) bool) {
		n := 0
		for c, err := range feed {
			if !yield(c, err) {
				return
			}
			if n++; n%batchPosts == 0 {
				read(n)
			}
		}
	}
}

// numSteps are those of a build: reading, then comparing and writing.
const numSteps = 2

// steps makes one progress out of those of several steps over the same posts.
type steps struct {
	total, step int
	report      func(done, total int)
}

func newSteps(total int, report func(done, total int)) *steps {
	return &steps{total: total, report: report}
}

// end reports that all is done.
func (s *steps) end() {
	if s.report != nil {
		s.report(s.total, s.total)
	}
}

// next returns the progress of the next step.
func (s *steps) next() func(done int) {
	base := s.step
	s.step++
	return func(done int) {
		if s.report != nil && s.total > 0 {
			s.report((base*s.total+min(done, s.total))/numSteps, s.total)
		}
	}
}
