package body

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// inline reads the text of a paragraph or heading whose markup is code spans,
// emphasis around whole words, and plain links. What else may be markup makes it
// give up.
type inline struct {
	src   string
	pos   int
	buf   []byte
	links []Link
	open  []delimiter
	// names says that brackets alone may be links, by names that are defined.
	names bool
	// checked says that the source was looked through for what visible reports.
	checked, clean bool
}

// delimiter is an opened emphasis or bracket.
type delimiter struct {
	char byte
	n    int
	at   int // where its text starts in buf
}

func (d delimiter) bracket() bool { return d.char == '[' }

// maxDelimiters bounds how deep emphasis and brackets may nest here.
const maxDelimiters = 16

// special has a mark for each byte that does not stand for itself.
//
//nolint:gochecknoglobals // immutable table
var special = specialBytes()

func specialBytes() (t [256]bool) {
	for c := range byte(' ') {
		t[c] = true
	}
	for _, c := range []byte("\\`*_[]<&~!:@w\x7f") {
		t[c] = true
	}
	t['\n'], t['\t'] = false, false
	return t
}

// read reads src; false when it has to be parsed.
func (in *inline) read(src string) bool {
	src = strings.TrimRight(src, " \t\n")
	in.checked = false
	in.src, in.pos, in.buf, in.links, in.open = src, 0, in.buf[:0], in.links[:0], in.open[:0]
	for in.pos < len(src) {
		from := in.pos
		for in.pos < len(src) && !special[src[in.pos]] {
			in.pos++
		}
		in.buf = append(in.buf, src[from:in.pos]...)
		if in.pos < len(src) && !in.mark() {
			return false
		}
	}
	return len(in.open) == 0
}

// mark handles the special byte at pos.
func (in *inline) mark() bool {
	switch c := in.src[in.pos]; c {
	case '`':
		return in.code()
	case '*', '_':
		return in.emphasis(c)
	case '[':
		return in.bracket()
	case ']':
		return in.unbracket()
	case ':':
		return in.literal(!strings.HasPrefix(in.src[in.pos:], "://"))
	case 'w':
		return in.literal(!strings.HasPrefix(in.src[in.pos:], "www."))
	case '!':
		return in.literal(!strings.HasPrefix(in.src[in.pos:], "!["))
	case '@':
		return in.literal(in.pos == 0 || sideOf(in.src[in.pos-1]) == spaceSide)
	case '\\':
		return in.escape()
	case '&':
		return in.entity()
	default:
		return false
	}
}

func (in *inline) literal(ok bool) bool {
	in.buf = append(in.buf, in.src[in.pos])
	in.pos++
	return ok
}

// escape reads a backslash and what it stands before.
func (in *inline) escape() bool {
	rest := in.src[in.pos+1:]
	switch {
	case rest == "" || !in.visible():
		return false
	case rest[0] == '\n':
		in.buf = append(in.buf, ' ')
	case sideOf(rest[0]) == punctSide:
		in.buf = append(in.buf, rest[0])
	default:
		return false
	}
	in.pos += 2
	return true
}

// entity reads "&name;", or an ampersand.
func (in *inline) entity() bool {
	end := in.pos + 1
	for end < len(in.src) && (isAlnum(in.src[end]) || in.src[end] == '#') {
		end++
	}
	if end < len(in.src) && in.src[end] == ';' {
		end++
	}
	in.buf = appendText(in.buf, html.UnescapeString(in.src[in.pos:end]))
	in.pos = end
	return in.visible()
}

// visible reports text without characters that are dropped, or become spaces, beside
// escapes and entities: how far that reaches is for the parser to tell.
func (in *inline) visible() bool {
	if in.checked {
		return in.clean
	}
	in.checked, in.clean = true, true
	for _, mark := range [...]string{"\u00a0", "\u00ad", "\u200b", "\ufeff"} {
		in.clean = in.clean && !strings.Contains(in.src, mark)
	}
	return in.clean
}

