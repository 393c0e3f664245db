// Package relevance answers: how good are the results, and is one configuration
// better than another.
//
// Its nouns are [Collection] (documents, queries and judgments), [Qrels]
// (judgments), [Run] (what a system retrieved), [Measure] (a metric by the name
// that ir_measures gives it) and [System] (what is measured). [Evaluate] scores a
// run; [Bench] indexes a collection with a system, runs its queries and reports.
//
// Metrics equal those of trec_eval to 1e-6 on the same files: documents are
// ordered by score and then by id, both descending; a document without a
// judgment is not relevant; ideal rankings are made of all judgments; averages
// are over all judged queries, and a query without results counts as 0.
//
// The package knows nothing of HTTP, and of the engine only what [System] says.
package relevance
