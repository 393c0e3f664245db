package analysis

import "unicode"

// Searchable reports whether a token may start with r: letters, decimal digits,
// superior and inferior digits, and pictographs.
func Searchable(r rune) bool {
	return isWordStart(r) || Unspaced(r) || isEmoji(r)
}

// isWordStart reports whether r starts a word of a script with spaces.
func isWordStart(r rune) bool {
	if r < 0x80 {
		return classes[r]&(letter|digit) != 0
	}
	if isPlainLetter(r) {
		return true
	}
	return unicode.IsLetter(r) && !Unspaced(r) || isDigit(r)
}

// isPlainLetter spares most text the search in the Unicode tables: Latin beyond
// ASCII and the letters of Cyrillic.
func isPlainLetter(r rune) bool {
	return r >= latinFirst && r <= latinLast && r != '×' && r != '÷' || r >= 0x400 && r <= 0x481
}

// isPlainUnspaced does so for Han, Kana and Hangul.
func isPlainUnspaced(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3041 && r <= 0x3096 || r >= 0x30A1 && r <= 0x30FA || r >= 0xAC00 && r <= 0xD7A3
}

// isWordRest reports whether r goes on with a word: also marks on a letter, and
// the characters that only guide line breaks and ligatures.
func isWordRest(r rune) bool {
	if r < 0x80 {
		return classes[r]&wordClass != 0
	}
	return isPlainLetter(r) || isWordStart(r) || unicode.IsMark(r) && !Unspaced(r) || isInvisible(r)
}

// isInvisible: soft hyphen, zero-width joiner and non-joiner, word joiner.
func isInvisible(r rune) bool {
	return r == 0xAD || r == 0x200C || r == 0x200D || r == 0x2060 || r == 0xFEFF
}

func isDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 0x80 && unicode.Is(unicode.Nd, r) || isSmallDigit(r)
}

// isSmallDigit: superior and inferior digits, as in x² and CO₂.
func isSmallDigit(r rune) bool {
	return r == 0xB2 || r == 0xB3 || r == 0xB9 || r == 0x2070 || r >= 0x2074 && r <= 0x2079 || r >= 0x2080 && r <= 0x2089
}

// runeRange is a block of characters, both ends included.
type runeRange struct{ first, last rune }

// unspaced are the blocks of scripts that are written without spaces, or whose
// words need finer cuts than spaces give: Thai, Lao, Myanmar, Hangul, Khmer, Kana,
// Bopomofo and Han. In order.
//
//nolint:gochecknoglobals // immutable table
var unspaced = []runeRange{
	{0x0E00, 0x0EFF},
	{0x1000, 0x109F},
	{0x1100, 0x11FF},
	{0x1780, 0x17FF},
	{0x3005, 0x3007},
	{0x3041, 0x318F},
	{0x31A0, 0x31BF},
	{0x31F0, 0x31FF},
	{0x3400, 0x4DBF},
	{0x4E00, 0x9FFF},
	{0xA960, 0xA97F},
	{0xAC00, 0xD7FF},
	{0xF900, 0xFAFF},
	{0xFF66, 0xFFDC},
	{0x1B000, 0x1B16F},
	{0x20000, 0x3FFFF},
}

// Unspaced reports whether r is a letter or mark of a script that is written
// without spaces between words, and is searched by pairs of characters.
func Unspaced(r rune) bool {
	if r < unspaced[0].first || isPlainUnspaced(r) {
		return r >= unspaced[0].first
	}
	for _, b := range unspaced {
		if r <= b.last {
			return r >= b.first && (unicode.IsLetter(r) || unicode.IsMark(r) || r == 0x3007)
		}
	}
	return false
}

// isEmoji reports whether r is a pictograph that stands as a token of its own.
// Skin tones, joiners and variation selectors do not.
func isEmoji(r rune) bool {
	switch {
	case r < 0x231A:
		return false
	case r < 0x1F000:
		return r <= 0x23FF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF
	}
	return r <= 0x1FAFF && !isSkinTone(r) && !unicode.IsNumber(r) && !unicode.IsLetter(r) && isPictograph(r)
}

func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// isPictograph leaves out the squared and circled letters, which NFKC makes into
// letters.
func isPictograph(r rune) bool { return r < 0x1F100 || r > 0x1F2FF || isRegional(r) }

// isRegional: two of these make a flag.
func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
