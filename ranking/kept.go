package ranking

import "math"

// relister is a ranker that can say what a list was made from, and make it again
// from that.
type relister interface {
	// listKeeping is list, with its candidates and some more.
	listKeeping(v *view, n int) ([]Scored, uint32, *contenders)
	// relist is list of what contenders has become; false when that has too few left.
	relist(v *view, n int, s *contenders) ([]Scored, uint32, bool)
	// leave and enter change contenders as version b of a post goes or comes. They are
	// false when the list may be another one.
	leave(s *contenders, b int, sum uint32) bool
	enter(s *contenders, b int, sum uint32) bool
}

// spareCandidates are kept beyond those that decide a list, so that some may go, and
// half as many as there may be at most.
const spareCandidates = 12

func (k *kernel) leave(s *contenders, b int, sum uint32) bool { return s.leave(sum, k.place[b]) }

func (k *kernel) enter(s *contenders, b int, sum uint32) bool {
	before := s.len()
	ok := s.enter(sum, k.place[b], func(place uint32) uint32 { return k.moments[place].tie })
	if s.len() > before {
		s.limit(max(s.settled, 0) + 2*spareCandidates)
	}
	return ok
}

func (k *kernel) listKeeping(v *view, n int) ([]Scored, uint32, *contenders) {
	l := k.borrow()
	defer k.listers.Put(l)
	a := l.answer(v, n)
	return a.list, a.least, l.contenders(&l.questions[0].best, a.scored)
}

// contenders are those of a list that was just made.
func (l *lister) contenders(b *best, scored int) *contenders {
	list, whole := ordered(b.list, len(b.list)), len(b.list) < b.limit && b.complete()
	if most := scored + spareCandidates; len(list) > most {
		list, whole = list[:most], false
	}
	return newContenders(list, scored, whole)
}

func (k *kernel) relist(v *view, n int, s *contenders) ([]Scored, uint32, bool) {
	l := k.borrow()
	defer k.listers.Put(l)
	q := &l.questions[0]
	k.model.ask(v, &q.asked)
	b := &q.best
	b.reset(max(k.candidates, n))
	b.sure = s.whole
	b.least = math.MaxUint32
	for e := range s.len() {
		sum, place := s.at(e)
		b.list = append(b.list, candidate{uint64(sum)<<32 | uint64(k.moments[place].tie), place})
	}
	a, ok := l.score(q, n)
	s.settled = a.scored
	return a.list, a.least, ok
}
