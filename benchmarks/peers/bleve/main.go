// Command bleve drives raw bleve: two text fields, BM25, positions, three keyword
// fields with doc values, nothing stored.
package main

import (
	"errors"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"alphanode-peers/protocol"
)

func main() {
	protocol.Driver{Index: build, Open: open, Similar: similar}.Main()
}

func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	if err := m.AddCustomAnalyzer("words", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	for _, field := range []string{"title", "body"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues = "words", false, false, false
		f.IncludeTermVectors = true // positions, for phrases
		m.DefaultMapping.AddFieldMappingsAt(field, f)
	}
	for _, field := range protocol.FacetFields {
		f := bleve.NewKeywordFieldMapping()
		f.Store, f.IncludeInAll, f.DocValues, f.IncludeTermVectors = false, false, true, false
		f.SkipFreqNorm = true
		m.DefaultMapping.AddFieldMappingsAt(field, f)
	}
	return m, nil
}

func build(posts, folder string) error {
	m, err := newMapping()
	if err != nil {
		return err
	}
	idx, err := bleve.New(folder, m)
	if err != nil {
		return err
	}
	batches := make(chan *bleve.Batch)
	failed := make(chan error, 2)
	for range cap(failed) {
		go func() {
			var err error
			for batch := range batches {
				if err == nil {
					err = idx.Batch(batch)
				}
			}
			failed <- err
		}()
	}
	err = feed(idx, posts, batches)
	close(batches)
	return errors.Join(err, <-failed, <-failed, idx.Close())
}

// feed makes batches of posts, for two callers.
func feed(idx bleve.Index, posts string, batches chan<- *bleve.Batch) error {
	batch := idx.NewBatch()
	err := protocol.Posts(posts, func(p protocol.Post) error {
		if batch.Size() >= 1000 {
			batches <- batch
			batch = idx.NewBatch()
		}
		return batch.Index(p.ID, map[string]any{"title": p.Title, "body": p.Body, "tags": p.Tags, "stack": p.Stack, "difficulty": p.Difficulty})
	})
	batches <- batch
	return err
}

type engine struct{ idx bleve.Index }

func open(folder string) (protocol.Engine, error) {
	idx, err := bleve.OpenUsing(folder, map[string]any{"read_only": true})
	return engine{idx}, err
}

// fields asks both fields.
func fields(newQuery func(field string) query.Query) query.Query {
	return bleve.NewDisjunctionQuery(newQuery("title"), newQuery("body"))
}

func word(w string) query.Query {
	return fields(func(field string) query.Query {
		q := bleve.NewTermQuery(w)
		q.SetField(field)
		return q
	})
}

func translate(q protocol.Query) query.Query {
	if q.Tag == "" {
		return words(q)
	}
	tag := bleve.NewTermQuery(q.Tag)
	tag.SetField("tags")
	filtered := bleve.NewBooleanQuery()
	filtered.AddMust(words(q))
	filtered.AddFilter(tag)
	return filtered
}

func words(q protocol.Query) query.Query {
	var must, should []query.Query
	for _, w := range q.Must {
		must = append(must, word(w))
	}
	for _, w := range q.Should {
		should = append(should, word(w))
	}
	switch {
	case q.Prefix != "":
		should = append(should, fields(func(field string) query.Query {
			p := bleve.NewPrefixQuery(q.Prefix)
			p.SetField(field)
			return p
		}))
	case q.Fuzzy != "":
		return fields(func(field string) query.Query {
			f := bleve.NewFuzzyQuery(q.Fuzzy)
			f.SetField(field)
			f.SetPrefix(1)
			return f
		})
	case len(q.Phrase) > 0:
		return fields(func(field string) query.Query { return bleve.NewPhraseQuery(q.Phrase, field) })
	}
	if len(must) == 0 {
		return bleve.NewDisjunctionQuery(should...)
	}
	return bleve.NewConjunctionQuery(must...)
}

func (e engine) Top(q protocol.Query, k int, want protocol.Want) (answer protocol.Answer, err error) {
	request := bleve.NewSearchRequestOptions(translate(q), k, 0, false)
	if want == protocol.Facets {
		for _, field := range protocol.FacetFields {
			request.AddFacet(field, bleve.NewFacetRequest(field, protocol.FacetLimit))
		}
	}
	result, err := e.idx.Search(request)
	if err != nil {
		return answer, err
	}
	answer = protocol.Answer{IDs: make([]string, len(result.Hits)), Total: int(result.Total)}
	for i, hit := range result.Hits {
		answer.IDs[i] = hit.ID
	}
	for i, field := range protocol.FacetFields {
		if facet := result.Facets[field]; facet != nil {
			for _, v := range facet.Terms.Terms() {
				answer.Facets[i] = append(answer.Facets[i], protocol.Value{Name: v.Term, Count: v.Count})
			}
		}
	}
	return answer, nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	n, err := e.idx.DocCount()
	if err != nil {
		return err
	}
	answer, err := e.Top(q, int(n), protocol.Count)
	for _, id := range answer.IDs {
		visit(id)
	}
	return err
}
