package analysis

import (
	"strings"
	"unicode/utf8"
)

// chunkEnd finds the end of the chunk whose first word starts at i: everything
// that slashes, hyphens, dots and so on join to it. Such punctuation joins only
// when a word follows at once, so a sentence's full stop is never part of a chunk.
func (s *scanner) chunkEnd(i int) int {
	text := s.text
	s.severed, s.possessive = false, false
	k, runStart := i, i // runStart: where the letters and digits before k began
	for k < len(text) {
		c := classes[text[k]]
		if c&wordClass != 0 {
			k++
			continue
		}
		if c == high {
			if n := s.highLength(k); n > 0 {
				k += n
				continue
			}
		}
		n := s.joint(c, runStart, k)
		if n == 0 {
			return k
		}
		k += n
		runStart = k
	}
	return k
}

// joint is the size of what joins at k, a byte of class c; 0 when nothing does.
func (s *scanner) joint(c class, runStart, k int) int {
	if c == join {
		return s.joinLength(runStart, k)
	}
	if c == high {
		return s.highJoin(k)
	}
	return 0
}

// highLength is the size of the character at k when it goes on with a word.
func (s *scanner) highLength(k int) int {
	if r, size := utf8.DecodeRuneInString(s.text[k:]); isWordRest(r) {
		return size
	}
	return 0
}

// highJoin is the size of a typographic apostrophe or hyphen that joins.
func (s *scanner) highJoin(k int) int {
	r, size := utf8.DecodeRuneInString(s.text[k:])
	switch {
	case r == '’' && s.apostrophe(k, k+size):
		s.possessive = true
		return size
	case (r == '‐' || r == '‑') && s.wordAt(k+size):
		s.severed = true
		return size
	}
	return 0
}

// joinLength is the size of the punctuation at k when it joins what is before it,
// a run that began at runStart, to what follows, or belongs to what is before it.
func (s *scanner) joinLength(runStart, k int) int {
	switch s.text[k] {
	case '.', '@':
		if s.wordAt(k + 1) {
			return 1
		}
	case '-', '/':
		if s.wordAt(k + 1) {
			s.severed = true
			return 1
		}
	case ':':
		if strings.HasPrefix(s.text[k:], "::") && s.wordAt(k+2) {
			return 2
		}
	case '\'':
		if s.apostrophe(k, k+1) {
			s.possessive = true
			return 1
		}
	case '+':
		return s.plusPlus(runStart, k)
	case '#':
		if k-runStart == 1 && classes[s.text[runStart]]&letter != 0 && !s.letterAt(k+1) {
			return 1
		}
	case ',':
		return s.thousands(runStart, k)
	}
	return 0
}

// apostrophe reports whether the one at [k,next) stands within a word, or before
// the s of a possessive: C++17's.
func (s *scanner) apostrophe(k, next int) bool {
	if s.elides || !s.letterAt(next) {
		return false
	}
	return s.letterBefore(k) || s.text[next]|0x20 == 's' && !s.wordAt(next+1)
}

// plusPlus: C++, g++, Notepad++, c++17. In code only the languages' own names,
// where i++ is an operation.
func (s *scanner) plusPlus(runStart, k int) int {
	name := s.text[runStart:k]
	if !strings.HasPrefix(s.text[k:], "++") || strings.HasPrefix(s.text[k+2:], "+") || s.letterAt(k+2) {
		return 0
	}
	for i := range len(name) {
		if classes[name[i]]&letter == 0 {
			return 0
		}
	}
	if name == "" || s.mode == Code && !isPlusPlusName(name) {
		return 0
	}
	return 2
}

func isPlusPlusName(name string) bool {
	switch strings.ToLower(name) {
	case "c", "g", "clang", "libc", "libstdc":
		return true
	}
	return false
}

// thousands: the comma of 1,000 joins a group of one to three digits, or groups of
// three before it, to exactly three digits.
func (s *scanner) thousands(runStart, k int) int {
	if k == runStart || k-runStart > 3 || !s.digitsOnly(runStart, k) || k+4 > len(s.text) || !s.digitsOnly(k+1, k+4) {
		return 0
	}
	if runStart > 0 && s.text[runStart-1] == ',' && k-runStart != 3 {
		return 0
	}
	if k+4 < len(s.text) && classes[s.text[k+4]]&(wordClass|high) != 0 {
		return 0
	}
	return 1
}

func (s *scanner) digitsOnly(i, j int) bool {
	for ; i < j; i++ {
		if classes[s.text[i]] != digit {
			return false
		}
	}
	return true
}

// wordAt reports whether a word of a script with spaces starts at k.
func (s *scanner) wordAt(k int) bool {
	if k >= len(s.text) {
		return false
	}
	if c := classes[s.text[k]]; c != high {
		return c&wordClass != 0
	}
	r, _ := utf8.DecodeRuneInString(s.text[k:])
	return isWordStart(r)
}

func (s *scanner) letterAt(k int) bool {
	return s.wordAt(k) && classes[s.text[k]]&(digit|under) == 0
}

func (s *scanner) letterBefore(k int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.text[:k])
	return isWordRest(r) && !isDigit(r) && r != '_'
}

// slashes splits a chunk at its slashes: each piece has its own positions, the
// whole stands at the first.
func (s *scanner) slashes(i, j int) {
	if !s.severed {
		s.piece(i, j)
		return
	}
	// The whole of an address is one nobody types.
	s.pieces(i, j, !strings.HasSuffix(s.text[:i], "://"), slashLength, s.hyphens)
}

// hyphens splits a piece at its hyphens in the same way.
func (s *scanner) hyphens(i, j int) {
	s.pieces(i, j, true, hyphenLength, s.piece)
}

// pieces cuts [i,j) where separator finds one, emits the whole if it is wanted and
// there are several pieces, and hands on each.
func (s *scanner) pieces(i, j int, wantWhole bool, separator func(string) int, piece func(i, j int)) {
	start := i
	for k := i; k < j; {
		n := separator(s.text[k:j])
		if n == 0 || k == start {
			k++
			continue
		}
		if wantWhole {
			wantWhole = false
			s.whole(i, j)
		}
		piece(start, k)
		k += n
		start = k
	}
	piece(start, j)
}

func slashLength(s string) int {
	if s[0] == '/' {
		return 1
	}
	return 0
}

func hyphenLength(s string) int {
	if s[0] == '-' {
		return 1
	}
	if strings.HasPrefix(s, "‐") || strings.HasPrefix(s, "‑") {
		return len("‐")
	}
	return 0
}
