package synth

import (
	"bytes"
	"strconv"

	"alphanode/corpus"
)

// page writes the body of a post in one of the body formats. Sentences come with
// code between backticks and with links as [text](address).
type page struct {
	format corpus.BodyFormat
	dst    []byte
	// paragraphs counts the paragraphs written.
	paragraphs int
}

func (w *page) blank() {
	if len(w.dst) > 0 {
		w.dst = append(w.dst, "\n\n"...)
	}
}

func (w *page) paragraph(text []byte) {
	w.blank()
	w.paragraphs++
	if w.format == corpus.HTML {
		w.dst = append(w.inline(append(w.dst, "<p>"...), text), "</p>"...)
		return
	}
	w.dst = w.inline(w.dst, text)
}

func (w *page) heading(level int, text []byte) {
	w.blank()
	switch w.format {
	case corpus.HTML:
		tag := "h" + strconv.Itoa(level) + ">"
		w.dst = append(append(w.dst, '<'), tag...)
		w.dst = append(append(w.inline(w.dst, text), "</"...), tag...)
	case corpus.Text:
		w.dst = w.inline(w.dst, text)
	default:
		for range level {
			w.dst = append(w.dst, '#')
		}
		w.dst = w.inline(append(w.dst, ' '), text)
	}
}

func (w *page) bullets(items []string) {
	w.blank()
	if w.format == corpus.HTML {
		w.dst = append(w.dst, "<ul>\n"...)
		for _, item := range items {
			w.dst = append(w.inline(append(w.dst, "<li>"...), []byte(item)), "</li>\n"...)
		}
		w.dst = append(w.dst, "</ul>"...)
		return
	}
	for k, item := range items {
		if k > 0 {
			w.dst = append(w.dst, '\n')
		}
		w.dst = w.inline(append(w.dst, "- "...), []byte(item))
	}
}

func (w *page) code(language string, text []byte) {
	w.blank()
	switch w.format {
	case corpus.HTML:
		w.dst = append(append(append(w.dst, `<pre><code class="language-`...), language...), `">`...)
		w.dst = append(appendEscaped(w.dst, text), "</code></pre>"...)
	case corpus.Text:
		for line := range bytes.Lines(text) {
			w.dst = append(append(w.dst, "    "...), line...)
		}
	default:
		w.dst = append(append(append(w.dst, "```"...), language...), '\n')
		w.dst = append(append(w.dst, text...), "\n```"...)
	}
}

func (w *page) figure(img *corpus.Image) {
	w.blank()
	switch w.format {
	case corpus.HTML:
		w.dst = append(append(append(w.dst, `<figure><img src="`...), img.URL...), `" alt="`...)
		w.dst = append(appendEscaped(w.dst, []byte(img.Caption)), `"><figcaption>`...)
		w.dst = append(appendEscaped(w.dst, []byte(img.Caption)), "</figcaption></figure>"...)
	case corpus.Text:
		w.dst = append(append(w.dst, img.Caption...), ". Image source: "...)
		w.dst = append(w.dst, img.Source...)
	default:
		w.dst = append(append(append(w.dst, "!["...), img.Caption...), "]("...)
		w.dst = append(append(append(w.dst, img.URL...), ` "`...), img.Caption...)
		w.dst = append(w.dst, `")`...)
	}
}

// inline writes a sentence with its code and links.
func (w *page) inline(dst, text []byte) []byte {
	switch w.format {
	case corpus.HTML:
		return appendHTML(dst, text)
	case corpus.Text:
		return appendPlain(dst, text)
	default:
		return append(dst, text...)
	}
}

// appendHTML turns backticks into code elements and links into anchors.
func appendHTML(dst, text []byte) []byte {
	open := false
	for len(text) > 0 {
		k := bytes.IndexAny(text, "`[")
		if k < 0 {
			return appendEscaped(dst, text)
		}
		dst = appendEscaped(dst, text[:k])
		if label, address, rest, found := cutLink(text[k:]); found {
			dst = append(append(append(dst, `<a href="`...), address...), `">`...)
			dst = append(appendEscaped(dst, label), "</a>"...)
			text = rest
			continue
		}
		if text[k] == '`' {
			dst = append(dst, codeTag(open)...)
			open = !open
		} else {
			dst = append(dst, text[k])
		}
		text = text[k+1:]
	}
	return dst
}

func codeTag(open bool) string {
	if open {
		return "</code>"
	}
	return "<code>"
}

// appendPlain drops backticks and writes the address behind the text of a link.
func appendPlain(dst, text []byte) []byte {
	for len(text) > 0 {
		k := bytes.IndexAny(text, "`[")
		if k < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:k]...)
		if label, address, rest, found := cutLink(text[k:]); found {
			dst = append(append(append(dst, label...), " ("...), address...)
			dst = append(dst, ')')
			text = rest
			continue
		}
		if text[k] != '`' {
			dst = append(dst, text[k])
		}
		text = text[k+1:]
	}
	return dst
}

// cutLink takes a link off the start of text.
func cutLink(text []byte) (label, address, rest []byte, found bool) {
	label, rest, found = bytes.Cut(text, []byte("]("))
	if !found || label[0] != '[' {
		return nil, nil, text, false
	}
	address, rest, found = bytes.Cut(rest, []byte(")"))
	return label[1:], address, rest, found
}

func appendEscaped(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
