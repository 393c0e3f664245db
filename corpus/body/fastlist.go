package body

import "strings"

// A list whose items are paragraphs and code is read as these: a block for each,
// however deep it is nested.

// list reads a list; false, and nothing is read, when it holds something else.
func (s *splitter) list() bool {
	l := listReader{splitter: s, at: s.pos}
	mark := len(s.parts)
	for l.at < len(s.src) {
		if !l.next() {
			if l.failed {
				s.parts = s.parts[:mark]
				return false
			}
			break
		}
	}
	l.flush()
	s.pos = l.at
	return true
}

// listReader reads one list.
type listReader struct {
	*splitter

	at     int
	items  []listItem // that are open
	blank  bool       // the last line was blank
	from   int        // where the open paragraph starts
	text   bool       // a paragraph is open
	failed bool
}

// listItem is an open list item.
type listItem struct {
	marker  int // how far its marker is indented
	content int // how far its content is indented
	char    byte
}

// next reads a line, or the code that it begins. It is false at the end of the list
// and when something else comes.
func (l *listReader) next() bool {
	line := l.line(l.at)
	if blank(line) {
		l.flush()
		l.blank = true
		l.at += len(line)
		return true
	}
	inner := strings.TrimLeft(line, " ")
	indent := len(line) - len(inner)
	width, marked := listMarker(inner)
	_, fenced := openFence(inner)
	switch {
	case indent == 0 && l.blank && (startsProse(line) || line[0] == '#' || fenced), indent == 0 && fenced:
		return false // The list is over.
	case marked:
		l.item(inner, indent, width)
	case fenced:
		l.fence(inner, indent)
	case !startsProse(inner):
		l.failed = true
	case l.blank:
		l.paragraph(indent)
	default:
		l.failed = !l.text // Goes on with the paragraph.
	}
	if l.failed {
		return false
	}
	l.blank = false
	l.at += len(l.line(l.at))
	return true
}

// base is how far the content of what is open is indented.
func (l *listReader) base() int {
	if n := len(l.items); n > 0 {
		return l.items[n-1].content
	}
	return 0
}

// close ends the items that something with this indentation is not in.
func (l *listReader) close(indent int) {
	for indent < l.base() {
		l.items = l.items[:len(l.items)-1]
	}
	l.failed = l.failed || indent-l.base() > 3
}

// item reads "- words" or "1. words".
func (l *listReader) item(inner string, indent, width int) {
	space := itemSpace(inner[width:])
	if space > 4 || !startsItem(inner[width+space:]) {
		l.failed = true
		return
	}
	char := inner[width-1]
	ordered := width > 1
	follows := false // An item of the same list is before.
	for indent < l.base() {
		last := l.items[len(l.items)-1]
		follows = last.char == char
		l.items = l.items[:len(l.items)-1]
	}
	if l.text && ordered && !follows && inner[:width-1] != "1" || indent-l.base() > 3 {
		l.failed = true
		return
	}
	l.flush()
	l.items = append(l.items, listItem{marker: indent, content: indent + width + space, char: char})
	l.from, l.text = l.at+indent+width+space, true
	l.failed = len(l.items) > maxDelimiters
}

// startsItem reports the text of an item that is a paragraph, and no task. A colon
// defines nothing here: there is no term before it.
func startsItem(text string) bool {
	text = strings.TrimPrefix(text, ": ")
	return startsProse(text) && (len(text) < 3 || text[0] != '[' || text[2] != ']')
}

// paragraph begins a further paragraph.
func (l *listReader) paragraph(indent int) {
	l.close(indent)
	l.from, l.text = l.at+indent, true
}

// flush ends the open paragraph.
func (l *listReader) flush() {
	if l.text {
		l.parts = append(l.parts, part{kind: prosePart, from: l.from, to: l.at})
	}
	l.text = false
}

// fence reads fenced code within an item; at is then at its last line.
func (l *listReader) fence(inner string, indent int) {
	mark, _ := openFence(inner)
	l.close(indent)
	if l.failed || len(l.items) == 0 {
		l.failed = true
		return
	}
	l.flush()
	p := part{kind: codePart, lang: fenceLang(inner[mark.length:]), indent: indent}
	l.at += indent + len(inner)
	p.from, p.to = l.at, l.at
	for p.to < len(l.src) {
		line := l.line(p.to)
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case !blank(line) && spaces < l.base(), strings.IndexByte(line[:min(len(line), spaces+1)], '\t') >= 0:
			l.failed = true // The item ends, or its indentation is not that plain.
			return
		case closesFence(mark, line[min(spaces, l.base()):]):
			l.parts = append(l.parts, p)
			l.at = p.to
			return
		}
		p.to += len(line)
	}
	l.failed = true
}

// unindent takes up to n spaces from the start of each line.
func unindent(src string, n int) string {
	var b strings.Builder
	b.Grow(len(src))
	for line := range strings.Lines(src) {
		spaces := 0
		for spaces < n && spaces < len(line) && line[spaces] == ' ' {
			spaces++
		}
		b.WriteString(line[spaces:])
	}
	return b.String()
}
