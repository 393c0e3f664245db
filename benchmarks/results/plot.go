package results

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"strings"
)

// The picture's measures, in its own units.
const (
	barHeight  = 16
	labelWidth = 190
	barWidth   = 560
	tailWidth  = 90
)

// barColours are told apart on light and dark ground, also by the colour-blind.
//
//nolint:gochecknoglobals // immutable table
var barColours = []string{"#3b7dd8", "#e0803a", "#4f9d69", "#a05195", "#8a8f98"}

// SVG draws the plotted columns as horizontal bars on a logarithmic scale, a
// group for each row; empty when nothing is plotted.
func (r Result) SVG() string {
	if len(r.Plot) == 0 {
		return ""
	}
	columns := r.plotColumns()
	low, high := r.decades(columns)
	var b strings.Builder
	y := 24 + 18*len(columns)
	legend(&b, r.Plot)
	fmt.Fprintf(&b, `<text x="%d" y="18" text-anchor="end" fill="#666666">logarithmic scale</text>`, labelWidth+barWidth+tailWidth-10)
	for _, row := range r.Rows {
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labelWidth-8, y+len(columns)*barHeight/2+4, html.EscapeString(cellText(row[0])))
		for i, column := range columns {
			value, ok := figure(row[column])
			if ok {
				bar(&b, y, i, value, low, high)
			}
			y += barHeight
		}
		y += 10
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12">`+
		`<rect width="100%%" height="100%%" fill="#ffffff"/><title>%s</title>%s</svg>`+"\n",
		labelWidth+barWidth+tailWidth, y+10, html.EscapeString(r.Title), b.String())
}

func legend(b *strings.Builder, names []string) {
	for i, name := range names {
		y := 18 + 18*i
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`,
			labelWidth, y-10, barColours[i%len(barColours)], labelWidth+18, y, html.EscapeString(name))
	}
}

func bar(b *strings.Builder, y, i int, value, low, high float64) {
	width := 2.0
	if value > 0 {
		width = math.Max(2, barWidth*(math.Log10(value)-low)/(high-low))
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d">%s</text>`,
		labelWidth, y, width, barHeight-3, barColours[i%len(barColours)], labelWidth+width+5, y+barHeight-5, number(value))
}

func (r Result) plotColumns() []int {
	var out []int
	for _, name := range r.Plot {
		for i, column := range r.Columns {
			if column == name {
				out = append(out, i)
			}
		}
	}
	return out
}

// decades gives the powers of ten below and above all values.
func (r Result) decades(columns []int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, row := range r.Rows {
		for _, column := range columns {
			if v, ok := figure(row[column]); ok && v > 0 {
				low, high = math.Min(low, math.Floor(math.Log10(v))), math.Max(high, math.Ceil(math.Log10(v)))
			}
		}
	}
	if !(high > low) {
		return 0, 1
	}
	return low, high
}

// figure reads a cell that is a number.
func figure(cell any) (float64, bool) {
	switch v := cell.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}
