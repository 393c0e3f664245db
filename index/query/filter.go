package query

import "fmt"

// Filter is a parsed filter expression; nil matches all. One of Term, Between,
// And, AnyOf, Not.
type Filter interface {
	// String prints the filter so that ParseFilter reads an equal one.
	String() string
	filter()
}

// Term asks for posts whose field has the value. Field is a JSON name
// (Keyword.Field). On a TypeKeyword field the whole value is compared after
// analysis.Fold; on a TypeText field the words of Value must follow each other in it.
type Term struct {
	Field string
	Value string
}

// Between asks for posts whose number, date or year field has a value in Range.
// A post without a value does not match.
type Between struct {
	Field string
	Range Range
}

// And matches when all of its two or more filters do.
type And struct{ Filters []Filter }

// AnyOf matches when one of its two or more filters does: OR, and lists such as
// tag:(go, rust).
type AnyOf struct{ Filters []Filter }

// Not matches when its filter does not.
type Not struct{ Filter Filter }

// SyntaxError says what is wrong with a filter and where.
type SyntaxError struct {
	// Pos is the byte position in the filter at which the error was seen, from 0.
	Pos int
	// Msg says what is wrong, for the person who wrote the filter.
	Msg string
}

// Error gives the message with its position.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("filter: at byte %d: %s", e.Pos, e.Msg)
}

func (Term) filter()    {}
func (Between) filter() {}
func (And) filter()     {}
func (AnyOf) filter()   {}
func (Not) filter()     {}
