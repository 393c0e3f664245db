// Command bluge drives bluge: two text fields, BM25, positions, three keyword fields
// that can be aggregated, nothing stored but the id.
package main

import (
	"context"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/analysis"
	"github.com/blugelabs/bluge/analysis/tokenizer"
	"github.com/blugelabs/bluge/search"
	"github.com/blugelabs/bluge/search/aggregations"

	"alphanode-peers/protocol"
)

func main() { protocol.Driver{Index: build, Open: open}.Main() }

func build(posts, folder string) error {
	writer, err := bluge.OpenWriter(bluge.DefaultConfig(folder))
	if err != nil {
		return err
	}
	words := &analysis.Analyzer{Tokenizer: tokenizer.NewWhitespaceTokenizer()}
	batch, n := bluge.NewBatch(), 0
	flush := func() error {
		defer batch.Reset()
		return writer.Batch(batch)
	}
	err = protocol.Posts(posts, func(p protocol.Post) error {
		doc := bluge.NewDocument(p.ID)
		doc.AddField(bluge.NewTextField("title", p.Title).WithAnalyzer(words).SearchTermPositions())
		doc.AddField(bluge.NewTextField("body", p.Body).WithAnalyzer(words).SearchTermPositions())
		for i, values := range [...][]string{p.Tags, p.Stack, {p.Difficulty}} {
			for _, value := range values {
				doc.AddField(bluge.NewKeywordField(protocol.FacetFields[i], value).Aggregatable())
			}
		}
		batch.Update(doc.ID(), doc)
		if n++; n%1000 == 0 {
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
	return writer.Close()
}

type engine struct{ reader *bluge.Reader }

func open(folder string) (protocol.Engine, error) {
	reader, err := bluge.OpenReader(bluge.DefaultConfig(folder))
	return engine{reader}, err
}

func fields(newQuery func(field string) bluge.Query) bluge.Query {
	return bluge.NewBooleanQuery().AddShould(newQuery("title"), newQuery("body"))
}

func word(w string) bluge.Query {
	return fields(func(field string) bluge.Query { return bluge.NewTermQuery(w).SetField(field) })
}

func translate(q protocol.Query) bluge.Query {
	if q.Tag == "" {
		return words(q)
	}
	// There is no filter: a clause without a score comes nearest.
	tag := bluge.NewTermQuery(q.Tag).SetField("tags").SetBoost(0)
	return bluge.NewBooleanQuery().AddMust(words(q), tag)
}

func words(q protocol.Query) bluge.Query {
	b := bluge.NewBooleanQuery()
	for _, w := range q.Must {
		b.AddMust(word(w))
	}
	for _, w := range q.Should {
		b.AddShould(word(w))
	}
	switch {
	case q.Prefix != "":
		b.AddShould(fields(func(field string) bluge.Query { return bluge.NewPrefixQuery(q.Prefix).SetField(field) }))
	case q.Fuzzy != "":
		return fields(func(field string) bluge.Query {
			return bluge.NewFuzzyQuery(q.Fuzzy).SetField(field).SetFuzziness(1).SetPrefix(1)
		})
	case len(q.Phrase) > 0:
		terms := make([][]string, len(q.Phrase))
		for i, w := range q.Phrase {
			terms[i] = []string{w}
		}
		return fields(func(field string) bluge.Query { return bluge.NewMultiPhraseQuery(terms).SetField(field) })
	}
	return b
}

func (e engine) Top(q protocol.Query, k int, want protocol.Want) (answer protocol.Answer, err error) {
	request := bluge.NewTopNSearch(k, translate(q))
	if want >= protocol.Count {
		request.AddAggregation("count", aggregations.CountMatches())
	}
	if want == protocol.Facets {
		for _, field := range protocol.FacetFields {
			request.AddAggregation(field, aggregations.NewTermsAggregation(search.Field(field), protocol.FacetLimit))
		}
	}
	matches, err := e.reader.Search(context.Background(), request)
	if err != nil {
		return answer, err
	}
	err = each(matches, func(id string) { answer.IDs = append(answer.IDs, id) })
	if err != nil || want == protocol.Best {
		return answer, err
	}
	answer.Total = int(matches.Aggregations().Metric("count"))
	if want == protocol.Facets {
		for i, field := range protocol.FacetFields {
			for _, bucket := range matches.Aggregations().Buckets(field) {
				answer.Facets[i] = append(answer.Facets[i], protocol.Value{Name: bucket.Name(), Count: int(bucket.Count())})
			}
		}
	}
	return answer, nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	matches, err := e.reader.Search(context.Background(), bluge.NewAllMatches(translate(q)))
	if err != nil {
		return err
	}
	return each(matches, visit)
}

func each(matches search.DocumentMatchIterator, visit func(string)) error {
	for {
		match, err := matches.Next()
		if err != nil || match == nil {
			return err
		}
		err = match.VisitStoredFields(func(field string, value []byte) bool {
			if field == "_id" {
				visit(string(value))
			}
			return true
		})
		if err != nil {
			return err
		}
	}
}
