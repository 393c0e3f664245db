package body

import (
	"html"
	"path"
	"strings"
)

// arg is one argument of a tag: name="value", or a value alone.
type arg struct{ name, value string }

// parseArgs splits the arguments of a shortcode, a Liquid tag, a function call or
// a JSX element.
func parseArgs(s string) []arg {
	var args []arg
	for len(args) < 64 {
		s = strings.TrimLeft(s, " \t\n,()[]{}")
		if s == "" {
			break
		}
		var a arg
		end := strings.IndexAny(s, " \t\n,()=:\"'`")
		if end > 0 && (s[end] == '=' || s[end] == ':' && strings.HasPrefix(s[end+1:], " ")) {
			a.name, s = strings.ToLower(s[:end]), strings.TrimLeft(s[end+1:], " {")
		}
		a.value, s = argValue(s)
		args = append(args, a)
	}
	return args
}

// argValue cuts a quoted or plain value from the start of s.
func argValue(s string) (value, rest string) {
	if s == "" {
		return "", ""
	}
	if q := s[0]; q == '"' || q == '\'' || q == '`' {
		value, rest, _ = strings.Cut(s[1:], s[:1])
		return value, rest
	}
	end := strings.IndexAny(s, " \t\n,()}")
	if end < 0 {
		return s, ""
	}
	if end == 0 {
		return "", s[1:]
	}
	return s[:end], s[end:]
}

// named is the first of the arguments that are called by one of the names.
func named(args []arg, names ...string) string {
	for _, name := range names {
		for _, a := range args {
			if a.name == name && a.value != "" {
				return a.value
			}
		}
	}
	return ""
}

// codeLang is the language that a code tag names: its first plain argument, or
// lang=.
func codeLang(args []arg) string {
	if lang := named(args, "lang", "language", "lexer"); lang != "" {
		return fenceLang(lang)
	}
	for _, a := range args {
		if lang, ok := strings.CutPrefix(a.value, "lang:"); ok {
			return fenceLang(lang)
		}
	}
	if len(args) > 0 && args[0].name == "" {
		return fenceLang(args[0].value)
	}
	return ""
}

// useful writes what a tag without content says to a reader: the image that it
// shows, the page that it points to where an address is expected, its text.
func (c *cleaner) useful(name string, args []arg) {
	if len(args) == 0 {
		return
	}
	switch name {
	case "ref", "relref", "link", "post_url", "post_link", "asset_path", "url":
		if c.wantsAddress() && !strings.ContainsAny(args[0].value, " \n") {
			c.out = append(c.out, args[0].value...)
		}
		return
	}
	if src := imageOf(name, args); src != "" {
		c.image(src, captionOf(src, args))
		return
	}
	if c.wantsAddress() {
		return
	}
	if text := named(args, "text", "title", "summary", "label", "caption"); text != "" && !strings.Contains(text, "{{") {
		c.text(text)
	}
}

// text writes the text of an argument, apart from the next line if the tag stood
// alone on its line.
func (c *cleaner) text(s string) {
	alone := len(c.out) == 0 || c.out[len(c.out)-1] == '\n'
	if c.html {
		s = html.EscapeString(s)
	}
	c.out = append(c.out, s...)
	if alone && strings.HasPrefix(c.src[c.pos:], "\n") {
		c.out = append(c.out, '\n')
	}
}

// imageOf is the argument that names an image file.
func imageOf(name string, args []arg) string {
	for _, a := range args {
		switch strings.ToLower(path.Ext(a.value)) {
		case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif":
			return a.value
		}
	}
	switch name {
	case "figure", "img", "image", "Image", "Figure":
		return named(args, "src", "url", "file", "path")
	}
	return ""
}

// captionOf is the caption of an image by name, or else the longest argument
// that stands alone and is a phrase.
func captionOf(src string, args []arg) string {
	if caption := named(args, "caption", "alt", "title", "figcaption"); caption != "" {
		return caption
	}
	best := ""
	for _, a := range args {
		if a.name == "" && a.value != src && len(a.value) > len(best) && strings.IndexByte(a.value, ' ') > 0 {
			best = a.value
		}
	}
	return best
}

// image writes an HTML element in Markdown too, for the tag may stand within HTML.
func (c *cleaner) image(src, caption string) {
	src = strings.Join(strings.Fields(src), "%20")
	caption = strings.Join(strings.Fields(caption), " ")
	c.out = append(c.out, `<img src="`+html.EscapeString(src)+`" alt="`+html.EscapeString(caption)+`">`...)
}
