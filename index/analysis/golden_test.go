package analysis_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/analysis"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const golden = "testdata/golden.txt"

// The golden file is pairs of lines: "language mode: text", then its tokens with
// their stems. Its first line is the revision of the rules that made it. When an
// index made before would not match text analysed now, the revision has to rise,
// because analysis.Version is part of the index's fingerprint.
func TestGolden(t *testing.T) {
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got := regenerate(t, string(data))
	if got == string(data) {
		return
	}
	diff := cmp.Diff(strings.Split(string(data), "\n"), strings.Split(got, "\n"))
	switch header := fmt.Sprintf("rules %d\n", analysis.Rules); {
	case strings.HasPrefix(string(data), header) && strings.Count(string(data), "\n  ") > 0 && changesOld(string(data), got):
		t.Fatalf("other tokens than before: raise the constant rules, then run with -update (-golden +now):\n%s", diff)
	case !*update:
		t.Fatalf("run with -update (-golden +now):\n%s", diff)
	}
	if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// changesOld reports whether an entry that the golden file has came out another
// way; an entry that had no tokens yet is new.
func changesOld(old, now string) bool {
	lines := map[string]bool{}
	for l := range strings.SplitSeq(now, "\n") {
		lines[l] = true
	}
	for l := range strings.SplitSeq(old, "\n") {
		if strings.HasPrefix(l, "  ") && !lines[l] {
			return true
		}
	}
	return false
}

func regenerate(t *testing.T, data string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "rules %d\n", analysis.Rules)
	lines := bufio.NewScanner(strings.NewReader(data))
	for lines.Scan() {
		head, text, ok := strings.Cut(lines.Text(), ": ")
		if strings.HasPrefix(lines.Text(), " ") || !ok {
			continue
		}
		lang, modeName, _ := strings.Cut(head, " ")
		mode := map[string]analysis.Mode{"prose": analysis.Prose, "code": analysis.Code, "label": analysis.Label}[modeName]
		fmt.Fprintf(&b, "%s\n  %s\n", lines.Text(), withStems(analysis.For(lang), text, mode))
	}
	return b.String()
}

// withStems prints tokens as show does, each followed by /stem where that differs.
func withStems(a *analysis.Analyzer, text string, mode analysis.Mode) string {
	tokens := a.Append(nil, text, mode)
	for i, t := range tokens {
		if stem := a.Stem(t.Term); analysis.Stems(t.Kind, mode) && stem != t.Term {
			tokens[i].Term += "/" + stem
		}
	}
	return show(tokens)
}

func TestVersion(t *testing.T) {
	if v := analysis.Version(); len(v) != 16 || v != analysis.Version() {
		t.Errorf("version %q", v)
	}
}
