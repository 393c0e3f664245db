package body

import (
	"strings"
)

// maxDepth bounds the nesting of quotations and list items that is followed;
// deeper markers are read as text.
const maxDepth = 64

// container is a quotation or a list item that later lines may continue.
type container struct {
	quote  bool
	indent int  // of an item's content, in columns
	empty  bool // nothing follows the marker yet: a blank line ends the item
}

// leafKind is what the open leaf collects lines for.
type leafKind uint8

const (
	leafNone leafKind = iota
	leafParagraph
	leafTable
	leafFence
	leafIndented
	leafHTML
)

// piece is a finished leaf whose inline markup is still unread, since link
// definitions may follow it.
type piece struct {
	kind  pieceKind
	level int
	lang  string
	text  string
}

type pieceKind uint8

const (
	pieceText pieceKind = iota
	pieceHeading
	pieceRow
	pieceCode
	pieceHTML
)

// blockParser splits Markdown into leaves, line by line, after the CommonMark
// algorithm with the table, footnote and definition list extensions. Its work
// for a line is bounded by the line's length and maxDepth.
type blockParser struct {
	pieces []piece
	refs   map[string]reference
	conts  []container

	leaf    leafKind
	buf     []byte // lines of the open leaf, each with its newline
	lastAt  int    // where the last line starts in buf
	lang    string // of the open fence
	fence   fenceMark
	htmlEnd htmlEnd
	columns int // of the open table
	steps   int // work done, for tests
}

// reference is what a label in brackets stands for.
type reference struct {
	url, title string
	note       bool // the label is a footnote's
}

// blocks reads src to its end.
func (p *blockParser) blocks(src string) {
	for len(src) > 0 {
		line, rest, _ := strings.Cut(src, "\n")
		p.steps += len(line) + 1
		p.line(strings.TrimSuffix(line, "\r"))
		src = rest
	}
	p.finish()
}

func (p *blockParser) line(s string) {
	cur := cursor{s: s}
	matched := p.match(&cur)
	if matched == len(p.conts) {
		if p.verbatim(&cur) {
			return
		}
	} else if p.leaf >= leafTable {
		p.finish()
	}
	if cur.blank() {
		p.blankLine(matched)
		return
	}
	p.open(&cur, matched)
}

// match consumes the markers of the containers that the line continues and
// returns how many there are.
func (p *blockParser) match(cur *cursor) int {
	for i, c := range p.conts {
		p.steps++
		switch {
		case c.quote:
			if cur.indent() > 3 || !strings.HasPrefix(cur.rest(), ">") {
				return i
			}
			takeQuote(cur)
		case cur.blank() && !c.empty:
		case !cur.blank() && cur.indent() >= c.indent:
			cur.skip(c.indent)
			p.conts[i].empty = false
		default:
			return i
		}
	}
	return len(p.conts)
}

func takeQuote(cur *cursor) {
	cur.skip(3)
	cur.take(1)
	cur.skip(1)
}

// verbatim hands the line to an open code or HTML leaf.
func (p *blockParser) verbatim(cur *cursor) bool {
	switch p.leaf {
	case leafFence:
		if p.fence.closes(cur) {
			p.finish()
			return true
		}
		cur.skip(p.fence.indent)
		p.add(cur.text())
		return true
	case leafIndented:
		if !cur.blank() && cur.indent() < 4 {
			p.finish()
			return false
		}
		cur.skip(4)
		p.add(cur.text())
		return true
	case leafHTML:
		if p.htmlEnd == endBlank && cur.blank() {
			p.finish()
			return false
		}
		p.addHTML(cur.text())
		return true
	default:
		return false
	}
}

func (p *blockParser) blankLine(matched int) {
	p.finish()
	if matched < len(p.conts) {
		p.conts = p.conts[:matched]
	}
}

// open starts the containers and the leaf that the line begins, or adds the line
// to the open paragraph or table.
func (p *blockParser) open(cur *cursor, matched int) {
	for {
		p.steps++
		inParagraph := p.leaf == leafParagraph || p.leaf == leafTable
		if cur.indent() >= 4 {
			if inParagraph {
				break
			}
			p.close(matched)
			p.leaf = leafIndented
			cur.skip(4)
			p.add(cur.text())
			return
		}
		if p.leafStart(cur, matched) {
			return
		}
		if !p.containerStart(cur, matched) {
			break
		}
		matched = len(p.conts)
		if cur.blank() {
			return
		}
	}
	p.prose(cur, matched)
}

// close ends the open leaf and the containers beyond the first n.
func (p *blockParser) close(n int) {
	p.finish()
	p.conts = p.conts[:n]
}

