package body

import (
	"strings"
	"unicode/utf8"

	"alphanode/corpus"
)

// MaxSource is the number of bytes of a body that are read; what follows is
// ignored. It is four times the default limit of a body.
const MaxSource = 16 << 20

// Parse splits src, written in format (empty means Markdown), into its parts.
// Markup of site generators (shortcodes, Liquid, MDX, admonitions) is resolved
// or dropped first, as in Render. Text that is not valid UTF-8 is repaired with
// U+FFFD.
func Parse(format corpus.BodyFormat, src string) Doc {
	var doc Doc
	src = normalize(src)
	switch format {
	case corpus.Text:
		readText(&doc, src)
	case corpus.HTML:
		clean, _ := cleanTemplates(src, corpus.HTML)
		readHTML(&doc, clean)
	default:
		clean, _ := cleanTemplates(src, corpus.Markdown)
		readMarkdown(&doc, clean)
	}
	return doc
}

// normalize bounds the source and makes it valid UTF-8 with "\n" line ends.
func normalize(src string) string {
	if len(src) > MaxSource {
		src = src[:MaxSource]
	}
	if !utf8.ValidString(src) { // Which takes a fraction of the time of ToValidUTF8.
		src = strings.ToValidUTF8(src, "\ufffd")
	}
	src = strings.TrimPrefix(src, "\ufeff")
	if strings.IndexByte(src, '\r') >= 0 {
		src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(src, 0) >= 0 {
		src = strings.ReplaceAll(src, "\x00", "\ufffd")
	}
	return src
}

// readText makes a paragraph of each run of lines without a blank one between.
func readText(doc *Doc, src string) {
	var lines []string
	flush := func() {
		doc.add(Block{Kind: Paragraph, Text: strings.Join(lines, " ")})
		lines = lines[:0]
	}
	for line := range strings.SplitSeq(src, "\n") {
		if line = collapse(line); line != "" {
			lines = append(lines, line)
			continue
		}
		flush()
	}
	flush()
}

// collapse joins the words of a line by single spaces. It is the line itself where that is
// so already, as in most.
func collapse(line string) string {
	if isCollapsed(line) {
		return line
	}
	return strings.Join(strings.Fields(line), " ")
}

// isCollapsed reports whether all white space of a line is single spaces between words. It
// may be false for other lines with white space beyond ASCII.
func isCollapsed(line string) bool {
	space, at := true, 0 // A space at the start is one too many.
	for ; at+8 <= len(line); at += 8 {
		ok, last := wordsAt(line[at:at+8], space)
		if !ok {
			break
		}
		space = last
	}
	for ; at < len(line); at++ {
		switch c := line[at]; {
		case c > ' ' && (c < utf8.RuneSelf || !maySpace[c]):
			space = false
		case c == ' ' && !space:
			space = true
		default: // White space, a control character, or the start of a rune that may be one.
			return false
		}
	}
	return !space || line == ""
}

// wordsAt looks at eight bytes at once: ok says that they are printable ASCII without a
// space after another; space, which is given for the byte before, that the last is one.
func wordsAt(s string, before bool) (ok, space bool) {
	const each, high = 0x0101010101010101, 0x8080808080808080
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	low := ^(x + (0x80-0x20)*each) & high  // Below a space, where no byte is beyond ASCII.
	words := (x + (0x80-0x21)*each) & high // Above a space.
	spaces := ^words & high                // A space, or below.
	twice := spaces & (spaces << 8)
	if before {
		twice |= spaces & 0x80
	}
	return x&high|low|twice == 0, spaces>>63 == 1
}

// maySpace are the bytes that white space beyond ASCII begins with: U+0085, U+00A0, U+1680, U+2000
// and what follows, U+3000.
//
//nolint:gochecknoglobals // immutable table
var maySpace = [256]bool{0xc2: true, 0xe1: true, 0xe2: true, 0xe3: true}
