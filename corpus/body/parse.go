package body

import (
	"strings"

	"alphanode/corpus"
)

// MaxSource is the number of bytes of a body that are read; what follows is
// ignored. It is four times the default limit of a body.
const MaxSource = 16 << 20

// Parse splits src, written in format (empty means Markdown), into its parts.
// Markup of site generators (shortcodes, Liquid, MDX, admonitions) is resolved
// or dropped first, as in Render. Text that is not valid UTF-8 is repaired with
// U+FFFD.
func Parse(format corpus.BodyFormat, src string) Doc {
	var doc Doc
	src = normalize(src)
	switch format {
	case corpus.Text:
		readText(&doc, src)
	case corpus.HTML:
		clean, _ := cleanTemplates(src, corpus.HTML)
		readHTML(&doc, clean)
	default:
		clean, _ := cleanTemplates(src, corpus.Markdown)
		readMarkdown(&doc, clean)
	}
	return doc
}

// normalize bounds the source and makes it valid UTF-8 with "\n" line ends.
func normalize(src string) string {
	if len(src) > MaxSource {
		src = src[:MaxSource]
	}
	src = strings.TrimPrefix(strings.ToValidUTF8(src, "\ufffd"), "\ufeff")
	if strings.IndexByte(src, '\r') >= 0 {
		src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(src, 0) >= 0 {
		src = strings.ReplaceAll(src, "\x00", "\ufffd")
	}
	return src
}

// readText makes a paragraph of each run of lines without a blank one between.
func readText(doc *Doc, src string) {
	var lines []string
	flush := func() {
		doc.add(Block{Kind: Paragraph, Text: strings.Join(lines, " ")})
		lines = lines[:0]
	}
	for line := range strings.SplitSeq(src, "\n") {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
			continue
		}
		flush()
	}
	flush()
}
