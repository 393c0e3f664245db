package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which facet values and keywords are compared, and of
// which terms are made: NFKC, lower case, Latin and Greek letters without
// diacritics, ligatures and ß spelled out, ё as е, Arabic and Hebrew without
// points, typographic apostrophes and hyphens as ASCII, runs of spaces as one, none
// at the ends. Folding twice changes nothing. It returns s itself where nothing
// changes.
func Fold(s string) string {
	folded := foldRunes(s)
	if strings.IndexByte(folded, ' ') < 0 && isASCII(folded) && !strings.ContainsAny(folded, "\t\n\v\f\r") {
		return folded
	}
	if fields := strings.Fields(folded); len(fields) != 1 || fields[0] != folded {
		return strings.Join(fields, " ")
	}
	return folded
}

// foldRunes folds character by character.
func foldRunes(s string) string {
	if isASCII(s) {
		return lowerASCII(s)
	}
	if folded, ok := foldPlain(s); ok {
		return folded
	}
	return foldSlow(s)
}

// foldPlain folds text of the letters that the tables here cover, each by itself;
// what comes out has letters in place of letters. It is not ok with other text.
func foldPlain(s string) (folded string, ok bool) {
	var stack [2 * MaxTermBytes]byte
	buf := stack[:0]
	changed := false
	for _, r := range s {
		switch {
		case r < 0x80:
			if classes[r] == upper {
				r += 'a' - 'A'
				changed = true
			}
			buf = append(buf, byte(r))
		case r >= latinFirst && r <= latinLast:
			buf = append(buf, latin[r-latinFirst]...)
			changed = true
		case r >= 0x430 && r <= 0x44F || isPlainUnspaced(r):
			buf = utf8.AppendRune(buf, r)
		case r >= 0x400 && r <= 0x45F:
			buf = utf8.AppendRune(buf, smallCyrillic(r))
			changed = true
		case r == 0x2019:
			buf = append(buf, '\'')
			changed = true
		default:
			return "", false
		}
	}
	if !changed {
		return s, true
	}
	return string(buf), true
}

// smallCyrillic folds a letter of the basic block.
func smallCyrillic(r rune) rune {
	switch {
	case r == 'Ё' || r == 'ё':
		return 'е'
	case r < 0x410:
		return r + 0x50
	case r < 0x430:
		return r + 0x20
	}
	return r
}

// latin holds the folded forms of the letters with which European languages are
// written.
const latinFirst, latinLast = 0xC0, 0x24F

//nolint:gochecknoglobals // immutable table
var latin = makeLatin()

func makeLatin() (t [latinLast - latinFirst + 1]string) {
	for i := range t {
		t[i] = foldSlow(string(rune(latinFirst + i)))
	}
	return t
}

// foldSlow folds any text. Lower-casing and dropping marks may give something that
// is not yet in normal form, so it goes on until nothing changes.
func foldSlow(s string) string {
	s = punctuated.Replace(s)
	for range 4 {
		next := norm.NFKC.String(foldOnce(norm.NFKC.String(s)))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// punctuated are the letters of which normal form makes a letter and punctuation.
//
//nolint:gochecknoglobals // immutable table
var punctuated = strings.NewReplacer("ŉ", "n", "ŀ", "l", "Ŀ", "l")

func foldOnce(s string) string {
	b := make([]byte, 0, len(s))
	dropMarks := false // the letter before is one that loses its marks
	for _, r := range s {
		switch {
		case isInvisible(r) || isPoint(r) || dropMarks && unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsMark(r):
			b = utf8.AppendRune(b, r)
			continue
		}
		base := r
		if dropMarks = losesMarks(r); dropMarks {
			base = baseRune(r)
		}
		b = appendFolded(b, unicode.ToLower(base))
	}
	return string(b)
}

// losesMarks reports whether diacritics on r are dropped. Elsewhere a mark makes
// another letter: й is not и.
func losesMarks(r rune) bool {
	return r < 0x80 || unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Greek, r)
}

// baseRune gives the letter without its diacritics.
func baseRune(r rune) rune {
	if r < 0x80 {
		return r
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	if d := norm.NFD.Properties(buf[:n]).Decomposition(); d != nil {
		r, _ = utf8.DecodeRune(d)
	}
	return r
}

// isPoint: Arabic vowel signs and tatweel, Hebrew points, variation selectors.
func isPoint(r rune) bool {
	return r >= 0x064B && r <= 0x0652 || r == 0x0670 || r == 0x0640 || r >= 0x0591 && r <= 0x05C7 && unicode.IsMark(r) ||
		r >= 0xFE00 && r <= 0xFE0F
}

// appendFolded appends the spelling of a small letter.
func appendFolded(b []byte, r rune) []byte {
	if s, ok := spelled[r]; ok {
		return append(b, s...)
	}
	return utf8.AppendRune(b, r)
}

// spelled are the letters that have no decomposition but a plain spelling.
//
//nolint:gochecknoglobals // immutable table
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ŋ': "n", 'ħ': "h", 'ŧ': "t",
	'ĸ': "k", 'ƒ': "f", 'ȷ': "j", 'ɨ': "i", 'ʉ': "u", 'ƀ': "b", 'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y", 'ǝ': "e", 'ə': "e",
	'ς': "σ", 'ё': "е", '‘': "'", '’': "'", 'ʼ': "'", '‐': "-", '‑': "-", 'ی': "ي", 'ک': "ك", 'ى': "ي", 'أ': "ا", 'إ': "ا", 'آ': "ا",
}
