package index

import "context"

// Correction is what a word may be meant to be.
type Correction struct {
	// Text is one term of the index, or two with a space between.
	Text string
	// Posts is a lower bound of the number of posts that have it.
	Posts int
}

// Speller is an Index that can correct words by its own terms. It is safe for concurrent
// use.
type Speller interface {
	// Spell gives what a word may be meant to be, the likeliest first, at most limit; none
	// for a word that is well known.
	Spell(ctx context.Context, word string, limit int) ([]Correction, error)
}
