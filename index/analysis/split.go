package analysis

import (
	"unicode"
	"unicode/utf8"
)

const (
	// maxParts is the number of parts beyond which an identifier is found whole only.
	maxParts = 32
	// maxDigitCuts is the number of changes between letters and digits beyond which
	// text is taken for a hash, and not cut there.
	maxDigitCuts = 3
)

// split holds the byte ranges of an identifier's parts.
type split struct {
	ranges [maxParts][2]int
	n      int
}

// kindOfRune is what a character is to the splitter.
type kindOfRune uint8

const (
	other   kindOfRune = iota // punctuation: ends a part
	small                     // a letter that is not a capital
	capital                   // a capital
	number                    // a digit
)

// split cuts the identifier [i,j) into parts: at punctuation, before a capital that
// follows a small letter (use|Effect), before the last of several capitals when a
// small letter follows (HTTP|Server), and between letters and digits (go|1.22).
// A dot or comma between digits does not cut. Single letters are not cut off
// (iPhone, k8s, s3), nor is the s of APIs, nor the ending of 2nd.
func (s *scanner) split(i, j int) split {
	sp, digitCuts := s.splitAt(i, j, true)
	if digitCuts > maxDigitCuts {
		sp, _ = s.splitAt(i, j, false)
	}
	return sp
}

func (s *scanner) splitAt(i, j int, atDigits bool) (sp split, digitCuts int) {
	c := cutter{text: s.text, end: j, atDigits: atDigits, start: -1}
	for k := i; k < j; {
		r, size := rune(s.text[k]), 1
		if r >= 0x80 {
			r, size = utf8.DecodeRuneInString(s.text[k:j])
		}
		c.step(k, size, kindOf(r))
		k += size
	}
	c.finish(j)
	if c.overflow {
		c.sp.ranges[0], c.sp.n = [2]int{i, j}, 1
	}
	return c.sp, c.digitCuts
}

//nolint:gochecknoglobals // immutable table
var asciiKinds = [high + 1]kindOfRune{lower: small, upper: capital, digit: number}

func kindOf(r rune) kindOfRune {
	switch {
	case r < 0x80:
		return asciiKinds[classes[r]]
	case isDigit(r):
		return number
	case unicode.IsUpper(r):
		return capital
	case isWordRest(r):
		return small
	}
	return other
}

// cutter is the state while an identifier is split.
type cutter struct {
	sp        split
	text      string
	end       int
	atDigits  bool
	digitCuts int
	overflow  bool

	start    int        // where the current part began, -1 when between parts
	letters  int        // how many characters it has
	last     kindOfRune // the kind of its last character
	lastAt   int        // and where that is
	softFrom bool       // the current part was cut from the one before, without punctuation
	isNumber bool       // the current part has only digits, and dots and commas between them
}

func (c *cutter) step(k, size int, kind kindOfRune) {
	switch {
	case kind == other:
		c.punctuation(k, size)
		return
	case c.start < 0:
		c.begin(k, false)
	case c.last == other: // after ++ or #
		c.cutHere(k)
	case c.isDigitCut(k, kind):
		c.cutHere(k)
		c.digitCuts++
	case kind == capital && c.last == small:
		c.cutHere(k)
	case kind == small && c.last == capital && c.letters > 1 && c.lastAt > c.start && !c.isPlural(k, size):
		c.cutBefore(c.lastAt)
	}
	c.last, c.lastAt = kind, k
	c.letters++
	c.isNumber = c.isNumber && kind == number
}

// punctuation ends the part, unless it belongs to a number (1.22) or name (c++).
func (c *cutter) punctuation(k, size int) {
	b := c.text[k]
	switch {
	case c.start < 0:
	case b == '+' || b == '#':
		c.last = other
		c.letters++
	case b == '\'' || size > 1: // an apostrophe
	case (b == '.' || b == ',') && c.last == number && k+1 < c.end && classes[c.text[k+1]] == digit && c.isNumber:
	default:
		c.finish(k)
	}
}

func (c *cutter) isDigitCut(k int, kind kindOfRune) bool {
	if !c.atDigits || (kind == number) == (c.last == number) {
		return false
	}
	return kind == number || !c.isOrdinal(k)
}

// isOrdinal: the letters from k to the end make an ordinal number of the digits.
func (c *cutter) isOrdinal(k int) bool {
	switch c.text[k:c.end] {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// isPlural: the s at k ends a word of capitals, as in APIs.
func (c *cutter) isPlural(k, size int) bool {
	return c.text[k] == 's' && (k+size == c.end || kindOf(rune(c.text[k+size])) != small && c.text[k+size] < 0x80)
}

func (c *cutter) begin(k int, soft bool) {
	c.start, c.letters, c.softFrom, c.isNumber = k, 0, soft, true
}

// cutHere ends the current part before k, if it has more than one letter.
func (c *cutter) cutHere(k int) {
	if c.letters == 1 && c.last != number {
		return
	}
	c.add(k)
	c.begin(k, true)
}

// cutBefore ends the current part before its last character, at k.
func (c *cutter) cutBefore(k int) {
	if c.letters == 2 {
		return
	}
	c.add(k)
	c.begin(k, true)
	c.letters, c.isNumber = 1, false
}

// finish ends the current part; a single letter goes with the part before it.
func (c *cutter) finish(k int) {
	if c.start < 0 {
		return
	}
	if c.softFrom && c.letters == 1 && c.last != number && c.sp.n > 0 && !c.overflow {
		c.sp.ranges[c.sp.n-1][1] = k
	} else {
		c.add(k)
	}
	c.start = -1
}

func (c *cutter) add(k int) {
	if c.sp.n == maxParts {
		c.overflow = true
		return
	}
	c.sp.ranges[c.sp.n] = [2]int{c.start, k}
	c.sp.n++
}
