package analysis

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unspacedRun emits the overlapping pairs of characters of the run that starts at
// i, or the one character it consists of. Marks go with the character before.
func (s *scanner) unspacedRun(i int) int {
	j := i
	for j < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[j:])
		if !Unspaced(r) && (j == i || !unicode.IsMark(r) && !isInvisible(r)) {
			break
		}
		j += size
	}
	run := s.text[i:j]
	if norm.NFKC.QuickSpanString(run) == len(run) {
		s.pairs(run, func(k int) int { return i + k }, func(k int) int { return i + k })
		return j
	}
	n := normalize(run)
	s.pairs(n.text, func(k int) int { return i + n.start[k] }, func(k int) int { return i + n.end[k-1] })
	return j
}

// unitLength is the size of the first character of s with its marks.
func unitLength(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if isPlainUnspaced(r) || !unicode.IsMark(r) && !isInvisible(r) {
			break
		}
		n += size
	}
	return n
}

// normalized is a text in normal form that knows from which bytes of the original
// each of its bytes comes.
type normalized struct {
	text       string
	start, end []int
}

func normalize(s string) (n normalized) {
	var it norm.Iter
	var b []byte
	it.InitString(norm.NFKC, s)
	from := 0
	for !it.Done() {
		segment := it.Next()
		b = append(b, segment...)
		for range segment {
			n.start, n.end = append(n.start, from), append(n.end, it.Pos())
		}
		from = it.Pos()
	}
	n.text = string(b)
	return n
}

// pairs emits each character of a run with the next one. from and to give the
// places in the analysed text where the run's byte k starts, and where what ends
// before byte k ends.
func (s *scanner) pairs(run string, from, to func(k int) int) {
	kind := Word
	if s.mode == Code {
		kind = Identifier
	}
	start, middle := 0, unitLength(run)
	for {
		end := middle
		if middle < len(run) {
			end += unitLength(run[middle:])
		}
		if s.emitTerm(kind, from(start), to(end), foldTerm(run[start:end])) {
			s.pos++
		}
		if end == len(run) {
			return
		}
		start, middle = middle, end
	}
}
