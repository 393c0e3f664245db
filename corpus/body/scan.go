package body

import "strings"

// maxTag bounds the length of a tag of a template or of JSX.
const maxTag = 4096

// span is a range of bytes.
type span struct{ from, to int }

// fenceMark is the opening line of a fenced code block.
type fenceMark struct {
	char   byte
	length int
}

// openFence reads "```lang" or "~~~" from a line without indentation.
func openFence(line string) (mark fenceMark, ok bool) {
	line = strings.TrimRight(line, "\n")
	if line == "" || line[0] != '`' && line[0] != '~' {
		return fenceMark{}, false
	}
	n := runLength(line)
	if n < 3 || line[0] == '`' && strings.IndexByte(line[n:], '`') >= 0 {
		return fenceMark{}, false
	}
	return fenceMark{char: line[0], length: n}, true
}

// closes reports whether the line ends the block that f opened.
func (f fenceMark) closes(line string) bool {
	line = strings.TrimRight(strings.TrimLeft(line, " \t>"), " \t\n")
	return line != "" && line[0] == f.char && runLength(line) == len(line) && len(line) >= f.length
}

// runLength is the number of bytes at the start of s that equal the first.
func runLength(s string) int {
	n := 0
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// backtickRuns maps the length of each run of backticks to its last position.
func backtickRuns(s string) map[int]int {
	last := make(map[int]int)
	for i := 0; i < len(s); {
		at := strings.IndexByte(s[i:], '`')
		if at < 0 {
			break
		}
		i += at
		n := runLength(s[i:])
		last[n] = i
		i += n
	}
	return last
}

// listMarker is the length of "-", "*", "+", "1." or "1)" at the start of s, if
// white space or the end follows.
func listMarker(s string) (width int, ok bool) {
	for width < len(s) && width < 9 && isDigit(s[width]) {
		width++
	}
	marks := "-*+"
	if width > 0 {
		marks = ".)"
	}
	if width == len(s) || strings.IndexByte(marks, s[width]) < 0 {
		return 0, false
	}
	width++
	return width, width == len(s) || strings.IndexByte(" \t\n", s[width]) >= 0
}

// trimContainers drops quotation and list markers at the start of a line.
func trimContainers(line string) string {
	for range 8 {
		line = strings.TrimLeft(line, " \t")
		if strings.HasPrefix(line, ">") {
			line = line[1:]
			continue
		}
		width, ok := listMarker(line)
		if !ok || width == len(line) {
			return line
		}
		line = line[width:]
	}
	return line
}

// tagName is the lower-case name of the tag at the start of s, if one starts there.
func tagName(s string) (name string, closing bool) {
	s = s[1:]
	if strings.HasPrefix(s, "/") {
		s, closing = s[1:], true
	}
	n := 0
	for n < len(s) && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '-')) {
		n++
	}
	if n == 0 || n < len(s) && strings.IndexByte(" \t\n/>", s[n]) < 0 {
		return "", false
	}
	return strings.ToLower(s[:n]), closing
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isWord(b byte) bool { return isLetter(b) || isDigit(b) || b == '_' }

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
