package ranking

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"alphanode/corpus"
	"alphanode/index/curation"
)

// Curate makes the lists say what editors have laid down about similar posts: it
// reads the document from the store and rewrites the lists that its change concerns,
// in one step. Without a model, and while the first one is being built, nothing
// happens; the lists follow when there is one. Call it after the document was written.
func (e *Engine) Curate(ctx context.Context) error {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	m := e.model.Load()
	if m == nil {
		return nil
	}
	return e.curate(ctx, m)
}

// curate is Curate with the right to write rows of the published graph.
func (e *Engine) curate(ctx context.Context, m *Model) error {
	body, doc, err := e.curated(ctx)
	if err != nil {
		return err
	}
	m.curate(doc)
	before := e.graph.Info().Curation
	if before == body || e.graph.Seq() == 0 {
		return nil
	}
	old, err := curation.ParseSimilar([]byte(before))
	if err != nil {
		return fmt.Errorf("what editors had laid down: %w", err)
	}
	rows, err := e.again(ctx, m, old, doc)
	if err != nil {
		return fmt.Errorf("rewriting the lists that editors changed: %w", err)
	}
	if err := e.graph.Curate(ctx, body, rows); err != nil {
		return fmt.Errorf("what editors laid down: %w", err)
	}
	if e.keeper != nil && e.keeper.model == m {
		e.keeper.edited(rows)
	}
	e.opts.Logger.Info("lists follow the editors", "lists", len(rows))
	return nil
}

// curated is the document of the store: as it is stored, empty for one that says
// nothing, and read.
func (e *Engine) curated(ctx context.Context) (string, curation.Similar, error) {
	stored, err := e.store.Curation(ctx, curation.KindSimilar)
	if err != nil {
		return "", curation.Similar{}, fmt.Errorf("what editors laid down: %w", err)
	}
	doc, err := curation.ParseSimilar(stored.Body)
	if err != nil {
		return "", doc, fmt.Errorf("what editors laid down, version %d: %w", stored.Version, err)
	}
	if len(doc.Posts)+len(doc.Exclude) == 0 {
		return "", doc, nil
	}
	return string(stored.Body), doc, nil
}

// again makes the rows anew that one document has other than the other.
func (e *Engine) again(ctx context.Context, m *Model, old, now curation.Similar) ([]corpus.Row, error) {
	ids := changedPosts(old, now)
	everywhere := changedIDs(old.Exclude, now.Exclude)
	rows := []corpus.Row{}
	for id := range ids {
		row, err := e.graph.List(ctx, id)
		if errors.Is(err, corpus.ErrNotFound) {
			continue // No such post, as yet.
		}
		if err != nil {
			return nil, err
		}
		rows = m.appendAgain(rows, row)
	}
	if len(everywhere) == 0 {
		return rows, nil
	}
	for row, err := range e.graph.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		if !ids[row.ID] && concerns(row, everywhere) {
			rows = m.appendAgain(rows, row)
		}
	}
	return rows, nil
}

// changedPosts are the posts for which the two documents say different things.
func changedPosts(old, now curation.Similar) map[string]bool {
	said := map[string]curation.SimilarPost{}
	for _, p := range old.Posts {
		said[p.ID] = p
	}
	ids := map[string]bool{}
	for _, p := range now.Posts {
		before := said[p.ID]
		delete(said, p.ID)
		if !slices.Equal(before.Pin, p.Pin) || !slices.Equal(before.Exclude, p.Exclude) {
			ids[p.ID] = true
		}
	}
	for id := range said {
		ids[id] = true
	}
	return ids
}

// changedIDs are in one of two lists and not in the other.
func changedIDs(a, b []string) map[string]bool {
	ids := map[string]bool{}
	for _, id := range a {
		ids[id] = true
	}
	for _, id := range b {
		if ids[id] {
			delete(ids, id)
		} else {
			ids[id] = true
		}
	}
	return ids
}

// concerns is true for a row that shows one of the posts, or could. Any row could
// fill up with them when it has fill.
func concerns(row corpus.Row, ids map[string]bool) bool {
	return slices.ContainsFunc(row.Shown, func(n corpus.Neighbour) bool { return n.Fill || ids[n.ID] }) ||
		slices.ContainsFunc(row.Raw, func(n corpus.RawNeighbour) bool { return ids[n.ID] })
}

// appendAgain appends the row as it is shown now; nothing when its post is gone.
func (m *Model) appendAgain(rows []corpus.Row, row corpus.Row) []corpus.Row {
	i, ok := m.Lookup(row.ID)
	if !ok {
		return rows
	}
	r := m.borrow(m.config.Rules.Shown)
	defer m.rowers.Put(r)
	v := m.view(i)
	made := r.again(&v, row.Raw)
	made.Least = row.Least
	return append(rows, made)
}

// again makes the row out of its raw list, whose scores are worked out anew in full.
func (r *rower) again(v *view, raw []corpus.RawNeighbour) corpus.Row {
	r.scorer.ask(v)
	ranked := make([]Scored, 0, len(raw))
	for _, n := range raw {
		if j, ok := r.model.Lookup(n.ID); ok {
			ranked = append(ranked, Scored{Post: j, Score: r.model.score(r.scorer.similarity(j), j)})
		}
	}
	return r.shown(v, ranked)
}
