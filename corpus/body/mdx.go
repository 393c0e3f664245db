package body

import (
	"regexp"
	"strings"
)

// isStructure reports lines that stand for themselves outside code: admonition
// marks, attribute lists, tables of contents, alert marks.
func isStructure(line string) bool {
	inner := strings.TrimLeft(strings.TrimRight(line, " \t\n"), " \t>")
	if inner == "" {
		return false
	}
	switch inner[0] {
	case ':':
		return strings.HasPrefix(inner, ":::")
	case '{':
		return strings.HasPrefix(inner, "{:") && strings.HasSuffix(inner, "}") && isAttributeList(inner)
	case '[', '$', '@':
		return isContents(inner) || isAlert(inner)
	}
	return false
}

func isContents(s string) bool {
	switch strings.ToLower(s) {
	case "[toc]", "[[toc]]", "[[_toc_]]", "${toc}", "@[toc]":
		return true
	}
	return false
}

// isAlert reports "[!NOTE]".
func isAlert(s string) bool {
	word, ok := strings.CutPrefix(s, "[!")
	if !ok {
		return false
	}
	word, ok = strings.CutSuffix(strings.TrimRight(word, "+-"), "]")
	return ok && len(word) < 20 && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// structure handles a line that stands for itself and returns its length, or 0
// for other lines.
func (c *cleaner) structure(line string) int {
	if n := c.module(line); n > 0 {
		return n
	}
	if !isStructure(line) {
		return 0
	}
	trimmed := strings.TrimRight(line, " \t\n")
	inner := strings.TrimLeft(trimmed, " \t>")
	prefix := trimmed[:len(trimmed)-len(inner)]
	switch inner[0] {
	case ':':
		title := admonitionTitle(inner)
		c.out = append(c.out, prefix+"\n"+prefix+title+"\n"+prefix+"\n"...)
	case '{':
		c.dropContentsItem(inner)
		c.out = append(c.out, '\n')
	default:
		c.out = append(c.out, prefix+"\n"...)
	}
	return len(line)
}

// admonitionTitle reads ":::note Title", ":::tip[Title]{...}" and ":::".
func admonitionTitle(s string) string {
	s = strings.TrimSpace(strings.TrimLeft(s, ":"))
	if s == "" || s[0] == '{' {
		return ""
	}
	kind := strings.IndexAny(s, " [{")
	if kind < 0 {
		return ""
	}
	s = s[kind:]
	if s[0] == '[' {
		if end := strings.LastIndexByte(s, ']'); end > 0 {
			return s[1:end]
		}
	}
	title, _, _ := strings.Cut(s, "{")
	return strings.TrimSpace(title)
}

// dropContentsItem removes the list item that "{:toc}" turns into a table of
// contents.
func (c *cleaner) dropContentsItem(inner string) {
	if !strings.Contains(inner, "toc") || strings.Contains(inner, "no_toc") {
		return
	}
	out := strings.TrimRight(string(c.out[max(0, len(c.out)-200):]), "\n")
	last := out[strings.LastIndexByte(out, '\n')+1:]
	if width, ok := listMarker(last); ok && len(last)-width < 40 {
		c.out = c.out[:len(c.out)-min(len(c.out), len(last)+1)]
	}
}

// module is the length of an MDX import or export that starts at pos, through
// the blank line that ends it.
func (c *cleaner) module(line string) int {
	if c.html || line[0] != 'i' && line[0] != 'e' || !moduleLine.MatchString(line) {
		return 0
	}
	if line[0] == 'i' && strings.ContainsAny(line, "'\"") {
		return len(line)
	}
	n := 0
	for c.pos+n < len(c.src) {
		next := c.line(c.pos + n)
		if strings.TrimSpace(next) == "" {
			break
		}
		n += len(next)
	}
	c.steps += n
	return n
}

// moduleLine is strict, for sentences too may begin with these words.
var moduleLine = regexp.MustCompile(`^(import\s+(['"][^'"]+['"]|[\w*{][^'";]{0,400}\sfrom\s+['"][^'"]+['"]);?\s*$` +
	`|import\s*\{\s*$` +
	`|export\s+(const|let|var)\s+[\w$]+\s*=|export\s+(async\s+)?function\s+\w+\s*\(|export\s+default\s+(function|class|\(|\{|\w+;?\s*$)|export\s*(\{|\*\s+from))`)

// isAttributeList reports "{: .class}", "{:toc}", "{::comment}" and the like.
func isAttributeList(s string) bool { return attributeListForm.MatchString(s) }

var attributeListForm = regexp.MustCompile(`^\{:\s*([.#:/]|[\w-]+\s*=|toc\b|no_toc\b)[^{}\n]{0,400}\}|^\{:\s*\}`)

// pandocList is an attribute list behind a link, an image or a code span.
var pandocList = regexp.MustCompile(`^\{\s*([.#][\w-]|[\w-]+=)[^{}\n]{0,400}\}`)

// attributeList drops "{: .class}" anywhere and "{.class}" behind ")" or "]".
func (c *cleaner) attributeList() {
	rest := c.src[c.pos:min(len(c.src), c.pos+512)]
	form := attributeListForm
	if !strings.HasPrefix(rest, "{:") {
		form = pandocList
		n := len(c.out)
		if n == 0 || c.out[n-1] != ')' && c.out[n-1] != ']' && c.out[n-1] != '`' {
			c.copyTo(c.pos + 1)
			return
		}
	}
	end := c.index("}", c.pos)
	if c.html || end == len(c.src) || end-c.pos > 450 || strings.IndexByte(c.src[c.pos+1:end], '{') >= 0 {
		c.copyTo(c.pos + 1)
		return
	}
	if loc := form.FindStringIndex(rest); loc != nil {
		c.pos += loc[1]
		return
	}
	c.copyTo(c.pos + 1)
}

// angle handles "<" at pos: elements whose content is code, comments, and tags
// that only MDX understands.
func (c *cleaner) angle() {
	rest := c.src[c.pos:]
	if strings.HasPrefix(rest, "<!--") {
		if at := c.index("-->", c.pos); at < len(c.src) {
			c.copyTo(at + 3)
			return
		}
	}
	name, closing := tagName(rest[:min(len(rest), 70)])
	switch name {
	case "pre", "code", "script", "style", "textarea":
		if at := c.index("</"+name, c.pos); !closing && at < len(c.src) {
			c.copyCode(at)
			return
		}
	}
	if !c.html && c.component(rest) {
		return
	}
	c.copyTo(c.pos + 1)
}

// component drops the tags of a JSX component and the attributes of an element
// that are JSX; what is between the tags stays.
func (c *cleaner) component(rest string) bool {
	at := 1
	if strings.HasPrefix(rest, "</") {
		at = 2
	}
	capital := at < len(rest) && isUpper(rest[at])
	if capital && c.pos > 0 && isWord(c.src[c.pos-1]) || !capital && (at >= len(rest) || !isLetter(rest[at])) {
		return false
	}
	nameEnd := at
	for nameEnd < len(rest) && nameEnd < 80 && (isWord(rest[nameEnd]) || rest[nameEnd] == '.') {
		nameEnd++
	}
	n, braces := c.jsxTag(rest, nameEnd)
	if n == 0 || !capital && !braces {
		return false
	}
	tag := rest[:n]
	c.pos += n
	switch {
	case !capital:
		c.out = append(c.out, tag[:nameEnd]+">"...)
	case at == 1:
		if src := imageOf(tag[at:nameEnd], parseArgs(strings.TrimRight(tag[nameEnd:], "/>"))); src != "" {
			c.image(src, captionOf(src, parseArgs(strings.TrimRight(tag[nameEnd:], "/>"))))
		}
	}
	return true
}

// jsxTag is the length of the tag at the start of s, whose name ends at i; braces
// tells whether an attribute is a JSX expression. What is read in vain is paid
// from the budget.
func (c *cleaner) jsxTag(s string, i int) (n int, braces bool) {
	s = s[:min(len(s), maxTag)]
	if i >= len(s) || strings.IndexByte(" \t\n/>", s[i]) < 0 || c.budget < 0 {
		return 0, false
	}
	depth := 0
	var quote byte
	for ; i < len(s); i++ {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			quote = b
		case b == '{':
			depth++
			braces = true
		case b == '}':
			depth--
		case depth > 0:
		case b == '>':
			c.steps += i
			return i + 1, braces
		case b == '<':
			c.budget -= i
			return 0, false
		}
	}
	c.budget -= i
	c.steps += i
	return 0, false
}
