package ranking

import "strings"

// space gives numbers to names in the order in which they are first seen.
type space struct {
	index map[string]uint32
	names []string
}

func newSpace() *space { return &space{index: map[string]uint32{}} }

// number returns the number of name, a new one if it has none. The name is
// copied, so that it does not keep a larger text alive.
func (s *space) number(name string) uint32 {
	if n, ok := s.index[name]; ok {
		return n
	}
	n := uint32(len(s.names))
	name = strings.Clone(name)
	s.index[name] = n
	s.names = append(s.names, name)
	return n
}

// lookup returns the number of name if it has one.
func (s *space) lookup(name string) (uint32, bool) {
	n, ok := s.index[name]
	return n, ok
}

func (s *space) len() int { return len(s.names) }

// forms remembers, for each term, the way it is mostly written: stems are not for
// readers. One candidate a term is kept, by majority vote (Boyer and Moore, 1981).
type forms struct {
	text  []string
	votes []int32
}

// vote counts n occurrences of term written as text.
func (f *forms) vote(term uint32, text string, n int32) {
	for int(term) >= len(f.text) {
		f.text = append(f.text, "")
		f.votes = append(f.votes, 0)
	}
	switch {
	case f.text[term] == text:
		f.votes[term] += n
	case f.votes[term] < n:
		f.text[term], f.votes[term] = strings.Clone(text), n-f.votes[term]
	default:
		f.votes[term] -= n
	}
}

// pairs gives numbers to pairs of terms, as space does to names.
type pairs struct {
	index map[uint64]uint32
	terms []uint64
}

func newPairs() *pairs { return &pairs{index: map[uint64]uint32{}} }

func pairKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

func (p *pairs) number(key uint64) uint32 {
	if n, ok := p.index[key]; ok {
		return n
	}
	n := uint32(len(p.terms))
	p.index[key] = n
	p.terms = append(p.terms, key)
	return n
}

func (p *pairs) lookup(key uint64) (uint32, bool) {
	n, ok := p.index[key]
	return n, ok
}

// split returns the two terms of pair n.
func (p *pairs) split(n uint32) (uint32, uint32) {
	return uint32(p.terms[n] >> 32), uint32(p.terms[n])
}
