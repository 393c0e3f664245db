// Package query answers: what did the person ask for. It parses the query
// language (never an error) and the filter language (strict) into values that
// print themselves. It is pure.
package query

// Query is a parsed q. Its String is a query that parses to an equal value.
//
// Words are optional and rank; at least one Optional must match when Required is
// empty. Required and Excluded are conjunctive. The empty Query matches all.
type Query struct {
	// Raw is what was typed.
	Raw string
	// Optional are the plain words, in order.
	Optional []Node
	// Required are +words, "phrases", field terms and OR groups that have them.
	Required []Node
	// Excluded are the -nodes, without the minus.
	Excluded []Node
}

// Node is one of Word, Phrase, Field, Or.
type Node interface {
	String() string
	node()
}

// Filter is a parsed filter expression; nil matches all. One of Term, Range,
// And, Or, Not (the filter ones). See filter.go.
type Filter interface {
	String() string
	filter()
}
