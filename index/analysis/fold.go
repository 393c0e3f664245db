package analysis

import "strings"

// Fold gives the form in which facet values and keywords are compared.
func Fold(s string) string { return strings.ToLower(s) }
