package results

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"alphanode/benchmarks/relevance"
)

// headings are those of the sections.
//
//nolint:gochecknoglobals // immutable table
var headings = map[Section]string{
	Relevance: "Relevance of search",
	Similar:   "Similar posts",
	Import:    "Import",
	Speed:     "Speed of queries",
	Peers:     "Other engines",
}

const preamble = `<!-- Made from benchmarks/results and benchmarks/relevance/experiments by "make docs". Do not edit. -->
# Benchmarks

Figures of relevance are claims that "make relevance" verifies, to four digits. Every other table names the day, the revision and the machine it was
measured on, and the command that measures it again.
[measuring.md](measuring.md) says what the measures mean and what they do not; every change of a figure has a line in
[benchmarks/CHANGES.md](../benchmarks/CHANGES.md).
`

// Page gives docs/benchmarks.md: the claims of the experiments, then the results.
func Page(all []Result, experiments []*relevance.Experiment) string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, section := range Sections() {
		var part strings.Builder
		claims(&part, section, experiments)
		for _, r := range all {
			if r.Section == section {
				r.markdown(&part)
			}
		}
		if part.Len() > 0 {
			fmt.Fprintf(&b, "\n## %s\n%s", headings[section], part.String())
		}
	}
	return b.String()
}

func (r Result) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n", r.Title)
	if r.Note != "" {
		fmt.Fprintf(b, "%s\n\n", r.Note)
	}
	b.WriteString("| " + strings.Join(cells(r.Columns), " | ") + " |\n| ---" + strings.Repeat(" | ---:", len(r.Columns)-1) + " |\n")
	for _, row := range r.Rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			texts[i] = cellText(cell)
		}
		b.WriteString("| " + strings.Join(cells(texts), " | ") + " |\n")
	}
	if len(r.Plot) > 0 {
		fmt.Fprintf(b, "\n![%s](../benchmarks/results/%s.svg)\n", r.Title, r.Name)
	}
	fmt.Fprintf(b, "\n%s, revision %s; %s. Again: `%s`\n", r.Date, r.Commit, r.Machine, r.Command)
}

// cells escapes what would end a cell.
func cells(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = strings.ReplaceAll(text, "|", `\|`)
	}
	return out
}

// cellText writes whole numbers whole, small ones with four digits behind the
// point and others with three that count.
func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return number(f)
		}
		return v.String()
	case float64:
		return number(v)
	}
	return fmt.Sprint(cell)
}

func number(f float64) string {
	switch abs := math.Abs(f); {
	case f == math.Trunc(f) && abs < 1e15:
		return thousands(strconv.FormatFloat(f, 'f', 0, 64))
	case abs < 1:
		return strconv.FormatFloat(f, 'f', 4, 64)
	case abs < 100:
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return thousands(strconv.FormatFloat(f, 'f', 0, 64))
}

// thousands puts a comma between groups of three digits.
func thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
