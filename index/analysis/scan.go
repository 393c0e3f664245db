package analysis

import (
	"strings"
	"unicode/utf8"
)

// MaxTermBytes is the length at which a word is cut, and beyond which the whole of
// a path or hyphenated word is left out.
const MaxTermBytes = 64

// scanner walks over one text.
type scanner struct {
	text  string
	small string // text with its ASCII capitals made small, once it is needed
	dst   []Token
	pos   int // the next token's position
	mode  Mode
	// elides: an apostrophe ends a word, as in l'eau.
	elides bool
	// severed and possessive: the chunk at hand has slashes or hyphens, apostrophes.
	severed, possessive bool
}

// Append adds the tokens of text to dst and returns it. Positions count from 0;
// starts never go down, and a position is that of the token before or the next. It
// never fails: bytes that are not UTF-8 separate words. Terms share memory with
// text where nothing had to change; a caller that keeps terms clones them.
func (a *Analyzer) Append(dst []Token, text string, mode Mode) []Token {
	s := scanner{text: text, dst: dst, mode: mode, elides: a.elides || mode == Code}
	s.scan()
	return s.dst
}

// scan finds where tokens start. Plain ASCII words, the bulk of most texts, are
// cut out here; everything else goes to chunk.
func (s *scanner) scan() {
	text := s.text
	for i := 0; i < len(text); {
		c := classes[text[i]]
		switch {
		case c&letter != 0:
			i = s.fastWord(i)
		case c&(digit|under) != 0:
			i = s.chunkAt(i, i)
		case c == join:
			i = s.sigil(i)
		case c == high:
			i = s.highRune(i)
		default:
			i++
		}
	}
}

// fastWord handles a run of ASCII letters that nothing joins to what follows, in
// the capitals of a normal word: go, Go, GO.
func (s *scanner) fastWord(i int) int {
	text := s.text
	first := classes[text[i]]
	rest := class(0)
	j := i + 1
	for j < len(text) {
		c := classes[text[j]]
		if c&letter == 0 {
			break
		}
		rest |= c
		j++
	}
	isPlain := rest&upper == 0 || first == upper && rest == upper
	if !isPlain || s.mayJoin(j) {
		return s.chunkAt(i, i)
	}
	s.word(i, j, (first|rest)&upper != 0)
	return j
}

// mayJoin reports whether a word of letters that ends at j may go on there, or needs
// a closer look for another reason.
func (s *scanner) mayJoin(j int) bool {
	if j == len(s.text) {
		return false
	}
	c := classes[s.text[j]]
	if c != join {
		return c != 0
	}
	switch s.text[j] {
	case '+', '#':
		return true
	}
	if j+1 == len(s.text) {
		return false
	}
	next := classes[s.text[j+1]]
	return next&(wordClass|high) != 0 || next == join && s.text[j+1] == ':'
}

// word emits a plain ASCII word.
func (s *scanner) word(i, j int, hasUpper bool) {
	kind := Word
	if s.mode == Code {
		kind = Identifier
	}
	term := s.text[i:j]
	if hasUpper {
		term = s.smallText()[i:j]
	}
	if len(term) > MaxTermBytes {
		term = term[:MaxTermBytes]
	}
	s.dst = append(s.dst, Token{Term: term, Position: s.pos, Start: i, End: j, Kind: kind})
	s.pos++
}

// smallText is the text with small ASCII letters: made once, so that words with
// capitals cost no allocation each.
func (s *scanner) smallText() string {
	if s.small == "" {
		s.small = lowerASCII(s.text)
	}
	return s.small
}

// sigil handles punctuation before a word: --flag, @decorator, .NET. Anything else
// is skipped.
func (s *scanner) sigil(i int) int {
	text := s.text
	if i > 0 && classes[text[i-1]] != 0 && !s.opensSigil(text[i-1]) {
		return i + 1
	}
	n := 1
	switch text[i] {
	case '.':
		if s.mode == Code {
			return i + 1
		}
	case '@':
	case '-':
		if n = 2; !strings.HasPrefix(text[i:], "--") {
			return i + 1
		}
	default:
		return i + 1
	}
	if i+n == len(text) || classes[text[i+n]]&letter == 0 {
		return i + n
	}
	return s.chunkAt(i, i+n)
}

// opensSigil reports whether a sigil may follow c, which is not a separator.
func (s *scanner) opensSigil(c byte) bool { return c == '\'' || c == ':' || c == ',' || c == '/' }

// highRune handles a character beyond ASCII at i.
func (s *scanner) highRune(i int) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case Unspaced(r):
		return s.unspacedRun(i)
	case isWordStart(r):
		return s.chunkAt(i, i)
	case isEmoji(r):
		return s.emoji(i)
	}
	return i + size
}

// emoji emits a pictograph, or the two halves of a flag, as an Identifier.
func (s *scanner) emoji(i int) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	j := i + size
	if next, size := utf8.DecodeRuneInString(s.text[j:]); isRegional(r) && isRegional(next) {
		j += size
	}
	s.emit(Identifier, i, j)
	s.pos++
	return j
}

// chunkAt finds the end of what joins to the word that starts at i and emits its
// tokens. A sigil stands at [from,i).
func (s *scanner) chunkAt(from, i int) int {
	end := s.chunkEnd(i)
	if end == i {
		return i + 1
	}
	last := end
	if s.possessive {
		last = i + len(trimPossessive(s.text[i:end]))
	}
	if s.text[from] == '-' {
		s.whole(from, last)
		from = i
	}
	s.slashes(from, last)
	return end
}

// emit appends the folded text [i,j) at the current position, if anything is left
// of it, cut to MaxTermBytes.
func (s *scanner) emit(kind Kind, i, j int) {
	s.emitTerm(kind, i, j, s.term(i, j))
}

func (s *scanner) emitTerm(kind Kind, i, j int, term string) bool {
	if len(term) > MaxTermBytes {
		term = cut(term)
	}
	if term == "" {
		return false
	}
	s.dst = append(s.dst, Token{Term: term, Position: s.pos, Start: i, End: j, Kind: kind})
	return true
}

// cut shortens a term to MaxTermBytes without cutting a character or leaving the
// end of a possessive.
func cut(term string) string {
	n := MaxTermBytes
	for !utf8.RuneStart(term[n]) {
		n--
	}
	return trimPossessive(term[:n])
}

// term folds the text [i,j).
func (s *scanner) term(i, j int) string {
	part := s.text[i:j]
	bits := class(0)
	for k := range len(part) {
		bits |= classes[part[k]]
	}
	switch {
	case bits&high != 0:
		return foldTerm(part)
	case bits&upper != 0:
		return s.smallText()[i:j]
	}
	return part
}

// whole emits the whole of a text that also gives its pieces, unless it is too
// long to be searched as one.
func (s *scanner) whole(i, j int) {
	if j-i > 2*MaxTermBytes {
		return
	}
	if term := s.term(i, j); len(term) <= MaxTermBytes {
		s.emitTerm(s.wholeKind(i, j), i, j, term)
	}
}

// wholeKind is Number when there are digits and punctuation only.
func (s *scanner) wholeKind(i, j int) Kind {
	for k := i; k < j; k++ {
		if classes[s.text[k]]&(letter|under|high) != 0 {
			return Identifier
		}
	}
	return Number
}
