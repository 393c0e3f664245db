package engine

import (
	"context"
	"errors"
	"fmt"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// Searcher answers for an index that exists; *ranking.Engine is one.
type Searcher interface {
	Search(ctx context.Context, req index.Request) (*index.Result, error)
	Similar(ctx context.Context, id string, limit int) ([]corpus.Neighbour, error)
}

// maxShown is how many similar posts an engine shows at most.
const maxShown = 50

// Attached measures an index that exists, as it is configured and filled.
type Attached struct{ searcher Searcher }

// Attach gives the system of an index that exists.
func Attach(s Searcher) *Attached { return &Attached{searcher: s} }

var errAttached = errors.New("an index that exists takes in no documents")

// Index is an error: the documents are there.
func (a *Attached) Index(context.Context, corpus.Source) error { return errAttached }

// Search asks what a person typed, as a submitted query.
func (a *Attached) Search(ctx context.Context, text string, k int) ([]relevance.Ranked, error) {
	return search(ctx, a.searcher.Search, text, k)
}

// Similar gives the list that is shown, at most 50 posts, fill left out. There is
// no list without rules to be had from it.
func (a *Attached) Similar(ctx context.Context, id string, k int) (relevance.Neighbours, error) {
	list, err := a.searcher.Similar(ctx, id, min(k, maxShown))
	if err != nil {
		return relevance.Neighbours{}, err
	}
	shown := ranked(list)
	return relevance.Neighbours{Shown: shown, Raw: shown}, nil
}

// Close does nothing: the index belongs to somebody else.
func (a *Attached) Close() error { return nil }

// ranked leaves out the fill.
func ranked(list []corpus.Neighbour) []relevance.Ranked {
	var out []relevance.Ranked
	for _, n := range list {
		if !n.Fill {
			out = append(out, relevance.Ranked{ID: n.ID, Score: n.Score})
		}
	}
	return out
}

func search(ctx context.Context, ask func(context.Context, index.Request) (*index.Result, error), text string, k int) ([]relevance.Ranked, error) {
	result, err := ask(ctx, index.Request{Query: query.Parse(text), Size: k})
	if err != nil {
		return nil, err
	}
	if result.Partial {
		return nil, fmt.Errorf("search %q: the answer is partial", text)
	}
	docs := make([]relevance.Ranked, len(result.Hits))
	for i, hit := range result.Hits {
		docs[i] = relevance.Ranked{ID: hit.ID, Score: hit.Score}
	}
	return docs, nil
}
