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

// forms remembers how features are mostly written: stems are not for readers. One
// candidate a feature is kept, by majority vote (Boyer and Moore, 1981). Spellings
// are numbers of a space that all forms share.
type forms struct {
	best  []uint32 // plus one; 0 is none
	votes []int32
	all   []int32 // occurrences in any form
	plain []int32 // of them, in the form of the feature's own name
}

// vote counts n occurrences of a feature written in one way; plain says that
// folded this is the name of the feature.
func (f *forms) vote(id, spelling uint32, n int32, plain bool) {
	for int(id) >= len(f.best) {
		f.best, f.votes = append(f.best, 0), append(f.votes, 0)
		f.all, f.plain = append(f.all, 0), append(f.plain, 0)
	}
	f.all[id] += n
	if plain {
		f.plain[id] += n
	}
	switch {
	case f.best[id] == spelling+1:
		f.votes[id] += n
	case f.votes[id] < n:
		f.best[id], f.votes[id] = spelling+1, n-f.votes[id]
	default:
		f.votes[id] -= n
	}
}

// plainShare is the share of its occurrences from which a feature is said by its
// own name.
const plainShare = 0.2

// decided ends the votes.
func (f *forms) decided() spellings {
	out := spellings{best: f.best, plain: make([]bool, len(f.best))}
	for id := range out.plain {
		out.plain[id] = float64(f.plain[id]) >= plainShare*float64(f.all[id])
	}
	return out
}

// spellings say how features are written.
type spellings struct {
	best  []uint32 // plus one; 0 is none
	plain []bool   // often enough written as their own name
}

// of returns the spelling of a feature.
func (s *spellings) of(id uint32) (uint32, bool) {
	if int(id) >= len(s.best) || s.best[id] == 0 {
		return 0, false
	}
	return s.best[id] - 1, true
}

// isPlain says whether a feature is often enough written as its own name.
func (s *spellings) isPlain(id uint32) bool { return int(id) < len(s.plain) && s.plain[id] }

// pairs gives numbers to pairs of terms, as space does to names, and remembers
// how a pair is written where its words stand side by side.
type pairs struct {
	index   map[uint64]uint32
	terms   []uint64
	written []writtenPair
}

// writtenPair are the spellings of two words, with the votes for them; no vote
// is no spelling.
type writtenPair struct {
	first, second uint32
	votes         int32
}

func newPairs() *pairs { return &pairs{index: map[uint64]uint32{}} }

func pairKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

func splitKey(key uint64) (uint32, uint32) { return uint32(key >> 32), uint32(key) }

func (p *pairs) number(key uint64) uint32 {
	if n, ok := p.index[key]; ok {
		return n
	}
	n := uint32(len(p.terms))
	p.index[key] = n
	p.terms = append(p.terms, key)
	p.written = append(p.written, writtenPair{})
	return n
}

func (p *pairs) lookup(key uint64) (uint32, bool) {
	n, ok := p.index[key]
	return n, ok
}

// vote counts one text in which pair n is written as w.
func (p *pairs) vote(n uint32, first, second uint32) {
	w := &p.written[n]
	switch {
	case w.votes == 0:
		*w = writtenPair{first, second, 1}
	case w.first == first && w.second == second:
		w.votes++
	default:
		w.votes--
	}
}

// split returns the two terms of pair n.
func (p *pairs) split(n uint32) (uint32, uint32) { return splitKey(p.terms[n]) }
