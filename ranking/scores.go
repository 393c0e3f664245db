package ranking

import (
	"alphanode/corpus"
	"alphanode/index"
)

// Score is one of the four scores of a post, 0..100.
type Score struct {
	Value float64 `json:"value"`
	// Computed is true when the post does not give the score itself.
	Computed bool `json:"computed,omitempty"`
}

// Scores are the four scores of a post.
type Scores struct {
	Quality Score `json:"quality"`
	// Freshness is the given one, or 100 when the post gives none: before aging.
	// [ScoresOn] has it aged.
	Freshness Score `json:"freshness"`
	Depth     Score `json:"depth"`
	Clarity   Score `json:"clarity"`
}

// ScoresOn returns the scores of p as they count on a day (days since the Unix
// epoch), freshness aged by the half-lives of c.
func ScoresOn(p *corpus.Post, c Config, day int32) Scores {
	s := DerivedScores(p)
	s.Freshness.Value = Freshness(index.Signals{
		Freshness: float32(s.Freshness.Value), Day: ageDay(p), HalfLifeDays: halfLife(p, c),
	}, day)
	return s
}
