package body

import (
	"html"
	"strings"
)

// brace handles "{" at pos.
func (c *cleaner) brace() {
	rest := c.src[c.pos:]
	switch {
	case strings.HasPrefix(rest, "{%"):
		c.liquid()
	case strings.HasPrefix(rest, "{{<"):
		c.shortcode("<", ">}}")
	case strings.HasPrefix(rest, "{{%"):
		c.shortcode("%", "%}}")
	case strings.HasPrefix(rest, "{{"):
		c.expression()
	case strings.HasPrefix(rest, "{# ") || strings.HasPrefix(rest, "{#-"):
		c.drop(2, "#}")
	case strings.HasPrefix(rest, "{/*"):
		c.drop(3, "*/}")
	default:
		c.attributeList()
	}
}

// drop leaves out what ends with mark, or copies the brace if nothing does.
func (c *cleaner) drop(skip int, mark string) {
	if _, next, ok := c.between(skip, mark); ok {
		c.pos = next
		return
	}
	c.copyTo(c.pos + 1)
}

// liquid handles "{% name arguments %}" of Jekyll, Zola, Nunjucks and Hexo.
func (c *cleaner) liquid() {
	inner, next, ok := c.between(2, "%}")
	if !ok {
		c.copyTo(c.pos + 2)
		return
	}
	name, args, _ := strings.Cut(strings.TrimSpace(strings.Trim(inner, "-+ \n")), " ")
	end := c.endTag(name, next)
	switch name {
	case "highlight", "codeblock", "code", "prism", "codetabs":
		if end.from < len(c.src) {
			c.code(codeLang(parseArgs(args)), c.src[next:end.from], end.to)
			return
		}
	case "raw", "verbatim":
		c.pos = next
		c.copyTo(end.from)
		c.pos = end.to
		return
	case "comment":
		c.pos = end.to
		return
	}
	c.pos = next
	c.useful(name, parseArgs(args))
}

// endTag finds "{% endname %}" behind from; the end of the source stands for one
// that is missing.
func (c *cleaner) endTag(name string, from int) span {
	switch name {
	case "highlight", "codeblock", "code", "prism", "codetabs", "raw", "verbatim", "comment":
	default:
		return span{from, from}
	}
	word := "end" + name
	for at := from; ; at += len(word) {
		if at = c.index(word, at); at == len(c.src) {
			return span{at, at}
		}
		before := strings.TrimRight(c.src[from:at], " -\n")
		after := strings.TrimLeft(c.src[at+len(word):min(len(c.src), at+len(word)+8)], " -\n")
		if strings.HasSuffix(before, "{%") && strings.HasPrefix(after, "%}") {
			to := strings.Index(c.src[at:], "%}")
			return span{from + len(before) - 2, at + to + 2}
		}
	}
}

// shortcode handles Hugo's {{< name arguments >}} and {{% name arguments %}}.
func (c *cleaner) shortcode(open, closer string) {
	inner, next, ok := c.between(3, closer)
	if !ok {
		c.copyTo(c.pos + 3)
		return
	}
	if literal, ok := strings.CutPrefix(inner, "/*"); ok {
		c.out = append(c.out, "{{"+open+strings.TrimSuffix(literal, "*/")+closer...)
		c.pos = next
		return
	}
	inner = strings.TrimSpace(inner)
	selfClosed := strings.HasSuffix(inner, "/")
	name, args, _ := strings.Cut(strings.TrimSuffix(inner, "/"), " ")
	if codeShortcodes[name] && !selfClosed {
		if body, after, ok := c.untilClose(name, next, open, closer); ok {
			c.code(codeLang(parseArgs(args)), body, after)
			return
		}
	}
	c.pos = next
	c.useful(name, parseArgs(args))
}

//nolint:gochecknoglobals // immutable table
var codeShortcodes = set("highlight hl code codeblock code-toggle mermaid prism codefile")

// untilClose is the content of a paired shortcode.
func (c *cleaner) untilClose(name string, from int, open, closer string) (body string, after int, ok bool) {
	best := len(c.src)
	for _, form := range []string{"{{" + open + " /" + name, "{{" + open + "/" + name, "{{" + open + " / " + name} {
		best = min(best, c.index(form, from))
	}
	if best == len(c.src) {
		return "", 0, false
	}
	end := c.index(closer, best)
	if end == len(c.src) {
		return "", 0, false
	}
	return c.src[from:best], end + len(closer), true
}

// expression handles "{{ ... }}", which leaves nothing but the address that it
// begins with, if it stands where an address is expected.
func (c *cleaner) expression() {
	mark := "}}"
	if strings.HasPrefix(c.src[c.pos:], "{{{") {
		mark = "}}}"
	}
	inner, next, ok := c.between(len(mark), mark)
	if !ok || !c.isExpression(inner) {
		c.copyTo(c.pos + 2)
		return
	}
	c.pos = next
	inner = strings.TrimSpace(strings.Trim(inner, "-~ \n"))
	if inner != "" && (inner[0] == '"' || inner[0] == '\'') && c.wantsAddress() {
		if value, _, ok := strings.Cut(inner[1:], inner[:1]); ok {
			c.out = append(c.out, value...)
		}
		return
	}
	if name, args, ok := strings.Cut(inner, "("); ok {
		c.useful(strings.TrimSpace(name), parseArgs(args))
	}
}

// isExpression tells template braces from those of TeX and of shell variables.
func (c *cleaner) isExpression(inner string) bool {
	if inner == "" || strings.Count(inner, "\n") > 10 || strings.Contains(inner, "{{") {
		return false
	}
	first := inner[0]
	if !isLetter(first) && strings.IndexByte(" -\n\"'.$@~#/>&_", first) < 0 {
		return false
	}
	before := c.src[:c.pos]
	if before == "" {
		return true
	}
	switch last := before[len(before)-1]; last {
	case '$', '\\', '}':
		return false
	case '^', '_': // An index in TeX, but emphasis at the start of a word.
		return len(before) < 2 || strings.IndexByte(" \n\t", before[len(before)-2]) >= 0
	}
	word := strings.TrimRight(before[max(0, len(before)-20):], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return !strings.HasSuffix(word, `\`)
}

// wantsAddress reports whether an address is expected where the output is: after
// "](" or in an attribute.
func (c *cleaner) wantsAddress() bool {
	n := len(c.out)
	if n == 0 {
		return false
	}
	last := c.out[n-1]
	return last == '(' || last == '"' || last == '\'' || last == '=' || last == '<' && n > 1 && c.out[n-2] == '('
}

// code puts a code block, or a code span for code within a line, in the place of
// a tag with content.
func (c *cleaner) code(lang, code string, next int) {
	c.pos = next
	code = codeText(code)
	c.steps += len(code)
	switch {
	case c.html:
		class := ""
		if lang != "" {
			class = ` class="language-` + html.EscapeString(lang) + `"`
		}
		c.out = append(c.out, "<pre><code"+class+">"+html.EscapeString(strings.Trim(code, "\n"))+"</code></pre>"...)
	case strings.IndexByte(code, '\n') < 0:
		fence := strings.Repeat("`", longestRun(code)+1)
		c.out = append(c.out, fence+" "+strings.TrimSpace(code)+" "+fence...)
	default:
		fence := strings.Repeat("`", max(3, longestRun(code)+1))
		c.out = append(c.out, "\n"+fence+lang+"\n"+strings.Trim(code, "\n")+"\n"+fence+"\n"...)
	}
}

// longestRun is the length of the longest run of backticks.
func longestRun(s string) int {
	longest := 0
	for n := range backtickRuns(s) {
		longest = max(longest, n)
	}
	return longest
}
