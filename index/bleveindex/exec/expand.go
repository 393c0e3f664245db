package exec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/bleveindex/lexicon"
)

// Bounds of expansions. The most frequent terms are kept.
const (
	maxPrefixTerms = 1000
	maxTypoTerms   = 50
	// maxReported is how many of them Result.Applied names.
	maxReported = 10
	// rareBelow is the document frequency below which a word may be mistyped.
	rareBelow = 5
	// typoRunes and twoTypoRunes are the lengths from which one and two mistakes
	// are looked for.
	typoRunes    = 4
	twoTypoRunes = 8
)

// word plans one term: its stems and parts; prefixes while the person types or
// where the word alone has no hits; terms that it may be a mistyping of where it
// is rare.
func (p *planner) word(text string, t term, weight float64, field int, typing bool) (*word, error) {
	w := p.plainWord(text, t, field)
	w.weight = weight
	p.plan.words = append(p.plan.words, w)
	if typing && len(t.synonyms) > 0 {
		w.dropPrefixed()
	}
	if err := p.expandPrefix(w, typing); err != nil {
		return nil, err
	}
	if err := p.expandTypos(w, t.kind); err != nil {
		return nil, err
	}
	return w, nil
}

func (p *planner) expandPrefix(w *word, typing bool) error {
	if !typing {
		if p.s.config.Schema.Plain {
			return nil
		}
		if rare, err := p.s.rarer(w, 1); err != nil || !rare {
			return err
		}
	}
	if p.s.scratch != nil {
		return p.expandPrefixSet(w)
	}
	terms, err := p.prefixes(w)
	if err != nil {
		return err
	}
	p.expand(w, terms, index.Prefix)
	return nil
}

// expandPrefixSet is expand for terms that are remembered together.
func (p *planner) expandPrefixSet(w *word) error {
	set, err := p.fastPrefixSet(w)
	if err != nil || len(set.terms) == 0 {
		return err
	}
	w.prefixes = set
	if len(w.others) == 0 {
		w.others = slices.Clip(set.variants) // Shared: whoever appends gets a copy.
	} else {
		w.others = append(w.others, set.variants...)
	}
	rewrite := index.Rewrite{Word: w.term, As: set.terms[:min(len(set.terms), maxReported)]}
	p.plan.applied.Prefixes = append(p.plan.applied.Prefixes, rewrite)
	return nil
}

// prefixes are the most frequent terms that begin with the word.
func (p *planner) prefixes(w *word) ([]string, error) {
	terms, err := p.s.termsFrom(w.field, w.term)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(terms, func(term string, _ int) bool { return p.covered(w, term) })
	limit := maxPrefixTerms
	if p.s.config.Schema.Plain {
		limit = len(terms)
	}
	return mostFrequent(terms, limit), nil
}

// covered reports whether the prefixes of a word need not have term: it is the word itself, or
// shares a stem with it in the first of the query's languages. A stem in another one covers
// only that language's posts: "schem" is the Spanish stem of "schema", and must find it in
// English.
func (p *planner) covered(w *word, term string) bool {
	return term == w.term || !w.exactOnly && len(w.stems) > 0 && p.main.Stem(term) == p.main.Stem(w.term)
}

// related reports whether term is no mistyped form of a word: it is the word itself, or shares
// a stem with it in any language of the query.
func (p *planner) related(w *word, term string) bool {
	return term == w.term ||
		!w.exactOnly && slices.ContainsFunc(p.stems(term), func(s string) bool { return slices.Contains(w.stems, s) })
}

func (p *planner) expand(w *word, terms []string, level index.Level) {
	if len(terms) == 0 {
		return
	}
	for _, term := range terms {
		w.others = append(w.others, variant{terms: []string{term}, level: level})
	}
	rewrite := index.Rewrite{Word: w.term, As: terms[:min(len(terms), maxReported)]}
	if level == index.Prefix {
		p.plan.applied.Prefixes = append(p.plan.applied.Prefixes, rewrite)
	} else {
		p.plan.applied.Typos = append(p.plan.applied.Typos, rewrite)
	}
}

// expandTypos adds the terms nearest to the word where it is rare, whatever page or
// filter is asked for.
func (p *planner) expandTypos(w *word, kind analysis.Kind) error {
	always := p.req.Typos == index.TyposAlways
	plain := p.s.config.Schema.Plain
	if p.req.Typos == index.TyposNever || plain && !always || !plain && kind != analysis.Word {
		return nil
	}
	distance := typoDistance(w.term)
	if plain {
		distance = 1
	}
	if distance == 0 {
		return nil
	}
	if !always {
		if rare, err := p.s.rarer(w, rareBelow); err != nil || !rare {
			return err
		}
	}
	near, err := p.near(w, distance, always)
	if err != nil {
		return err
	}
	p.expand(w, near, index.Typo)
	return nil
}

// typoDistance is the number of mistakes to look for in a word.
func typoDistance(term string) int {
	n := utf8.RuneCountInString(term)
	switch {
	case !onlyLetters(term) || n < typoRunes:
		return 0
	case n < twoTypoRunes:
		return 1
	default:
		return 2
	}
}

func onlyLetters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) < 0
}