// code reads a code span.
func (in *inline) code() bool {
	n := runLength(in.src[in.pos:])
	from := in.pos + n
	for at := from; ; {
		next := strings.IndexByte(in.src[at:], '`')
		if next < 0 {
			return false
		}
		at += next
		run := runLength(in.src[at:])
		if run != n {
			at += run
			continue
		}
		text := in.src[from:at]
		if !plainCode(text) {
			return false
		}
		in.buf = append(in.buf, text...)
		in.pos = at + run
		return true
	}
}

// plainCode reports code that is taken as it is: a space at both ends would go.
func plainCode(s string) bool {
	return s != "" && s[0] != ' ' && s[0] != '\n' && s[len(s)-1] != ' ' && s[len(s)-1] != '\n'
}

// emphasis reads a run of * or _. It gives up where the run may open as well as
// close, unless what was opened last is its like: then it closes that. Source:
// CommonMark, left- and right-flanking delimiter runs.
func (in *inline) emphasis(c byte) bool {
	n := runLength(in.src[in.pos:])
	before, after := byte('\n'), byte('\n')
	if in.pos > 0 {
		before = in.src[in.pos-1]
	}
	if in.pos+n < len(in.src) {
		after = in.src[in.pos+n]
	}
	at := in.pos
	in.pos += n
	left, right := sideOf(before), sideOf(after)
	switch {
	case left == otherSide || right == otherSide:
		return false
	case c == '_' && left == wordSide && right == wordSide:
		in.buf = append(in.buf, in.src[at:in.pos]...)
		return true
	case n > 3 || left == spaceSide && right == spaceSide:
		return false
	case left == spaceSide, left == punctSide && right == wordSide:
		in.open = append(in.open, delimiter{char: c, n: n, at: len(in.buf)})
		return len(in.open) <= maxDelimiters
	}
	return in.closes(c, n)
}

// side is what stands on one side of a run.
type side uint8

const (
	spaceSide side = iota
	wordSide
	punctSide
	otherSide // beyond ASCII: looked at by the parser
)

func sideOf(c byte) side {
	switch {
	case c == ' ' || c == '\n' || c == '\t':
		return spaceSide
	case isAlnum(c):
		return wordSide
	case c > ' ' && c < 0x7f:
		return punctSide
	}
	return otherSide
}

// closes ends what was opened last, which must be the same.
func (in *inline) closes(c byte, n int) bool {
	last := len(in.open) - 1
	if last < 0 || in.open[last].char != c || in.open[last].n != n {
		return false
	}
	in.open = in.open[:last]
	return true
}

func isAlnum(c byte) bool { return isLetter(c) || isDigit(c) }

// bracket begins what may be a link.
func (in *inline) bracket() bool {
	if strings.HasPrefix(in.src[in.pos:], "[^") {
		return false
	}
	in.open = append(in.open, delimiter{char: '[', at: len(in.buf)})
	in.buf = append(in.buf, '[')
	in.pos++
	return len(in.open) <= maxDelimiters
}

// unbracket ends a link, or brackets that are none.
func (in *inline) unbracket() bool {
	last := len(in.open) - 1
	if last < 0 || in.open[last].char != '[' {
		return in.literal(!slices.ContainsFunc(in.open, delimiter.bracket))
	}
	at := in.open[last].at
	in.open = in.open[:last]
	in.pos++
	if !strings.HasPrefix(in.src[in.pos:], "(") {
		in.buf = append(in.buf, ']')
		return !in.names
	}
	n := 1
	for in.pos+n < len(in.src) && destination(in.src[in.pos+n]) {
		n++
	}
	if slices.ContainsFunc(in.open, delimiter.bracket) {
		return false // A link within brackets.
	}
	if n == 1 || in.pos+n == len(in.src) || in.src[in.pos+n] != ')' {
		return false
	}
	in.buf = append(in.buf[:at], in.buf[at+1:]...)
	in.links = append(in.links, Link{URL: in.src[in.pos+1 : in.pos+n], Text: squeeze(in.buf[at:])})
	in.pos += n + 1
	return true
}

// destination reports a byte that an address may hold and that stands for itself.
func destination(c byte) bool {
	return isAlnum(c) || strings.IndexByte("-._~:/?#@!$'*+,;=%", c) >= 0
}
