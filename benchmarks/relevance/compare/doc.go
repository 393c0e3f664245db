// Package compare answers: is the candidate better than the baseline, on which
// queries, and may it be merged.
//
// [Compare] takes two runs of the same queries and computes, for each measure, the
// means, the mean difference with its confidence interval, and two tests of
// significance; it keeps the queries that lost and won most with both result
// lists. The outcome is written as text, JSON, Markdown for a pull request, and
// one HTML page that needs no network. [Comparison.Gate] says whether a candidate
// passes.
package compare
