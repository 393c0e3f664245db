package body

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"
)

// The longest addresses and titles that are read; longer ones are text.
const (
	maxURL   = 8 << 10
	maxTitle = 4 << 10
)

func (in *inliner) openBracket(i int, image bool) int {
	if image {
		i++
	}
	in.brackets = append(in.brackets, bracket{
		at: i + 1, out: len(in.out), links: len(in.links), cuts: len(in.cuts), image: image,
	})
	in.hold = len(in.out)
	if image {
		in.out = append(in.out, '!')
	}
	in.out = append(in.out, '[')
	return i + 1
}

// closeBracket makes a link or image of what the innermost open bracket began,
// if the text after it says so.
func (in *inliner) closeBracket(i int) int {
	n := len(in.brackets)
	if n == 0 {
		in.out = append(in.out, ']')
		return i + 1
	}
	open := in.brackets[n-1]
	in.brackets = in.brackets[:n-1]
	ref, next, ok := in.target(open, i)
	switch {
	case !ok || open.dead && !open.image:
		in.out = append(in.out, ']')
		return i + 1
	case ref.note:
		in.truncate(open)
	case open.image:
		in.closeImage(open, ref)
	default:
		in.closeLink(open, ref)
	}
	in.hold = len(in.out)
	return next
}

// target reads what follows the bracket at i: an address in parentheses, a label
// in brackets, or nothing where the text itself is a label.
func (in *inliner) target(open bracket, i int) (ref reference, next int, ok bool) {
	rest := in.src[i+1:]
	if strings.HasPrefix(rest, "(") {
		if ref, n, ok := in.inlineTarget(rest); ok {
			return ref, i + 1 + n, true
		}
	}
	if strings.HasPrefix(rest, "[") {
		if end := closeLabel(rest[1:]); end > 0 {
			ref, ok := in.refs[foldLabel(rest[1:1+end])]
			return ref, i + end + 3, ok
		} else if end == 0 {
			rest = rest[2:]
			i += 2
		}
	}
	label := in.src[open.at : len(in.src)-len(rest)-1]
	if n := strings.LastIndexByte(label, ']'); strings.HasSuffix(label, "][") {
		label = label[:n]
	}
	if len(in.refs) == 0 || len(label) > maxLabel {
		return reference{}, 0, false
	}
	ref, ok = in.refs[foldLabel(label)]
	return ref, i + 1, ok
}

// inlineTarget reads `(url "title")`. A failed try is paid from the budget.
func (in *inliner) inlineTarget(s string) (ref reference, n int, ok bool) {
	if in.budget <= 0 {
		return reference{}, 0, false
	}
	ref, n, ok = inlineLink(s)
	in.steps += n
	if !ok {
		in.budget -= n
	}
	return ref, n, ok
}

// inlineLink reads `(url "title")`; n is the number of bytes that were looked at.
func inlineLink(s string) (ref reference, n int, ok bool) {
	at := 1 + blanks(s[1:])
	dest, w, ok := destination(s[at:], maxURL)
	at += w
	if !ok {
		return reference{}, at, false
	}
	gap := blanks(s[at:])
	at += gap
	if gap > 0 && at < len(s) && strings.IndexByte(`"'(`, s[at]) >= 0 {
		title, w, ok := quotedTitle(s[at:])
		at += w
		if !ok {
			return reference{}, at, false
		}
		ref.title = title
		at += blanks(s[at:])
	}
	if at == len(s) || s[at] != ')' {
		return reference{}, at, false
	}
	ref.url = dest
	return ref, at + 1, true
}

// destination reads an address, in angle brackets or with balanced parentheses;
// n is the number of bytes that were looked at.
func destination(s string, limit int) (dest string, n int, ok bool) {
	if strings.HasPrefix(s, "<") {
		end := strings.IndexAny(s[:min(len(s), limit)], ">\n")
		if end < 0 || s[end] != '>' {
			return "", min(len(s), limit), false
		}
		return unescape(s[1:end]), end + 1, true
	}
	depth, long := 0, hasScheme(s, "data")
	for n = 0; n < len(s) && (n < limit || long); n++ {
		switch c := s[n]; {
		case c == '\\' && n+1 < len(s) && isPunct(s[n+1]):
			n++
		case c <= ' ':
			return unescape(s[:n]), n, depth == 0
		case c == '(':
			depth++
		case c == ')':
			if depth == 0 {
				return unescape(s[:n]), n, true
			}
			depth--
		}
	}
	return "", min(n, len(s)), n >= len(s) && depth == 0
}

