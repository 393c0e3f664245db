package exec

import "alphanode/index/analysis"

// Distance is the number of letters in which a and b differ; see [analysis.Edits].
func Distance(a, b string) int {
	t := []rune(b)
	return analysis.Edits([]rune(a), t)[len(t)]
}
