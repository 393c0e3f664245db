package lexicon

// measure computes distances to one word of at most [MaxLength] letters.
//
// A column of the table of distances is kept as differences of neighbours, a bit
// each, and the whole column is computed by a few operations on words. Source:
// Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
// distances", 2003.
type measure struct {
	length int
	ascii  [128]uint64 // places of a letter in the word
	other  map[rune]uint64
}

func newMeasure(word string) *measure {
	m := &measure{}
	for _, r := range word {
		if r < 128 {
			m.ascii[r] |= 1 << m.length
		} else {
			if m.other == nil {
				m.other = make(map[rune]uint64)
			}
			m.other[r] |= 1 << m.length
		}
		m.length++
	}
	return m
}

func (m *measure) places(r rune) uint64 {
	if r < 128 {
		return m.ascii[r]
	}
	return m.other[r]
}

// to returns the optimal string alignment distance between the word and term:
// insertions, deletions, replacements and swaps of neighbours.
func (m *measure) to(term string) int {
	last := uint64(1) << (m.length - 1)
	up, down := ^uint64(0), uint64(0) // where the column rises and falls
	same, before := uint64(0), uint64(0)
	distance := m.length
	for _, r := range term {
		at := m.places(r)
		swapped := (^same & at) << 1 & before
		same = swapped | ((at&up + up) ^ up) | at | down
		right, left := down|^(same|up), same&up
		if right&last != 0 {
			distance++
		} else if left&last != 0 {
			distance--
		}
		right = right<<1 | 1
		up, down = left<<1|^(same|right), right&same
		before = at
	}
	return distance
}
