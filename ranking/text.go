package ranking

import "strings"

// fold is the folding under which names (topics, tags, authors) are equal.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// analysisVersion names the tables that texts are analysed with.
func analysisVersion() string { return "1" }
