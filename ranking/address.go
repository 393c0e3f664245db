package ranking

import (
	"net/url"
	"path"
	"strings"
)

// addressKey brings an address into the form in which two addresses of one page
// are equal: host and path without scheme, "www.", query, fragment, "index.html", file
// extension of a page and closing slash, lower case. A relative address is resolved
// against base, a key itself. It is "" for what is not the address of a page.
func addressKey(address, base string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	p := u.Path
	switch {
	case host != "":
	case p == "":
		return ""
	case strings.HasPrefix(p, "/"):
		host = hostOf(base)
	case base != "":
		host, p = "", path.Join(path.Dir(base), p)
	}
	return trimPage(strings.ToLower(host + path.Clean("/"+p)))
}

// hostOf is the host of a key, "" when its first part is no host.
func hostOf(key string) string {
	first, _, _ := strings.Cut(key, "/")
	if strings.Contains(first, ".") {
		return first
	}
	return ""
}

func trimPage(key string) string {
	key = strings.Trim(key, "/")
	for _, ext := range []string{".html", ".htm", ".md", ".mdx", ".markdown"} {
		key = strings.TrimSuffix(key, ext)
	}
	return strings.TrimSuffix(strings.TrimSuffix(key, "/index"), "/")
}

// withoutURLs blanks the addresses in a text: their parts are no words.
func withoutURLs(text string) string {
	at := strings.Index(text, "://")
	if at < 0 {
		return text
	}
	var out strings.Builder
	for at >= 0 {
		start := at
		for start > 0 && isSchemeByte(text[start-1]) {
			start--
		}
		end := at + 3
		for end < len(text) && !strings.ContainsRune(" \t\n\"'<>()[]`", rune(text[end])) {
			end++
		}
		out.WriteString(text[:start])
		out.WriteByte(' ')
		text = text[end:]
		at = strings.Index(text, "://")
	}
	out.WriteString(text)
	return out.String()
}

func isSchemeByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'
}

// splitTitle splits a title at its first colon or free-standing dash.
func splitTitle(title string) (head, tail string) {
	at, size := -1, 0
	for _, sep := range []string{": ", " - ", " – ", " — ", " | ", "："} {
		if i := strings.Index(title, sep); i > 0 && (at < 0 || i < at) {
			at, size = i, len(sep)
		}
	}
	if at < 0 {
		return title, ""
	}
	return title[:at], title[at+size:]
}
