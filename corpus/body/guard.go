package body

import "strings"

// CommonMark cannot be parsed in linear time by the parser in use: brackets,
// emphasis marks, table columns, nested containers and definitions each multiply
// with the length of what they stand in. The bounds below are far above what
// real posts hold; a body beyond them is read as plain text.
const (
	// maxNesting is how deep quotations and list items may nest.
	maxNesting = 100
	// maxWork is the estimated work, in units of about a nanosecond, that is
	// spent on a body beyond what its length costs.
	maxWork = 1_000_000_000
)

// The work of one pair of things that multiply, as measured with the parser.
const (
	workTarget  = 2   // "](" times bytes of the paragraph
	workBracket = 8   // "[" times bytes, a fraction: 1/8
	workMark    = 1   // emphasis marks, squared
	workCell    = 400 // columns times lines of a table
	workLabel   = 4   // definitions, squared
	workNest    = 100 // depth times lines
)

// estimate adds up what a Markdown source may cost.
type estimate struct {
	work   int
	labels int
	depth  int // of the containers that may be open
	blank  bool

	// Of the paragraph at hand.
	bytes, lines, targets, brackets, marks, columns int
}

// tooCostly reports whether src is beyond the bounds.
func tooCostly(src string) bool {
	if len(src) < 256 || cheap(src) {
		return false
	}
	var e estimate
	for line := range strings.Lines(src) {
		if e.line(line); e.depth > maxNesting || e.work > maxWork {
			return true
		}
	}
	e.paragraph()
	return e.work+workLabel*e.labels*e.labels > maxWork
}

// cheap reports a source that stays within the bounds even if all of it were one
// paragraph, and each line as deep as the deepest: nearly all do.
func cheap(src string) bool {
	brackets, lines := strings.Count(src, "["), strings.Count(src, "\n")+1
	marks := strings.Count(src, "*") + strings.Count(src, "_") + strings.Count(src, "~")
	cells := strings.Count(src, "|") + 1
	work := workTarget*brackets*len(src) + brackets*len(src)/workBracket + workMark*marks*marks +
		workCell*cells*lines + workLabel*lines*lines
	if work > maxWork || workNest*maxCheapDepth*lines > maxWork-work {
		return false
	}
	depth := 0
	for line := range strings.Lines(src) {
		inner := strings.TrimLeft(line, " \t")
		if indent := len(line) - len(inner); indent > 0 || inner[0] <= '9' || inner[0] == '>' {
			depth = max(depth, nesting(inner)+columns(line[:indent])/2)
		}
	}
	return depth <= maxCheapDepth
}

// maxCheapDepth is the depth that cheap reckons with.
const maxCheapDepth = 20

func (e *estimate) line(line string) {
	inner := strings.TrimLeft(line, " \t")
	if len(strings.TrimRight(inner, "\n")) == 0 {
		e.paragraph()
		e.blank = true
		e.work += workNest * e.depth
		return
	}
	indent := len(line) - len(inner)
	if depth := nesting(inner); depth > 0 {
		e.depth = max(e.depth, depth+columns(line[:indent])/2)
	} else if e.blank && indent == 0 {
		e.depth = 0
	}
	if indent < 4 && (inner[0] == '#' || isBullet(inner)) {
		e.paragraph()
	}
	e.blank = false
	e.work += workNest * e.depth
	e.count(line, inner)
}

// columns is the width of white space.
func columns(space string) int { return len(space) + 3*strings.Count(space, "\t") }

// nesting counts the quotation and list markers at the start of s.
func nesting(s string) int {
	n := 0
	for n <= maxNesting {
		s = strings.TrimLeft(s, " \t")
		width, ok := listMarker(s)
		if strings.HasPrefix(s, ">") {
			width, ok = 1, true
		}
		if !ok || width == 0 {
			break
		}
		s = s[width:]
		n++
	}
	return n
}

// isBullet reports a list item that ends the paragraph before it.
func isBullet(s string) bool {
	width, ok := listMarker(s)
	return ok && width == 1 && strings.TrimSpace(s[width:]) != ""
}

func (e *estimate) count(line, inner string) {
	e.bytes += len(line)
	e.lines++
	for i := range len(line) {
		switch line[i] {
		case '[':
			e.brackets++
		case '(':
			if i > 0 && line[i-1] == ']' {
				e.targets++
			}
		case '*', '_', '~':
			e.marks++
		}
	}
	if inner[0] == '[' {
		e.labels++
	}
	if strings.IndexByte(inner, '|') >= 0 && strings.Trim(inner, "|-: >\t\n") == "" {
		e.columns = max(e.columns, strings.Count(inner, "|")+1)
	}
}

// paragraph adds what the lines since the last break cost together.
func (e *estimate) paragraph() {
	e.work += workTarget*e.targets*e.bytes + e.brackets*e.bytes/workBracket +
		workMark*e.marks*e.marks + workCell*e.columns*e.lines
	e.bytes, e.lines, e.targets, e.brackets, e.marks, e.columns = 0, 0, 0, 0, 0, 0
}
