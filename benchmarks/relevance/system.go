package relevance

import (
	"context"

	"alphanode/corpus"
)

// System is what is measured: a search engine with one fixed configuration.
//
// The runner calls Index once and first, then Search or Similar from one
// goroutine. Lists are best first; a system may return fewer than k documents.
type System interface {
	// Index takes in the whole source and returns when all of it is searchable.
	Index(ctx context.Context, src corpus.Source) error
	// Search answers what a person typed with the k best documents.
	Search(ctx context.Context, query string, k int) ([]Ranked, error)
	// Similar answers with the neighbours of a document of the index.
	Similar(ctx context.Context, id string, k int) (Neighbours, error)
	// Close releases everything that the system holds.
	Close() error
}

// Preparer is a System that has more to build for a task after the documents are
// in; the runner calls Prepare after Index and counts its time with it.
type Preparer interface {
	Prepare(ctx context.Context, task Task) error
}

// Surveyor is a System that can measure the lists of similar posts of all its
// documents, whether or not anybody judged them.
type Surveyor interface {
	// Survey returns the measures by name.
	Survey(ctx context.Context) (map[string]float64, error)
}

// Neighbours are the documents like one document.
type Neighbours struct {
	// Shown are those that the rules chose, in their order, without fill.
	Shown []Ranked
	// Raw are the k best by score alone: rules, floor and fill left out.
	Raw []Ranked
}

// Statistician is a System that can tell what its index holds; experiments
// compare it with what they expect.
type Statistician interface {
	Stats(ctx context.Context) (IndexStats, error)
}

// IndexStats describes an index after everything was taken in.
type IndexStats struct {
	Documents int `json:"documents" yaml:"documents"`
	// Terms counts distinct terms, summed over the text fields.
	Terms int `json:"terms,omitempty" yaml:"terms,omitempty"`
	// Tokens counts positions, summed over the text fields.
	Tokens int64 `json:"tokens,omitempty" yaml:"tokens,omitempty"`
	// AverageLength is the mean number of positions of a field, by field name.
	AverageLength map[string]float64 `json:"average_length,omitempty" yaml:"average_length,omitempty"`
}
