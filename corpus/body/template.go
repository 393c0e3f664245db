package body

import (
	"strings"

	"alphanode/corpus"
)

// cleaner resolves or drops what site generators put into a body: shortcodes,
// Liquid tags, JSX, admonitions, attribute lists. Code is left as it is.
//
// Searches for an end mark are remembered, so that the work grows with the
// length of the source only.
type cleaner struct {
	src    string
	html   bool
	out    []byte
	pos    int
	found  map[string]int // where the next of each end mark is
	inList bool           // the last line that is not indented began a list item
	budget int            // bytes that may still be read in vain
	steps  int
}

// cleanTemplates returns src without template markup and the steps taken.
func cleanTemplates(src string, format corpus.BodyFormat) (string, int) {
	if !hasTemplates(src) {
		return src, len(src)
	}
	c := cleaner{src: src, html: format == corpus.HTML, found: make(map[string]int), budget: 8*len(src) + 4096}
	c.out = make([]byte, 0, len(src))
	if c.html {
		c.prose(len(src))
	}
	for c.pos < len(src) {
		c.lines()
	}
	return string(c.out), c.steps + len(src)
}

// hasTemplates is a quick look for anything that the cleaner acts on.
func hasTemplates(src string) bool {
	for _, mark := range []string{"{{", "{%", "{:", "{#", "{/*", ":::", "={", "){", "]{", "[!", "toc]", "TOC", "\nimport ", "\nexport "} {
		if strings.Contains(src, mark) {
			return true
		}
	}
	return strings.HasPrefix(src, "import ") || strings.HasPrefix(src, "export ") || hasComponent(src)
}

// hasComponent reports whether a JSX component may be in src.
func hasComponent(src string) bool {
	for {
		i := strings.IndexByte(src, '<')
		if i < 0 || i+1 == len(src) {
			return false
		}
		if isUpper(src[i+1]) || src[i+1] == '/' && i+2 < len(src) && isUpper(src[i+2]) {
			return true
		}
		src = src[i+1:]
	}
}

// lines handles what starts at the beginning of a line.
func (c *cleaner) lines() {
	line := c.line(c.pos)
	c.steps += len(line)
	if strings.TrimSpace(line) == "" {
		c.copyTo(c.pos + len(line))
		return
	}
	inner := trimContainers(line)
	if mark, ok := openFence(inner); ok {
		c.fence(mark)
		return
	}
	if c.indentedCode(line) {
		return
	}
	if line[0] != ' ' && line[0] != '\t' {
		c.inList = len(inner) != len(line)
	}
	if n := c.structure(line); n > 0 {
		c.pos += n
		return
	}
	c.prose(c.chunkEnd())
}

// line is the line that starts at pos, with its newline.
func (c *cleaner) line(pos int) string {
	if end := strings.IndexByte(c.src[pos:], '\n'); end >= 0 {
		return c.src[pos : pos+end+1]
	}
	return c.src[pos:]
}

func (c *cleaner) copyTo(end int) {
	c.out = append(c.out, c.src[c.pos:end]...)
	c.pos = end
}

// copyCode copies code up to end, with what generators make authors write in it.
func (c *cleaner) copyCode(end int) {
	c.out = append(c.out, codeText(c.src[c.pos:end])...)
	c.pos = end
}

// fence copies a fenced code block.
func (c *cleaner) fence(mark fenceMark) {
	end := c.pos + len(c.line(c.pos))
	for end < len(c.src) {
		line := c.line(end)
		end += len(line)
		if mark.closes(line) {
			break
		}
	}
	c.steps += end - c.pos
	c.copyCode(end)
}

// indentedCode copies a line that is indented code: after a blank line or other
// code, outside lists.
func (c *cleaner) indentedCode(line string) bool {
	if c.inList || !strings.HasPrefix(line, "    ") && line[0] != '\t' {
		return false
	}
	if before := c.src[:c.pos]; before != "" && !strings.HasSuffix(before, "\n\n") {
		last := c.line(strings.LastIndexByte(before[:len(before)-1], '\n') + 1)
		if strings.TrimSpace(last) != "" && !strings.HasPrefix(last, "    ") && last[0] != '\t' {
			return false
		}
	}
	c.copyCode(c.pos + len(line))
	return true
}

// chunkEnd is where the run of prose lines that starts at pos ends.
func (c *cleaner) chunkEnd() int {
	end := c.pos + len(c.line(c.pos))
	for end < len(c.src) {
		line := c.line(end)
		c.steps += len(line)
		if strings.TrimSpace(line) == "" || isStructure(line) {
			break
		}
		if _, ok := openFence(trimContainers(line)); ok {
			break
		}
		end += len(line)
	}
	return end
}

// prose copies text up to end, acting on the markup in it. A tag with content
// may carry it beyond end.
func (c *cleaner) prose(end int) {
	var code map[int]int
	for c.pos < end {
		n := strings.IndexAny(c.src[c.pos:end], "`\\{<")
		if n < 0 {
			c.copyTo(end)
			return
		}
		c.steps += n + 1
		c.copyTo(c.pos + n)
		switch c.src[c.pos] {
		case '`':
			if code == nil {
				code = backtickRuns(c.src[c.pos:end])
				for run := range code {
					code[run] += c.pos
				}
			}
			c.codeSpan(code, end)
		case '\\':
			c.copyTo(min(c.pos+2, end))
		case '{':
			c.brace()
		case '<':
			c.angle()
		}
	}
}

func (c *cleaner) codeSpan(last map[int]int, end int) {
	n := runLength(c.src[c.pos:end])
	at := c.pos + n
	if c.html || last[n] < at {
		c.copyTo(at)
		return
	}
	for {
		at += strings.IndexByte(c.src[at:end], '`')
		run := runLength(c.src[at:end])
		at += run
		if run == n {
			break
		}
	}
	c.steps += at - c.pos
	c.copyCode(at)
}

// index is where the next mark at or after from is, or len(src).
func (c *cleaner) index(mark string, from int) int {
	if at, ok := c.found[mark]; ok && at >= from {
		return at
	}
	at := strings.Index(c.src[from:], mark)
	if at < 0 {
		at = len(c.src) - from
	}
	c.steps += at
	c.found[mark] = from + at
	return from + at
}

// between is the text from pos+skip up to the next mark, if that is near.
func (c *cleaner) between(skip int, mark string) (inner string, next int, ok bool) {
	from := c.pos + skip
	if from > len(c.src) {
		return "", 0, false
	}
	at := c.index(mark, from)
	if at == len(c.src) || at-from > maxTag {
		return "", 0, false
	}
	return c.src[from:at], at + len(mark), true
}

// codeText undoes in code what generators need to leave it alone.
func codeText(s string) string {
	if strings.Contains(s, "{%") {
		s = rawTag.Replace(s)
	}
	if strings.Contains(s, "/*") {
		s = escapedShortcode.Replace(s)
	}
	return s
}

//nolint:gochecknoglobals // immutable table
var (
	rawTag = strings.NewReplacer("{% raw %}", "", "{%raw%}", "", "{%- raw -%}", "", "{%- raw %}", "",
		"{% endraw %}", "", "{%endraw%}", "", "{%- endraw -%}", "", "{%- endraw %}", "")
	escapedShortcode = strings.NewReplacer("{{</*", "{{<", "*/>}}", ">}}", "{{%/*", "{{%", "*/%}}", "%}}")
)
