package ranking

import (
	"context"

	"alphanode/corpus"
	"alphanode/index"
)

// Explain says why post j has its score for post i: a tree whose root is the
// score.
func (m *Model) Explain(i, j int) *index.Explanation { return nil }

// Row is the list of post i as it is shown: rules applied, with reasons.
func (m *Model) Row(i int) corpus.Row { return corpus.Row{} }

// All computes the rows of all posts with so many workers (0: one a CPU) and
// hands them to f one at a time, in the order of the posts. It stops with f's
// first error or the context's.
func (m *Model) All(ctx context.Context, workers int, f func(corpus.Row) error) error {
	return errNotBuilt
}