// leafStart starts or completes a leaf other than a paragraph, if the line is one.
func (p *blockParser) leafStart(cur *cursor, matched int) bool {
	rest := cur.rest()
	switch rest[0] {
	case '`', '~':
		mark, lang, ok := openFence(rest, cur.indent())
		if !ok {
			return false
		}
		p.close(matched)
		p.leaf, p.fence, p.lang = leafFence, mark, lang
	case '#':
		level, text, ok := atxHeading(rest)
		if !ok {
			return false
		}
		p.close(matched)
		p.pieces = append(p.pieces, piece{kind: pieceHeading, level: level, text: text})
	case '=', '-', '*', '_':
		return p.underline(rest, matched)
	case '<':
		end, ok := htmlStart(rest, p.leaf == leafParagraph)
		if !ok {
			return false
		}
		p.close(matched)
		p.leaf, p.htmlEnd = leafHTML, end
		p.addHTML(cur.text())
	default:
		return false
	}
	return true
}

// underline handles lines of one repeated mark: a setext underline, or a break.
func (p *blockParser) underline(rest string, matched int) bool {
	if p.leaf == leafParagraph && matched == len(p.conts) {
		if level := setextLevel(rest); level > 0 && p.setext(level) {
			return true
		}
	}
	if !thematicBreak(rest) {
		return false
	}
	p.close(matched)
	return true
}

func (p *blockParser) setext(level int) bool {
	text := p.definitions(string(p.buf))
	if strings.TrimSpace(text) == "" {
		return false
	}
	p.pieces = append(p.pieces, piece{kind: pieceHeading, level: level, text: strings.TrimSpace(text)})
	p.leaf, p.buf = leafNone, p.buf[:0]
	return true
}

// containerStart opens the quotation, list item or footnote that the line begins.
func (p *blockParser) containerStart(cur *cursor, matched int) bool {
	if matched >= maxDepth {
		return false
	}
	rest := cur.rest()
	if rest[0] == '>' {
		p.close(matched)
		takeQuote(cur)
		p.conts = append(p.conts, container{quote: true})
		return true
	}
	if label, width, ok := footnoteStart(rest); ok {
		p.close(matched)
		p.define("^"+label, reference{note: true})
		cur.skip(3)
		cur.take(width)
		p.conts = append(p.conts, container{indent: 4})
		return true
	}
	return p.itemStart(cur, rest, matched)
}

func (p *blockParser) itemStart(cur *cursor, rest string, matched int) bool {
	width, first, ok := listMarker(rest)
	if !ok {
		return false
	}
	empty := strings.TrimLeft(rest[width:], " \t") == ""
	interrupts := p.leaf == leafParagraph && matched == len(p.conts)
	if interrupts && (empty || !first) {
		return false
	}
	p.close(matched)
	lead := cur.indent()
	cur.skip(lead)
	cur.take(width)
	gap := cur.indent()
	if empty || gap > 4 {
		gap = 1
	}
	cur.skip(gap)
	p.conts = append(p.conts, container{indent: lead + width + gap, empty: empty})
	return true
}

// prose adds the line to the open paragraph or table, or starts a paragraph.
func (p *blockParser) prose(cur *cursor, matched int) {
	text := cur.rest()
	lazy := p.leaf == leafParagraph && matched < len(p.conts)
	if !lazy && matched < len(p.conts) {
		p.close(matched)
	}
	switch p.leaf {
	case leafTable:
		p.row(text)
	case leafParagraph:
		if !lazy && p.tableStart(text) {
			return
		}
		if isDefinition(text) {
			p.finish()
			p.leaf = leafParagraph
		}
		p.add(strings.TrimPrefix(text, ": "))
	default:
		p.leaf = leafParagraph
		p.add(strings.TrimPrefix(text, ": "))
	}
}

// isDefinition reports a line of a definition list: ": the meaning".
func isDefinition(text string) bool { return strings.HasPrefix(text, ": ") }

func (p *blockParser) add(line string) {
	p.lastAt = len(p.buf)
	p.buf = append(p.buf, line...)
	p.buf = append(p.buf, '\n')
}

func (p *blockParser) addHTML(line string) {
	p.add(line)
	if p.htmlEnd.in(line) {
		p.finish()
	}
}

// finish turns the open leaf into a piece.
func (p *blockParser) finish() {
	switch p.leaf {
	case leafParagraph:
		if text := p.definitions(string(p.buf)); strings.TrimSpace(text) != "" {
			p.pieces = append(p.pieces, piece{kind: pieceText, text: text})
		}
	case leafFence, leafIndented:
		code := piece{kind: pieceCode, lang: p.lang, text: string(p.buf)}
		p.pieces = append(p.pieces, code)
	case leafHTML:
		p.pieces = append(p.pieces, piece{kind: pieceHTML, text: string(p.buf)})
	}
	p.leaf, p.buf, p.lang = leafNone, p.buf[:0], ""
}