// quotedTitle reads "title", 'title' or (title).
func quotedTitle(s string) (title string, n int, ok bool) {
	end := s[0]
	switch end {
	case '(':
		end = ')'
	case '"', '\'':
	default:
		return "", 0, false
	}
	limit := min(len(s), maxTitle)
	for n = 1; n < limit; n++ {
		switch s[n] {
		case '\\':
			n++
		case end:
			return unescape(s[1:n]), n + 1, true
		}
	}
	return "", limit, false
}

// unescape decodes backslashes and entities of an address or title.
func unescape(s string) string {
	if strings.IndexAny(s, "\\&") < 0 {
		return s
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			i = len(s)
		}
		b.WriteString(html.UnescapeString(s[:i]))
		if i == len(s) {
			break
		}
		if !isPunct(s[i+1]) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i+1])
		s = s[i+2:]
	}
	return b.String()
}

func (in *inliner) closeLink(open bracket, ref reference) {
	in.cuts = append(in.cuts, span{open.out, open.out + 1})
	if in.budget > 0 {
		in.links = append(in.links, openLink{text: span{open.out + 1, len(in.out)}, url: ref.url})
	}
	for k := len(in.brackets) - 1; k >= 0 && !in.brackets[k].dead; k-- {
		in.brackets[k].dead = true
	}
}

// closeImage takes the alternative text out of the prose and makes it a caption.
func (in *inliner) closeImage(open bracket, ref reference) {
	in.budget -= len(in.cuts) - open.cuts
	inner := append([]span(nil), in.cuts[open.cuts:]...)
	caption := newCutter(inner).slice(in.out, span{open.out + 2, len(in.out)})
	if strings.TrimSpace(caption) == "" {
		caption = ref.title
	}
	in.addImage(ref.url, caption)
	in.truncate(open)
}

// truncate drops what was written since the bracket opened.
func (in *inliner) truncate(open bracket) {
	in.out = in.out[:open.out]
	in.links = in.links[:open.links]
	in.dropAfter(open.out - 1)
	kept := in.cuts[:open.cuts]
	for _, cut := range in.cuts[open.cuts:] {
		if cut.from < open.out {
			kept = append(kept, cut)
		}
	}
	in.cuts = kept
	in.anchor = min(in.anchor, len(in.out))
}

// bareURL makes a link of an http address that stands in the text as it is.
func (in *inliner) bareURL(i int) int {
	in.out = append(in.out, ':')
	if !strings.HasPrefix(in.src[i:], "://") || len(in.brackets) > 0 || in.anchor >= 0 {
		return i + 1
	}
	start := i
	for start > 0 && i-start < 6 && isLetter(in.src[start-1]) {
		start--
	}
	if scheme := strings.ToLower(in.src[start:i]); scheme != "http" && scheme != "https" {
		return i + 1
	}
	end := i + bareLength(in.src[i:min(len(in.src), i+maxURL)])
	if end <= i+3 || len(in.out) < i-start+1 {
		return i + 1
	}
	in.out = append(in.out, in.src[i+1:end]...)
	in.links = append(in.links, openLink{text: span{len(in.out) - (end - start), len(in.out)}, url: in.src[start:end]})
	in.hold = len(in.out)
	return end
}

// bareLength is the length of the address at the start of s without the
// punctuation that ends a sentence.
func bareLength(s string) int {
	end := strings.IndexAny(s, " \t\n<>\"`[]")
	if end < 0 {
		end = len(s)
	}
	for end > 0 {
		c := s[end-1]
		if c == ')' && strings.Count(s[:end], "(") >= strings.Count(s[:end], ")") {
			break
		}
		if strings.IndexByte("?!.,:;*_~'|)", c) < 0 {
			break
		}
		end--
	}
	return end
}

// hasScheme reports whether the address starts with the scheme, in any case.
func hasScheme(u, scheme string) bool {
	return len(u) > len(scheme) && u[len(scheme)] == ':' && strings.EqualFold(u[:len(scheme)], scheme)
}

// host is the host that an absolute address names, without "www.".
func host(address string) string {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	if !hasScheme(address, "http") && !hasScheme(address, "https") || !utf8.ValidString(address) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
