package body

import "strings"

// A Markdown parser may take quadratic time on text that nobody writes: thousands
// of brackets, emphasis marks or nested quotations in one paragraph. The bounds
// below are far above what real posts hold; what is beyond them is read as text.
const (
	// maxMarks is the number of brackets, stars, underscores and tildes of one
	// paragraph that are read as markup.
	maxMarks = 256
	// maxNesting is the number of quotation and list markers read on one line.
	maxNesting = 16
)

// guard returns src with markup beyond the bounds made plain.
func guard(src string) string {
	if !risky(src) {
		return src
	}
	var b strings.Builder
	b.Grow(len(src) + len(src)/16)
	marks := 0
	for line := range strings.Lines(src) {
		if startsBlock(line) {
			marks = 0
		}
		line = bound(line)
		if marks += countMarks(line); marks > maxMarks {
			line = escapeMarks(line)
		}
		b.WriteString(line)
	}
	return b.String()
}

// risky reports whether a bound can be exceeded at all; most posts are not, and
// cost one pass.
func risky(src string) bool {
	return countMarks(src) > maxMarks || strings.Count(src, ">") > maxNesting || len(src) > 1<<16
}

// startsBlock reports whether line ends the inline text before it.
func startsBlock(line string) bool {
	trimmed := strings.TrimLeft(line, " \t")
	return strings.TrimSpace(trimmed) == "" || trimmed[0] == '#' || markerLength(trimmed) > 0
}

// bound cuts the markers that a line begins with down to maxNesting.
func bound(line string) string {
	rest := line
	for range maxNesting {
		n := markerLength(strings.TrimLeft(rest, " \t"))
		if n == 0 {
			return line
		}
		rest = strings.TrimLeft(rest, " \t")[n:]
	}
	head := line[:len(line)-len(rest)]
	for {
		trimmed := strings.TrimLeft(rest, " \t")
		n := markerLength(trimmed)
		if n == 0 {
			return head + trimmed
		}
		rest = trimmed[n:]
	}
}

// markerLength is the length of the quotation or list marker that s begins with.
func markerLength(s string) int {
	if s == "" {
		return 0
	}
	if s[0] == '>' {
		return 1
	}
	digits := 0
	for digits < len(s) && digits < 9 && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits < len(s) && strings.IndexByte(markersAfter(digits), s[digits]) >= 0 &&
		digits+1 < len(s) && (s[digits+1] == ' ' || s[digits+1] == '\t') {
		return digits + 1
	}
	return 0
}

// markersAfter are the list markers that follow so many digits.
func markersAfter(digits int) string {
	if digits > 0 {
		return ".)"
	}
	return "-+*"
}

// marks are the characters that open inline markup.
const marks = "[]*_~"

func countMarks(s string) (n int) {
	for i := range len(s) {
		switch s[i] {
		case '[', ']', '*', '_', '~':
			n++
		}
	}
	return n
}

func escapeMarks(line string) string {
	var b strings.Builder
	for i := range len(line) {
		if strings.IndexByte(marks, line[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(line[i])
	}
	return b.String()
}
