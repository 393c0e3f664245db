package baseline

import "bytes"

// stem gives the stem of a lower-case word by the algorithm of Porter, "An
// algorithm for suffix stripping", 1980. Words of one or two letters, and words
// with anything but a-z, are left alone.
func stem(word string) string {
	if len(word) < 3 {
		return word
	}
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	w := []byte(word)
	w = step1a(w)
	w = step1b(w)
	w = step1c(w)
	w = replaceFirst(w, step2Rules, 1)
	w = replaceFirst(w, step3Rules, 1)
	w = step4(w)
	w = step5(w)
	return string(w)
}

// rule replaces a suffix.
type rule struct{ suffix, by string }

//nolint:gochecknoglobals // immutable tables
var (
	step2Rules = []rule{
		{"ational", "ate"},
		{"tional", "tion"},
		{"enci", "ence"},
		{"anci", "ance"},
		{"izer", "ize"},
		{"abli", "able"},
		{"alli", "al"},
		{"entli", "ent"},
		{"eli", "e"},
		{"ousli", "ous"},
		{"ization", "ize"},
		{"ation", "ate"},
		{"ator", "ate"},
		{"alism", "al"},
		{"iveness", "ive"},
		{"fulness", "ful"},
		{"ousness", "ous"},
		{"aliti", "al"},
		{"iviti", "ive"},
		{"biliti", "ble"},
	}
	step3Rules = []rule{
		{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
	}
	// step4Suffixes has longer suffixes before those that end them.
	step4Suffixes = []string{
		"ement", "ment", "ent", "ance", "ence", "able", "ible", "ant", "ion", "ism", "ate", "iti", "ous", "ive",
		"ize", "al", "er", "ic", "ou",
	}
)

func consonant(w []byte, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !consonant(w, i-1)
	}
	return true
}

// measure counts the sequences of vowels that are followed by consonants.
func measure(w []byte) int {
	m := 0
	for i := 1; i < len(w); i++ {
		if consonant(w, i) && !consonant(w, i-1) {
			m++
		}
	}
	return m
}

func hasVowel(w []byte) bool {
	for i := range w {
		if !consonant(w, i) {
			return true
		}
	}
	return false
}

func doubleConsonant(w []byte) bool {
	n := len(w)
	return n >= 2 && w[n-1] == w[n-2] && consonant(w, n-1)
}

// shortEnd reports an end of consonant, vowel, consonant other than w, x, y.
func shortEnd(w []byte) bool {
	n := len(w)
	return n >= 3 && consonant(w, n-3) && !consonant(w, n-2) && consonant(w, n-1) && !bytes.ContainsRune([]byte("wxy"), rune(w[n-1]))
}

func cutSuffix(w []byte, suffix string) ([]byte, bool) { return bytes.CutSuffix(w, []byte(suffix)) }

// replaceFirst applies the rule whose suffix is the longest that fits, when the
// measure of what stands before it is at least least.
func replaceFirst(w []byte, rules []rule, least int) []byte {
	best := rule{}
	for _, r := range rules {
		if len(r.suffix) > len(best.suffix) && bytes.HasSuffix(w, []byte(r.suffix)) {
			best = r
		}
	}
	if head := w[:len(w)-len(best.suffix)]; best.suffix != "" && measure(head) >= least {
		return append(head, best.by...)
	}
	return w
}

func step1a(w []byte) []byte {
	switch {
	case bytes.HasSuffix(w, []byte("sses")), bytes.HasSuffix(w, []byte("ies")):
		return w[:len(w)-2]
	case bytes.HasSuffix(w, []byte("ss")), !bytes.HasSuffix(w, []byte("s")):
		return w
	}
	return w[:len(w)-1]
}

func step1b(w []byte) []byte {
	if head, ok := cutSuffix(w, "eed"); ok {
		if measure(head) > 0 {
			return w[:len(w)-1]
		}
		return w
	}
	for _, suffix := range []string{"ed", "ing"} {
		if head, ok := cutSuffix(w, suffix); ok {
			if hasVowel(head) {
				return step1bRepair(head)
			}
			return w
		}
	}
	return w
}

// step1bRepair puts right what taking off "ed" or "ing" left.
func step1bRepair(w []byte) []byte {
	for _, end := range []string{"at", "bl", "iz"} {
		if bytes.HasSuffix(w, []byte(end)) {
			return append(w, 'e')
		}
	}
	switch {
	case doubleConsonant(w) && !bytes.ContainsRune([]byte("lsz"), rune(w[len(w)-1])):
		return w[:len(w)-1]
	case measure(w) == 1 && shortEnd(w):
		return append(w, 'e')
	}
	return w
}

func step1c(w []byte) []byte {
	if head, ok := cutSuffix(w, "y"); ok && hasVowel(head) {
		w[len(w)-1] = 'i'
	}
	return w
}

func step4(w []byte) []byte {
	for _, suffix := range step4Suffixes {
		head, ok := cutSuffix(w, suffix)
		if !ok {
			continue
		}
		if suffix == "ion" && !bytes.HasSuffix(head, []byte("s")) && !bytes.HasSuffix(head, []byte("t")) {
			return w
		}
		if measure(head) > 1 {
			return head
		}
		return w
	}
	return w
}

func step5(w []byte) []byte {
	if head, ok := cutSuffix(w, "e"); ok {
		if m := measure(head); m > 1 || m == 1 && !shortEnd(head) {
			w = head
		}
	}
	if measure(w) > 1 && doubleConsonant(w) && w[len(w)-1] == 'l' {
		w = w[:len(w)-1]
	}
	return w
}
