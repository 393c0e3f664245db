package highlight

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ellipsis stands where a snippet leaves text out.
const ellipsis = "…"

// Snippet returns the best passage of text of at most size runes: the one with
// the most different query words by weight, the earliest of equals. It begins at
// the start of a sentence where one is near, at a word otherwise, is escaped and
// marked as HTML is, with white space folded. Without a match it is the beginning
// of the text. Time is linear in the length of text.
func (h *Highlighter) Snippet(text, lang string, size int) string {
	ms := h.matches(text, lang)
	from, to := 0, 0
	if len(ms) > 0 {
		from, to = window(text, best(text, ms, size), size)
	} else {
		to = forward(text, 0, size)
	}
	from, to = trim(text, from, to)
	var b strings.Builder
	if from > 0 && strings.TrimSpace(text[:from]) != "" {
		b.WriteString(ellipsis)
	}
	writeMarked(&b, text, ms, from, to)
	if to < len(text) && strings.TrimSpace(text[to:]) != "" {
		b.WriteString(ellipsis)
	}
	return foldSpace(b.String())
}

// passage is a run of text from the first to the last of some matches.
type passage struct{ from, to int }

// best slides a window of at most size runes over the matches.
func best(text string, ms []match, size int) passage {
	chosen := passage{ms[0].from, ms[0].to}
	count := make(map[int]int)
	sum, bestSum, runes, first := 0.0, 0.0, 0, 0
	for last, m := range ms {
		if last > 0 {
			runes += utf8.RuneCountInString(text[ms[last-1].to:m.from])
		}
		runes += utf8.RuneCountInString(text[m.from:m.to])
		if count[m.word]++; count[m.word] == 1 {
			sum += m.weight
		}
		for ; runes > size && first < last; first++ {
			gone := ms[first]
			runes -= utf8.RuneCountInString(text[gone.from:ms[first+1].from])
			if count[gone.word]--; count[gone.word] == 0 {
				sum -= gone.weight
			}
		}
		if sum > bestSum {
			bestSum, chosen = sum, passage{ms[first].from, m.to}
		}
	}
	return chosen
}

// window grows p to at most size runes, a third of what is left before it.
func window(text string, p passage, size int) (from, to int) {
	spare := max(0, size-utf8.RuneCountInString(text[p.from:p.to]))
	from = backward(text, p.from, spare/3)
	from = begin(text, from, p.from)
	used := utf8.RuneCountInString(text[from:p.from])
	to = forward(text, p.to, spare-used)
	return from, to
}

// begin moves from, which is before a match at limit, to the start of a sentence,
// else of a word.
func begin(text string, from, limit int) int {
	if from == 0 {
		return 0
	}
	word := limit
	for i, r := range text[from:limit] {
		at := from + i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			continue
		}
		if r == '\n' || (unicode.IsSpace(r) && i > 0 && strings.IndexByte(".!?", text[from+i-1]) >= 0) {
			return at
		}
		if unicode.IsSpace(r) && word == limit {
			word = at
		}
	}
	return word
}

// backward returns the offset n runes before at.
func backward(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forward returns the offset at most n runes after at, at the end of a word where
// there is one.
func forward(text string, at, n int) int {
	space := at
	for end := at; ; n-- {
		if end >= len(text) {
			return len(text)
		}
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) {
			space = end
		}
		if n == 0 {
			if space > at {
				return space
			}
			return end
		}
		end += size
	}
}

// trim drops white space at the ends.
func trim(text string, from, to int) (int, int) {
	from += len(text[from:to]) - len(strings.TrimLeftFunc(text[from:to], unicode.IsSpace))
	to -= len(text[from:to]) - len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
	return from, to
}

func foldSpace(s string) string { return strings.Join(strings.Fields(s), " ") }
