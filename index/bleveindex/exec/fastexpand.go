package exec

import (
	"fmt"
	"strings"

	"alphanode/index/bleveindex/lexicon"
)

// fastPrefixes is prefixes by way of the lexicons, remembered by the snapshot.
func (p *planner) fastPrefixes(w *word) ([]string, error) {
	key := fmt.Sprintf("%d\x00%s\x00%t\x00%s", w.field, w.term, w.exactOnly, strings.Join(w.stems, "\x00"))
	key += "\x01" + strings.Join(p.langs, "\x00")
	if terms, ok := p.s.memo.prefix(key); ok {
		return terms, nil
	}
	counts, err := p.s.prefixCounts(w.field, w.term)
	if err != nil {
		return nil, err
	}
	limit := maxPrefixTerms
	if p.s.config.Schema.Plain {
		limit = len(counts)
	}
	var out []string
	for _, t := range byFrequency(counts) {
		if len(out) == limit {
			break
		}
		if !p.covered(w, t.term) {
			out = append(out, t.term)
		}
	}
	p.s.memo.keepPrefix(key, out)
	return out, nil
}

// eachLexicon calls f with the lexicons of the fields that are searched.
func (s *searcher) eachLexicon(only int, f func(seg, field int, lex *lexicon.Lexicon) error) error {
	for seg := range s.segments {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		err := s.fields(only, func(field int) error {
			lex, err := s.segments[seg].shared.lexicon(field, s.config.Schema.Text[field].Name)
			if err != nil {
				return err
			}
			return f(seg, field, lex)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prefixCounts is termsFrom for the terms that begin with prefix.
func (s *searcher) prefixCounts(only int, prefix string) (map[string]int, error) {
	out := make(map[string]int)
	err := s.eachLexicon(only, func(seg, field int, lex *lexicon.Lexicon) error {
		from, to := lex.Prefix(prefix)
		for i := from; i < to; i++ {
			n, err := s.lexiconCount(seg, field, lex, i)
			if err != nil {
				return err
			}
			if n > 0 {
				out[lex.Term(i)] += n
			}
		}
		return nil
	})
	return out, err
}

// lexiconCount is the number of live posts that have term i of a lexicon.
func (s *searcher) lexiconCount(seg, field int, lex *lexicon.Lexicon, i int) (int, error) {
	segment := s.segments[seg]
	if segment.deleted == nil {
		return int(lex.Count(i)), nil
	}
	n, err := segment.shared.reader.LiveCount(s.config.Schema.Text[field].Name, []byte(lex.Term(i)), segment.deleted)
	if err != nil {
		return 0, fmt.Errorf("postings of %q: %w", lex.Term(i), err)
	}
	return n, nil
}

// fastNear is termsNear by way of the lexicons.
func (s *searcher) fastNear(only int, word string, distance int) (map[string]int, error) {
	out := make(map[string]int)
	err := s.eachLexicon(only, func(seg, field int, lex *lexicon.Lexicon) error {
		for i := range lex.Near(word, distance) {
			n, err := s.lexiconCount(seg, field, lex, i)
			if err != nil {
				return err
			}
			if n > 0 {
				out[lex.Term(i)] += n
			}
		}
		return nil
	})
	return out, err
}

// fastRarer is rarer over decoded postings.
func (s *searcher) fastRarer(w *word, limit int) (bool, error) {
	lists := w.lists()
	total := 0
	for seg := range s.segments {
		fields, err := s.wordLists(&lists, seg)
		if err != nil {
			return false, err
		}
		if total += s.unionBelow(seg, fields, limit-total); total >= limit {
			return false, nil
		}
	}
	return true, nil
}

// unionBelow counts the live posts that are in any of the lists, up to limit.
func (s *searcher) unionBelow(seg int, fields []fieldLists, limit int) int {
	live := s.segments[seg].live
	found := make([]uint32, 0, rareBelow)
	for i := range fields {
		fields[i].each(func(c *cursor) {
			for _, doc := range c.list.Docs {
				if len(found) >= limit {
					return
				}
				if live.contains(doc) && !contains(found, doc) {
					found = append(found, doc)
				}
			}
		})
	}
	return len(found)
}

// contains looks through a handful of posts.
func contains(docs []uint32, doc uint32) bool {
	for _, d := range docs {
		if d == doc {
			return true
		}
	}
	return false
}
