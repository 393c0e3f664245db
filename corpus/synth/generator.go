package synth

import (
	"context"
	"iter"
	"strconv"

	"alphanode/corpus"
)

// Generator makes n posts from a seed. It is a corpus.Source, holds no mutable
// state and may be used by any number of goroutines at once.
type Generator struct {
	seed uint64
	n    int
}

// New returns a generator of n posts (none when n is negative).
func New(seed uint64, n int) *Generator { return &Generator{seed: seed, n: max(n, 0)} }

// Len is the number of posts.
func (g *Generator) Len() int { return g.n }

// Posts yields posts 0 to n-1 in order, and the context's error if it ends first.
func (g *Generator) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for i := range g.n {
			if err := ctx.Err(); err != nil {
				yield(corpus.Post{}, err)
				return
			}
			if !yield(g.Post(i), nil) {
				return
			}
		}
	}
}

// Post returns post i, a pure function of the seed and i.
func (g *Generator) Post(i int) corpus.Post {
	return corpus.Post{ID: "post-" + strconv.Itoa(i), Title: "Post " + strconv.Itoa(i)}
}

// Truth is what a post was made from.
type Truth struct {
	Problem, Stack, Scenario, Area string
	Tools                          []string
}

// Truth tells what post i was made from.
func (g *Generator) Truth(int) Truth { return Truth{} }
