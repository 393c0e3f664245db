package analysis

import (
	"strings"
	"unicode"
)

// foldTerm folds the text of a token. Normal form may spell one character with
// several that would not stand in a token; those are left out.
func foldTerm(s string) string {
	term, ok := foldPlain(s)
	if ok {
		return term
	}
	term = foldSlow(s)
	for strings.ContainsFunc(term, isNoTermRune) {
		term = foldRunes(strings.Map(func(r rune) rune {
			if isNoTermRune(r) {
				return -1
			}
			return r
		}, term))
	}
	return strings.Trim(term, "'")
}

// isNoTermRune reports whether r cannot stand in a term.
func isNoTermRune(r rune) bool {
	if r < 0x80 {
		return classes[r] == 0
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !isDigit(r) && !isEmoji(r)
}
