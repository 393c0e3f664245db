package speed

import (
	"context"
	"fmt"
	"strings"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// Searcher is the engine as this package asks it; *ranking.Engine is one.
type Searcher interface {
	Search(ctx context.Context, req index.Request) (*index.Result, error)
	Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error)
}

// InProcess asks an engine without a server.
type InProcess struct{ Searcher Searcher }

// Do asks for the hits, without texts, highlights or snippets.
func (e InProcess) Do(ctx context.Context, q Query) (Answer, error) {
	if q.Similar != "" {
		list, err := e.Searcher.Similar(ctx, q.Similar, PerPage)
		hits := make([]identified, len(list))
		for i, n := range list {
			hits[i].ID = n.ID
		}
		return answer(0, hits), err
	}
	request, err := request(q)
	if err != nil {
		return Answer{}, err
	}
	result, err := e.Searcher.Search(ctx, request)
	if err != nil {
		return Answer{}, err
	}
	if result.Partial {
		return Answer{}, fmt.Errorf("search %q: the answer is partial", q.Q)
	}
	hits := make([]identified, len(result.Hits))
	for i, hit := range result.Hits {
		hits[i].ID = hit.ID
	}
	return answer(result.Total, hits), nil
}

func request(q Query) (index.Request, error) {
	r := index.Request{Query: query.Parse(q.Q), Size: PerPage, From: max(0, q.Page-1) * PerPage, Typing: q.Typing}
	if q.Filter != "" {
		filter, err := query.ParseFilter(q.Filter)
		if err != nil {
			return r, err
		}
		r.Filter = filter
	}
	for _, field := range q.Facets {
		r.Facets = append(r.Facets, index.FacetRequest{Field: field})
	}
	if q.Sort != "" {
		field, desc := strings.CutPrefix(q.Sort, "-")
		r.Sort = []index.SortKey{{Field: field, Desc: desc}}
	}
	return r, nil
}
