// Package ranking answers: in which order, and why.
//
// Its nouns are few. [Signals] are the numbers about one post that do not depend
// on a query; [Prior] turns them into p in 0..1 for a day. A [Model] is what is
// known about a whole corpus of posts at one moment (a generation): document
// frequencies, sparse vectors, names, links; it answers which posts are similar
// to which. The rules ([Rules]) turn a model's raw ranking into the list that is
// shown, with reasons. The [Engine] puts these in front of an index.Index and
// keeps a corpus.Graph up to date.
//
// The package is pure computation: it imports neither an engine nor a store nor
// a web framework, and reaches them through the types of the packages corpus and
// index.
//
// Caveats: a Model is immutable and safe for concurrent use, and holds its
// vectors in memory (docs/ranking.md has the figures). Scores of two generations
// are not comparable with each other.
package ranking
