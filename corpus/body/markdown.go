package body

import "strings"

// readMarkdown adds the blocks, links and images of src to doc and returns the
// number of steps that it took.
func readMarkdown(doc *Doc, src string) int {
	var p blockParser
	p.blocks(src)
	in := inliner{doc: doc, refs: p.refs, steps: p.steps}
	for _, piece := range p.pieces {
		in.piece(piece)
	}
	return in.steps
}

func (in *inliner) piece(p piece) {
	switch p.kind {
	case pieceText:
		in.doc.add(Block{Kind: Paragraph, Text: in.text(p.text)})
	case pieceHeading:
		in.doc.add(Block{Kind: Heading, Level: p.level, Text: in.text(p.text)})
	case pieceRow:
		in.doc.add(Block{Kind: Paragraph, Text: in.rowText(p)})
	case pieceCode:
		in.doc.add(Block{Kind: Code, Lang: p.lang, Text: trimCode(p.text)})
	case pieceHTML:
		in.steps += readHTML(in.doc, p.text)
	}
}

// rowText joins the cells of a table row, as many as the table has columns.
func (in *inliner) rowText(p piece) string {
	cells := splitRow(p.text)
	texts := make([]string, 0, len(cells))
	for _, cell := range cells[:min(len(cells), p.level)] {
		cell = strings.ReplaceAll(strings.TrimSpace(cell), `\|`, "|")
		if text := in.text(cell); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " ")
}

// add appends a block unless it is empty.
func (d *Doc) add(b Block) {
	if b.Text != "" {
		d.Blocks = append(d.Blocks, b)
	}
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
