package speed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"alphanode/corpus"
)

// sampled is how many posts are kept to draw phrases and pairs of words from.
const sampled = 20_000

// Draw makes a workload out of posts: perKind queries of each kind, with words
// of those posts in bands of frequency. The same posts and seed give the same
// workload.
func Draw(ctx context.Context, src corpus.Source, seed uint64, perKind int) (Workload, error) {
	d := &drawer{rng: rand.New(rand.NewPCG(seed, 1)), frequency: make(map[string]int), tags: make(map[string]int)}
	for post, err := range src.Posts(ctx) {
		if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("draw workload: %w", err)
		}
		d.add(&post)
	}
	if d.posts == 0 {
		return nil, errors.New("draw workload: there are no posts")
	}
	d.bands()
	var w Workload
	for _, kind := range drawnKinds {
		for range perKind {
			q, ok := kind.draw(d)
			q.Kind = kind.name
			switch {
			case ok && kind.letters:
				w = append(w, byLetter(q)...)
			case ok:
				w = append(w, q)
			}
		}
	}
	if len(w) == 0 {
		return nil, fmt.Errorf("draw workload: the texts of %d posts are too short", d.posts)
	}
	return w, nil
}

// drawer knows the words of the posts.
type drawer struct {
	rng       *rand.Rand
	posts     int
	sample    []samplePost
	frequency map[string]int // posts by word
	tags      map[string]int
	common    []string // in 3 to 30 of 100 posts
	medium    []string // in 1 to 10 of 1,000
	rare      []string // in 3 to 20 of 100,000, and in 2 at least
	byTag     []string // by falling frequency
}

type samplePost struct {
	id    string
	words []string
}

