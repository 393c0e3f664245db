package judge

// Agreement says how far two judges agree on what both graded.
type Agreement struct {
	A, B string
	// Both counts decisions that both made; Same those with the same grade.
	Both, Same int
	// Kappa is Cohen's: 1 is full agreement, 0 what chance would give. Weighted
	// counts a disagreement by the square of its distance. Both are 1 where all
	// grades are one and the same, because nothing was disagreed on, and 0 without
	// a decision in common.
	Kappa, Weighted float64
}

// Agreement compares each pair of judges.
func (b *Book) Agreement() []Agreement {
	b.mu.Lock()
	defer b.mu.Unlock()
	judges := b.judges()
	var out []Agreement
	for i, first := range judges {
		for _, second := range judges[i+1:] {
			out = append(out, b.agreement(first, second))
		}
	}
	return out
}

func (b *Book) agreement(first, second string) Agreement {
	a := Agreement{A: first, B: second}
	var table [MaxGrade + 1][MaxGrade + 1]float64
	for k, x := range b.grades[first] {
		y, ok := b.grades[second][k]
		if !ok {
			continue
		}
		table[x][y]++
		a.Both++
		if x == y {
			a.Same++
		}
	}
	a.Kappa = kappa(table, func(x, y int) float64 {
		if x == y {
			return 0
		}
		return 1
	})
	a.Weighted = kappa(table, func(x, y int) float64 { return float64((x - y) * (x - y)) })
	return a
}

// kappa is 1 - observed over expected disagreement: Cohen, "A coefficient of
// agreement for nominal scales", 1960, and "Weighted kappa", 1968.
func kappa(table [MaxGrade + 1][MaxGrade + 1]float64, weight func(x, y int) float64) float64 {
	var n, observed, expected float64
	var rows, columns [MaxGrade + 1]float64
	for x, row := range table {
		for y, count := range row {
			n += count
			rows[x] += count
			columns[y] += count
			observed += weight(x, y) * count
		}
	}
	if n == 0 {
		return 0
	}
	for x := range rows {
		for y := range columns {
			expected += weight(x, y) * rows[x] * columns[y] / n
		}
	}
	if expected == 0 {
		return 1
	}
	return 1 - observed/expected
}
