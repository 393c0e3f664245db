package compare

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Plots are drawn in a fixed coordinate system; the page scales them. Colours come
// from the page's style sheet by class, so that they follow light and dark.
const (
	plotWidth  = 720
	plotHeight = 260
	plotLeft   = 48
	plotBottom = 30
	plotTop    = 14
)

// plot collects the elements of a picture.
type plot struct{ strings.Builder }

func (p *plot) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(p, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

func (p *plot) text(class string, x, y float64, s string) {
	fmt.Fprintf(p, `<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, x, y, template.HTMLEscapeString(s))
}

func (p *plot) rect(class string, x, y, w, h float64, title string) {
	fmt.Fprintf(p, `<rect class="%s" x="%.2f" y="%.2f" width="%.2f" height="%.2f"><title>%s</title></rect>`,
		class, x, y, math.Max(w, 0.2), math.Max(h, 0.5), template.HTMLEscapeString(title))
}

// svg closes the picture; label is read to those who cannot see it.
func (p *plot) svg(label string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="%s">%s</svg>`, //nolint:gosec // every text is escaped
		plotWidth, plotHeight, template.HTMLEscapeString(label), p.String()))
}

// differenceBars draws a bar for each query, the largest gain first.
func (c *Comparison) differenceBars() template.HTML {
	p := &plot{}
	top := 0.0
	for _, d := range c.Differences {
		top = math.Max(top, math.Abs(d.Delta))
	}
	if top == 0 {
		top = 1
	}
	middle := float64(plotTop+plotHeight-plotBottom) / 2
	unit := (middle - plotTop) / top
	for _, tick := range []float64{-top, -top / 2, 0, top / 2, top} {
		p.line("grid", plotLeft, middle-tick*unit, plotWidth, middle-tick*unit)
		p.text("tick end", plotLeft-6, middle-tick*unit+4, fmt.Sprintf("%+.2f", tick))
	}
	width := float64(plotWidth-plotLeft) / float64(max(1, len(c.Differences)))
	for i := range c.Differences {
		d := c.Differences[len(c.Differences)-1-i]
		class, y := "gain", middle-math.Max(d.Delta, 0)*unit
		if d.Delta < 0 {
			class = "loss"
		}
		if d.Delta == 0 {
			continue
		}
		p.rect(class, plotLeft+float64(i)*width, y, width*0.85, math.Abs(d.Delta)*unit,
			fmt.Sprintf("%s: %s (%.4f → %.4f)", d.Query, clip(d.Text, 80), d.Baseline, d.Candidate))
	}
	p.text("tick", plotLeft, plotHeight-8, "queries, largest gain first")
	return p.svg("Difference of " + c.Measures[0].Measure + " for each query")
}

// recallPrecisionPlot draws both curves.
func (c *Comparison) recallPrecisionPlot() template.HTML {
	p := &plot{}
	x := func(level int) float64 { return plotLeft + float64(level)*float64(plotWidth-plotLeft-20)/10 }
	y := func(v float64) float64 { return plotHeight - plotBottom - v*(plotHeight-plotBottom-plotTop) }
	for i := 0; i <= 10; i += 2 {
		p.line("grid", plotLeft, y(float64(i)/10), plotWidth-20, y(float64(i)/10))
		p.text("tick end", plotLeft-6, y(float64(i)/10)+4, fmt.Sprintf("%.1f", float64(i)/10))
		p.text("tick middle", x(i), plotHeight-8, fmt.Sprintf("%.1f", float64(i)/10))
	}
	for side, class := range []string{"base", "cand"} {
		var points []string
		for level, v := range c.RecallPrecision[side] {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(level), y(v)))
		}
		fmt.Fprintf(p, `<polyline class="%s" points="%s"/>`, class, strings.Join(points, " "))
	}
	return p.svg("Precision at eleven levels of recall")
}

// latencyPlot draws percentiles of both sides on a logarithmic scale; empty when
// neither was timed.
func (c *Comparison) latencyPlot() template.HTML {
	var bars [4][2]int64
	top := int64(0)
	for side, s := range []Side{c.Baseline, c.Candidate} {
		if l := s.LatencyUS; l != nil {
			for i, v := range []int64{l.P50, l.P90, l.P99, l.Max} {
				bars[i][side] = v
				top = max(top, v)
			}
		}
	}
	if top == 0 {
		return ""
	}
	p := &plot{}
	decades := math.Max(1, math.Ceil(math.Log10(float64(top))))
	y := func(us int64) float64 {
		return plotHeight - plotBottom - math.Log10(math.Max(1, float64(us)))/decades*(plotHeight-plotBottom-plotTop)
	}
	for d := 0.0; d <= decades; d++ {
		us := int64(math.Pow(10, d))
		p.line("grid", plotLeft, y(us), plotWidth, y(us))
		p.text("tick end", plotLeft-6, y(us)+4, shortTime(us))
	}
	for i, name := range []string{"p50", "p90", "p99", "max"} {
		left := plotLeft + 30 + float64(i)*(plotWidth-plotLeft)/4
		for side, class := range []string{"basebar", "candbar"} {
			if us := bars[i][side]; us > 0 {
				p.rect(class, left+float64(side)*52, y(us), 48, plotHeight-plotBottom-y(us), fmt.Sprintf("%s: %d µs", name, us))
			}
		}
		p.text("tick middle", left+50, plotHeight-8, name)
	}
	return p.svg("Latency percentiles")
}

func shortTime(us int64) string {
	switch {
	case us < 1000:
		return fmt.Sprintf("%dµs", us)
	case us < 1_000_000:
		return fmt.Sprintf("%dms", us/1000)
	}
	return fmt.Sprintf("%ds", us/1_000_000)
}
