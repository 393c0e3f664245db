package analysis

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	// Word is a word of prose; also one between the hyphens or slashes of a whole
	// that stands at the first one's position: well-known gives well-known, well, known.
	Word Kind = iota
	// Identifier is a whole: client_ip_headers, http.Server, C++, .NET, well-known,
	// a/b/c. In code every name is one. So are pictographs.
	Identifier
	// Part is a part of the identifier at the same position.
	Part
	// Number is a number or version, or a whole of numbers: 22, 1.22, 2024-01-31.
	Number
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
