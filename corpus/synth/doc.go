// Package synth answers: where does a corpus of any size come from when there is
// no site at hand. It writes engineering posts from combinations of a stack, a
// problem, a scenario, tools and an area, deterministically: the same seed gives
// the same bytes on every machine.
//
// Its one noun is [Generator], which is a corpus.Source. [Generator.Truth] tells
// what a post was made from, so that judgments can be derived without looking at
// the text.
package synth
