package ranking

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

const (
	// nearRunes is the length from which a typed word may have a mistake, twoNearRunes two.
	nearRunes    = 4
	twoNearRunes = 8
	// nearLabels is how many entities and tags are compared with a mistyped word.
	nearLabels = 500
)

// nearCompletions are for what was mistyped, where nothing completes it as it is: first what
// completes it with its words corrected, else titles and labels whose words begin nearly
// like the typed ones.
func (e *Engine) nearCompletions(ctx context.Context, t typed, limit int) ([]Suggestion, error) {
	if corrected, ok := e.corrected(ctx, t); ok {
		out, err := e.completions(ctx, corrected, limit)
		if err != nil || len(out) > 0 {
			return out, err
		}
	}
	last := []rune(t.words[len(t.words)-1])
	if len(last) < nearRunes {
		return nil, nil
	}
	t.near = true
	labels, err := e.nearLabels(ctx, t, string(last[:1]))
	if err != nil {
		return nil, err
	}
	titles, err := e.titlesOf(ctx, t, string(last[:max(2, len(last)/2)]))
	if err != nil {
		return nil, err
	}
	return merge(labels, titles, limit), nil
}

// corrected is what was typed with its unknown words spelt as the index has them.
func (e *Engine) corrected(ctx context.Context, t typed) (typed, bool) {
	speller, ok := e.index.(index.Speller)
	if !ok {
		return t, false
	}
	words, changed := slices.Clone(t.words), false
	for i, w := range words {
		corrections, err := speller.Spell(ctx, w, 1)
		if err == nil && len(corrections) > 0 {
			words[i], changed = corrections[0].Text, true
		}
	}
	return newTyped(strings.Join(words, " ")), changed
}

// nearLabels are the most frequent entities and tags with a word that begins with start, as
// far as they are near what was typed.
func (e *Engine) nearLabels(ctx context.Context, t typed, start string) ([]completion, error) {
	res, err := e.index.Search(ctx, labelRequest(start, nearLabels))
	if err != nil {
		return nil, err
	}
	out := labelsOf(res, t)
	out = slices.DeleteFunc(out, func(c completion) bool { return c.match == noMatch })
	slices.SortStableFunc(out, func(a, b completion) int { return cmp.Compare(b.Count, a.Count) })
	return placed(out), nil
}

// titlesOf are the titles of the posts that the index finds for the words, the last of them
// as far as start goes.
func (e *Engine) titlesOf(ctx context.Context, t typed, start string) ([]completion, error) {
	req := index.Request{Size: titleCandidates, Typing: true, Typos: index.TyposNever}
	for _, w := range append(slices.Clone(t.words[:len(t.words)-1]), start) {
		req.Query.Optional = append(req.Query.Optional, query.Word{Text: w})
	}
	return e.titlesFrom(ctx, t, req)
}

// mistakes is how many a typed word may have.
func mistakes(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n >= twoNearRunes:
		return 2
	case n >= nearRunes:
		return 1
	default:
		return 0
	}
}

// nearStart reports whether word is nearly a beginning of text: within its mistakes of it, the
// first letter kept.
func nearStart(word, text string) bool {
	a, b := []rune(word), []rune(text)
	most := mistakes(word)
	if most == 0 || len(b) == 0 || a[0] != b[0] {
		return false
	}
	return slices.Min(analysis.Edits(a, b[:min(len(b), len(a)+most)])) <= most
}
