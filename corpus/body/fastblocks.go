package body

import "strings"

// Most posts are paragraphs, headings and fenced code in a row, whose markup is
// plain. Reading those without a syntax tree takes a fraction of the time. What the
// fast reader is not certain of goes to the Markdown parser: a paragraph or a list
// alone where it stands for itself, the whole body where something may reach
// beyond (definitions of links, footnotes, raw elements with blank lines in them). A
// fuzz test holds both readers against each other.

// part is a run of lines at the top level that stands for itself.
type part struct {
	kind     partKind
	from, to int
	level    int    // of a heading
	lang     string // of code
	indent   int    // of code, to be taken from each line
}

type partKind uint8

const (
	mixedPart partKind = iota // for the parser
	definitionPart
	prosePart
	headingPart
	codePart
)

// splitter cuts a source into parts.
type splitter struct {
	src   string
	pos   int
	parts []part
	// defines says that the source defines links, by name.
	defines bool
}

// split cuts the source into parts; false when it has to be parsed as a whole.
func (s *splitter) split(src string) bool {
	*s = splitter{src: src, parts: s.parts[:0]}
	for s.pos < len(src) {
		if !s.next() {
			return false
		}
	}
	for _, p := range s.parts {
		if (p.kind == prosePart || p.kind == mixedPart) && strings.Contains(src[p.from:p.to], "]:") {
			return false // It may define a link or a footnote for the others.
		}
	}
	return true
}

// next reads the part that begins at pos, which is outside of any block.
func (s *splitter) next() bool {
	line := s.line(s.pos)
	if blank(line) {
		s.pos += len(line)
		return true
	}
	if mark, ok := openFence(line); ok {
		s.code(mark, line)
		return true
	}
	if level, ok := plainHeading(line); ok {
		s.add(part{kind: headingPart, from: s.pos + level, to: s.pos + len(line), level: level})
		return true
	}
	switch {
	case strings.HasPrefix(strings.TrimLeft(line, " \t"), ":"):
		return false // A definition, whose term is the paragraph before.
	case line[0] == '[' && strings.Contains(line, "]:"):
		return s.definitions()
	case startsProse(line):
		return s.prose()
	case s.list():
		return true
	}
	return s.mixed(s.pos)
}

// definitions reads lines that each define a link: "[name]: address".
func (s *splitter) definitions() bool {
	p := part{kind: definitionPart, from: s.pos, to: s.pos}
	for p.to < len(s.src) {
		line := s.line(p.to)
		if blank(line) {
			break
		}
		if !isDefinition(line) {
			return false
		}
		p.to += len(line)
	}
	s.defines = true
	s.add(p)
	return true
}

// isDefinition reports "[name]: address" or `[name]: address "title"` in a line.
func isDefinition(line string) bool {
	name, address, ok := strings.Cut(line[1:], "]:")
	if !ok || line[0] != '[' || blank(name) || name[0] == '^' || strings.ContainsAny(name, "[]\\`<") {
		return false
	}
	address = strings.Trim(address, " \t\n")
	title := ""
	if i := strings.IndexAny(address, " \t"); i >= 0 {
		address, title = address[:i], strings.TrimLeft(address[i:], " \t")
	}
	if address == "" || strings.ContainsAny(address, "<>()\\&\"'") {
		return false
	}
	return title == "" || len(title) > 1 && title[0] == '"' && strings.IndexAny(title[1:], "\"\\&") == len(title)-2
}

func (s *splitter) add(p part) {
	s.parts = append(s.parts, p)
	s.pos = p.to
}

func (s *splitter) line(pos int) string {
	if end := strings.IndexByte(s.src[pos:], '\n'); end >= 0 {
		return s.src[pos : pos+end+1]
	}
	return s.src[pos:]
}

func blank(line string) bool {
	for i := range len(line) {
		if line[i] != ' ' && line[i] != '\t' && line[i] != '\n' {
			return false
		}
	}
	return true
}

// code reads a fenced code block, to the end if nothing closes it.
func (s *splitter) code(mark fenceMark, first string) {
	p := part{kind: codePart, from: s.pos + len(first), lang: fenceLang(first[mark.length:])}
	for p.to = p.from; p.to < len(s.src); {
		line := s.line(p.to)
		if closesFence(mark, line) {
			s.add(p)
			s.pos += len(line)
			return
		}
		p.to += len(line)
	}
	s.add(p)
}

// closesFence reports the closing line of a code block that is not indented.
func closesFence(mark fenceMark, line string) bool {
	inner := strings.TrimLeft(line, " ")
	if len(line)-len(inner) > 3 || inner == "" || inner[0] != mark.char {
		return false
	}
	n := runLength(inner)
	return n >= mark.length && blank(inner[n:])
}

// plainHeading reads "## Words" without closing marks or attributes.
func plainHeading(line string) (level int, ok bool) {
	for level < len(line) && line[level] == '#' {
		level++
	}
	text := strings.TrimRight(line[level:], " \t\n")
	ok = level >= 1 && level <= 6 && len(text) > 1 && text[0] == ' ' && text[len(text)-1] != '#' && strings.IndexByte(text, '{') < 0
	return level, ok
}

