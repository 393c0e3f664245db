package ranking

// settling watches candidates being scored, those of greatest sum first, and says
// when to stop: after half as many in a row as there were before them, and some more,
// of which none was among the best. It depends on the scores so far alone.
type settling struct {
	scores [settledBest]float64 // the best so far, the greatest first
	size   int                  // how many of them are watched
	least  int                  // so many candidates are scored in any case
	seen   int
	last   int // what seen was when the best changed last
}

const (
	settledBest = 10 // so many of a list are watched, at most
	settledMore = 8  // see settling.done
)

// newSettling watches over a list of n posts.
func newSettling(n int) settling { return settling{size: min(n, settledBest), least: n + n/2} }

// saw takes in the score of the next candidate.
func (s *settling) saw(score float64) {
	s.seen++
	if s.size == 0 || score <= s.scores[s.size-1] {
		return
	}
	s.last = s.seen
	k := s.size - 1
	for ; k > 0 && score > s.scores[k-1]; k-- {
		s.scores[k] = s.scores[k-1]
	}
	s.scores[k] = score
}

// done is true when no more candidates need to be scored.
func (s *settling) done() bool { return s.seen >= max(s.least, s.last+s.last/2+settledMore) }
