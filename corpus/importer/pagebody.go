package importer

import (
	"encoding/json"
	"slices"
	"strings"

	"alphanode/corpus"
)

// pageParser reads one page. The layout is: the title, the lead, paragraphs with
// headings, image lines and bullet lists between them; then the line "... post
// meta" and its box; then "Similar Posts".
type pageParser struct {
	mapper

	title string
	parts []pagePart
	meta  map[string]any
	order []string // names of meta as they come
}

// pagePart is a run of lines of the article without a blank one between.
type pagePart struct {
	lines []string
}

// metaSuffix ends the line that opens the box, whatever the site is called.
const metaSuffix = "post meta"

func (p *pageParser) parse(text string) corpus.Post {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	article, box, similar := cutPage(lines)
	p.article(article)
	p.box(box)
	p.limits = corpus.DefaultLimits()
	post := p.post
	post.Title, post.BodyFormat = p.title, corpus.Markdown
	p.fill()
	if similar = nonBlank(similar); len(similar) > 0 {
		p.keep("similar posts", similar)
	}
	post.Body = p.body()
	if post.Summary == "" && len(p.parts) > 0 {
		post.Summary = strings.Join(p.parts[0].lines, " ")
	}
	if post.Body == "" {
		post.BodyFormat = ""
	}
	return *post
}

// cutPage finds the box and the list of similar posts by their title lines.
func cutPage(lines []string) (article, box, similar []string) {
	meta := slices.IndexFunc(lines, func(s string) bool { return isTitleLine(s, metaSuffix) })
	end := len(lines)
	from := max(meta, 0)
	if i := slices.IndexFunc(lines[from:], func(s string) bool { return isTitleLine(s, "similar posts") }); i >= 0 {
		end = from + i
		similar = lines[end+1:]
	}
	if meta < 0 {
		return lines[:end], nil, similar
	}
	return lines[:meta], lines[meta+1 : end], similar
}

// isTitleLine reports a short line without indentation that ends in words.
func isTitleLine(line, words string) bool {
	line = strings.TrimRight(line, " \t")
	return line != "" && line[0] != ' ' && len(line) < 60 && strings.HasSuffix(strings.ToLower(line), words)
}

func nonBlank(lines []string) (out []string) {
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// article cuts the lines into the title and parts.
func (p *pageParser) article(lines []string) {
	var part pagePart
	flush := func() {
		switch {
		case len(part.lines) == 0:
		case p.title == "":
			p.title = strings.TrimSpace(part.lines[0])
			if rest := part.lines[1:]; len(rest) > 0 {
				p.parts = append(p.parts, pagePart{rest})
			}
		default:
			p.parts = append(p.parts, part)
		}
		part = pagePart{}
	}
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		part.lines = append(part.lines, strings.TrimRight(line, " \t"))
	}
	flush()
}

// body writes the parts as Markdown.
func (p *pageParser) body() string {
	var b strings.Builder
	for i, part := range p.parts {
		text := p.markdown(part, i)
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(text)
	}
	return b.String()
}

// markdown writes one part.
func (p *pageParser) markdown(part pagePart, i int) string {
	switch first := part.lines[0]; {
	case p.isImage(part):
		return p.imageMarkdown(part)
	case isBullet(first):
		return bulletMarkdown(part.lines)
	case allIndented(part.lines):
		return strings.Join(part.lines, "\n")
	case i > 0 && i < len(p.parts)-1 && isHeading(part):
		return "## " + escapeText(first)
	}
	escaped := make([]string, len(part.lines))
	for i, line := range part.lines {
		escaped[i] = escapeText(strings.TrimSpace(line))
	}
	return strings.Join(escaped, "\n")
}

// isHeading reports one short line without the punctuation of a sentence.
func isHeading(part pagePart) bool {
	line := part.lines[0]
	return len(part.lines) == 1 && len(line) <= 80 && len(strings.Fields(line)) <= 12 &&
		strings.IndexByte(".!;,", line[len(line)-1]) < 0
}

// imageMark is in the line that names an image's source.
const imageMark = "image source:"

func (p *pageParser) isImage(part pagePart) bool {
	return len(part.lines) <= 2 && strings.Contains(strings.ToLower(part.lines[len(part.lines)-1]), imageMark)
}

// imageMarkdown turns "caption. image source: host" into an image, with the
// address that the box gives for that caption, or else into its words.
func (p *pageParser) imageMarkdown(part pagePart) string {
	line := part.lines[len(part.lines)-1]
	at := strings.Index(strings.ToLower(line), imageMark)
	caption := strings.TrimSuffix(strings.TrimSpace(line[:at]), ".")
	source := strings.TrimSpace(line[at+len(imageMark):])
	for i := range p.post.Images {
		if img := &p.post.Images[i]; img.Caption == caption && img.URL != "" {
			return "![" + escapeText(caption) + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E").Replace(img.URL) + ">)"
		}
	}
	p.post.Images = append(p.post.Images, corpus.Image{Source: source, Caption: caption})
	return escapeText(line)
}

func isBullet(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "•") || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ")
}

// bulletMarkdown writes a list, nested as it is indented.
func bulletMarkdown(lines []string) string {
	var b strings.Builder
	base := indentOf(lines[0])
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		depth := max(0, indentOf(line)-base) / 2
		b.WriteString(strings.Repeat("  ", min(depth, 8)))
		if isBullet(line) {
			b.WriteString("- ")
		} else {
			b.WriteString("  ")
		}
		b.WriteString(escapeText(bulletText(line)))
	}
	return b.String()
}

func bulletText(line string) string {
	line = strings.TrimSpace(line)
	for _, mark := range []string{"•", "- ", "* "} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimSpace(rest)
		}
	}
	return line
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// allIndented reports lines that are code: each four columns in.
func allIndented(lines []string) bool {
	return !slices.ContainsFunc(lines, func(s string) bool {
		return !strings.HasPrefix(s, "    ") && !strings.HasPrefix(s, "\t")
	})
}

// escapeText makes a line of text mean itself in Markdown.
func escapeText(s string) string {
	if !strings.ContainsAny(s, "\\`*_[]<>#&{}|~+-=:.)!") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if needsEscape(s, i) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// needsEscape reports whether the byte at i would be markup. Underscores within
// identifiers are not.
func needsEscape(s string, i int) bool {
	switch c := s[i]; c {
	case '\\', '`', '*', '[', ']', '<', '~':
		return true
	case '_':
		return i == 0 || i+1 == len(s) || !isAlnum(s[i-1]) || !isAlnum(s[i+1])
	case '{':
		return i+1 < len(s) && strings.IndexByte("{%#:/", s[i+1]) >= 0 || i > 0 && s[i-1] == '{'
	case '&':
		return strings.IndexByte(s[i:], ';') > 0
	case '#', '>', '+', '-', '=', '|', ':':
		return i == 0
	case '.', ')':
		return i > 0 && i < 10 && strings.Trim(s[:i], "0123456789") == ""
	}
	return false
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
}

// orderedObject writes members in the order in which they came.
func orderedObject(names []string, members map[string]any) json.RawMessage {
	out := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		key, _ := json.Marshal(name)            // Strings always encode.
		value, _ := json.Marshal(members[name]) // So do strings and numbers.
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}')
}
