package analysis

// Edits returns, for each beginning of b from the empty one on (len(b)+1 of them), how
// many elements must be inserted, deleted, replaced or swapped with their neighbour to
// make it of a, none edited twice (optimal string alignment). The last is the distance
// of a and b, the least that of a and the beginning of b that is nearest. Elements are
// runes or bytes. Time is len(a) len(b). Source: Damerau, "A technique for computer
// detection and correction of spelling errors", 1964.
func Edits[T comparable](a, b []T) []int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row
}
