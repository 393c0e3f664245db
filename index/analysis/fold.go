package analysis

import (
	"strings"
	"unicode"
)

// Fold gives the form in which facet values and keywords are compared.
func Fold(s string) string { return strings.ToLower(s) }

// Searchable reports whether a token may start with r.
func Searchable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r > 0x1F000 }

// Unspaced reports whether r belongs to a script that is written without spaces.
func Unspaced(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }
