package exec

import (
	"fmt"
	"slices"

	"alphanode/index/bleveindex/lexicon"
)

// eachLexicon calls f with the lexicons of the fields that are searched.
func (s *searcher) eachLexicon(only int, f func(seg, field int, lex *lexicon.Lexicon) error) error {
	for seg := range s.segments {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		err := s.fields(only, func(field int) error {
			lex, err := s.segments[seg].shared.reader.Lexicon(s.fieldName(field))
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

func (s *searcher) fieldName(field int) string { return s.config.Schema.Text[field].Name }

// countLive adds to out the number of live posts that have a term.
func (s *searcher) countLive(seg, field int, term string, e lexicon.Entry, out map[string]int) error {
	live, err := s.liveOf(seg, field, term, e)
	if err != nil {
		return fmt.Errorf("postings of %q: %w", term, err)
	}
	if live > 0 {
		out[term] += live
	}
	return nil
}

// liveOf is the number of live posts that have a term.
func (s *searcher) liveOf(seg, field int, term string, e lexicon.Entry) (int, error) {
	segment := s.segments[seg]
	switch reader := segment.shared.reader; {
	case segment.deleted == nil:
		return int(e.Count), nil
	case e.Value() != 0:
		return reader.Live(e.Value(), segment.live)
	default:
		return reader.LiveCount(s.fieldName(field), []byte(term), segment.live)
	}
}

// fastNear is termsNear by way of the lexicons that are ready, and by automaton for
// the rest. The snapshot remembers the answer.
func (s *searcher) fastNear(only int, word string, distance int) (map[string]int, error) {
	key := fmt.Sprintf("%d\x00%d\x00%s", only, distance, word)
	if terms, ok := s.memo.neighbours(key); ok {
		return terms, nil
	}
	out := make(map[string]int)
	err := s.eachLexicon(only, func(seg, field int, lex *lexicon.Lexicon) error {
		table, err := s.segments[seg].shared.nearTable(s.config.Fast, field, s.fieldName(field))
		if err != nil {
			return err
		}
		if table == nil {
			return s.segmentNear(seg, field, word, distance, out)
		}
		for _, i := range s.segments[seg].shared.neighbours(lex, table, field, word, distance) {
			term, e := lex.At(int(i))
			if err := s.countLive(seg, field, term, e, out); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.memo.keepNeighbours(key, out)
	}
	return out, err
}

// maxNear is how many words a segment remembers the neighbours of.
const maxNear = 1024

// neighbours gives the places in a field's lexicon of the terms near a word.
func (d *derived) neighbours(lex *lexicon.Lexicon, table *lexicon.Neighbours, field int, word string, distance int) []uint32 {
	key := string([]byte{byte(field), byte(distance)}) + word
	d.mu.Lock()
	places, ok := d.places[key]
	d.mu.Unlock()
	if ok {
		return places
	}
	for i := range table.Near(lex, word, distance) {
		places = append(places, uint32(i)) //nolint:gosec // fewer than 2^32 terms
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.places) >= maxNear {
		clear(d.places)
	}
	d.places[key] = places
	return places
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
				if live.contains(doc) && !slices.Contains(found, doc) {
					found = append(found, doc)
				}
			}
		})
	}
	return len(found)
}
