package ranking

// lister answers from the kernel. Not safe for concurrent use.
type lister struct {
	kernel    *kernel
	adder     *adder
	pairer    *pairer
	questions [batchQuestions]question
	answers   [batchQuestions]answer
	posts     []uint32 // the candidates
	read      uint32   // keeps what touch reads from being left out
}

type answer struct {
	list   []Scored
	least  uint32
	scored int // candidates, more than there are when all posts decide the list
}

// batchQuestions is the number of posts that are asked about together: their sums
// are made block by block, so that the postings of a block are read while they are in
// the cache.
const batchQuestions = 64

func (k *kernel) newLister() *lister {
	return &lister{kernel: k, adder: newAdder(k), pairer: k.model.newPairer()}
}

// list returns the n posts most similar to v among its candidates, and what it takes
// to be one.
func (l *lister) list(v *view, n int) ([]Scored, uint32) {
	a := l.answer(v, n)
	return a.list, a.least
}

func (l *lister) answer(v *view, n int) answer {
	q := &l.questions[0]
	l.adder.prepare(v, q, max(l.kernel.candidates, n))
	l.sum(l.questions[:1])
	return l.finish(0, n)
}

// batch answers for posts of the model.
func (l *lister) batch(posts []int, n int) {
	for i, post := range posts {
		v := l.kernel.model.view(post)
		l.adder.prepare(&v, &l.questions[i], max(l.kernel.candidates, n))
	}
	l.sum(l.questions[:len(posts)])
	for i := range posts {
		l.answers[i] = l.finish(i, n)
	}
}

// sum makes the sums of questions, those of the first one's own block first: what is
// found early shuts out what is found late. The second block is far from it; how many
// of the best lie in all others is guessed from it.
func (l *lister) sum(questions []question) {
	blocks, first := len(l.kernel.gone), 0
	if self := questions[0].self; self != noPlace {
		first = int(self >> blockBits)
	}
	for n := range blocks {
		b := first + n
		switch far := blocks / 2; {
		case n == 1:
			b = first + far
		case n > 1 && n <= far:
			b--
		}
		b %= blocks
		for i := range questions {
			if i+1 < len(questions) {
				l.adder.fetch(&questions[i+1], b)
			}
			l.adder.block(&questions[i], b)
			l.adder.collect(&questions[i], b)
		}
	}
}

// finish answers question i, whose sums were collected. Where too few were, they are
// made again.
func (l *lister) finish(i, n int) answer {
	a, ok := l.score(&l.questions[i], n)
	if !ok {
		l.questions[i].best.again()
		l.sum(l.questions[i : i+1])
		a, _ = l.score(&l.questions[i], n)
	}
	return a
}

// score scores candidates, those of greatest sum first, until the list has settled;
// false when that takes more than there are.
func (l *lister) score(q *question, n int) (answer, bool) {
	q.best.cut()
	l.pairer.ask(&q.asked)
	top, settling, least := newTop(l.kernel.model, n), newSettling(n), uint32(0)
	for from, list := 0, q.best.list; from < len(list) && !settling.done(); from += orderedAtATime {
		some := ordered(list[from:], orderedAtATime)
		for at := range some {
			if settling.done() {
				break
			}
			l.fetch(some, at)
			s := l.pairer.scored(int(l.kernel.order[some[at].place]))
			if settling.saw(s.Score); s.Score > 0 {
				top.add(s)
			}
			least = uint32(some[at].key >> 32)
		}
	}
	if settling.done() || len(q.best.list) == q.best.limit {
		return answer{list: top.sorted(), least: least, scored: settling.seen}, true
	}
	return answer{list: top.sorted(), scored: open}, q.best.complete()
}

const (
	// orderedAtATime is how many candidates are put in order together.
	orderedAtATime = 48
	// fetchedFirst and fetchedNext are how many are fetched together: as many as most lists
	// need, then few, so that little is fetched in vain.
	fetchedFirst = 20
	fetchedNext  = 6
)

// fetch touches the records of the next candidates, where some[at] is the first of those
// that are fetched together.
func (l *lister) fetch(some []candidate, at int) {
	n := fetchedNext
	switch {
	case at == 0:
		n = fetchedFirst
	case at < fetchedFirst || (at-fetchedFirst)%fetchedNext > 0:
		return
	}
	l.posts = l.posts[:0]
	for _, x := range some[at:min(at+n, len(some))] {
		l.posts = append(l.posts, l.kernel.order[x.place])
	}
	l.read += l.kernel.model.records.touch(l.posts)
}