// near finds the terms of letters within distance of the word, first letter kept:
// those at the least distance that has any, or all of them. The plain form takes
// every term, whatever its letters, as other engines do.
func (p *planner) near(w *word, distance int, all bool) ([]string, error) {
	terms, err := p.s.termsNear(w.field, w.term, distance)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(terms, func(term string, _ int) bool { return p.related(w, term) })
	for _, v := range w.others {
		if len(v.terms) == 1 {
			delete(terms, v.terms[0])
		}
	}
	if p.s.config.Schema.Plain {
		maps.DeleteFunc(terms, func(term string, _ int) bool { return Distance(w.term, term) > distance })
		return mostFrequent(terms, len(terms)), nil
	}
	byDistance := make([]map[string]int, distance+1)
	for term, n := range terms {
		d := Distance(w.term, term)
		if d > distance || !onlyLetters(term) {
			continue
		}
		if all {
			d = 0
		}
		if byDistance[d] == nil {
			byDistance[d] = make(map[string]int)
		}
		byDistance[d][term] = n
	}
	for _, terms := range byDistance {
		if len(terms) > 0 {
			return mostFrequent(terms, maxTypoTerms), nil
		}
	}
	return nil, nil
}

// termsNear finds the terms that may be within distance of a word, with the number of
// live posts that have each.
func (s *searcher) termsNear(field int, word string, distance int) (map[string]int, error) {
	if s.scratch != nil && utf8.RuneCountInString(word)+distance <= lexicon.MaxLength {
		return s.fastNear(field, word, distance)
	}
	out := make(map[string]int)
	for seg := range s.segments {
		err := s.fields(field, func(field int) error { return s.segmentNear(seg, field, word, distance, out) })
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// segmentNear is termsNear in one field of one segment.
func (s *searcher) segmentNear(seg, field int, word string, distance int, out map[string]int) error {
	if s.dfa == nil || s.dfaOf != word || s.dfaDistance != distance {
		dfa, err := automata().BuildDfa(word, uint8(distance)) //nolint:gosec // 1 or 2
		if err != nil {
			return fmt.Errorf("typo automaton of %q: %w", word, err)
		}
		s.dfa, s.dfaOf, s.dfaDistance = dfa, word, distance
	}
	_, size := utf8.DecodeRuneInString(word)
	first := word[:size]
	return s.segmentTerms(seg, field, first, lexicon.After(first), s.dfa, out)
}

// automata builds Levenshtein automata with transpositions up to distance 2. It is
// immutable once built, which takes a while.
//
//nolint:gochecknoglobals // immutable, built on first use
var automata = sync.OnceValue(func() *levenshtein.LevenshteinAutomatonBuilder {
	b, err := levenshtein.NewLevenshteinAutomatonBuilder(2, true)
	if err != nil {
		panic(fmt.Sprintf("levenshtein automaton of distance 2: %v", err)) // The arguments are constant.
	}
	return b
})

// termsFrom finds the terms that begin with prefix in the text fields that are
// searched, with the number of live posts that have each, summed over the fields.
// Terms of deleted posts only are left out.
func (s *searcher) termsFrom(only int, prefix string) (map[string]int, error) {
	out := make(map[string]int)
	for seg := range s.segments {
		err := s.fields(only, func(field int) error {
			return s.segmentTerms(seg, field, prefix, lexicon.After(prefix), nil, out)
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *searcher) segmentTerms(seg, field int, start, end string, a segment.Automaton, out map[string]int) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	dict, err := s.dictionary(seg, field)
	if err != nil {
		return err
	}
	var last []byte
	if end != "" {
		last = []byte(end)
	}
	terms := dict.AutomatonIterator(a, []byte(start), last)
	for {
		entry, err := terms.Next()
		if err != nil {
			return fmt.Errorf("terms from %q: %w", start, err)
		}
		if entry == nil {
			return nil
		}
		// The iterator's own count is wrong after a term that occurs once.
		n, err := s.liveCount(seg, field, entry.Term)
		if err != nil {
			return err
		}
		if n > 0 {
			out[entry.Term] += n
		}
	}
}

// rarer reports whether fewer than limit posts match what the word is so far.
func (s *searcher) rarer(w *word, limit int) (bool, error) {
	if s.scratch != nil {
		return s.fastRarer(w, limit)
	}
	total := 0
	for seg := range s.segments {
		s.tally.reset(s.segments[seg].columns.Docs)
		found := make(map[uint32]bool)
		err := s.fields(w.field, func(field int) error {
			if found == nil {
				return nil
			}
			if n, err := s.liveCount(seg, field, w.term); err != nil || n >= limit {
				found = nil // More than enough; no need to look at each.
				return err
			}
			err := w.tally(s, seg, field)
			s.tally.drain(func(doc uint32) { found[doc] = true })
			return err
		})
		if err != nil || found == nil {
			return false, err
		}
		if total += len(found); total >= limit {
			return false, nil
		}
	}
	return true, nil
}

// mostFrequent keeps the limit most frequent terms and sorts them.
func mostFrequent(terms map[string]int, limit int) []string {
	counted := byFrequency(terms)
	out := make([]string, min(len(counted), limit))
	for i := range out {
		out[i] = counted[i].term
	}
	return out
}

// countedTerm is a term with its document frequency.
type countedTerm struct {
	term  string
	count int
}

// byFrequency sorts terms, the most frequent first.
func byFrequency(terms map[string]int) []countedTerm {
	out := make([]countedTerm, 0, len(terms))
	for term, n := range terms {
		out = append(out, countedTerm{term, n})
	}
	sortByFrequency(out)
	return out
}

func sortByFrequency(terms []countedTerm) {
	slices.SortFunc(terms, func(a, b countedTerm) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return strings.Compare(a.term, b.term)
	})
}
