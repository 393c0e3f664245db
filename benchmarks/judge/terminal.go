package judge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Terminal grades with single keys on a terminal.
type Terminal struct {
	Pool  Pool
	Book  *Book
	Judge string
	// In gives keys as they are pressed: a terminal in raw mode. Lines of keys do
	// as well; line ends are ignored.
	In  io.Reader
	Out io.Writer
	// Width and Lines bound what is shown of a text; 0 means 80 and 18.
	Width, Lines int
}

// errQuit ends a session.
var errQuit = errors.New("quit")

// Run shows decision after decision until all are made or the judge quits, and
// says how many were made in all.
func (t *Terminal) Run() (done int, err error) {
	if t.Judge == "" {
		return 0, errors.New("judge: a name is needed")
	}
	if t.Width == 0 {
		t.Width = 80
	}
	if t.Lines == 0 {
		t.Lines = 18
	}
	keys := bufio.NewReader(t.In)
	page := &Page{pool: t.Pool, book: t.Book}
	for at := page.next(t.Judge, ""); at < len(t.Pool); {
		t.show(page, at)
		if at, err = t.press(page, keys, at); err != nil {
			break
		}
	}
	if errors.Is(err, errQuit) || errors.Is(err, io.EOF) {
		err = nil
	}
	done = page.done(t.Judge)
	t.printf("\n%d of %d graded.\n", done, len(t.Pool))
	return done, err
}

// printf writes lines as a terminal in raw mode needs them.
func (t *Terminal) printf(format string, args ...any) {
	fmt.Fprint(t.Out, strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\r\n"))
}

func (t *Terminal) show(page *Page, at int) {
	item := t.Pool[at]
	t.printf("\x1b[2J\x1b[H[%d/%d] %d left for this query\n\n\x1b[1m%s\x1b[0m\n\n", page.done(t.Judge), len(t.Pool),
		page.left(t.Judge, item.Query.ID), t.folded(item.Query.Text))
	t.printf("\x1b[4m%s\x1b[0m\n%s\n\n", t.folded(item.Doc.Title), printable(item.Doc.ID))
	lines := wrap(printable(item.Doc.Text), t.Width)
	for _, line := range lines[:min(t.Lines, len(lines))] {
		t.printf("%s\n", line)
	}
	t.printf("\n")
	for grade, meaning := range grades {
		t.printf("  %d %s\n", grade, meaning)
	}
	t.printf("  s skip   u undo   q quit ")
}

// folded is text that fits the width.
func (t *Terminal) folded(text string) string {
	return strings.Join(wrap(printable(text), t.Width), "\n")
}

// press reads keys until one means something, and gives the next place.
func (t *Terminal) press(page *Page, keys *bufio.Reader, at int) (int, error) {
	for {
		key, err := keys.ReadByte()
		if err != nil {
			return at, err
		}
		item := t.Pool[at]
		switch {
		case key >= '0' && key <= '0'+MaxGrade:
			err := t.Book.Grade(t.Judge, item.Query.ID, item.Doc.ID, int(key-'0'))
			return page.next(t.Judge, page.after(t.Judge, at)), err
		case key == 's':
			return page.next(t.Judge, page.after(t.Judge, at)), nil
		case key == 'u':
			query, doc, ok, err := t.Book.Undo(t.Judge)
			if i := t.Pool.index(query, doc); ok && i >= 0 {
				at = i
			}
			return at, err
		case key == 'q' || key == 3 || key == 4: // Ctrl-C and Ctrl-D arrive as bytes in raw mode.
			return at, errQuit
		}
	}
}

// printable replaces what could steer the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// wrap breaks text into lines of at most width characters, at spaces where it can.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := []rune{}
		for word := range strings.FieldsSeq(paragraph) {
			r := []rune(word)
			if len(line) > 0 && len(line)+1+len(r) > width {
				lines, line = append(lines, string(line)), nil
			}
			if len(line) > 0 {
				line = append(line, ' ')
			}
			for line = append(line, r...); len(line) > width; line = line[width:] {
				lines = append(lines, string(line[:width]))
			}
		}
		if len(line) > 0 {
			lines = append(lines, string(line))
		}
	}
	return lines
}

// WriteAgreement writes a line for each pair of judges.
func WriteAgreement(w io.Writer, pairs []Agreement) {
	if len(pairs) == 0 {
		fmt.Fprintln(w, "There are not two judges yet.")
	}
	for _, a := range pairs {
		fmt.Fprintf(w, "%s and %s: %d decisions in common, %d the same, kappa %.3f, weighted kappa %.3f\n", a.A, a.B, a.Both, a.Same, a.Kappa, a.Weighted)
	}
}
