package relevance

import (
	"cmp"
	"maps"
	"slices"
)

// Query is one information need of a collection.
type Query struct {
	ID   string
	Text string
	// Exclude lists documents that never count as results of this query.
	Exclude []string
}

// Qrels holds judgments: query id, then document id, to grade. A grade below 0
// is the same as no judgment; 0 is judged and not relevant; 1 and more is
// relevant.
type Qrels map[string]map[string]int

// add records a judgment and reports the earlier grade when it differs.
func (q Qrels) add(query, doc string, grade int) (earlier int, conflict bool) {
	docs := q[query]
	if docs == nil {
		docs = make(map[string]int)
		q[query] = docs
	}
	if old, ok := docs[doc]; ok && old != grade {
		return old, true
	}
	docs[doc] = grade
	return 0, false
}

// Queries gives the judged query ids in ascending order.
func (q Qrels) Queries() []string { return slices.Sorted(maps.Keys(q)) }

// Pairs counts the judgments.
func (q Qrels) Pairs() int {
	n := 0
	for _, docs := range q {
		n += len(docs)
	}
	return n
}

// Ranked is one retrieved document with its score, higher is better.
type Ranked struct {
	ID    string
	Score float64
}

// Run holds what a system retrieved: query id to documents, in any order; see
// [Order] for the order in which they are evaluated.
type Run map[string][]Ranked

// Order gives the documents in the order in which trec_eval ranks them: score
// descending in single precision, then id descending. Ranks written in run files
// do not count.
func Order(docs []Ranked) []Ranked {
	out := slices.Clone(docs)
	slices.SortStableFunc(out, func(a, b Ranked) int {
		if c := cmp.Compare(float32(b.Score), float32(a.Score)); c != 0 {
			return c
		}
		return cmp.Compare(b.ID, a.ID)
	})
	return out
}
