package speed

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"alphanode/benchmarks/results"
)

// Percentiles that are reported, in per cent.
//
//nolint:gochecknoglobals // immutable table
var percentiles = []float64{50, 90, 99, 99.9}

// WriteBenchmarks writes runs in the form of Go's benchmarks, a line for each run
// and kind, so that benchstat compares them with those of another revision. The
// unit ns/op is the mean; p50-ns and so on are percentiles of the latency, req/s
// the answers a second.
func WriteBenchmarks(w io.Writer, machine results.Machine, commit string, runs ...*Measurement) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "goos: %s\ngoarch: %s\npkg: alphanode/benchmarks/speed\ncpu: %s\ncommit: %s\n", runtime.GOOS, runtime.GOARCH, machine.CPU, commit)
	for _, run := range runs {
		for _, kind := range run.lines() {
			kind.benchmark(&out, run)
		}
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write benchmarks: %w", err)
	}
	return nil
}

func (k *KindStats) benchmark(out io.Writer, run *Measurement) {
	n := k.Latency.TotalCount()
	if n == 0 {
		return
	}
	fmt.Fprintf(out, "BenchmarkQuery/kind=%s/rate=%s-%d %d %.0f ns/op", k.Kind, run.rateName(), runtime.GOMAXPROCS(0), n, k.Latency.Mean())
	for _, p := range percentiles {
		fmt.Fprintf(out, " %d p%g-ns", k.Latency.ValueAtPercentile(p), p)
	}
	fmt.Fprintf(out, " %.1f req/s %d failed\n", float64(n)/run.Seconds, k.Failed)
}

// rateName names the load in reports.
func (m *Measurement) rateName() string {
	switch {
	case m.Rate > 0:
		return fmt.Sprintf("%g", m.Rate)
	case m.Clients > 1:
		return fmt.Sprintf("%d-clients", m.Clients)
	}
	return "one-by-one"
}

// while names what was done meanwhile.
func (m *Measurement) while() string {
	if m.Edits == nil {
		return ""
	}
	return " with edits"
}

// WriteText writes runs for a person to read.
func WriteText(w io.Writer, runs ...*Measurement) error {
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	for _, run := range runs {
		fmt.Fprintf(out, "rate %s%s, %.1f answers/s\n", run.rateName(), run.while(), float64(run.All.Latency.TotalCount())/run.Seconds)
		fmt.Fprintln(out, "kind\tanswers\tfailed\tdifferent\tp50\tp90\tp99\tp99.9\tmax\tp99 of service\t")
		for _, k := range run.lines() {
			fmt.Fprintf(out, "%s\t%d\t%d\t%d\t", k.Kind, k.Latency.TotalCount(), k.Failed, k.Different)
			for _, p := range percentiles {
				fmt.Fprintf(out, "%s\t", at(k.Latency, p))
			}
			fmt.Fprintf(out, "%s\t%s\t\n", short(k.Latency.Max()), at(k.Service, 99))
		}
		for _, err := range run.Errors {
			fmt.Fprintf(out, "failed: %v\n", err)
		}
		fmt.Fprintln(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// lines are the kinds, all of them together, and the edits.
func (m *Measurement) lines() []*KindStats {
	lines := append(slices.Clone(m.Kinds), m.All)
	if m.Edits != nil {
		lines = append(lines, m.Edits)
	}
	return lines
}

// Failed is how many requests and edits failed.
func (m *Measurement) Failed() int {
	if m.Edits == nil {
		return m.All.Failed
	}
	return m.All.Failed + m.Edits.Failed
}

func at(h *hdrhistogram.Histogram, p float64) string { return short(h.ValueAtPercentile(p)) }

// short writes nanoseconds with three figures that count.
func short(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}

// Rows gives a run as the rows of a result; [Columns] are its headings.
func (m *Measurement) Rows() [][]any {
	var rows [][]any
	for _, k := range m.lines() {
		row := []any{k.Kind, k.Latency.TotalCount()}
		for _, p := range percentiles {
			row = append(row, float64(k.Latency.ValueAtPercentile(p))/1e6)
		}
		rows = append(rows, append(row, float64(k.Latency.Max())/1e6, k.Failed))
	}
	return rows
}

// Columns are the headings of [Measurement.Rows].
func Columns() []string {
	columns := []string{"kind", "answers"}
	for _, p := range percentiles {
		columns = append(columns, fmt.Sprintf("p%g ms", p))
	}
	return append(columns, "max ms", "failed")
}
