package baseline

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"alphanode/benchmarks/relevance"
	"alphanode/corpus"
)

// The parameters of BM25, those that Anserini has by default.
const (
	k1 = 0.9
	b  = 0.4
)

// similarTerms is how many terms of a document More Like This asks for.
const similarTerms = 25

// stopWords are the 33 that Lucene's English analysis has had from the start.
//
//nolint:gochecknoglobals // immutable table
var stopWords = wordSet(`a an and are as at be but by for if in into is it no not of on or such that the their then
	there these they this to was will with`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// BM25 is the plain system. Title and body are one field. Index it once, then
// search from any number of goroutines.
type BM25 struct {
	ids      []string
	byID     map[string]int32
	lengths  []float64
	tokens   int64
	postings map[string][]posting
	vectors  [][]weighted
	titles   []map[string]bool
}

type posting struct {
	doc int32
	tf  float32
}

// weighted is a term of a query, or of a document, with its weight or frequency.
type weighted struct {
	term   string
	weight float64
}

// New gives an empty system; it implements [relevance.System].
func New() *BM25 {
	return &BM25{byID: make(map[string]int32), postings: make(map[string][]posting)}
}

// Index takes in the title and the body of every post of src.
func (s *BM25) Index(ctx context.Context, src corpus.Source) error {
	for post, err := range src.Posts(ctx) {
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
		s.add(post)
	}
	return ctx.Err()
}

func (s *BM25) add(post corpus.Post) {
	doc := int32(len(s.ids))
	s.ids = append(s.ids, post.ID)
	s.byID[post.ID] = doc
	title := terms(post.Title)
	all := slices.Concat(title, terms(post.Body))
	s.lengths = append(s.lengths, float64(len(all)))
	s.tokens += int64(len(all))
	inTitle := make(map[string]bool, len(title))
	for _, t := range title {
		inTitle[t] = true
	}
	s.titles = append(s.titles, inTitle)
	vector := countTerms(all)
	s.vectors = append(s.vectors, vector)
	for _, t := range vector {
		s.postings[t.term] = append(s.postings[t.term], posting{doc: doc, tf: float32(t.weight)})
	}
}

// terms gives the stems of the words of text, stop words left out.
func terms(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := words[:0]
	for _, w := range words {
		if !stopWords[w] {
			out = append(out, stem(w))
		}
	}
	return out
}

// countTerms gives each term once, with its frequency, in ascending order.
func countTerms(all []string) []weighted {
	sorted := slices.Sorted(slices.Values(all))
	var out []weighted
	for _, t := range sorted {
		if n := len(out); n > 0 && out[n-1].term == t {
			out[n-1].weight++
			continue
		}
		out = append(out, weighted{term: t, weight: 1})
	}
	return out
}

// Search ranks by BM25; a word counts as often as it is in the query.
func (s *BM25) Search(_ context.Context, query string, k int) ([]relevance.Ranked, error) {
	return s.top(s.score(countTerms(terms(query))), k, -1), nil
}

// Similar asks with the 25 terms of the document that have the highest
// (1 + ln tf) idf, doubled when the term is in the title, weighted by it.
func (s *BM25) Similar(_ context.Context, id string, k int) (relevance.Neighbours, error) {
	doc, ok := s.byID[id]
	if !ok {
		return relevance.Neighbours{}, fmt.Errorf("similar: document %q is not in the index", id)
	}
	query := make([]weighted, 0, len(s.vectors[doc]))
	for _, t := range s.vectors[doc] {
		w := (1 + math.Log(t.weight)) * s.idf(t.term)
		if s.titles[doc][t.term] {
			w *= 2
		}
		query = append(query, weighted{term: t.term, weight: w})
	}
	slices.SortStableFunc(query, func(a, b weighted) int { return cmp.Compare(b.weight, a.weight) })
	query = query[:min(similarTerms, len(query))]
	return relevance.Neighbours{Raw: s.top(s.score(query), k, doc)}, nil
}

// Stats describes the index.
func (s *BM25) Stats(context.Context) (relevance.IndexStats, error) {
	return relevance.IndexStats{
		Documents: len(s.ids), Terms: len(s.postings), Tokens: s.tokens,
		AverageLength: map[string]float64{"text": s.averageLength()},
	}, nil
}

// Close does nothing.
func (s *BM25) Close() error { return nil }

func (s *BM25) averageLength() float64 { return float64(s.tokens) / math.Max(1, float64(len(s.ids))) }

func (s *BM25) idf(term string) float64 {
	n, df := float64(len(s.ids)), float64(len(s.postings[term]))
	return math.Log(1 + (n-df+0.5)/(df+0.5))
}

// score accumulates term at a time.
func (s *BM25) score(query []weighted) []float64 {
	scores := make([]float64, len(s.ids))
	average := s.averageLength()
	for _, t := range query {
		idf := s.idf(t.term)
		for _, p := range s.postings[t.term] {
			tf := float64(p.tf)
			norm := k1 * (1 - b + b*s.lengths[p.doc]/average)
			scores[p.doc] += t.weight * idf * tf / (tf + norm)
		}
	}
	return scores
}

// top gives the k best of positive score, ties by id, without the document skip.
func (s *BM25) top(scores []float64, k int, skip int32) []relevance.Ranked {
	var hits []relevance.Ranked
	for doc, score := range scores {
		if score > 0 && int32(doc) != skip {
			hits = append(hits, relevance.Ranked{ID: s.ids[doc], Score: score})
		}
	}
	slices.SortFunc(hits, func(a, b relevance.Ranked) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(k, len(hits))]
}
