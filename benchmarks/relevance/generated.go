package relevance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"alphanode/corpus"
	"alphanode/corpus/synth"
)

// documents gives the documents of an experiment.
func (e *Experiment) documents(collections string) (corpus.Source, error) {
	if g := e.Collection.Generated; g != nil {
		return synth.New(g.Seed, g.Posts), nil
	}
	c, err := Open(e.dir(collections))
	if err != nil {
		return nil, err
	}
	return c.Documents()
}

// corpusSum gives the checksum of the documents; those that are generated are
// written as JSON lines.
func (e *Experiment) corpusSum(c *Collection) (string, error) {
	g := e.Collection.Generated
	if g == nil {
		return fileSum(c.Corpus)
	}
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	for post, err := range synth.New(g.Seed, g.Posts).Posts(context.Background()) {
		if err == nil {
			err = encoder.Encode(post)
		}
		if err != nil {
			return "", fmt.Errorf("generate documents: %w", err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
