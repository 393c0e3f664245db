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
	list  []Scored
	least uint32
}

// batchQuestions is the number of posts that are asked about together: their sums
// are made block by block, so that the postings of a block are read while they are in
// the cache.
const batchQuestions = 32

func (k *kernel) newLister() *lister {
	return &lister{kernel: k, adder: newAdder(k), pairer: k.model.newPairer()}
}

// list returns the n posts most similar to v among its candidates, and what it takes
// to be one.
func (l *lister) list(v *view, n int) ([]Scored, uint32) {
	q := &l.questions[0]
	l.adder.prepare(v, q, max(l.kernel.candidates, n))
	l.sum(l.questions[:1])
	a := l.finish(q, n)
	return a.list, a.least
}

// batch answers for posts of the model.
func (l *lister) batch(posts []int, n int) {
	for i, post := range posts {
		v := l.kernel.model.view(post)
		l.adder.prepare(&v, &l.questions[i], max(l.kernel.candidates, n))
	}
	l.sum(l.questions[:len(posts)])
	for i := range posts {
		l.answers[i] = l.finish(&l.questions[i], n)
	}
}

// sum makes the sums of questions, of the blocks nearest to the first one's own in
// time before those further off: what is found early shuts out what is found late.
func (l *lister) sum(questions []question) {
	blocks, first := len(l.kernel.gone), 0
	if self := questions[0].self; self != noPlace {
		first = int(self >> blockBits)
	}
	for n := range 2 * blocks {
		b := first + (n+1)/2
		if n%2 == 0 {
			b = first - n/2
		}
		if b < 0 || b >= blocks {
			continue
		}
		for i := range questions {
			l.adder.block(&questions[i], b)
			l.adder.collect(&questions[i], b)
		}
	}
}

// finish scores the candidates.
func (l *lister) finish(q *question, n int) answer {
	k := l.kernel
	q.best.cut()
	l.pairer.ask(&q.asked)
	l.posts = l.posts[:0]
	for _, c := range q.best.list {
		l.posts = append(l.posts, k.order[c.place])
	}
	l.read += k.model.records.touch(l.posts)
	best := newTop(k.model, n)
	for _, i := range l.posts {
		if s := l.pairer.scored(int(i)); s.Score > 0 {
			best.add(s)
		}
	}
	a := answer{list: best.sorted()}
	if len(q.best.list) == q.best.limit {
		a.least = q.best.least
	}
	return a
}
