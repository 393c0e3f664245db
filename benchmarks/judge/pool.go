package judge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
)

// Item is one decision: how good an answer is this document to this query.
type Item struct {
	Query relevance.Query
	Doc   Document
}

// Document is what a judge sees of a post.
type Document struct {
	ID, Title, URL, Text string
}

// Pool is everything to be judged, query by query.
type Pool []Item

// NewPool takes the first depth documents of each run for each query. Within a
// query they are in an order that the seed decides, so that neither ranks nor
// systems can be told. Documents that never count for a query are left out.
func NewPool(queries []relevance.Query, runs []relevance.Run, depth int, seed uint64) Pool {
	rng := rand.New(rand.NewPCG(seed, 3))
	var pool Pool
	for _, q := range queries {
		ids := make(map[string]bool)
		for _, run := range runs {
			docs := relevance.Order(run[q.ID])
			for _, doc := range docs[:min(depth, len(docs))] {
				ids[doc.ID] = !slices.Contains(q.Exclude, doc.ID)
			}
		}
		order := slices.Sorted(maps.Keys(ids))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, id := range order {
			if ids[id] {
				pool = append(pool, Item{Query: q, Doc: Document{ID: id}})
			}
		}
	}
	return pool
}

// maxText bounds the text of a document that is shown, in characters.
const maxText = 6000

// Fill reads the texts of the pool's documents. A document that the source does
// not have keeps its id only.
func (p Pool) Fill(ctx context.Context, src corpus.Source) error {
	wanted := make(map[string][]int, len(p))
	for i, item := range p {
		wanted[item.Doc.ID] = append(wanted[item.Doc.ID], i)
	}
	for post, err := range src.Posts(ctx) {
		if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
			continue
		}
		if err != nil {
			return fmt.Errorf("read documents to judge: %w", err)
		}
		for _, i := range wanted[post.ID] {
			p[i].Doc = Document{ID: post.ID, Title: post.Title, URL: post.URL, Text: clip(text(&post))}
		}
	}
	return nil
}

func text(p *corpus.Post) string {
	if p.Summary != "" && p.Body != "" {
		return p.Summary + "\n\n" + p.Body
	}
	return p.Summary + p.Body
}

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	r := []rune(s)
	if len(r) <= maxText {
		return s
	}
	return string(r[:maxText]) + " …"
}

// Has reports whether the pool asks for a decision.
func (p Pool) Has(query, doc string) bool { return p.index(query, doc) >= 0 }

func (p Pool) index(query, doc string) int {
	return slices.IndexFunc(p, func(item Item) bool { return item.Query.ID == query && item.Doc.ID == doc })
}
