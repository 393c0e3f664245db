package ranking_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"alphanode/corpus"
)

// randomPosts are n posts with everything that similar posts are made of: words
// of two subjects, titles that others name, tags, entities, series, folders, links,
// dates, scores; and some without most of it. The same seed gives the same posts.
func randomPosts(seed uint64, n int) []corpus.Post {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]corpus.Post, n)
	for i := range out {
		out[i] = randomPost(rng, i, n)
	}
	return out
}

func randomPost(rng *rand.Rand, i, n int) corpus.Post {
	p := corpus.Post{ID: fmt.Sprintf("post-%d", i), Title: titleOf(i)}
	subject := i % 7
	var body strings.Builder
	for range 20 + rng.IntN(60) {
		fmt.Fprintf(&body, "%s ", randomWord(rng, subject))
		switch rng.IntN(25) {
		case 0:
			body.WriteString(titleOf(rng.IntN(n)) + ". ")
		case 1:
			fmt.Fprintf(&body, "[see](https://example.org/s%d/post-%d) ", rng.IntN(7), rng.IntN(n))
		case 2:
			fmt.Fprintf(&body, "`fn_%d.call` ", rng.IntN(9))
		case 3:
			body.WriteString("\n\n## " + randomWord(rng, subject) + "\n\n")
		}
	}
	p.Body = body.String()
	if rng.IntN(8) > 0 {
		p.URL = fmt.Sprintf("https://example.org/s%d/%s", subject, p.ID)
		p.Tags = []string{fmt.Sprintf("Tag %d", rng.IntN(12)), "all"}
		p.Stack = []string{randomWord(rng, subject)}
		p.Author = corpus.StringList{fmt.Sprintf("Author %d", rng.IntN(5))}
		p.Summary = randomWord(rng, subject) + " " + randomWord(rng, subject)
		p.PublishedAt, _ = corpus.ParseDate(fmt.Sprintf("20%02d-%02d-%02d", 10+rng.IntN(15), 1+rng.IntN(12), 1+rng.IntN(28)))
		quality := float64(rng.IntN(101))
		p.Score = &corpus.Score{Quality: &quality}
	}
	if rng.IntN(6) == 0 {
		p.Series = fmt.Sprintf("Series %d", rng.IntN(3))
	}
	return p
}

func titleOf(i int) string {
	return fmt.Sprintf("Alpha%d beta%d gamma%d", i%5, i%11, i)
}

func randomWord(rng *rand.Rand, subject int) string {
	if rng.IntN(2) == 0 {
		return fmt.Sprintf("common%d", rng.IntN(30))
	}
	return fmt.Sprintf("subject%dword%d", subject, rng.IntN(40))
}
