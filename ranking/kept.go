package ranking

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
	s := newContenders(list, scored, whole)
	for e := range min(scored, len(list)) {
		s.similarities[e] = l.pairer.similarity(int(l.kernel.order[list[e].place]))
	}
	return s
}

func (k *kernel) relist(v *view, n int, s *contenders) ([]Scored, uint32, bool) {
	l := k.borrow()
	defer k.listers.Put(l)
	top, settling, least := newTop(k.model, n), newSettling(n), uint32(0)
	limit, asked := max(k.candidates, n), false
	last := min(s.len(), limit)
	for e := 0; e < last && !settling.done(); e++ {
		sum, place := s.at(e)
		if s.similarities[e] == unscored {
			if !asked {
				l.askAbout(v)
				asked = true
			}
			s.similarities[e] = l.pairer.similarity(int(k.order[place]))
		}
		x := k.scored(place, s.similarities[e])
		if settling.saw(x.Score); x.Score > 0 {
			top.add(x)
		}
		least = sum
	}
	if settling.done() || last == limit {
		s.settled = settling.seen
		return top.sorted(), least, true
	}
	s.settled = open
	return top.sorted(), 0, s.whole
}

// askAbout makes the pairer ready for a post.
func (l *lister) askAbout(v *view) {
	q := &l.questions[0]
	l.kernel.model.ask(v, &q.asked)
	l.pairer.ask(&q.asked)
}

// scored is the post at a place with what its similarity makes its score.
func (k *kernel) scored(place, similarity uint32) Scored {
	post := int(k.order[place])
	return Scored{Post: post, Score: k.model.score(similarity, post)}
}
