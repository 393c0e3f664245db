package exec

import "math/bits"

// fastGroup is any of its nodes, or all of them.
type fastGroup struct {
	nodes []fastNode
	all   bool
}

func (g *fastGroup) cost() int {
	n := 0
	for _, node := range g.nodes {
		n += node.cost()
	}
	return n
}

func (g *fastGroup) fetchAll(s *searcher) error {
	for _, n := range g.nodes {
		if err := n.fetchAll(s); err != nil {
			return err
		}
	}
	return nil
}

func (g *fastGroup) start(seg int) {
	for _, n := range g.nodes {
		n.start(seg)
	}
}

func (g *fastGroup) rewind() {
	for _, n := range g.nodes {
		n.rewind()
	}
}

func (g *fastGroup) next(from uint32) uint32 {
	if g.all {
		return nextOfAll(g.nodes, from)
	}
	return nextOfAny(g.nodes, from)
}

func (g *fastGroup) bound(k1 float64) float64 {
	sum := 0.0
	for _, n := range g.nodes {
		sum += n.bound(k1)
	}
	return sum
}

// split scores all: groups are rare.
func (g *fastGroup) split(r *windowRun, found, mask, _ *windowSet, score *accumulator) {
	g.window(r, found, mask, score)
}

func nextOfAll(nodes []fastNode, from uint32) uint32 {
	for _, n := range nodes {
		from = max(from, n.next(from))
	}
	return from
}

func nextOfAny(nodes []fastNode, from uint32) uint32 {
	first := uint32(none)
	for _, n := range nodes {
		first = min(first, n.next(from))
	}
	return first
}

func (g *fastGroup) window(r *windowRun, found, mask *windowSet, score *accumulator) {
	if g.all {
		g.windowAll(r, found, mask, score)
		return
	}
	*found = windowSet{}
	var one windowSet
	for _, n := range g.nodes {
		n.window(r, &one, mask, score)
		found.or(&one)
	}
}

// windowAll scores only where all nodes match, which is known after the last.
func (g *fastGroup) windowAll(r *windowRun, found, mask *windowSet, score *accumulator) {
	*found = *mask
	var spare *accumulator
	if score != nil {
		spare = r.takeSpare()
		defer r.returnSpare(spare)
	}
	var one windowSet
	for _, n := range g.nodes {
		n.window(r, &one, found, spare)
		found.and(&one)
	}
	if score == nil {
		return
	}
	for i, word := range found {
		for ; word != 0; word &= word - 1 {
			k := i<<6 + bits.TrailingZeros64(word)
			score[k] += spare[k]
		}
	}
	clear(spare[:])
}

func (s *scratch) takeSpare() *accumulator {
	if n := len(s.spare); n > 0 {
		a := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return a
	}
	return new(accumulator)
}

func (s *scratch) returnSpare(a *accumulator) { s.spare = append(s.spare, a) }

// fastSelection is a filter: it matches without a score.
type fastSelection struct {
	sets    []bitset
	current bitset
}

func (s *fastSelection) cost() int { return 0 }

func (s *fastSelection) fetchAll(*searcher) error { return nil }

func (s *fastSelection) start(seg int) { s.current = s.sets[seg] }

func (s *fastSelection) rewind() {}

func (s *fastSelection) bound(float64) float64 { return 0 }

func (s *fastSelection) split(r *windowRun, found, mask, _ *windowSet, score *accumulator) {
	s.window(r, found, mask, score)
}

func (s *fastSelection) next(from uint32) uint32 { return from }

func (s *fastSelection) window(r *windowRun, found, _ *windowSet, _ *accumulator) {
	found.load(s.current, r.from)
}
