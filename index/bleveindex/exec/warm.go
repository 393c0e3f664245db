package exec

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/query"
)

// What a beginning of a word of one or two letters stands for is the dearest thing that a
// search can ask for the first time: very many terms, most posts. There are few of them,
// and most words that are typed come by one.

const (
	// sampled is one in how many terms of a lexicon is looked at.
	sampled = 16
	// warmTerms is from how many terms of a segment on a beginning of a word is one that is
	// slow at first.
	warmTerms = 256
)

// Beginnings are the beginnings of words of one or two letters that stand for very many
// terms of the largest segment, the greatest number first; at most limit.
func (s *Snapshot) Beginnings(limit int) ([]string, error) {
	if len(s.segments) == 0 || !s.isFast() {
		return nil, nil
	}
	largest := slices.MaxFunc(s.segments, func(a, b *Segment) int { return cmp.Compare(a.columns.Docs, b.columns.Docs) })
	counts := make(map[string]int)
	for _, field := range s.config.Schema.Text {
		if s.config.Scoring.Weight[field.Name] <= 0 {
			continue
		}
		lex, err := largest.shared.reader.Lexicon(field.Name)
		if err != nil {
			return nil, err
		}
		for at := 0; at < lex.Len(); at += sampled {
			countBeginnings(counts, lex.Term(at))
		}
	}
	var out []string
	for text, n := range counts {
		if n*sampled >= warmTerms {
			out = append(out, text)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return out[:min(len(out), limit)], nil
}

// countBeginnings counts the first letter of a term, and the first two.
func countBeginnings(counts map[string]int, term string) {
	_, first := utf8.DecodeRuneInString(term)
	counts[term[:first]]++
	if _, second := utf8.DecodeRuneInString(term[first:]); second > 0 {
		counts[term[:first+second]]++
	}
}

// Warm computes what the beginnings of words stand for and keeps it as a search does, on
// this goroutine alone, until ctx is done or enough says so.
func (s *Snapshot) Warm(ctx context.Context, beginnings []string, enough func() bool) error {
	for _, text := range beginnings {
		if enough() {
			return nil
		}
		req := index.Request{Query: query.Parse(text), Typing: true, Size: 1, Typos: index.TyposNever}
		if _, err := s.search(ctx, &req, true); err != nil {
			return err
		}
	}
	return nil
}

// Used is the memory of the decoded postings that the index of the snapshot keeps, in
// bytes; 0 in the plain form. Room is how much it may take.
func (s *Snapshot) Used() (used, room int64) {
	if s.config.Fast == nil {
		return 0, 0
	}
	return s.config.Fast.Used(), s.config.Fast.room * facetRooms
}
