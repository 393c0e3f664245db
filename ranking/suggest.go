package ranking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// Suggestion completes what a person is typing.
type Suggestion struct {
	// Kind is "title", "entity" or "tag".
	Kind string `json:"kind"`
	// Text is what to show.
	Text string `json:"text"`
	// ID and URL are those of the post, for a title.
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"`
	// Count is the number of posts that have the entity or tag.
	Count int `json:"count,omitempty"`
}

// The kinds of suggestion.
const (
	SuggestTitle  = "title"
	SuggestEntity = "entity"
	SuggestTag    = "tag"
)

const (
	defaultSuggestions = 8
	maxSuggestions     = 50
	// maxSuggestWords bounds the words of a query that is completed.
	maxSuggestWords = 12
	// titleCandidates is the number of posts whose titles are looked at.
	titleCandidates = 30
	// leadingLabels is the number of entities and tags before titles that match as
	// well as they do.
	leadingLabels = 3
)

// How well a suggestion matches, best first.
const (
	wholeMatch = iota // it is what was typed
	startMatch        // it starts with what was typed
	runMatch          // what was typed stands in it, from the start of a word
	leadMatch         // it has all words, and begins with the first of them
	wordsMatch        // it has all words
	nearMatch         // it has all words, some of them mistyped
	noMatch
)

// completion is a suggestion on its way.
type completion struct {
	Suggestion
	match int
	place int // among those of its kind, best first
}

// Suggest completes q: titles that have its words, the last as a prefix, and
// entities and tags that begin with it, or have a word that does. The better match comes
// first; equally good ones in the order of their score (titles) or number of posts. Where
// nothing completes it, mistakes in it are allowed for. At most limit
// (0: 8, at most 50) in all; none for a q without a letter or digit.
func (e *Engine) Suggest(ctx context.Context, q string, limit int) ([]Suggestion, error) {
	limit = min(cmp.Or(max(limit, 0), defaultSuggestions), maxSuggestions)
	typed := newTyped(q)
	if len(typed.words) == 0 {
		return nil, nil
	}
	out, err := e.completions(ctx, typed, limit)
	if err == nil && len(out) == 0 {
		out, err = e.nearCompletions(ctx, typed, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("completing %q: %w", q, err)
	}
	return out, nil
}

// completions are those of what was typed as it is.
func (e *Engine) completions(ctx context.Context, t typed, limit int) ([]Suggestion, error) {
	labels, err := e.labelCompletions(ctx, t, limit)
	if err != nil {
		return nil, err
	}
	titles, err := e.titleCompletions(ctx, t)
	if err != nil {
		return nil, err
	}
	return merge(labels, titles, limit), nil
}

// typed is what a person typed, folded.
type typed struct {
	text  string   // single spaces
	words []string // at most maxSuggestWords
	near  bool     // mistakes are allowed for
}

func newTyped(q string) typed {
	words := splitWords(q)
	words = words[:min(len(words), maxSuggestWords)]
	return typed{text: strings.Join(strings.Fields(fold(q)), " "), words: words}
}

// splitWords are the folded runs of letters, digits and what joins them.
func splitWords(s string) []string {
	fields := strings.FieldsFunc(fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("+#._-", r)
	})
	out := fields[:0]
	for _, f := range fields {
		if strings.ContainsFunc(f, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			out = append(out, f)
		}
	}
	return out
}

// match says how well text completes what was typed.
func (t typed) match(text string) int {
	folded := strings.Join(strings.Fields(fold(text)), " ")
	switch {
	case folded == t.text:
		return wholeMatch
	case strings.HasPrefix(folded, t.text):
		return startMatch
	case strings.Contains(" "+folded, " "+t.text):
		return runMatch
	}
	words, found := splitWords(text), wordsMatch
	for i, w := range t.words {
		last := i == len(t.words)-1
		has := func(s string) bool { return s == w || last && strings.HasPrefix(s, w) }
		switch {
		case slices.ContainsFunc(words, has):
		case t.near && slices.ContainsFunc(words, func(s string) bool { return nearStart(w, s) }):
			found = nearMatch
		default:
			return noMatch
		}
	}
	if found == wordsMatch && len(words) > 0 && strings.HasPrefix(words[0], t.words[0]) {
		return leadMatch
	}
	return found
}

