// Command bleve drives raw bleve: two text fields, BM25, positions, nothing
// stored.
package main

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"alphanode-peers/protocol"
)

func main() { protocol.Main(build, open) }

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
	batch := idx.NewBatch()
	flush := func() error {
		defer batch.Reset()
		return idx.Batch(batch)
	}
	err = protocol.Posts(posts, func(p protocol.Post) error {
		if err := batch.Index(p.ID, map[string]any{"title": p.Title, "body": p.Body}); err != nil {
			return err
		}
		if batch.Size() >= 1000 {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	return idx.Close()
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

func (e engine) Top(q protocol.Query, k int, _ bool) ([]string, int, error) {
	return e.search(q, k)
}

func (e engine) search(q protocol.Query, k int) ([]string, int, error) {
	result, err := e.idx.Search(bleve.NewSearchRequestOptions(translate(q), k, 0, false))
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(result.Hits))
	for i, hit := range result.Hits {
		ids[i] = hit.ID
	}
	return ids, int(result.Total), nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	n, err := e.idx.DocCount()
	if err != nil {
		return err
	}
	ids, _, err := e.search(q, int(n))
	for _, id := range ids {
		visit(id)
	}
	return err
}
