package analysis_test

// Claims: the last of Edits is the distance, each mistake counting one; the one at n is
// that of the first n letters.

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/analysis"
)

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want []int
	}{
		{"", "", []int{0}},
		{"ab", "", []int{2}},
		{"", "ab", []int{0, 1, 2}},
		{"form", "from", []int{4, 3, 2, 2, 1}},
		{"kuber", "kubernetes", []int{5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5}},
		{"ca", "abc", []int{2, 1, 2, 3}}, // Nothing is edited twice.
		{"größe", "grösse", []int{5, 4, 3, 2, 2, 2, 2}},
	} {
		if diff := cmp.Diff(c.want, analysis.Edits([]rune(c.a), []rune(c.b))); diff != "" {
			t.Errorf("%q, %q (-want +got):\n%s", c.a, c.b, diff)
		}
	}
}
