package relevance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"alphanode/corpus"
	"alphanode/corpus/synth"
)

// The grades of generated judgments: two posts made from the same problem and
// stack answer the same question; from the same problem only, a related one.
const (
	sameProblem         = 1
	sameProblemAndStack = 2
)

// Judge makes n queries for the posts of g, with judgments that follow from how
// the posts were made. A query for search is the problem and the stack of a post,
// which at least three posts share; for similar posts it is the post. Nothing in
// it looks at how anything is ranked.
func (g Generated) Judge(task Task, n int) ([]Query, Qrels) {
	generator := synth.New(g.Seed, g.Posts)
	byProblem := make(map[string][]int)
	for i := range g.Posts {
		t := generator.Truth(i)
		byProblem[t.Problem] = append(byProblem[t.Problem], i)
	}
	var queries []Query
	qrels := make(Qrels)
	asked := make(map[string]bool)
	rng := rand.New(rand.NewPCG(g.Seed, 1))
	for _, i := range rng.Perm(g.Posts) {
		t := generator.Truth(i)
		text := t.Problem + " " + t.Stack
		grades, both := grade(generator, t, byProblem[t.Problem])
		if both < 3 || asked[text] {
			continue
		}
		asked[text] = true
		q := Query{ID: fmt.Sprintf("q%03d", len(queries)+1), Text: text}
		if post := generator.Post(i); task == SimilarTask {
			q = Query{ID: post.ID, Text: post.Title}
			delete(grades, post.ID)
		}
		queries = append(queries, q)
		qrels[q.ID] = grades
		if len(queries) == n {
			break
		}
	}
	return queries, qrels
}

// grade judges posts of the same problem; both counts those of the same stack too.
func grade(generator *synth.Generator, t synth.Truth, posts []int) (grades map[string]int, both int) {
	grades = make(map[string]int, len(posts))
	for _, i := range posts {
		id := generator.Post(i).ID
		grades[id] = sameProblem
		if generator.Truth(i).Stack == t.Stack {
			grades[id] = sameProblemAndStack
			both++
		}
	}
	return grades, both
}

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
func (e *Experiment) corpusSum(ctx context.Context, c *Collection) (string, error) {
	g := e.Collection.Generated
	if g == nil {
		return fileSum(c.Corpus)
	}
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	for post, err := range synth.New(g.Seed, g.Posts).Posts(ctx) {
		if err == nil {
			err = encoder.Encode(post)
		}
		if err != nil {
			return "", fmt.Errorf("generate documents: %w", err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
