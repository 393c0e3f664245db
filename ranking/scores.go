package ranking

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
	// [Freshness] has it aged.
	Freshness Score `json:"freshness"`
	Depth     Score `json:"depth"`
	Clarity   Score `json:"clarity"`
}
