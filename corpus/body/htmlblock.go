package body

import "strings"

// htmlEnd says how an HTML block of Markdown ends.
type htmlEnd string

// endBlank ends an HTML block at the next blank line; the other values are the
// text that ends it.
const (
	endBlank    htmlEnd = ""
	endComment  htmlEnd = "-->"
	endProcess  htmlEnd = "?>"
	endDeclared htmlEnd = ">"
	endCDATA    htmlEnd = "]]>"
	endRaw      htmlEnd = "</" // of pre, script, style, textarea
)

// in reports whether the line ends the block.
func (e htmlEnd) in(line string) bool {
	switch e {
	case endBlank:
		return false
	case endRaw:
		lower := strings.ToLower(line)
		return strings.Contains(lower, "</pre>") || strings.Contains(lower, "</script>") ||
			strings.Contains(lower, "</style>") || strings.Contains(lower, "</textarea>")
	default:
		return strings.Contains(line, string(e))
	}
}

// htmlStart tells whether the line starts an HTML block, by the seven rules of
// CommonMark. The last rule does not hold within a paragraph.
func htmlStart(rest string, inParagraph bool) (htmlEnd, bool) {
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return endComment, true
	case strings.HasPrefix(rest, "<?"):
		return endProcess, true
	case strings.HasPrefix(rest, "<![CDATA["):
		return endCDATA, true
	case strings.HasPrefix(rest, "<!"):
		return endDeclared, len(rest) > 2 && isLetter(rest[2])
	}
	name, closing := tagName(rest)
	switch {
	case name == "":
		return endBlank, false
	case rawTags[name] && !closing:
		return endRaw, true
	case blockTags[name]:
		return endBlank, true
	case inParagraph:
		return endBlank, false
	}
	n := htmlTag(rest)
	return endBlank, n > 0 && strings.TrimSpace(rest[n:]) == ""
}

// tagName is the lower-case name of the tag at the start of s, if one starts there.
func tagName(s string) (name string, closing bool) {
	s = s[1:]
	if strings.HasPrefix(s, "/") {
		s, closing = s[1:], true
	}
	n := nameLength(s)
	if n == 0 {
		return "", false
	}
	if n < len(s) && strings.IndexByte(" \t\n/>", s[n]) < 0 {
		return "", false
	}
	return strings.ToLower(s[:n]), closing
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && n < 64 && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '-')) {
		n++
	}
	return n
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// maxTag bounds the length of a tag within Markdown text.
const maxTag = 4096

// htmlTag is the length of the complete opening or closing tag at the start of
// s, or 0 if there is none.
func htmlTag(s string) int {
	s = s[:min(len(s), maxTag)]
	i := 1
	closing := i < len(s) && s[i] == '/'
	if closing {
		i++
	}
	n := nameLength(s[i:])
	if n == 0 {
		return 0
	}
	i += n
	if closing {
		i += blanks(s[i:])
		if i < len(s) && s[i] == '>' {
			return i + 1
		}
		return 0
	}
	return tagAttributes(s, i)
}

// tagAttributes reads attributes from i to the end of the tag.
func tagAttributes(s string, i int) int {
	for i < len(s) {
		w := blanks(s[i:])
		i += w
		if i == len(s) {
			return 0
		}
		switch c := s[i]; {
		case c == '>':
			return i + 1
		case c == '/' && i+1 < len(s) && s[i+1] == '>':
			return i + 2
		case w == 0 || !isLetter(c) && strings.IndexByte("_:@", c) < 0:
			return 0
		}
		n := attribute(s[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
	return 0
}

// attribute is the length of the name and value at the start of s.
func attribute(s string) int {
	i := 0
	for i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || strings.IndexByte("_:.@-", s[i]) >= 0) {
		i++
	}
	if i == 0 {
		return 0
	}
	j := i + blanks(s[i:])
	if j == len(s) || s[j] != '=' {
		return i
	}
	j++
	j += blanks(s[j:])
	if j == len(s) {
		return 0
	}
	if q := s[j]; q == '"' || q == '\'' {
		end := strings.IndexByte(s[j+1:], q)
		if end < 0 {
			return 0
		}
		return j + end + 2
	}
	start := j
	for j < len(s) && strings.IndexByte(" \t\n\"'=<>`", s[j]) < 0 {
		j++
	}
	if j == start {
		return 0
	}
	return j
}

// blanks counts leading white space.
func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\n")) }

//nolint:gochecknoglobals // immutable table
var rawTags = map[string]bool{"pre": true, "script": true, "style": true, "textarea": true}

// blockTags are the elements that start an HTML block by CommonMark's rule 6.
//
//nolint:gochecknoglobals // immutable table
var blockTags = set("address article aside base basefont blockquote body caption center col colgroup dd " +
	"details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 " +
	"head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p param " +
	"search section summary table tbody td tfoot th thead title tr track ul")

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
