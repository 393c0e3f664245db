package analysis_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"alphanode/index/analysis"
)

const docPath = "../../docs/analysis.md"

// Every row of docs/analysis.md that shows tokens shows those that come out.
func TestDocumentation(t *testing.T) {
	data, err := os.ReadFile(docPath)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	mode, isTable := analysis.Prose, false
	for line := range strings.Lines(string(data)) {
		switch line = strings.TrimSpace(line); {
		case line == "| Text | Tokens |", line == "| Code | Tokens |":
			isTable, mode = true, analysis.Prose
			if strings.HasPrefix(line, "| Code") {
				mode = analysis.Code
			}
		case !strings.HasPrefix(line, "|"):
			isTable = false
		case isTable && strings.HasPrefix(line, "| `"):
			checked++
			checkRow(t, line, mode)
		}
	}
	if checked < 40 {
		t.Errorf("%d rows were checked, want at least 40", checked)
	}
}

func checkRow(t *testing.T, line string, mode analysis.Mode) {
	t.Helper()
	text, want, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "| `"), "` |"), "` | `")
	if !ok {
		t.Errorf("%s: not a row: %s", docPath, line)
		return
	}
	var got []string
	for _, tok := range analysis.For("en").Append(nil, text, mode) {
		got = append(got, fmt.Sprintf("%c%d:%s", "wipn"[tok.Kind], tok.Position, tok.Term))
	}
	if got := strings.Join(got, " "); got != want {
		t.Errorf("%s: %q\n        gives %s\ndocumented as %s", docPath, text, got, want)
	}
}
