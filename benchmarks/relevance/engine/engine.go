// Package engine answers: how does the real engine stand in a measurement.
//
// [Open] wires store, index and ranking in a temporary directory, with the
// default configuration but for what a [relevance.Config] changes, as a
// [relevance.System].
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/ranking"
)

// batch is how many posts are written to the store in one commit.
const batch = 1000

// System is the engine on its own temporary data directory. Use [Open].
type System struct {
	dir    string
	config relevance.Config
	rank   ranking.Config
	now    func() time.Time
	store  *corpus.Store
	index  *bleveindex.Index
	engine *ranking.Engine
	model  *ranking.Model
}

// Open makes an empty system in a new temporary directory. The clock gives the
// as-of day unless the configuration has one.
func Open(c relevance.Config, now func() time.Time) (system *System, err error) {
	s := &System{config: c, rank: ranking.DefaultConfig(), now: now}
	if !c.AsOf.IsZero() {
		s.now = func() time.Time { return c.AsOf }
	}
	if c.NoPrior {
		s.rank.SimilarBeta = 0
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open engine: %w", err), s.Close())
		}
	}()
	if s.dir, err = os.MkdirTemp("", "alphanode-bench-"); err != nil {
		return nil, err
	}
	if s.store, err = corpus.Open(filepath.Join(s.dir, "posts.db"), &corpus.Options{Now: s.now, NoSync: true}); err != nil {
		return nil, err
	}
	options, err := s.indexOptions()
	if err != nil {
		return nil, err
	}
	identity := bleveindex.Identity{StoreID: s.store.ID()}
	if s.index, err = bleveindex.Open(filepath.Join(s.dir, "search"), identity, options); err != nil {
		return nil, err
	}
	s.engine = ranking.New(s.index, s.store, nil, s.rank, ranking.Options{Now: s.now})
	return s, nil
}

// indexOptions are the defaults with what the configuration changes.
func (s *System) indexOptions() (index.Options, error) {
	o := index.Options{
		Signals:   func(p *corpus.Post, parsed body.Doc) index.Signals { return ranking.SignalsOf(p, parsed, s.rank) },
		Prior:     ranking.Prior(s.rank),
		PriorBeta: s.rank.SearchBeta,
		Now:       s.now,
	}
	if s.config.NoPrior {
		o.PriorBeta = -1
	}
	if len(s.config.Weight) == 0 {
		return o, nil
	}
	scoring := index.DefaultScoring()
	for field := range s.config.Weight {
		if _, known := scoring.Weight[field]; !known {
			return o, fmt.Errorf("weight of %q: there is no such text field", field)
		}
	}
	maps.Copy(scoring.Weight, s.config.Weight)
	o.Scoring = &scoring
	return o, nil
}

// Index stores all posts, whatever their editorial status, and makes them
// searchable.
func (s *System) Index(ctx context.Context, src corpus.Source) error {
	changes := make([]corpus.Change, 0, batch)
	flush := func() error {
		_, err := s.store.Apply(ctx, changes...)
		changes = changes[:0]
		return err
	}
	for post, err := range src.Posts(ctx) {
		if err != nil {
			return err
		}
		if changes = append(changes, corpus.Put(post, corpus.PublishAll)); len(changes) == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return index.NewFollower(s.store, s.index, index.FollowOptions{}).CatchUp(ctx)
}

// Prepare builds what lists of similar posts are computed from; nothing for
// search.
func (s *System) Prepare(ctx context.Context, task relevance.Task) error {
	if task != relevance.SimilarTask {
		return nil
	}
	day := corpus.DayOf(s.now()).Day()
	model, err := ranking.BuildModel(ctx, s.store.Feed(ctx, 0), s.rank, day)
	if err != nil {
		return fmt.Errorf("build model of similar posts: %w", err)
	}
	s.model = model
	return nil
}

// Search asks what a person typed, as a submitted query.
func (s *System) Search(ctx context.Context, text string, k int) ([]relevance.Ranked, error) {
	return search(ctx, s.engine.Search, text, k)
}

// Similar gives the list that is shown, fill left out, and the list by score.
func (s *System) Similar(_ context.Context, id string, k int) (relevance.Neighbours, error) {
	i, ok := s.model.Lookup(id)
	if !ok {
		return relevance.Neighbours{}, fmt.Errorf("similar: no post %q", id)
	}
	out := relevance.Neighbours{Shown: ranked(s.model.Row(i).Shown)}
	for _, scored := range s.model.Similar(i, k) {
		out.Raw = append(out.Raw, relevance.Ranked{ID: s.model.ID(scored.Post), Score: scored.Score})
	}
	return out, nil
}

// Close closes everything and removes the directory.
func (s *System) Close() error {
	var errs []error
	if s.index != nil {
		errs = append(errs, s.index.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}
