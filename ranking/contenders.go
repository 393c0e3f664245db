package ranking

import (
	"math"
	"slices"
)

// contenders are the posts of greatest sums for one post, the greatest first: all
// whose sum is that of the last of them, or more. A list is made again from it as posts
// come and go, without a search, and without scoring those again that did not change.
// Ten bytes an entry.
type contenders struct {
	// settled is how many of them decide the list, open when it depends on all that
	// have a sum.
	settled int
	// whole is true when all that have a sum are in it.
	whole bool
	// entries are the sum and the place of each, in three numbers.
	entries []uint16
	// similarities are those of the entries, unscored where not known.
	similarities []uint32
}

// unscored is more than any similarity.
const unscored = math.MaxUint32

// open is more than there are.
const open = 1 << 30

// shortNumbers are the numbers of an entry.
const shortNumbers = 3

func newContenders(list []candidate, settled int, whole bool) *contenders {
	s := &contenders{
		settled: settled, whole: whole, entries: make([]uint16, 0, shortNumbers*(len(list)+1)), similarities: make([]uint32, 0, len(list)+1),
	}
	for i := range list {
		s.entries = appendShort(s.entries, uint32(list[i].key>>32), list[i].place)
		s.similarities = append(s.similarities, unscored)
	}
	return s
}

func appendShort(to []uint16, sum, place uint32) []uint16 {
	return append(to, uint16(sum), uint16(place>>16), uint16(place))
}

func (s *contenders) len() int { return len(s.entries) / shortNumbers }

func (s *contenders) at(n int) (sum, place uint32) {
	e := s.entries[shortNumbers*n : shortNumbers*(n+1)]
	return uint32(e[0]), uint32(e[1])<<16 | uint32(e[2])
}

// floor is a sum that a post needs to enter, 0 for any.
func (s *contenders) floor() uint32 {
	switch n := s.len(); {
	case s.whole:
		return 0
	case n == 0:
		return math.MaxUint32
	default:
		sum, _ := s.at(n - 1)
		return sum
	}
}

// leave takes the post at a place out, and is false when the list may be another one
// without it.
func (s *contenders) leave(sum, place uint32) bool {
	for n := range s.len() {
		if _, p := s.at(n); p == place {
			s.entries = slices.Delete(s.entries, shortNumbers*n, shortNumbers*(n+1))
			s.similarities = slices.Delete(s.similarities, n, n+1)
			return n >= s.settled
		}
	}
	return sum <= s.floor() && !s.whole // It never was one of them.
}

// enter puts a post in, if it is one of the greatest, and is false when the list may be
// another one with it. The order among equal sums is that of ties.
func (s *contenders) enter(sum, place uint32, tie func(place uint32) uint32) bool {
	n, last := 0, s.len()
	for ; n < last; n++ {
		x, p := s.at(n)
		if sum > x || sum == x && tie(place) > tie(p) {
			break
		}
	}
	if n == last && !s.whole {
		return true
	}
	s.entries = slices.Insert(s.entries, shortNumbers*n, appendShort(nil, sum, place)...)
	s.similarities = slices.Insert(s.similarities, n, unscored)
	return n >= s.settled
}

// limit leaves at most so many.
func (s *contenders) limit(most int) {
	if s.len() > most {
		s.entries, s.similarities, s.whole = s.entries[:shortNumbers*most], s.similarities[:most], false
	}
}
