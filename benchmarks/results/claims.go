package results

import (
	"fmt"
	"strings"

	"alphanode/benchmarks/relevance"
)

// tasks says which experiments a section shows.
//
//nolint:gochecknoglobals // immutable table
var tasks = map[Section]relevance.Task{Relevance: relevance.SearchTask, Similar: relevance.SimilarTask}

// baselineNote says what the baseline is.
//
//nolint:gochecknoglobals // immutable table
var baselineNote = map[Section]string{
	Relevance: "bm25 is the plain baseline: BM25 over title and text as one field, Porter stems, k1 0.9, b 0.4.\n",
	Similar:   "bm25 is the plain baseline: More Like This with the 25 terms of highest weight.\n",
}

// claims writes a table of what the experiments of a section expect, a row for
// each configuration, and a line on each collection.
func claims(b *strings.Builder, section Section, experiments []*relevance.Experiment) {
	var measures []string
	for _, m := range relevance.DefaultMeasures() {
		if m.Name != "Judged" {
			measures = append(measures, m.String())
		}
	}
	rows := 0
	var notes strings.Builder
	for _, e := range experiments {
		if e.Task != tasks[section] {
			continue
		}
		if rows == 0 {
			fmt.Fprintf(b, "\n| collection | system | %s |\n| --- | ---%s |\n", strings.Join(measures, " | "), strings.Repeat(" | ---:", len(measures)))
		}
		fmt.Fprintf(&notes, "- %s: %s\n", e.Name, e.Note)
		for _, run := range e.Runs {
			rows++
			fmt.Fprintf(b, "| %s | %s |", e.Name, run.Label())
			for _, m := range measures {
				if value, ok := run.Expected[m]; ok {
					fmt.Fprintf(b, " %.4f |", value)
				} else {
					b.WriteString(" |")
				}
			}
			b.WriteByte('\n')
		}
	}
	if rows > 0 {
		fmt.Fprintf(b, "\n%s\n%s", baselineNote[section], notes.String())
	}
}
