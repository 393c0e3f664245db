package ranking

import (
	"context"
	"fmt"
	"slices"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// matchingPosts is the number of posts of which those that match a filter are chosen.
const matchingPosts = 400

// SimilarMatching is [Engine.SimilarTo] with a filter: of the 400 posts nearest to p,
// those that match it, with the rules
// applied to them alone. A narrow filter may leave fewer than limit; there is no
// fill. A filter of nil matches all.
func (e *Engine) SimilarMatching(ctx context.Context, p *corpus.Post, filter query.Filter, limit int) ([]corpus.Neighbour, error) {
	m, err := e.loaded(ctx)
	if err != nil {
		return nil, fmt.Errorf("similar posts that match: %w", err)
	}
	limit = listLength(limit)
	m.mu.RLock()
	defer m.mu.RUnlock()
	v := m.foreign(p)
	pins := m.edited.Load().pins[p.ID]
	r := m.borrow(limit + len(pins)) // Pins that do not match take a place until they are dropped.
	defer m.rowers.Put(r)
	ranked := r.search(&v, matchingPosts)
	ids := slices.Clone(pins)
	for _, s := range ranked {
		ids = append(ids, m.infos[s.Post].id)
	}
	matching, err := e.matching(ctx, ids, filter)
	if err != nil {
		return nil, fmt.Errorf("similar posts that match: %w", err)
	}
	ranked = slices.DeleteFunc(ranked, func(s Scored) bool { return !matching[m.infos[s.Post].id] })
	row := r.shown(&v, ranked)
	row.Shown = slices.DeleteFunc(row.Shown, func(n corpus.Neighbour) bool { return n.Fill || !matching[n.ID] })
	return readable(row, limit), nil
}

// matching asks the index which of the posts match the filter.
func (e *Engine) matching(ctx context.Context, ids []string, filter query.Filter) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	named := make([]query.Filter, len(ids))
	for k, id := range ids {
		named[k] = query.Term{Field: "id", Value: id}
	}
	// Ids are compared folded, so that more posts may match than are asked about.
	req := index.Request{Filter: named[0], Size: 2 * len(ids)}
	if len(named) > 1 {
		req.Filter = query.AnyOf{Filters: named}
	}
	if filter != nil {
		req.Filter = query.And{Filters: []query.Filter{req.Filter, filter}}
	}
	res, err := e.index.Search(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("filtering %d posts: %w", len(ids), err)
	}
	found := map[string]bool{}
	for _, h := range res.Hits {
		found[h.ID] = true
	}
	return found, nil
}
