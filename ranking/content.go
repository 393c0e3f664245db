package ranking

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/corpus/body"
)

// content is what the derived scores count in a body.
type content struct {
	words, longWords, sentences, paragraphs float64
	headings, codeLines, links              float64
	images, captioned                       float64
	// faults counts breaks of structure: a heading level skipped, an empty heading,
	// a heading with nothing under it, an unclosed code fence, a wall of text,
	// characters that were lost in a conversion.
	faults float64
}

// longWord is the number of letters from which a word counts as hard to read.
const longWord = 13

// wallOfText is the number of words from which a single paragraph is a fault.
const wallOfText = 400

func measure(d body.Doc) content {
	m := content{links: float64(len(d.Links)), images: float64(len(d.Images))}
	for _, im := range d.Images {
		m.captioned += indicator(strings.TrimSpace(im.Caption) != "")
	}
	level := 0
	for i, b := range d.Blocks {
		switch b.Kind {
		case body.Heading:
			m.heading(b, level, i+1 < len(d.Blocks) && (d.Blocks[i+1].Kind != body.Heading || d.Blocks[i+1].Level > b.Level))
			level = b.Level
		case body.Code:
			m.codeLines += float64(1 + strings.Count(strings.TrimSpace(b.Text), "\n"))
		case body.Paragraph:
			m.prose(b.Text)
		}
	}
	return m
}

func (m *content) heading(b body.Block, before int, followed bool) {
	if strings.TrimSpace(b.Text) == "" {
		m.faults++
		return
	}
	m.headings++
	if before > 0 && b.Level > before+1 {
		m.faults++
	}
	if !followed {
		m.faults++
	}
}

func (m *content) prose(text string) {
	before := m.words
	m.countWords(text)
	if m.words == before {
		return
	}
	m.paragraphs++
	if m.words-before > wallOfText {
		m.faults++
	}
	if strings.Contains(text, "```") || strings.ContainsRune(text, utf8.RuneError) {
		m.faults++
	}
}

// countWords counts runs of letters and digits, two CJK characters as one word,
// and the sentences they make.
func (m *content) countWords(text string) {
	length, open := 0, false
	end := func() {
		if length > 0 {
			m.words++
			m.longWords += indicator(length >= longWord)
			open = true
		}
		length = 0
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			switch {
			case isCJK(r):
				end()
				m.words += 0.5
				open = true
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '’':
				length++
			default:
				end()
				if open && endsSentence(r, text[i:]) {
					m.sentences++
					open = false
				}
			}
			i += size
			continue
		case isASCIIWord(c):
			length++
		case length == 0 && !open:
		default:
			if length > 0 {
				end()
			}
			if open && (c == '.' || c == '!' || c == '?') && endsSentence(rune(c), text[i:]) {
				m.sentences++
				open = false
			}
		}
		i++
	}
	end()
	m.sentences += indicator(open)
}

// isASCIIWord is true for a letter, a digit and an apostrophe.
func isASCIIWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '\''
}

// firstCJK is where the scripts begin that have no spaces between words.
const firstCJK = 0x1100

func isCJK(r rune) bool {
	return r >= firstCJK && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// endsSentence is true for a full stop, question or exclamation mark that white
// space follows, and for their full-width forms.
func endsSentence(r rune, rest string) bool {
	switch r {
	case '。', '！', '？':
		return true
	case '.', '!', '?':
		next, size := utf8.DecodeRuneInString(rest[1:])
		return size == 0 || unicode.IsSpace(next) || next == '"' || next == ')'
	}
	return false
}
