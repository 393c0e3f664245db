// Package analysis answers: which tokens is a text made of. It is pure, and the
// same code serves queries, the index, the oracle, highlights and ranking.
package analysis

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	Word       Kind = iota // a word of prose
	Identifier             // a whole identifier: client_ip_headers, http.Server, C++, .NET
	Part                   // a part of the identifier at the same position
	Number                 // a number or version: 22, 1.22
)

// Token is one term at one position of a text. Whole identifier and parts share
// a position, so a field's length is its number of distinct positions.
type Token struct {
	// Term is folded: lower case, no diacritics, NFKC. Not stemmed.
	Term string
	// Position counts from 0.
	Position int
	// Start and End are byte offsets into the analysed text.
	Start, End int
	Kind       Kind
}

// Mode says what kind of text is analysed.
type Mode uint8

// The modes.
const (
	Prose Mode = iota // words, identifiers among them
	Code              // source code: identifiers and their parts, no stemming
	Label             // tags, names: as prose, without stop words semantics
)
