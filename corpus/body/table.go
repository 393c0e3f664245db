package body

import "strings"

// tableStart turns the last line of the open paragraph into a table's head if
// line is its delimiter row.
func (p *blockParser) tableStart(line string) bool {
	columns := delimiterColumns(line)
	if columns == 0 {
		return false
	}
	head := string(p.buf[p.lastAt : len(p.buf)-1])
	if len(splitRow(head)) != columns || columns == 1 && strings.IndexByte(head, '|') < 0 && line[0] != '|' {
		return false
	}
	p.buf = p.buf[:p.lastAt]
	p.finish()
	p.leaf, p.columns = leafTable, columns
	p.row(head)
	return true
}

func (p *blockParser) row(line string) {
	p.pieces = append(p.pieces, piece{kind: pieceRow, level: p.columns, text: line})
}

// delimiterColumns counts the columns of a row such as "|---|:-:|"; 0 for other
// lines.
func delimiterColumns(line string) int {
	if strings.Trim(line, "|-: \t") != "" || strings.IndexByte(line, '-') < 0 || strings.IndexByte(line, '|') < 0 {
		return 0
	}
	n := 0
	for cell := range strings.SplitSeq(trimRow(line), "|") {
		cell = strings.TrimSpace(cell)
		cell = strings.TrimSuffix(strings.TrimPrefix(cell, ":"), ":")
		if cell == "" || strings.Trim(cell, "-") != "" {
			return 0
		}
		n++
	}
	return n
}

func trimRow(line string) string {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(line, "|")
	if strings.HasSuffix(line, "|") && !strings.HasSuffix(line, `\|`) {
		line = line[:len(line)-1]
	}
	return line
}

// splitRow cuts a row at its unescaped bars.
func splitRow(line string) []string {
	line = trimRow(line)
	var cells []string
	start := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, line[start:i])
			start = i + 1
		}
	}
	return append(cells, line[start:])
}
