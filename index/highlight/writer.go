package highlight

import (
	"html"
	"strings"
	"unicode"
)

const (
	markOpen  = "<mark>"
	markClose = "</mark>"
	ellipsis  = "…"
)

// writer writes escaped text with marks.
type writer struct {
	b strings.Builder
	// oneLine makes runs of spaces one space, and drops those at the start.
	oneLine bool
	inSpace bool // the last character written stands for a run of spaces
}

func (w *writer) mark(s string) {
	w.b.WriteString(markOpen)
	w.text(s)
	w.b.WriteString(markClose)
}

func (w *writer) text(s string) {
	if !w.oneLine {
		w.b.WriteString(html.EscapeString(s))
		return
	}
	for s != "" {
		i := strings.IndexFunc(s, isSpace)
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			w.b.WriteString(html.EscapeString(s[:i]))
			w.inSpace = false
		}
		rest := strings.TrimLeftFunc(s[i:], isSpace)
		if len(rest) < len(s[i:]) && !w.inSpace {
			w.b.WriteByte(' ')
			w.inSpace = true
		}
		s = rest
	}
}

// isSpace is whatever a snippet shows as a space, control characters included.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
