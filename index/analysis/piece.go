package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is what a piece is made of.
type shape uint8

const (
	hasLetter shape = 1 << iota
	hasUpper        // a capital that is not the first letter
	hasDigit
	hasApostrophe
	hasComma
	hasOther // punctuation within: . _ : @ + #
)

func (s *scanner) shapeOf(i, j int) (sh shape) {
	for k := i; k < j; {
		c := classes[s.text[k]]
		size := 1
		switch {
		case c == lower:
			sh |= hasLetter
		case c == upper:
			sh |= hasLetter
			if k > i {
				sh |= hasUpper
			}
		case c == digit:
			sh |= hasDigit
		case c == high:
			var r rune
			r, size = utf8.DecodeRuneInString(s.text[k:j])
			sh |= runeShape(r, k == i)
		case s.text[k] == '\'':
			sh |= hasApostrophe
		case s.text[k] == ',':
			sh |= hasComma
		default:
			sh |= hasOther
		}
		k += size
	}
	return sh
}

func runeShape(r rune, isFirst bool) shape {
	switch {
	case r == '’':
		return hasApostrophe
	case !isPlainLetter(r) && isDigit(r):
		return hasDigit
	case !isFirst && unicode.IsUpper(r):
		return hasLetter | hasUpper
	}
	return hasLetter
}

// piece emits the tokens of a text without slashes and hyphens at one position.
func (s *scanner) piece(i, j int) {
	before := len(s.dst)
	sh := s.shapeOf(i, j)
	if sh&hasApostrophe != 0 {
		j = i + len(trimPossessive(s.text[i:j]))
		sh = s.shapeOf(i, j)
	}
	switch {
	case sh&(hasDigit|hasComma|hasOther) == 0:
		s.letters(i, j, sh)
	case sh&hasLetter == 0 && sh&hasDigit != 0 && s.numeric(i, j):
		s.number(i, j)
	default:
		s.identifier(i, j)
	}
	if len(s.dst) > before {
		s.pos++
	}
}

// letters emits a word, or a word in camel case with its parts.
func (s *scanner) letters(i, j int, sh shape) {
	if sh&hasUpper != 0 && sh&hasApostrophe == 0 {
		if sp := s.split(i, j); sp.n > 1 && !isName(s.term(i, j)) {
			s.emit(Identifier, i, j)
			s.parts(sp)
			return
		}
	}
	kind := Word
	if s.mode == Code {
		kind = Identifier
	}
	s.emit(kind, i, j)
}

// trimPossessive removes 's from the end of a word, and an apostrophe that a cut
// left there.
func trimPossessive(word string) string {
	for {
		n := len(word)
		for _, end := range [...]string{"'s", "'S", "’s", "’S", "'", "’"} {
			word = strings.TrimSuffix(word, end)
		}
		if len(word) == n {
			return word
		}
	}
}

// numeric reports whether [i,j) is digits with dots and thousands' commas only.
func (s *scanner) numeric(i, j int) bool {
	for ; i < j; i++ {
		if c := classes[s.text[i]]; c&(under|letter) != 0 || c == join && s.text[i] != '.' && s.text[i] != ',' {
			return false
		}
	}
	return true
}

// number emits a number; the commas of thousands are no part of it. A version of
// three numbers is also found by its first two.
func (s *scanner) number(i, j int) {
	term := s.term(i, j)
	if strings.IndexByte(term, ',') >= 0 {
		term = strings.ReplaceAll(term, ",", "")
	}
	if s.emitTerm(Number, i, j, term) {
		s.release(i, j)
	}
}

// release emits 1.22 as a part of 1.22.3.
func (s *scanner) release(i, j int) {
	if version := s.text[i:j]; strings.Count(version, ".") == 2 {
		s.emit(Part, i, i+strings.LastIndexByte(version, '.'))
	}
}

// identifier emits what mixes letters, digits and punctuation.
func (s *scanner) identifier(i, j int) {
	switch {
	case s.mode != Code && s.isAcronym(i, j):
		s.emitTerm(Word, i, j, strings.ReplaceAll(s.term(i, j), ".", ""))
	case s.isVersion(i, j):
		s.emit(Number, i, j)
		s.emit(Part, i+1, j)
		s.release(i+1, j)
	case s.isHex(i, j):
		s.emit(Number, i, j)
	default:
		sp := s.split(i, j)
		if sp.n == 0 {
			return
		}
		s.emit(Identifier, i, j)
		if sp.n > 1 || sp.ranges[0] != [2]int{i, j} {
			s.parts(sp)
		} else if name := strings.TrimSuffix(s.text[i:j], "++"); len(name) > 1 && i+len(name) < j {
			s.emit(Part, i, i+len(name))
		}
	}
}

// isAcronym: single letters with dots between, three of them or a dot after the
// last: U.S., e.g., R.E.S.T.
func (s *scanner) isAcronym(i, j int) bool {
	for k := i; k < j; k++ {
		c := classes[s.text[k]]
		if isLetter := (k-i)%2 == 0; isLetter && c&letter == 0 || !isLetter && s.text[k] != '.' {
			return false
		}
	}
	isDotted := j < len(s.text) && s.text[j] == '.'
	return (j-i)%2 == 1 && (j-i >= 5 || j-i == 3 && isDotted)
}

// isVersion: v1, v1.22, V2.0.1.
func (s *scanner) isVersion(i, j int) bool {
	return j-i >= 2 && (s.text[i] == 'v' || s.text[i] == 'V') && classes[s.text[i+1]] == digit &&
		strings.Trim(s.text[i+1:j], "0123456789.") == ""
}

// isHex: 0x7fff.
func (s *scanner) isHex(i, j int) bool {
	return j-i >= 3 && s.text[i] == '0' && (s.text[i+1] == 'x' || s.text[i+1] == 'X') &&
		strings.Trim(s.text[i+2:j], "0123456789abcdefABCDEF_") == ""
}

// parts emits the parts of an identifier.
func (s *scanner) parts(sp split) {
	for _, r := range sp.ranges[:sp.n] {
		s.emit(Part, r[0], r[1])
	}
}
