package ranking

import (
	"strings"

	"alphanode/index/analysis"
)

// fold is the folding under which names (topics, tags, authors) are equal.
func fold(s string) string { return analysis.Fold(strings.TrimSpace(s)) }

// analysisVersion names the tables that texts are analysed with.
func analysisVersion() string { return analysis.Version() }
