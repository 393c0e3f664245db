package relevance

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// WriteJSON writes the report as one JSON object on one line.
func (r *Report) WriteJSON(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// WriteText writes the report for a person to read.
func (r *Report) WriteText(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "%s, %s: %d queries", r.Dataset, r.Task, r.Queries)
	if r.IndexSeconds > 0 {
		fmt.Fprintf(out, ", indexed in %.1f s", r.IndexSeconds)
	}
	fmt.Fprintf(out, ", p50 %s, p99 %s a query\n", micros(r.Latency.P50), micros(r.Latency.P99))
	if r.Rejected > 0 {
		fmt.Fprintf(out, "%d documents could not be read\n", r.Rejected)
	}
	for _, s := range r.Scores {
		fmt.Fprintf(out, "%s\t%.4f\t%s\n", s.Measure, s.Mean, s.Measure.Describe())
	}
	for _, name := range slices.Sorted(maps.Keys(r.Site)) {
		fmt.Fprintf(out, "%s\t%.4g\tof all lists\n", name, r.Site[name])
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// micros writes microseconds as a person would.
func micros(us int64) string {
	if us < 1000 {
		return fmt.Sprintf("%d µs", us)
	}
	return fmt.Sprintf("%.1f ms", float64(us)/1000)
}
