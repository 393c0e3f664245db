package query

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// String prints the query in its canonical order: required, optional, excluded.
func (q Query) String() string {
	var b strings.Builder
	add := func(mark string, n Node) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(mark)
		b.WriteString(n.String())
	}
	for _, n := range q.Required {
		add(q.requiredMark(n), n)
	}
	for _, n := range q.Optional {
		add("", n)
	}
	for _, n := range q.Excluded {
		add("-", n)
	}
	return b.String()
}

// requiredMark is the plus of a plain word, of a group of words only, and of a
// phrase among prose: without it they would only rank.
func (q Query) requiredMark(n Node) string {
	switch n := n.(type) {
	case Word:
		return "+"
	case Phrase:
		if q.prose() {
			return "+"
		}
	case Or:
		if onlyWords(n) {
			return "+"
		}
	}
	return ""
}

// prose reports whether the query reads like a text that was pasted.
func (q Query) prose() bool {
	words := 0
	for _, n := range q.Optional {
		if _, ok := n.(Word); ok {
			words++
		}
	}
	return words >= ProseWords
}

func onlyWords(or Or) bool {
	for _, n := range or.Nodes {
		if _, ok := n.(Word); !ok {
			return false
		}
	}
	return true
}

// String prints the word as it was typed.
func (w Word) String() string { return w.Text }

// String prints the phrase between quotes.
func (p Phrase) String() string { return `"` + p.Text + `"` }

// String prints the nodes with OR between them.
func (o Or) String() string {
	parts := make([]string, len(o.Nodes))
	for i, n := range o.Nodes {
		parts[i] = n.String()
	}
	return strings.Join(parts, " OR ")
}

// String prints the keyword, a colon and the value.
func (f Field) String() string {
	name, typ := keywordFor(f.Name)
	switch v := f.Value.(type) {
	case Phrase:
		return name + ":" + v.String()
	case Word:
		if typ == TypeText {
			return name + ":" + v.Text
		}
		return name + ":" + typedValue(v.Text)
	case Range:
		return name + ":" + rangeText(v, typ)
	}
	return name + ":"
}

// typedValue quotes a value that would not be read whole without quotes. The
// query language has no escapes: a value that holds a quote cannot be typed.
func typedValue(s string) string {
	if s == "" || s[0] == '(' || trimEnd(s) != s || strings.ContainsFunc(s, isSpace) {
		return `"` + s + `"`
	}
	return s
}

// keywordFor gives the keyword that prints a field: its first in the table.
func keywordFor(field string) (name string, typ Type) {
	for _, k := range keywords {
		if k.Field == field {
			return k.Name, k.Type
		}
	}
	return field, TypeKeyword
}

// rangeText prints a range so that parseRange reads it back.
func rangeText(r Range, typ Type) string {
	if typ == TypeDate {
		return dateRangeText(r)
	}
	switch low, high := math.IsInf(r.Min, -1), math.IsInf(r.Max, 1); {
	case low && high:
		return ".."
	case low:
		return bound("<", r.MaxOpen) + number(typ, r.Max)
	case high:
		return bound(">", r.MinOpen) + number(typ, r.Min)
	case r.Min == r.Max && !r.MinOpen && !r.MaxOpen:
		return number(typ, r.Min)
	}
	return open(">", r.MinOpen) + number(typ, r.Min) + ".." + open("<", r.MaxOpen) + number(typ, r.Max)
}

func bound(op string, isOpen bool) string {
	if isOpen {
		return op
	}
	return op + "="
}

func open(op string, isOpen bool) string {
	if isOpen {
		return op
	}
	return ""
}

func number(typ Type, v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if typ == TypeYear && len(s) < 4 {
		s = "0000"[len(s):] + s
	}
	return s
}

// dateRangeText prints a half-open interval of seconds with the coarsest names
// that say it: 2024, 2024-03, 2024-03-01, or instants.
func dateRangeText(r Range) string {
	switch low, high := math.IsInf(r.Min, -1), math.IsInf(r.Max, 1); {
	case low && high:
		return ".."
	case low:
		return "<" + startText(r.Max)
	case high:
		return ">=" + startText(r.Min)
	}
	first, last := unix(r.Min), unix(r.Max)
	for _, u := range dateUnits {
		if !u.starts(first) || !u.starts(last) {
			continue
		}
		if u.next(first).Equal(last) {
			return first.Format(u.layout)
		}
		return first.Format(u.layout) + ".." + u.before(last).Format(u.layout)
	}
	return ""
}

func startText(seconds float64) string {
	t := unix(seconds)
	if dateUnits[2].starts(t) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

func unix(seconds float64) time.Time { return time.Unix(int64(seconds), 0).UTC() }
