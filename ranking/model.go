package ranking

import (
	"context"
	"errors"
	"iter"

	"alphanode/corpus"
	"alphanode/index"
)

// Scored is a post with its similarity to the post asked about.
type Scored struct {
	// Post is the index of the post in its Model, 0..Len()-1.
	Post int
	// Score is the similarity with the prior; greater is closer.
	Score float64
}

// Model is what similar posts are computed from: the vectors, names and links of
// a corpus, with its document frequencies frozen (a generation). It is immutable
// and safe for concurrent use.
type Model struct{}

var errNotBuilt = errors.New("not built yet")

// BuildModel reads the feed of public posts once (deletes are skipped; of two
// changes of one id the later counts) and freezes what it learned. The day is the
// as-of day of the prior, in days since the Unix epoch. It stops with the feed's
// first error or the context's.
func BuildModel(ctx context.Context, feed iter.Seq2[corpus.Change, error], c Config, day int32) (*Model, error) {
	return nil, errNotBuilt
}

// Len is the number of posts.
func (m *Model) Len() int { return 0 }

// ID is the id of post i.
func (m *Model) ID(i int) string { return "" }

// Lookup finds the index of an id.
func (m *Model) Lookup(id string) (int, bool) { return 0, false }

// Similar returns the k posts most similar to post i, exactly: every other post
// is scored. Ties go to the newer post, then to the smaller id. Rules and floor
// are not applied; see [Model.Row].
func (m *Model) Similar(i, k int) []Scored { return nil }

// SimilarTo does so for a post that is not part of the model (an id that is
// part of it is left out of the answer).
func (m *Model) SimilarTo(p *corpus.Post, k int) []Scored { return nil }

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
