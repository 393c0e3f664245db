package ranking

import (
	"math"
	"slices"
)

// searcher answers for one post after another from the catalogue. Not safe for
// concurrent use.
type searcher struct {
	model   *Model
	known   *catalogue
	asked   asked
	sums    []uint32 // by post
	touched []uint32
	terms   []uint64 // rank and weight of the features asked about, the rarest last
	table   []uint32 // by rank: the weight asked, for what was not walked
	best    []uint64 // a heap of candidates, the worst first: score and order
	of      []uint32 // the posts of best
}

func (m *Model) newSearcher() *searcher {
	c := m.catalogue()
	return &searcher{model: m, known: c, sums: make([]uint32, len(m.infos)), table: make([]uint32, c.recorded)}
}

// search returns the k posts most similar to v among its candidates: those that
// have most in common with it in its rarest features. Their scores are exact.
func (s *searcher) search(v *view, k int) []Scored {
	s.model.ask(v, &s.asked)
	s.rank()
	end := s.walk()
	s.choose(v.self)
	best := newTop(s.model, k)
	s.complete(end, best)
	for _, post := range s.touched {
		s.sums[post] = 0
	}
	s.touched = s.touched[:0]
	return best.sorted()
}

// rank sorts the features asked about by rank.
func (s *searcher) rank() {
	s.terms = s.terms[:0]
	for p := range s.asked.terms {
		for _, t := range s.asked.terms[p] {
			if r := s.known.rank[p][t.feature]; r != unranked {
				s.terms = append(s.terms, uint64(r)<<32|uint64(t.weight))
			}
		}
	}
	slices.Sort(s.terms)
}

// walk sums the products of the rarest features, and of what is linked or named,
// into s.sums. It takes whole classes of frequency, so that what is walked does not
// depend on how equals are numbered, as long as the budget of postings lasts. It
// returns the number of s.terms that were not walked.
func (s *searcher) walk() int {
	c := s.known
	budget := uint64(s.model.config.Similar.Search.Postings)
	end := len(s.terms)
	for end > 0 {
		n := c.posts[s.terms[end-1]>>32]
		from := end
		for from > 0 && c.posts[s.terms[from-1]>>32] == n {
			from--
		}
		cost := uint64(n) * uint64(end-from)
		if cost > budget && n > alwaysWalked {
			break
		}
		budget -= min(cost, budget)
		for _, t := range s.terms[from:end] {
			s.add(uint32(t>>32), uint32(t))
		}
		end = from
	}
	for e := range s.asked.edges {
		for _, a := range s.asked.edges[e] {
			s.sum(a.to, a.weight)
		}
	}
	return end
}

// add sums the products of one feature.
func (s *searcher) add(rank, weight uint32) {
	l := &s.known.lists
	from, to := l.start[rank], l.start[rank+1]
	weights := l.weights[from:to]
	for k, post := range l.items[from:to] {
		s.sum(post, weight*uint32(weights[k]))
	}
}

// sum adds to the sum of a post; a product that was rounded to nothing does not
// make it a candidate.
func (s *searcher) sum(post, x uint32) {
	if x == 0 {
		return
	}
	if s.sums[post] == 0 {
		s.touched = append(s.touched, post)
	}
	s.sums[post] += x
}

// choose takes the candidates: those of greatest sum, date and prior included.
func (s *searcher) choose(self int) {
	s.best, s.of = s.best[:0], s.of[:0]
	limit := s.model.config.Similar.Search.Candidates
	date := &s.asked.date
	for _, post := range s.touched {
		if int(post) == self {
			continue
		}
		sum := s.sums[post]
		if date.weight > 0 {
			sum += date.near(&s.model.dates[post])
		}
		score := uint64(min(float64(sum)*s.model.factor[post], math.MaxUint32))
		if score<<32 < s.least(limit) {
			continue
		}
		s.offer(score<<32|uint64(s.known.order[post]), post, limit)
	}
}

// least is what a candidate of a full heap must exceed but for its order.
func (s *searcher) least(limit int) uint64 {
	if len(s.best) < limit || limit == 0 {
		return 0
	}
	return s.best[0] &^ math.MaxUint32
}

// complete adds to the sums of the candidates what was not walked, and offers
// them.
func (s *searcher) complete(end int, best *top) {
	c := s.known
	left := s.terms[:end]
	bound := uint32(0) // the first rank that was walked
	for _, t := range left {
		bound = uint32(t>>32) + 1
		s.table[t>>32] = uint32(t)
	}
	for _, post := range s.of {
		sum := s.sums[post] + s.asked.date.near(&s.model.dates[post])
		from, to := c.records.start[post], c.records.start[post+1]
		weights := c.records.weights[from:to]
		for k, rank := range c.records.items[from:to] {
			if rank >= bound {
				break
			}
			sum += s.table[rank] * uint32(weights[k])
		}
		best.offer(sum, int(post))
	}
	for _, t := range left {
		s.table[t>>32] = 0
	}
}

// offer keeps the limit best of what it is offered.
func (s *searcher) offer(x uint64, post uint32, limit int) {
	if len(s.best) < limit {
		s.best, s.of = append(s.best, x), append(s.of, post)
		for i := len(s.best) - 1; i > 0 && s.best[i] < s.best[(i-1)/2]; i = (i - 1) / 2 {
			s.swap(i, (i-1)/2)
		}
		return
	}
	if limit == 0 || x <= s.best[0] {
		return
	}
	s.best[0], s.of[0] = x, post
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(s.best) {
			return
		}
		if child+1 < len(s.best) && s.best[child+1] < s.best[child] {
			child++
		}
		if s.best[i] <= s.best[child] {
			return
		}
		s.swap(i, child)
		i = child
	}
}

func (s *searcher) swap(i, j int) {
	s.best[i], s.best[j] = s.best[j], s.best[i]
	s.of[i], s.of[j] = s.of[j], s.of[i]
}
