package relevance

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/importer"
)

// ErrNoDocuments is returned for a collection of queries and judgments only.
var ErrNoDocuments = errors.New("the collection has no documents of its own: measure an index that has them")

// Documents opens the documents of the collection as posts. Nothing is read yet.
func (c *Collection) Documents() (corpus.Source, error) {
	switch {
	case c.Corpus == "":
		return nil, fmt.Errorf("collection %s: %w", c.Name, ErrNoDocuments)
	case strings.Contains(c.Corpus, ".trec"):
		return trecDocuments{path: c.Corpus}, nil
	}
	src, err := importer.Open(importer.BEIR, []string{c.Corpus}, importer.Options{})
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", c.Name, err)
	}
	return src, nil
}

// countingSource passes posts on, counts them, and keeps rejected records to
// itself, so that every system takes in the same posts.
type countingSource struct {
	corpus.Source
	posts    int
	rejected []error
}

// Posts yields the posts that were read without error.
func (s *countingSource) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for post, err := range s.Source.Posts(ctx) {
			if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
				s.rejected = append(s.rejected, err)
				continue
			}
			if err == nil {
				s.posts++
			}
			if !yield(post, err) || err != nil {
				return
			}
		}
	}
}
