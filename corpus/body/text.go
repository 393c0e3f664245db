package body

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"alphanode/corpus"
)

// maxURL is the longest address that is read, in bytes.
const maxURL = 8 << 10

// add appends a block unless it is empty.
func (d *Doc) add(b Block) {
	if b.Text != "" {
		d.Blocks = append(d.Blocks, b)
	}
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

// trimCode drops blank lines around code and the white space behind it.
func trimCode(s string) string {
	s = strings.TrimRight(s, " \t\r\n")
	for {
		line, rest, found := strings.Cut(s, "\n")
		if !found || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// fenceLang is the language named by the info string of a code block.
func fenceLang(info string) string {
	info = strings.TrimLeft(strings.TrimSpace(info), "{.= ")
	if end := strings.IndexAny(info, " \t,{}:;"); end >= 0 {
		info = info[:end]
	}
	if len(info) > 40 {
		return ""
	}
	return strings.ToLower(info)
}

// newImage is the image at address; false for one that is no address of an image.
func newImage(address, caption string) (corpus.Image, bool) {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > maxURL || hasScheme(address, "data") || hasScheme(address, "javascript") {
		return corpus.Image{}, false
	}
	return corpus.Image{Source: host(address), URL: address, Caption: strings.Join(strings.Fields(caption), " ")}, true
}

func hasScheme(address, scheme string) bool {
	return len(address) > len(scheme) && address[len(scheme)] == ':' && strings.EqualFold(address[:len(scheme)], scheme)
}

// host is the host that an address names, without "www."; empty for a path.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
