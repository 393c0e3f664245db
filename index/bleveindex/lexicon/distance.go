package lexicon

// measure computes distances to one target, with its rows kept between calls.
type measure struct {
	target []rune
	limit  int
	word   []rune
	rows   [3][]int // of the table: two before, one before, current
}

func newMeasure(target []rune, limit int) *measure {
	m := &measure{target: target, limit: limit}
	for i := range m.rows {
		m.rows[i] = make([]int, len(target)+1)
	}
	return m
}

// to returns the optimal string alignment distance between the target and term,
// or a number above the limit when it is more. Source: Damerau, "A technique for
// computer detection and correction of spelling errors", 1964.
func (m *measure) to(term string) int {
	m.word = m.word[:0]
	for _, r := range term {
		m.word = append(m.word, r)
	}
	two, one, cur := m.rows[0], m.rows[1], m.rows[2]
	for j := range one {
		one[j] = j
	}
	for i, r := range m.word {
		cur[0] = i + 1
		best := cur[0]
		for j, t := range m.target {
			cur[j+1] = m.cell(two, one, cur, i, j, r, t)
			best = min(best, cur[j+1])
		}
		if best > m.limit {
			return best
		}
		two, one, cur = one, cur, two
	}
	return one[len(m.target)]
}

func (m *measure) cell(two, one, cur []int, i, j int, r, t rune) int {
	if r == t {
		return one[j]
	}
	d := 1 + min(one[j], one[j+1], cur[j])
	if i > 0 && j > 0 && r == m.target[j-1] && m.word[i-1] == t {
		d = min(d, 1+two[j-1])
	}
	return d
}
