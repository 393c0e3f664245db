package server

import (
	"context"
	"log/slog"
	"sync"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// curated is what editors laid down for searches, read again after each change. It is safe
// for concurrent use.
type curated struct {
	store Curations // nil: nothing is laid down
	log   *slog.Logger

	mu      sync.Mutex
	changed <-chan struct{} // nil before the first read
	set     *curation.Set
}

// current is the set as of now; nil when there is none. What cannot be read leaves the one
// before, and the log says so.
func (c *curated) current(ctx context.Context) *curation.Set {
	if c.store == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed != nil {
		select {
		case <-c.changed:
		default:
			return c.set
		}
	}
	changed := c.store.CurationChanged()
	set, err := readSet(context.WithoutCancel(ctx), c.store)
	if err != nil {
		c.log.Error("curation could not be read", slog.Any("err", err))
		return c.set
	}
	c.changed, c.set = changed, set
	return set
}

func readSet(ctx context.Context, store Curations) (*curation.Set, error) {
	var docs [3]corpus.Curation
	for i, kind := range []string{curation.KindSynonyms, curation.KindStopWords, curation.KindRules} {
		var err error
		if docs[i], err = store.Curation(ctx, kind); err != nil {
			return nil, err
		}
	}
	synonyms, err := curation.ParseSynonyms(docs[0].Body)
	if err != nil {
		return nil, err
	}
	stop, err := curation.ParseStopWords(docs[1].Body)
	if err != nil {
		return nil, err
	}
	rules, err := curation.ParseRules(docs[2].Body)
	if err != nil {
		return nil, err
	}
	return curation.NewSet(synonyms, stop, rules), nil
}

// curate adds to a request what editors laid down for what was typed.
func (s *Server) curate(ctx context.Context, typed string, req *index.Request) {
	req.Curation = s.curated.current(ctx)
	acting := req.Curation.Acting(typed, req.Filter)
	if len(acting.Rules) == 0 {
		return
	}
	req.Rules, req.Pins = acting.Rules, acting.Pins
	req.Boosts = append(req.Boosts, acting.Boosts...)
	req.Filter = both(req.Filter, acting.Filter)
	if len(acting.Hide) > 0 {
		req.Filter = both(req.Filter, query.Not{Filter: anyID(acting.Hide)})
	}
}

// both is the conjunction of two filters, each of which may be nil.
func both(a, b query.Filter) query.Filter {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	default:
		return query.And{Filters: []query.Filter{a, b}}
	}
}

// anyID matches the posts of a list, which is not empty.
func anyID(ids []string) query.Filter {
	parts := make([]query.Filter, len(ids))
	for i, id := range ids {
		parts[i] = query.Term{Field: "id", Value: id}
	}
	return query.AnyOf{Filters: parts}
}
