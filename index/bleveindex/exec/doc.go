// Package exec answers a request from one snapshot of segments: term at a time,
// exact, without a cache.
//
// A search has three steps, kept apart so that a faster matcher can take the place
// of the plain one:
//
//   - planning turns what was asked into words, their variants and index terms
//     (plan.go, planner.go, expand.go); it reads term dictionaries only;
//   - matching evaluates the nodes of a plan on each segment (match.go, phrase.go,
//     filter.go) to posts and their relevance;
//   - collection applies filters, counts facets and keeps the best (collect.go,
//     facets.go, explain.go).
//
// All statistics are those of the live posts, so that the same posts have the same
// scores whatever the batching, merging and deletes.
package exec
