// Package query answers: what did the person ask for. It parses the query
// language (never an error) and the filter language (strict) into values that
// print themselves. It is pure.
package query

// Query is a parsed q. Its String is a query that parses to an equal value, Raw
// aside.
//
// Words are optional and rank; at least one Optional must match when Required is
// empty. Required and Excluded are conjunctive. The empty Query matches all.
type Query struct {
	// Raw is what was typed.
	Raw string
	// Optional are the phrases of a query of at least ProseWords plain words, then
	// plain words and OR groups of plain words only, in order.
	Optional []Node
	// Required are +words, "phrases", field terms and OR groups that have them.
	Required []Node
	// Excluded are the -nodes, without the minus.
	Excluded []Node
}

// Node is one of Word, Phrase, Field, Or.
type Node interface {
	// String prints the node as it is typed.
	String() string
	node()
}

// Word is one run of characters without a space, as typed: "Kubernetes",
// "http.Server", "C++", "foo:bar". The analysis makes one or several tokens of it;
// it holds at least one letter, digit or pictograph.
type Word struct{ Text string }

// Phrase is what stood between quotes, runs of spaces made one: its tokens must
// follow each other. A phrase of one word asks for that word as it is written.
type Phrase struct{ Text string }

// Field asks for a value of one field. Name is the field's JSON name
// (Keyword.Field). Value depends on the keyword's Type:
//
//   - TypeKeyword: a Word that holds the whole value, spaces included; it is compared
//     with the post's values after analysis.Fold.
//   - TypeText: a Word or a Phrase to be found in that field.
//   - TypeNumber, TypeDate, TypeYear: a Range.
type Field struct {
	Name  string
	Value Value
}

// Value is what a Field asks for: Word, Phrase or Range.
type Value interface {
	value()
}

// Or matches when one of its two or more nodes does. Nodes are Word, Phrase or
// Field, never Or.
type Or struct{ Nodes []Node }

// Range is a set of numbers between two bounds. A bound that is an infinity does
// not bound. Years are whole numbers. Dates are Unix seconds, UTC, half open: a
// day, month or year that was named is the interval from its first second (in
// it) to the first second after it (MaxOpen).
type Range struct {
	Min, Max         float64
	MinOpen, MaxOpen bool
}

// Contains reports whether v lies in the range.
func (r Range) Contains(v float64) bool {
	above := v > r.Min || v == r.Min && !r.MinOpen
	below := v < r.Max || v == r.Max && !r.MaxOpen
	return above && below
}

// IsEmpty reports whether the query asks for nothing, and so matches all posts.
func (q Query) IsEmpty() bool {
	return len(q.Optional)+len(q.Required)+len(q.Excluded) == 0
}

func (Word) node()   {}
func (Phrase) node() {}
func (Field) node()  {}
func (Or) node()     {}

func (Word) value()   {}
func (Phrase) value() {}
func (Range) value()  {}
