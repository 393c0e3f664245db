package ranking

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/query"
)

// Meant is another query that a person may have meant.
type Meant struct {
	// Query is the whole query, as it would be typed.
	Query string `json:"query"`
	// Total is the number of posts that it finds.
	Total int `json:"total"`
}

const (
	// fewHits is up to how many hits are next to nothing.
	fewHits = 2
	// maxSpelled bounds the words of a query that are corrected.
	maxSpelled = 8
	// maxSpellings is how many corrections of one word are tried.
	maxSpellings = 2
)

// DidYouMean gives the query that the person who asked req may have meant, and ok when there
// is one. It looks for one where res has next to no hits, or words that only matched as
// mistyped ones (while the person is typing, only where it has none). Words are corrected from the terms of the index; what is
// given finds posts, under the same filter.
func (e *Engine) DidYouMean(ctx context.Context, req index.Request, res *index.Result) (m Meant, ok bool, err error) {
	speller, can := e.index.(index.Speller)
	mistyped := len(res.Applied.Typos) > 0 && !req.Typing
	if !can || res.Partial || res.Total > fewHits && !mistyped || res.Total > 0 && req.Typing || strings.TrimSpace(req.Query.Raw) == "" {
		return Meant{}, false, nil
	}
	texts, err := e.respelled(ctx, speller, req.Query)
	if err == nil && len(texts) == 0 && res.Total <= fewHits {
		texts = unspaced(req.Query)
	}
	for _, text := range texts {
		if err != nil || text == req.Query.Raw {
			continue
		}
		var found *index.Result
		found, err = e.index.Search(ctx, index.Request{Query: query.Parse(text), Filter: req.Filter, Curation: req.Curation, Typos: index.TyposNever})
		if err == nil && found.Total > 0 && (mistyped || found.Total > res.Total) {
			return Meant{Query: text, Total: found.Total}, true, nil
		}
	}
	if err != nil {
		return Meant{}, false, fmt.Errorf("what %q may mean: %w", req.Query.Raw, err)
	}
	return Meant{}, false, nil
}

// respelled are the query with each unknown word in its likeliest spelling, and with the
// second likeliest of the first unknown one.
func (e *Engine) respelled(ctx context.Context, speller index.Speller, q query.Query) ([]string, error) {
	best, second := q.Raw, ""
	for i, w := range plainWords(q) {
		if i == maxSpelled {
			break
		}
		corrections, err := speller.Spell(ctx, w, maxSpellings)
		if err != nil {
			return nil, err
		}
		if len(corrections) == 0 {
			continue
		}
		if len(corrections) > 1 && second == "" {
			second = replaceWord(best, w, corrections[1].Text)
		}
		best = replaceWord(best, w, corrections[0].Text)
	}
	if best == q.Raw {
		return nil, nil
	}
	out := []string{best}
	if second != "" {
		out = append(out, second)
	}
	return out, nil
}

// plainWords are the words of a query that are not in quotes, fields or alternatives.
func plainWords(q query.Query) []string {
	var out []string
	for _, nodes := range [][]query.Node{q.Required, q.Optional} {
		for _, n := range nodes {
			if w, ok := n.(query.Word); ok {
				out = append(out, w.Text)
			}
		}
	}
	return out
}

// replaceWord replaces the first place where a word stands as a word.
func replaceWord(text, word, with string) string {
	for from := 0; from < len(text); {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return text
		}
		at, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !partOfWord(before) && !partOfWord(after) {
			return text[:at] + with + text[end:]
		}
		from = at + 1
	}
	return text
}

func partOfWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("_-./:", r)
}

// unspaced are the queries with two words that follow each other made one.
func unspaced(q query.Query) []string {
	var out []string
	words := plainWords(q)
	for i := 0; i+1 < len(words) && i < maxSpelled; i++ {
		pair := words[i] + " " + words[i+1]
		if strings.Contains(q.Raw, pair) {
			out = append(out, strings.Replace(q.Raw, pair, words[i]+words[i+1], 1))
		}
	}
	return out
}
