package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteJSON writes the comparison as one indented JSON object.
func (c *Comparison) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(c); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

// WriteText writes the comparison for a terminal.
func (c *Comparison) WriteText(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s, %s, %d queries\nbaseline   %s\ncandidate  %s\n\n", c.Dataset, c.Task, c.Queries, c.Baseline.Name, c.Candidate.Name)
	table := tabwriter.NewWriter(&out, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "measure\tbaseline\tcandidate\tchange\t%.0f %% interval\tp (rand.)\tp (t)\tbetter\tworse\tsame\t\n", 100*c.Level)
	for _, r := range c.Measures {
		fmt.Fprintf(table, "%s\t%.4f\t%.4f\t%+.4f %s\t[%+.4f, %+.4f]\t%.4f\t%.4f\t%d\t%d\t%d\t\n", r.Measure, r.Baseline, r.Candidate,
			r.Difference, percent(r), r.Low, r.High, r.PRandomisation, r.PT, r.Wins, r.Losses, r.Ties)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	c.textLatency(&out)
	c.textQueries(&out, "lost most", c.Worst)
	c.textQueries(&out, "won most", c.Best)
	c.textVerdict(&out)
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

// percent writes the relative change; nothing where it has no meaning.
func percent(r Result) string {
	if r.Baseline == 0 {
		return ""
	}
	return fmt.Sprintf("(%+.1f %%)", r.Relative())
}

func (c *Comparison) textLatency(out io.Writer) {
	for _, s := range []Side{c.Baseline, c.Candidate} {
		if l := s.LatencyUS; l != nil {
			fmt.Fprintf(out, "\nlatency of %s: p50 %d µs, p90 %d µs, p99 %d µs, max %d µs", s.Name, l.P50, l.P90, l.P99, l.Max)
		}
	}
	fmt.Fprintln(out)
}

func (c *Comparison) textQueries(out io.Writer, title string, queries []Contrast) {
	if len(queries) == 0 {
		return
	}
	fmt.Fprintf(out, "\nqueries that %s, by %s\n", title, c.Measures[0].Measure)
	for _, q := range queries {
		fmt.Fprintf(out, "\n%s  %.4f -> %.4f  %s\n", q.Query, q.Baseline, q.Candidate, clip(q.Text, 90))
		for i := range max(len(q.BaselineHits), len(q.CandidateHits)) {
			fmt.Fprintf(out, "%3d  %s  |  %s\n", i+1, cell(q.BaselineHits, i), strings.TrimRight(cell(q.CandidateHits, i), " "))
		}
		for _, hit := range q.Missed {
			fmt.Fprintf(out, "  -  relevant, at %s and %s: %s\n", place(hit.Rank), place(hit.Other), hit.label())
		}
	}
}

func (c *Comparison) textVerdict(out io.Writer) {
	if c.Verdict == nil {
		return
	}
	word := "PASS"
	if !c.Verdict.Pass {
		word = "FAIL"
	}
	for _, reason := range c.Verdict.Reasons {
		fmt.Fprintf(out, "\n%s: %s\n", word, reason)
	}
}

// cellWidth is the width of one list in the text form.
const cellWidth = 56

func cell(hits []Hit, i int) string {
	if i >= len(hits) {
		return strings.Repeat(" ", cellWidth+2)
	}
	text := clip(hits[i].label(), cellWidth)
	return hits[i].mark() + " " + text + strings.Repeat(" ", max(0, cellWidth-len([]rune(text))))
}

// mark is the grade in one character; "." when there is none.
func (h Hit) mark() string {
	switch {
	case h.Grade == nil:
		return "."
	case *h.Grade > 9:
		return "9"
	}
	return fmt.Sprint(*h.Grade)
}

func (h Hit) label() string {
	if h.Title != "" {
		return h.Title
	}
	return h.ID
}

func place(rank int) string {
	if rank == 0 {
		return "no place"
	}
	return fmt.Sprintf("place %d", rank)
}

// clip shortens text to a number of characters, and puts it on one line.
func clip(text string, n int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return string(r)
}
