package exec

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/analysis"
)

// Bounds of spelling.
const (
	// knownFrom is the document frequency from which a word is taken for right.
	knownFrom = 5
	// spellRunes is the length from which a word is corrected; twoSpellRunes that from
	// which two mistakes are.
	spellRunes    = 3
	twoSpellRunes = 6
	// spellTimes is how many times as frequent as the word a correction must be; oftenTimes
	// where several posts have the word, which makes it less likely a mistake.
	spellTimes, oftenTimes = 5, 200
	oftenFrom              = 2
	// What a second mistake, a mistake in the first letter, and a missing space cost, as
	// factors of the document frequency: e to these.
	secondMistake, firstMistake, missingSpace = 3.0, 1.5, 2.0
	// beginningRunes is the length from which a word may be the beginning of one, mistyped.
	beginningRunes = 6
	// halfRunes is the shortest half of a word that lacks a space.
	halfRunes = 2
)

// Spell gives what a word may be meant to be, the likeliest first, from the terms of the
// index: those one mistake away, two for longer words, the first letter among them, and two
// words without the space between. None for a word that at least 5 posts have, or that is
// not made of letters.
func (s *Snapshot) Spell(ctx context.Context, text string, limit int) ([]index.Correction, error) {
	run := s.begin(ctx)
	if run.scratch != nil {
		defer s.config.Fast.release(run.scratch)
	}
	out, err := run.spell(text)
	if err != nil {
		return nil, fmt.Errorf("spelling of %q: %w", text, err)
	}
	return out[:min(len(out), limit)], nil
}

func (s *searcher) spell(text string) ([]index.Correction, error) {
	p := &planner{s: s, req: &index.Request{}, plan: &plan{}, langs: s.queryLangs(&index.Request{})}
	p.main = analysis.For(p.langs[0])
	terms := p.terms(text)
	if len(terms) != 1 || terms[0].kind != analysis.Word || !onlyLetters(terms[0].term) || utf8.RuneCountInString(terms[0].term) < spellRunes {
		return nil, nil
	}
	w := p.plainWord(text, terms[0], anyField)
	if rare, err := s.rarer(w, knownFrom); err != nil || !rare {
		return nil, err
	}
	own, err := s.posts(w.term)
	if err != nil {
		return nil, err
	}
	times := spellTimes
	if own >= oftenFrom {
		times = oftenTimes
	}
	c := &corrections{s: s, word: w.term, least: max(1, own*times), found: make(map[string]scored)}
	if err := c.collect(); err != nil {
		return nil, err
	}
	return c.best(), nil
}

// corrections collects candidates.
type corrections struct {
	s     *searcher
	word  string
	least int // document frequency
	found map[string]scored
}

// scored is a candidate's document frequency, and the logarithm of its likelihood.
type scored struct {
	posts int
	score float64
}

func (c *corrections) add(text string, posts int, cost float64) {
	if posts < c.least || text == c.word {
		return
	}
	score := math.Log(1+float64(posts)) - cost
	if old, ok := c.found[text]; !ok || score > old.score {
		c.found[text] = scored{posts, score}
	}
}

func (c *corrections) collect() error {
	distance := 1
	if utf8.RuneCountInString(c.word) >= twoSpellRunes {
		distance = 2
	}
	near, err := c.s.termsNear(anyField, c.word, distance)
	if err != nil {
		return err
	}
	for term, posts := range near {
		if d := Distance(c.word, term); d <= distance && onlyLetters(term) {
			c.add(term, posts, secondMistake*float64(d-1))
		}
	}
	if err := c.firstLetters(); err != nil {
		return err
	}
	if err := c.halves(); err != nil || len(c.found) > 0 {
		return err
	}
	return c.beginnings()
}

// beginnings tries what a word is the beginning of, once two letters of it have changed places
// or one is left out: "postgers" for "postgresql".
func (c *corrections) beginnings() error {
	runes := []rune(c.word)
	if len(runes) < beginningRunes {
		return nil
	}
	for i := 1; i < len(runes); i++ {
		tries := []string{string(runes[:i]) + string(runes[i+1:])}
		if i+1 < len(runes) {
			tries = append(tries, string(runes[:i])+string(runes[i+1])+string(runes[i])+string(runes[i+2:]))
		}
		for _, start := range tries {
			terms, err := c.s.termsFrom(anyField, start)
			if err != nil {
				return err
			}
			for term, posts := range terms {
				if onlyLetters(term) {
					c.add(term, posts, secondMistake)
				}
			}
		}
	}
	return nil
}

// firstLetters tries words whose first letter is another, is missing, is too much, or has
// changed places with the second.
func (c *corrections) firstLetters() error {
	runes := []rune(c.word)
	rest := string(runes[1:])
	tries := []string{rest, string(runes[1]) + string(runes[0]) + string(runes[2:])}
	for r := 'a'; r <= 'z'; r++ {
		tries = append(tries, string(r)+rest, string(r)+c.word)
	}
	for _, term := range tries {
		posts, err := c.s.posts(term)
		if err != nil {
			return err
		}
		if utf8.RuneCountInString(term) >= spellRunes {
			c.add(term, posts, firstMistake)
		}
	}
	return nil
}

// halves tries two words without the space between.
func (c *corrections) halves() error {
	runes := []rune(c.word)
	for i := halfRunes; i <= len(runes)-halfRunes; i++ {
		first, err := c.s.posts(string(runes[:i]))
		if err != nil {
			return err
		}
		if first < knownFrom {
			continue
		}
		second, err := c.s.posts(string(runes[i:]))
		if err != nil {
			return err
		}
		if second >= knownFrom {
			c.add(string(runes[:i])+" "+string(runes[i:]), min(first, second), missingSpace)
		}
	}
	return nil
}

func (c *corrections) best() []index.Correction {
	texts := make([]string, 0, len(c.found))
	for text := range c.found {
		texts = append(texts, text)
	}
	slices.SortFunc(texts, func(a, b string) int {
		return cmp.Or(cmp.Compare(c.found[b].score, c.found[a].score), cmp.Compare(a, b))
	})
	out := make([]index.Correction, len(texts))
	for i, text := range texts {
		out[i] = index.Correction{Text: text, Posts: c.found[text].posts}
	}
	return out
}

// posts is the greatest number of live posts of a segment that have a term in one field,
// summed over the segments: no more than have it at all.
func (s *searcher) posts(term string) (int, error) {
	total := 0
	for seg := range s.segments {
		most := 0
		err := s.fields(anyField, func(field int) error {
			n, err := s.liveCount(seg, field, term)
			most = max(most, n)
			return err
		})
		if err != nil {
			return 0, err
		}
		total += most
	}
	return total, s.ctx.Err()
}
