package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldTerm folds the text of a token. Normal form may spell one character with
// several that would not stand in a token; those are left out.
func foldTerm(s string) string {
	s = head(s)
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

// head is the beginning of s that is looked at to make a term of at most
// MaxTermBytes: normal form may shorten text, but hardly to a quarter.
func head(s string) string {
	n := 4 * MaxTermBytes
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// isNoTermRune reports whether r cannot stand in a term.
func isNoTermRune(r rune) bool {
	if r < 0x80 {
		return classes[r] == 0
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !isDigit(r) && !isEmoji(r)
}
