package body

import "strings"

// maxLabel bounds the label of a link reference, as CommonMark does.
const maxLabel = 999

// definitions consumes the link reference definitions at the start of a
// paragraph and returns the rest.
func (p *blockParser) definitions(text string) string {
	for strings.HasPrefix(text, "[") {
		label, ref, n, ok := definition(text)
		if !ok {
			return text
		}
		p.define(label, ref)
		text = text[n:]
	}
	return text
}

func (p *blockParser) define(label string, ref reference) {
	if p.refs == nil {
		p.refs = make(map[string]reference)
	}
	key := foldLabel(label)
	if _, taken := p.refs[key]; !taken && key != "" {
		p.refs[key] = ref
	}
}

// definition reads `[label]: url "title"` and its newline, n bytes in all. The
// title may stand on the next line.
func definition(text string) (label string, ref reference, n int, ok bool) {
	end := closeLabel(text[1:])
	if end < 0 || !strings.HasPrefix(text[1+end:], "]:") {
		return "", reference{}, 0, false
	}
	label = text[1 : 1+end]
	at := 1 + end + 2
	at += spaces(text[at:])
	url, w, ok := destination(text[at:], maxURL)
	if !ok || w == 0 {
		return "", reference{}, 0, false
	}
	at += w
	if title, w, ok := definitionTitle(text[at:]); ok {
		return label, reference{url: url, title: title}, at + w, true
	}
	eol := strings.IndexByte(text[at:], '\n')
	if eol < 0 || strings.TrimSpace(text[at:at+eol]) != "" {
		return "", reference{}, 0, false
	}
	return label, reference{url: url}, at + eol + 1, true
}

// definitionTitle reads white space, a quoted title and the end of the line.
func definitionTitle(s string) (title string, n int, ok bool) {
	at := spaces(s)
	if at == 0 || at == len(s) {
		return "", 0, false
	}
	title, w, ok := quotedTitle(s[at:])
	if !ok {
		return "", 0, false
	}
	at += w
	eol := strings.IndexByte(s[at:], '\n')
	if eol < 0 || strings.TrimSpace(s[at:at+eol]) != "" {
		return "", 0, false
	}
	return title, at + eol + 1, true
}

// closeLabel is the position of the bracket that ends a label, or -1.
func closeLabel(s string) int {
	for i := 0; i < len(s) && i < maxLabel; i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return i
		case '[':
			return -1
		}
	}
	return -1
}

// foldLabel is the form in which labels are compared.
func foldLabel(label string) string {
	return strings.ToLower(strings.Join(strings.Fields(label), " "))
}

// spaces counts white space with at most one newline.
func spaces(s string) int {
	newline := false
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t':
		case '\n':
			if newline {
				return i
			}
			newline = true
		default:
			return i
		}
	}
	return len(s)
}
