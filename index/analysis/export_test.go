package analysis

import (
	"maps"
	"slices"
)

// StopTerms lists the words of a language that weigh less than 1.
func StopTerms(lang string) []string { return slices.Sorted(maps.Keys(For(lang).stop)) }

// Rules is the revision of the rules.
const Rules = rules
