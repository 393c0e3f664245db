// Package exec answers a request from one snapshot of segments, in one of two forms
// that give the same answers.
//
// A search has three steps:
//
//   - planning turns what was asked into words, their variants and index terms
//     (plan.go, planner.go, expand.go); it reads term dictionaries only;
//   - matching evaluates the nodes of a plan on each segment to posts and their
//     relevance;
//   - collection applies filters, counts facets and keeps the best.
//
// The plain form, the reference, does them one after the other, term at a time,
// without a cache (match.go, phrase.go, filter.go, collect.go, facets.go). The fast
// form ([Fast]) takes the postings of a plan from a cache (compile.go, fastlists.go,
// fastphrase.go) and evaluates all nodes, filters and facets in one pass over windows
// of posts, scoring only what can be among the best (window.go, fastword.go,
// fastsearch.go, fastfacets.go, fastfit.go). Typos and prefixes come from lexicons
// (fastexpand.go). Explanations are always the plain form's (explain.go).
//
// All statistics are those of the live posts, so that the same posts have the same
// scores whatever the batching, merging and deletes.
package exec
