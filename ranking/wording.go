package ranking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrase is a pair as it is written side by side, "" when it is never, or when it
// tells a reader nothing.
func (r *reasoner) phrase(pair uint32) string {
	m := r.scorer.model
	w := m.pairs.written[pair]
	if w.votes == 0 || !hasBit(r.sayings.sayable, w.first) && !hasBit(r.sayings.sayable, w.second) {
		return ""
	}
	a, b := m.spelled.names[w.first], m.spelled.names[w.second]
	if overlaps(folded(a), folded(b)) {
		return ""
	}
	return a + " " + b
}

// saidBy is true when a text says the word already, or the word it; all are folded.
func saidBy(out []concept, text string) bool {
	for k := range out {
		if overlaps(out[k].folded, text) {
			return true
		}
	}
	return false
}

// overlaps is true for folded texts of which one has the other.
func overlaps(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	return strings.Contains(a, b)
}

// hashDigits is the length from which a run of hexadecimal digits is taken for a
// hash.
const hashDigits = 6

// ordinalLetters is the number of letters up to which a word that starts with a
// digit is a number: "21st", "5x".
const ordinalLetters = 2

// sayable is false for what tells a reader nothing by itself: numbers, ordinals,
// hashes and single letters.
func sayable(word string) bool {
	if utf8.RuneCountInString(word) < 2 {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.In(r, unicode.Han, unicode.Hangul)
	}
	letters := 0
	for _, r := range word {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	first, _ := utf8.DecodeRuneInString(word)
	if letters == 0 || letters <= ordinalLetters && unicode.IsDigit(first) {
		return false
	}
	isHex := func(r rune) bool { return unicode.Is(unicode.ASCII_Hex_Digit, r) }
	hash := len(word) >= hashDigits && strings.ContainsFunc(word, unicode.IsDigit) && strings.IndexFunc(word, func(r rune) bool { return !isHex(r) }) < 0
	return !hash
}