// labelRequest counts the entities and tags that begin with a prefix, or have a word that does.
func labelRequest(prefix string, limit int) index.Request {
	return index.Request{Facets: []index.FacetRequest{
		{Field: "entities", Prefix: prefix, Limit: limit}, {Field: "tags", Prefix: prefix, Limit: limit},
	}}
}

// labelCompletions are entities and tags by number of posts, each text once.
func (e *Engine) labelCompletions(ctx context.Context, t typed, limit int) ([]completion, error) {
	res, err := e.index.Search(ctx, labelRequest(t.text, limit))
	if err != nil {
		return nil, err
	}
	out := labelsOf(res, t)
	slices.SortStableFunc(out, func(a, b completion) int { return cmp.Compare(b.Count, a.Count) })
	return placed(out), nil
}

func labelsOf(res *index.Result, t typed) []completion {
	var out []completion
	seen := map[string]bool{}
	for _, k := range []struct{ field, kind string }{{"entities", SuggestEntity}, {"tags", SuggestTag}} {
		for _, c := range res.Facets[k.field] {
			if !seen[fold(c.Value)] {
				seen[fold(c.Value)] = true
				out = append(out, completion{Suggestion: Suggestion{Kind: k.kind, Text: c.Value, Count: c.Count}, match: t.match(c.Value)})
			}
		}
	}
	return out
}

// titleCompletions are the titles of the posts that the index finds for the
// words, as far as the title itself has them.
func (e *Engine) titleCompletions(ctx context.Context, t typed) ([]completion, error) {
	last := len(t.words) - 1
	req := index.Request{Size: titleCandidates, Typing: true, Typos: index.TyposNever}
	for _, w := range t.words[:last] {
		req.Query.Required = append(req.Query.Required, query.Field{Name: "title", Value: query.Word{Text: w}})
	}
	req.Query.Optional = []query.Node{query.Word{Text: t.words[last]}}
	return e.titlesFrom(ctx, t, req)
}

// titlesFrom are the titles of what a request finds that complete what was typed.
func (e *Engine) titlesFrom(ctx context.Context, t typed, req index.Request) ([]completion, error) {
	res, err := e.index.Search(ctx, req)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	records, err := e.store.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []completion
	seen := map[string]bool{}
	for _, id := range ids {
		rec, ok := records[id]
		if !ok || !corpus.Public(&rec.Post, rec.Publish) || seen[fold(rec.Post.Title)] {
			continue
		}
		if m := t.match(rec.Post.Title); m != noMatch {
			seen[fold(rec.Post.Title)] = true
			out = append(out, completion{Suggestion: Suggestion{Kind: SuggestTitle, Text: rec.Post.Title, ID: id, URL: rec.Post.URL}, match: m})
		}
	}
	return placed(out), nil
}

func placed(list []completion) []completion {
	for i := range list {
		list[i].place = i
	}
	return list
}

// merge orders by match; of equal matches a few labels come before the titles,
// the other labels after them.
func merge(labels, titles []completion, limit int) []Suggestion {
	all := slices.Concat(labels, titles)
	group := func(c completion) int {
		switch {
		case c.Kind != SuggestTitle && c.place < leadingLabels:
			return 0
		case c.Kind == SuggestTitle:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(all, func(a, b completion) int {
		return cmp.Or(cmp.Compare(a.match, b.match), cmp.Compare(group(a), group(b)), cmp.Compare(a.place, b.place))
	})
	var out []Suggestion
	for _, c := range all[:min(len(all), limit)] {
		out = append(out, c.Suggestion)
	}
	return out
}
