package exec

import "context"

// planning is what is made once for each search, in working memory that searches take turns
// with: a short search would spend much of its time on fresh memory. Nothing of it outlives
// the search.
type planning struct {
	collector collector
	planner   planner
	plan      plan
	compiled  fastPlan
	// words are the first words of the plan, with what they stand for; listed and optional are
	// room for lists of them.
	words    [pooledWords]pooledWord
	used     int
	listed   [pooledWords]*word
	optional [pooledWords]node
}

// roomToPlan is where the search is planned.
func (s *searcher) roomToPlan() *planning {
	if s.scratch == nil {
		return &planning{}
	}
	return &s.scratch.planning
}

const pooledWords = 4

type pooledWord struct {
	word  fastWord
	terms wordTerms
}

// newWord gives a word that stands for terms.
func (s *searcher) newWord(terms wordTerms) (*fastWord, *wordTerms) {
	var p *pooledWord
	if all := &s.scratch.planning; all.used < len(all.words) {
		p = &all.words[all.used]
		all.used++
	} else {
		p = &pooledWord{}
	}
	p.terms = terms
	p.word = fastWord{of: &p.terms}
	return &p.word, &p.terms
}

// uncancelled is ctx without its end: what was found is shown.
func uncancelled(ctx context.Context) context.Context {
	if ctx.Done() == nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}
