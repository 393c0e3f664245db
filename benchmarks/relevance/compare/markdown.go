package compare

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the comparison as a comment for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "### Relevance: %s, %s, %d queries\n\n", mdText(c.Dataset), c.Task, c.Queries)
	c.markdownVerdict(&out)
	fmt.Fprintf(&out, "Baseline: %s. Candidate: %s.\n\n", mdText(c.Baseline.Name), mdText(c.Candidate.Name))
	fmt.Fprintf(&out, "| measure | baseline | candidate | change | %.0f %% interval | p (randomisation) | p (t) | better / worse / same |\n", 100*c.Level)
	out.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, r := range c.Measures {
		fmt.Fprintf(&out, "| %s | %.4f | %.4f | %+.4f %s | %+.4f to %+.4f | %.4f | %.4f | %d / %d / %d |\n", r.Measure, r.Baseline,
			r.Candidate, r.Difference, percent(r), r.Low, r.High, r.PRandomisation, r.PT, r.Wins, r.Losses, r.Ties)
	}
	c.markdownQueries(&out, "Queries that lost most", c.Worst)
	c.markdownQueries(&out, "Queries that won most", c.Best)
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

func (c *Comparison) markdownVerdict(out *bytes.Buffer) {
	if c.Verdict == nil {
		return
	}
	word := "Passed"
	if !c.Verdict.Pass {
		word = "Failed"
	}
	fmt.Fprintf(out, "**%s**: %s.\n\n", word, mdText(strings.Join(c.Verdict.Reasons, "; ")))
}

func (c *Comparison) markdownQueries(out *bytes.Buffer, title string, queries []Contrast) {
	if len(queries) == 0 {
		return
	}
	fmt.Fprintf(out, "\n<details><summary>%s</summary>\n", title)
	for _, q := range queries {
		fmt.Fprintf(out, "\n**%s** %s: %s %.4f → %.4f\n\n| | baseline | candidate |\n| ---: | --- | --- |\n",
			mdText(q.Query), mdText(clip(q.Text, 120)), c.Measures[0].Measure, q.Baseline, q.Candidate)
		for i := range max(len(q.BaselineHits), len(q.CandidateHits)) {
			fmt.Fprintf(out, "| %d | %s | %s |\n", i+1, mdHit(q.BaselineHits, i), mdHit(q.CandidateHits, i))
		}
	}
	out.WriteString("\nIn front of a document: its grade; a dot when it is not judged.\n\n</details>\n")
}

func mdHit(hits []Hit, i int) string {
	if i >= len(hits) {
		return ""
	}
	return hits[i].mark() + " " + mdText(clip(hits[i].label(), 80))
}

// mdText keeps text from being read as Markdown or HTML.
func mdText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#|~&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
