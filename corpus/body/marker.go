package body

import (
	"strings"
)

// fenceMark is the opening line of a fenced code block.
type fenceMark struct {
	char   byte
	length int
	indent int
}

// openFence reads "```lang" or "~~~".
func openFence(rest string, indent int) (mark fenceMark, lang string, ok bool) {
	n := runLength(rest)
	info := rest[n:]
	if n < 3 || rest[0] == '`' && strings.IndexByte(info, '`') >= 0 {
		return fenceMark{}, "", false
	}
	return fenceMark{char: rest[0], length: n, indent: indent}, fenceLang(info), true
}

// closes reports whether the line ends the block that f opened.
func (f fenceMark) closes(cur *cursor) bool {
	rest := cur.rest()
	if rest == "" || rest[0] != f.char || cur.indent() > 3 {
		return false
	}
	n := runLength(rest)
	return n >= f.length && strings.TrimSpace(rest[n:]) == ""
}

// fenceLang is the language that an info string names: "go", "{.rust}",
// "js{1,3}", "rust,ignore", "c++ title=x", "{code-cell} python".
func fenceLang(info string) string {
	info = strings.TrimLeft(strings.TrimSpace(info), "{.= ")
	end := strings.IndexAny(info, " \t,{}:;")
	if end >= 0 {
		info = info[:end]
	}
	if len(info) > 40 {
		return ""
	}
	return strings.ToLower(info)
}

// runLength is the number of bytes at the start of s that equal the first.
func runLength(s string) int {
	n := 0
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// atxHeading reads "## text ##".
func atxHeading(rest string) (level int, text string, ok bool) {
	level = runLength(rest)
	if level > 6 {
		return 0, "", false
	}
	text = rest[level:]
	if text != "" && text[0] != ' ' && text[0] != '\t' {
		return 0, "", false
	}
	text = strings.TrimSpace(text)
	trimmed := strings.TrimRight(text, "#")
	if trimmed == "" || strings.HasSuffix(trimmed, " ") || strings.HasSuffix(trimmed, "\t") {
		text = strings.TrimSpace(trimmed)
	}
	return level, dropHeadingID(text), true
}

// dropHeadingID cuts a trailing "{#id .class}".
func dropHeadingID(text string) string {
	if !strings.HasSuffix(text, "}") {
		return text
	}
	if i := strings.LastIndexByte(text, '{'); i > 0 && i+1 < len(text) && strings.IndexByte("#.:", text[i+1]) >= 0 {
		return strings.TrimSpace(text[:i])
	}
	return text
}

// setextLevel is 1 for "===", 2 for "---" and 0 for other lines.
func setextLevel(rest string) int {
	n := runLength(rest)
	if strings.TrimSpace(rest[n:]) != "" {
		return 0
	}
	switch rest[0] {
	case '=':
		return 1
	case '-':
		return 2
	default:
		return 0
	}
}

// thematicBreak reports three or more of one of * - _ with optional spaces.
func thematicBreak(rest string) bool {
	if rest[0] == '=' {
		return false
	}
	n := 0
	for i := range len(rest) {
		switch rest[i] {
		case rest[0]:
			n++
		case ' ', '\t':
		default:
			return false
		}
	}
	return n >= 3
}

// listMarker reads "-", "*", "+", "1." or "1)" followed by white space; first
// tells whether a list that starts with it may interrupt a paragraph.
func listMarker(rest string) (width int, first, ok bool) {
	switch c := rest[0]; {
	case c == '-' || c == '*' || c == '+':
		width, first = 1, true
	case c >= '0' && c <= '9':
		for width < len(rest) && width < 10 && rest[width] >= '0' && rest[width] <= '9' {
			width++
		}
		if width > 9 || width == len(rest) || rest[width] != '.' && rest[width] != ')' {
			return 0, false, false
		}
		first = rest[:width] == "1"
		width++
	default:
		return 0, false, false
	}
	ok = width == len(rest) || rest[width] == ' ' || rest[width] == '\t'
	return width, first, ok
}

// footnoteStart reads "[^label]:".
func footnoteStart(rest string) (label string, width int, ok bool) {
	if !strings.HasPrefix(rest, "[^") {
		return "", 0, false
	}
	end := strings.Index(rest[:min(len(rest), maxLabel)], "]:")
	if end < 3 || strings.ContainsAny(rest[2:end], " []") {
		return "", 0, false
	}
	return rest[2:end], end + 2, true
}
