package synth

import (
	"context"
	"iter"

	"alphanode/corpus"
)

// Generator makes n posts from a seed. It is a corpus.Source, holds no mutable
// state and may be used by any number of goroutines at once.
type Generator struct {
	seed uint64
	n    int
	lib  *library
	// menus says what goes with each stack of lib.
	menus         []menu
	stackWeights  weights
	authorWeights weights
}

// authors is the number of people who write; the weight of a person falls with
// their number.
const authors = 400

// New returns a generator of n posts (none when n is negative).
func New(seed uint64, n int) *Generator {
	lib := readLibrary()
	g := &Generator{
		seed: seed, n: max(n, 0), lib: lib,
		stackWeights:  harmonic(len(lib.stacks), 5),
		authorWeights: harmonic(authors, 6),
	}
	for s := range lib.stacks {
		g.menus = append(g.menus, newMenu(lib, s))
	}
	return g
}

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

// Truth is what a post was made from, all in English whatever the language of the
// post.
type Truth struct {
	// Topic is the field of problems that Problem belongs to, such as "caching".
	Topic string
	// Problem is what the post is about, such as "stopping cache stampedes".
	Problem string
	// Stack and Area are such as "Go services" and "backend".
	Stack, Area string
	// Scenario is the circumstance, such as "on a team of three".
	Scenario string
	// Component is the made-up system of the post, such as "invoice export".
	Component string
	// Tools are the values of the post's field of that name.
	Tools []string
	// Series and Part are the series of the post; empty and 0 without one.
	Series string
	Part   int
}

// Truth tells what post i was made from. Like [Generator.Post] it is a pure
// function of the seed and i.
func (g *Generator) Truth(i int) Truth {
	d := g.newDraft(i)
	t := Truth{
		Topic: d.theme.name, Problem: d.problem.english, Stack: d.stack.name, Area: d.stack.area,
		Scenario: d.english, Component: d.component, Tools: d.tools,
	}
	if d.series != nil {
		t.Series, t.Part = d.series.title(), d.part
	}
	return t
}
