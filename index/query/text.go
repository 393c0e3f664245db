package query

import "unicode"

// isSpace is whatever separates words, control characters included.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
