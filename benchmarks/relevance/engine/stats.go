package engine

import (
	"context"

	"alphanode/benchmarks/relevance"
	"alphanode/index"
	"alphanode/index/analysis"
)

// Stats counts what the analysis makes of the stored posts, field by field: terms
// with the same text in two fields count twice, tokens of one position once.
func (s *System) Stats(ctx context.Context) (relevance.IndexStats, error) {
	stats := relevance.IndexStats{AverageLength: make(map[string]float64)}
	terms := make(map[[2]string]bool)
	var tokens []analysis.Token
	for change, err := range s.store.Feed(ctx, 0) {
		if err != nil {
			return stats, err
		}
		if change.Post == nil {
			continue
		}
		stats.Documents++
		content := index.NewContent(change.Post, nil)
		analyzer := analysis.For(content.Lang())
		for _, field := range index.TextFields() {
			for _, passage := range field.Passages(content) {
				tokens = analyzer.Append(tokens[:0], passage.Text, passage.Mode)
				positions := countPositions(tokens)
				stats.Tokens += int64(positions)
				stats.AverageLength[field.Name] += float64(positions)
				for _, t := range tokens {
					terms[[2]string{field.Name, t.Term}] = true
				}
			}
		}
	}
	stats.Terms = len(terms)
	for field := range stats.AverageLength {
		stats.AverageLength[field] /= float64(max(1, stats.Documents))
	}
	return stats, nil
}

// countPositions counts positions that have a token.
func countPositions(tokens []analysis.Token) int {
	n := 0
	for i, t := range tokens {
		if i == 0 || t.Position != tokens[i-1].Position {
			n++
		}
	}
	return n
}