// startsProse reports a line that can only be of a paragraph.
func startsProse(line string) bool {
	if line == "" {
		return false
	}
	c := line[0]
	switch {
	case isLetter(c) || c >= 0x80 || strings.IndexByte("\"'(\\[]{}!$%&),./;?@^", c) >= 0:
		return true
	case isDigit(c):
		_, ok := listMarker(line)
		return !ok
	case c == '*' || c == '_' || c == '`':
		n := runLength(line)
		if c == '`' {
			return n < 3
		}
		return n <= 3 && n < len(line) && sideOf(line[n]) != spaceSide && line[n] != '*' && line[n] != '_' // No rule, no item.
	}
	return false
}

// prose reads a paragraph. Lines that do not begin as prose does make it mixed,
// but for what always ends a paragraph.
func (s *splitter) prose() bool {
	from := s.pos
	to := from + len(s.line(from))
	for to < len(s.src) {
		line := s.line(to)
		if blank(line) || endsProse(line) && strings.IndexByte(s.src[from:to], '|') < 0 {
			break
		}
		if !startsProse(line) {
			return s.mixed(from)
		}
		to += len(line)
	}
	s.add(part{kind: prosePart, from: from, to: to})
	return true
}

// endsProse reports the start of a block that may follow a paragraph at once.
func endsProse(line string) bool {
	if _, ok := openFence(line); ok {
		return true
	}
	if _, ok := plainHeading(line); ok {
		return true
	}
	item, ok := strings.CutPrefix(line, "1. ")
	if !ok && len(line) > 2 && line[1] == ' ' && (line[0] == '-' || line[0] == '*' || line[0] == '+') {
		item, ok = line[2:], true
	}
	return ok && len(item) > 0 && (isLetter(item[0]) || isDigit(item[0]))
}

// mixed reads up to a blank line behind which a paragraph, a heading or code starts
// without indentation: that ends whatever was open. False when it may not.
func (s *splitter) mixed(from int) bool {
	p := part{kind: mixedPart, from: from, to: from}
	var m mixedLines
	for p.to < len(s.src) {
		line := s.line(p.to)
		switch _, fence := openFence(line); {
		case m.ends(line):
		case fence && m.raw:
			return false // Within raw HTML it is none.
		case fence, m.blank && (startsProse(line) || line[0] == '#'):
			s.add(p)
			return true
		case blank(line):
			m.blank, m.raw = true, false
		case !m.closed(line):
			return false
		default:
			m.blank = false
		}
		p.to += len(line)
	}
	s.add(p)
	return true
}

// mixedLines is what is known of the lines of a mixed part.
type mixedLines struct {
	blank bool // the last line was blank
	raw   bool // raw HTML may be open, which ends with the next blank line
	// until, when not empty, are the marks that end raw HTML that is open.
	until []string
	// item is how far the content of the last list item without indentation is
	// indented; 0 outside of lists.
	item int
}

// ends reports whether the line is of raw HTML that has an end mark.
func (m *mixedLines) ends(line string) bool {
	if len(m.until) == 0 {
		return false
	}
	line = strings.ToLower(line)
	for _, mark := range m.until {
		if strings.Contains(line, mark) {
			m.until, m.blank = nil, false
		}
	}
	return true
}

// closed reports whether what the line opens ends with the part.
func (m *mixedLines) closed(line string) bool {
	inner := strings.TrimLeft(line, " \t")
	indent := columns(line[:len(line)-len(inner)])
	if indent == 0 {
		m.item = m.itemOf(line)
	} else if indent < m.item {
		m.item = 0
	}
	content := trimContainers(inner)
	if content == "" {
		return true
	}
	// Within a list item or a quotation, things end with that.
	within := len(content) < len(inner) || indent >= 4 || m.item > 0 && indent >= m.item
	switch content[0] {
	case '`', '~':
		_, fence := openFence(content)
		return !fence || within
	case '<':
		m.raw = true
		return within || m.rawHTML(content, indent)
	}
	return true
}

// itemOf is how far the content of the item is indented that begins with the line; 0
// for other lines, and where that is not certain.
func (m *mixedLines) itemOf(line string) int {
	width, ok := listMarker(line)
	switch {
	case !ok, m.raw, !startsItem(strings.TrimLeft(line[width:], " ")): // Perhaps a rule, or empty, or HTML.
		return 0
	case width > 1 && !m.blank && m.item == 0: // Perhaps of a paragraph.
		return 0
	}
	return width + itemSpace(line[width:])
}

// rawHTML notes how the raw HTML ends that begins a line; false when that is not
// certain.
func (m *mixedLines) rawHTML(s string, indent int) bool {
	if strings.HasPrefix(s, "<!--") {
		m.until = commentEnd
	} else if name, closing := tagName(s[:min(len(s), 20)]); !closing && (name == "script" || name == "pre" || name == "style" || name == "textarea") {
		m.until = rawEnds
	}
	if len(m.until) == 0 {
		return len(s) < 2 || s[1] != '!' && s[1] != '?'
	}
	return indent == 0 && m.ends(s)
}

//nolint:gochecknoglobals // immutable tables
var (
	commentEnd = []string{"-->"}
	rawEnds    = []string{"</script>", "</pre>", "</style>", "</textarea>"}
)

// itemSpace is the width of the space between the marker of a list item and its
// content; more than there can be where that is not certain.
func itemSpace(rest string) int {
	text := strings.TrimLeft(rest, " ")
	if n := len(rest) - len(text); n > 0 && n <= 4 && !blank(text) && text[0] != '\t' {
		return n
	}
	return 100
}