func (d *drawer) add(post *corpus.Post) {
	d.posts++
	words := strings.FieldsFunc(strings.ToLower(post.Title+" "+post.Body), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	seen := make(map[string]bool, len(words))
	for _, word := range words {
		if !seen[word] {
			seen[word] = true
			d.frequency[word]++
		}
	}
	for _, tag := range post.Tags {
		d.tags[tag]++
	}
	// Reservoir sampling: every post is kept with the same chance.
	kept := samplePost{id: post.ID, words: words[:min(len(words), 400)]}
	if len(d.sample) < sampled {
		d.sample = append(d.sample, kept)
	} else if i := d.rng.IntN(d.posts); i < sampled {
		d.sample[i] = kept
	}
}

func (d *drawer) bands() {
	n := float64(d.posts)
	for _, word := range slices.Sorted(maps.Keys(d.frequency)) {
		if !isWord(word) {
			continue
		}
		df := d.frequency[word]
		switch share := float64(df) / n; {
		case share >= 0.03 && share <= 0.3:
			d.common = append(d.common, word)
		case share >= 0.001 && share <= 0.01:
			d.medium = append(d.medium, word)
		case df >= 2 && share <= 0.0002:
			d.rare = append(d.rare, word)
		}
	}
	d.byTag = slices.Sorted(maps.Keys(d.tags))
	slices.SortStableFunc(d.byTag, func(a, b string) int { return d.tags[b] - d.tags[a] })
}

func isWord(word string) bool {
	return len(word) > 2 && len(word) <= 20 && strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// drawnKind is one kind of query and how it is drawn; ok is false where the
// posts have nothing to draw from.
type drawnKind struct {
	name string
	draw func(d *drawer) (q Query, ok bool)
	// letters makes a query of each letter that is typed on the way to the drawn one.
	letters bool
}

//nolint:gochecknoglobals // immutable table
var drawnKinds = []drawnKind{
	{name: "term-rare", draw: func(d *drawer) (Query, bool) { return d.one(d.rare) }},
	{name: "term-medium", draw: func(d *drawer) (Query, bool) { return d.one(d.medium) }},
	{name: "term-common", draw: func(d *drawer) (Query, bool) { return d.one(d.common) }},
	{name: "words", draw: func(d *drawer) (Query, bool) { return d.words(4, " ") }},
	{name: "and", draw: func(d *drawer) (Query, bool) {
		q, ok := d.words(3, " +")
		q.Q = "+" + q.Q
		return q, ok
	}},
	{name: "or", draw: func(d *drawer) (Query, bool) { return d.words(3, " OR ") }},
	{name: "phrase", draw: (*drawer).phrase},
	{name: "prefix", draw: func(d *drawer) (Query, bool) { return d.typed(1) }},
	{name: "keystrokes", draw: func(d *drawer) (Query, bool) { return d.typed(2) }},
	{name: "typo", draw: (*drawer).typo},
	{name: "facets", draw: func(d *drawer) (Query, bool) {
		q, ok := d.words(3, " ")
		q.Facets = []string{"tags", "stack", "difficulty"}
		return q, ok
	}},
	{name: "filter", draw: (*drawer).filtered},
	{name: "sort", draw: func(d *drawer) (Query, bool) {
		q, ok := d.one(d.common)
		q.Sort = "-published_at"
		return q, ok
	}},
	{name: "deep-page", draw: func(d *drawer) (Query, bool) {
		q, ok := d.one(d.common)
		q.Page = 50
		return q, ok
	}},
	{name: "similar", draw: func(d *drawer) (Query, bool) {
		return Query{Similar: d.sample[d.rng.IntN(len(d.sample))].id}, true
	}},
	{name: "page", draw: (*drawer).page},
	{name: "session", draw: (*drawer).page, letters: true},
}

// page is what a search page asks for: one to four words of a post, and facets.
func (d *drawer) page() (Query, bool) {
	words, ok := d.pick(1 + d.rng.IntN(4))
	return Query{Q: strings.Join(words, " "), Facets: []string{"tags", "stack", "difficulty", "year", "quality"}}, ok
}

// byLetter is what a search box asks while q is typed, the first letter first.
func byLetter(q Query) []Query {
	var typed []Query
	for end := range q.Q {
		if end > 0 {
			q := q
			q.Q, q.Typing = q.Q[:end], true
			typed = append(typed, q)
		}
	}
	q.Typing = true
	return append(typed, q)
}

func (d *drawer) one(band []string) (Query, bool) {
	if len(band) == 0 {
		return Query{}, false
	}
	return Query{Q: band[d.rng.IntN(len(band))]}, true
}

// pick gives n different words of one post, neither very rare nor very common.
func (d *drawer) pick(n int) ([]string, bool) {
	for range 100 {
		post := d.sample[d.rng.IntN(len(d.sample))]
		var words []string
		for _, word := range post.words {
			df := d.frequency[word]
			if isWord(word) && df >= 2 && float64(df) <= 0.2*float64(d.posts) && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
		if len(words) >= n {
			d.rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			return words[:n], true
		}
	}
	return nil, false
}

// words joins two to most words of one post.
func (d *drawer) words(most int, joint string) (Query, bool) {
	words, ok := d.pick(2 + d.rng.IntN(most-1))
	return Query{Q: strings.Join(words, joint)}, ok
}

func (d *drawer) phrase() (Query, bool) {
	for range 100 {
		words := d.sample[d.rng.IntN(len(d.sample))].words
		n := 2 + d.rng.IntN(2)
		if len(words) < n {
			continue
		}
		i := d.rng.IntN(len(words) - n + 1)
		return Query{Q: `"` + strings.Join(words[i:i+n], " ") + `"`}, true
	}
	return Query{}, false
}

// typed is what stands in the box while the last of n words is being typed.
func (d *drawer) typed(n int) (Query, bool) {
	words, ok := d.pick(n)
	if !ok {
		return Query{}, false
	}
	last := words[n-1]
	words[n-1] = last[:min(len(last), 3+d.rng.IntN(3))]
	return Query{Q: strings.Join(words, " "), Typing: true}, true
}

// typo leaves out, swaps or replaces a letter of a word of six or more.
func (d *drawer) typo() (Query, bool) {
	for range 100 {
		words, ok := d.pick(1)
		if !ok || len(words[0]) < 6 {
			continue
		}
		w := words[0]
		i := 1 + d.rng.IntN(len(w)-2)
		switch d.rng.IntN(3) {
		case 0:
			w = w[:i] + w[i+1:]
		case 1:
			w = w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
		default:
			w = w[:i] + string("aeiorstn"[d.rng.IntN(8)]) + w[i+1:]
		}
		return Query{Q: w}, true
	}
	return Query{}, false
}

// filtered takes a tag from the 40 most frequent ones, often a very frequent one.
func (d *drawer) filtered() (Query, bool) {
	q, ok := d.words(3, " ")
	if len(d.byTag) == 0 {
		return q, false
	}
	i := int(float64(min(40, len(d.byTag))) * d.rng.Float64() * d.rng.Float64())
	q.Filter = "tag:" + quoted(d.byTag[i])
	return q, ok
}
