package body

import (
	"html"
	"strings"
	"unicode/utf8"
)

// angle reads what "<" starts: an address, a comment or a tag.
func (in *inliner) angle(i int) int {
	rest := in.src[i:]
	if strings.HasPrefix(rest, "<!--") {
		return in.comment(i)
	}
	if n := in.autolink(rest); n > 0 {
		return i + n
	}
	if n := in.tag(rest); n > 0 {
		return i + n
	}
	in.out = append(in.out, '<')
	return i + 1
}

func (in *inliner) comment(i int) int {
	if !in.noComment {
		if end := strings.Index(in.src[i+2:], "-->"); end >= 0 {
			return i + 2 + end + 3
		}
		in.noComment = true
		in.steps += len(in.src)
	}
	in.out = append(in.out, '<')
	return i + 1
}

// autolink reads <https://host/path> or <name@host>.
func (in *inliner) autolink(s string) int {
	end := strings.IndexAny(s[:min(len(s), maxTag)], "> \n")
	in.steps += max(end, 0)
	if end < 3 || s[end] != '>' {
		return 0
	}
	address := s[1:end]
	colon := strings.IndexByte(address, ':')
	switch {
	case colon >= 2 && colon <= 32 && isScheme(address[:colon]):
	case strings.IndexByte(address, '@') > 0 && strings.IndexAny(address, "/\\\"'=<") < 0:
		in.out = append(in.out, address...)
		in.hold = len(in.out)
		return end + 1
	default:
		return 0
	}
	at := len(in.out)
	in.out = append(in.out, address...)
	in.links = append(in.links, openLink{text: span{at, len(in.out)}, url: address})
	in.hold = len(in.out)
	return end + 1
}

func isScheme(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) && (i == 0 || !isDigit(s[i]) && strings.IndexByte("+.-", s[i]) < 0) {
			return false
		}
	}
	return true
}

// tag drops a tag and notes what it means for the text.
func (in *inliner) tag(s string) int {
	if len(s) < 2 || !isLetter(s[1]) && s[1] != '/' && s[1] != '!' && s[1] != '?' || in.budget <= 0 {
		return 0
	}
	n := htmlTag(s)
	if n == 0 {
		in.budget -= min(len(s), maxTag) / 8
		in.steps += min(len(s), maxTag) / 8
		return 0
	}
	in.steps += n
	name, closing := tagName(s[:n])
	switch {
	case closing && name == "a":
		in.endAnchor()
	case closing:
	case name == "br":
		in.out = append(in.out, ' ')
	case name == "a":
		in.startAnchor(attributeOf(s[:n], "href"))
	case name == "img":
		in.addImage(attributeOf(s[:n], "src"), attributeOf(s[:n], "alt"))
	case name == "script" || name == "style" || name == "svg":
		if !strings.HasSuffix(s[:n], "/>") {
			in.skipping = name
		}
	}
	return n
}

// skipRaw jumps behind the end tag of an element whose content is no text.
func (in *inliner) skipRaw(i int) int {
	end := "</" + in.skipping
	in.skipping = ""
	in.steps += len(in.src) - i
	for at := i; at < len(in.src); at += 2 {
		k := strings.Index(in.src[at:], "</")
		if k < 0 {
			break
		}
		at += k
		if len(in.src)-at >= len(end) && strings.EqualFold(in.src[at:at+len(end)], end) {
			return at
		}
	}
	return len(in.src)
}

func (in *inliner) startAnchor(href string) {
	in.endAnchor()
	if href != "" {
		in.anchor, in.href, in.hold = len(in.out), href, len(in.out)
	}
}

func (in *inliner) endAnchor() {
	if in.anchor < 0 {
		return
	}
	in.links = append(in.links, openLink{text: span{in.anchor, len(in.out)}, url: in.href})
	in.anchor, in.hold = -1, len(in.out)
}

// attributeOf is the decoded value of one attribute of a well-formed tag.
func attributeOf(tag, name string) string {
	i := 1 + nameLength(tag[1:])
	for i < len(tag) {
		i += blanks(tag[i:])
		n := attribute(tag[i:])
		if n == 0 {
			return ""
		}
		key, value, _ := strings.Cut(tag[i:i+n], "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			value = strings.TrimSpace(value)
			if len(value) > 1 && (value[0] == '"' || value[0] == '\'') {
				value = value[1 : len(value)-1]
			}
			return html.UnescapeString(value)
		}
		i += n
	}
	return ""
}

// entity decodes "&name;" and "&#10;".
func (in *inliner) entity(i int) int {
	s := in.src[i:min(len(in.src), i+40)]
	end := strings.IndexByte(s, ';')
	in.steps += len(s)
	if end > 1 {
		decoded := html.UnescapeString(s[:end+1])
		if decoded != s[:end+1] && !strings.HasSuffix(decoded, ";") || decoded == ";" {
			in.out = appendText(in.out, decoded)
			return i + end + 1
		}
	}
	in.out = append(in.out, '&')
	return i + 1
}

// appendText adds decoded text with no-break spaces as spaces and without
// characters that mean nothing in text.
func appendText(out []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '\u00a0' || r == '\n' || r == '\t' || r == '\r':
			out = append(out, ' ')
		case r < ' ' || r == '\u00ad' || r == '\u200b' || r == '\ufeff':
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}
