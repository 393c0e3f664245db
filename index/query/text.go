package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index/analysis"
)

// isSpace is whatever separates words, control characters included.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// isQuote reports whether r opens or closes a phrase: the straight double quote
// and the typographic ones. Single quotes are apostrophes.
func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '‟', '«', '»', '＂', '「', '」':
		return true
	}
	return false
}

func endsChunk(r rune) bool { return isSpace(r) || isQuote(r) }

// firstRune gives the rune at the start of s; utf8.RuneError for "".
func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// cutQuote removes a quote at the start of s.
func cutQuote(s string) (string, bool) {
	r, size := utf8.DecodeRuneInString(s)
	if !isQuote(r) {
		return s, false
	}
	return s[size:], true
}

// quoted splits s, which starts after a quote, at the closing one.
func quoted(s string) (inside, rest string, ok bool) {
	i := strings.IndexFunc(s, isQuote)
	if i < 0 {
		return "", s, false
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return oneLine(s[:i]), s[i+size:], true
}

// oneLine makes every run of spaces one and removes those at the ends.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isSpace), " ") }

// trimEnd removes the punctuation that follows a word in a sentence: commas and
// the like, and parentheses that were not opened in the word.
func trimEnd(s string) string {
	for s != "" {
		switch last := s[len(s)-1]; {
		case strings.IndexByte(",;!?", last) >= 0:
		case last == ')' && strings.Count(s, ")") > strings.Count(s, "("):
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

// fit cuts text so that it holds at most budget words and MaxWordBytes bytes, and
// tells how many words it holds. Runs of letters and digits count one each, and
// so does every character of a script that is written without spaces.
func fit(text string, budget, maxBytes int) (string, int) {
	words, inWord := 0, false
	for i, r := range text {
		starts := analysis.Searchable(r)
		dense := starts && analysis.Unspaced(r)
		if i+utf8.RuneLen(r) > maxBytes {
			return text[:i], words
		}
		if dense || starts && !inWord {
			if words == budget {
				return text[:i], words
			}
			words++
		}
		inWord = starts && !dense || inWord && unicode.IsMark(r)
	}
	return text, words
}

func searchable(s string) bool { return strings.ContainsFunc(s, analysis.Searchable) }
