// Package analysis answers: which tokens is a text made of. It is pure, and the
// same code serves queries, the index, the oracle, highlights and ranking.
//
// An [Analyzer] of a language ([For]) appends [Token] values: words, numbers and
// versions, and identifiers whole and by part. A term is folded ([Fold]): NFKC,
// lower case, Latin and Greek without diacritics. Stems and stop words are
// questions about terms, asked apart ([Analyzer.Stem], [Analyzer.StopWeight]).
//
// Text is cut at three levels. A run without spaces is split at slashes; each
// piece at hyphens; each of those is a word, a number, or an identifier made of
// parts by dots, "::", "@", underscores, camel case, and the change between
// letters and digits. The pieces of the first two levels follow each other, each
// at its own position; a text of several pieces also gives one token for the
// whole, at the position of the first piece. The parts of an identifier share its
// position.
//
// Caveats: a term is at most [MaxTermBytes] long; a word beyond that is cut, the
// whole of a path beyond that is left out. Scripts without spaces give overlapping
// pairs of characters. See docs/analysis.md for examples of everything.
package analysis
