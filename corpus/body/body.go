package body

import (
	"strings"

	"alphanode/corpus"
)

// Kind says what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Paragraph Kind = iota // prose: a paragraph, a list item, a quotation, a table row
	Heading
	Code // a code block; code within a sentence stays in its paragraph
)

// Block is one run of plain text: entities decoded, no markup.
type Block struct {
	Kind Kind
	// Level is 1..6 for a heading and 0 otherwise.
	Level int
	// Lang is the language that a code block names ("go"), lower case; often empty.
	Lang string
	Text string
}

// Link is a hyperlink of the body with the words that carry it.
type Link struct {
	URL  string
	Text string
}

// Doc is a body split into its parts, in the order of the text.
type Doc struct {
	Blocks []Block
	Links  []Link
	Images []corpus.Image
}

// Prose joins the texts of all paragraphs by "\n".
func (d Doc) Prose() string { return d.join(Paragraph) }

// Headings joins the texts of all headings by "\n".
func (d Doc) Headings() string { return d.join(Heading) }

// Code joins the texts of all code blocks by "\n".
func (d Doc) Code() string { return d.join(Code) }

func (d Doc) join(kind Kind) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		if block.Kind != kind {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(block.Text)
	}
	return b.String()
}
