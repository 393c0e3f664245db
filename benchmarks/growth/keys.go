package main

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"alphanode/corpus/synth"
)

// drawnFrom is how many generated posts words are drawn from: the same for sites of any size.
const drawnFrom = 10_000

// letters is how many letters of a word are typed.
const letters = 4

// keystroke is what stands in the box.
type keystroke struct {
	kind string
	text string
}

// The kinds of keystrokes.
const (
	alone = "alone"
	after = "after a word"
)

// keystrokes types words of titles, the first letters of each: alone, and after the word that
// stands before it in the title.
func keystrokes(seed uint64, words int) []keystroke {
	posts := synth.New(seed, drawnFrom)
	rng := rand.New(rand.NewPCG(seed, 3))
	var out []keystroke
	for len(out) < words*2*letters {
		title := typed(posts.Post(rng.IntN(drawnFrom)).Title)
		if len(title) < 2 {
			continue
		}
		i := 1 + rng.IntN(len(title)-1)
		word := []rune(title[i])
		for n := 1; n <= letters; n++ {
			out = append(out, keystroke{alone, string(word[:n])})
		}
		for n := 1; n <= letters; n++ {
			out = append(out, keystroke{after, title[i-1] + " " + string(word[:n])})
		}
	}
	return out
}

// typed are the words of a title that are long enough.
func typed(title string) []string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) })
	out := words[:0]
	for _, word := range words {
		if len([]rune(word)) >= letters {
			out = append(out, word)
		}
	}
	return out
}
