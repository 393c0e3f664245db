package compare

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageSource string

// WriteHTML writes one page that needs nothing else: styles and plots are in it.
func (c *Comparison) WriteHTML(w io.Writer) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"percent": percent,
		"clip":    clip,
		"rows":    rows,
	}).Parse(pageSource)
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if err := page.Execute(w, struct {
		*Comparison
		Bars, Curves, Latency template.HTML
		Interval              string
	}{c, c.differenceBars(), c.recallPrecisionPlot(), c.latencyPlot(), fmt.Sprintf("%.0f %%", 100*c.Level)}); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// row is one place of two lists side by side.
type row struct {
	Rank int
	// Hits has the baseline's and the candidate's; nil past the end of a list.
	Hits [2]*pageHit
}

// pageHit is a hit with what the page shows of it.
type pageHit struct {
	Hit
	Label, Mark, Class, Moved string
}

func rows(c Contrast) []row {
	out := make([]row, max(len(c.BaselineHits), len(c.CandidateHits)))
	for i := range out {
		out[i].Rank = i + 1
		for side, hits := range [][]Hit{c.BaselineHits, c.CandidateHits} {
			if i < len(hits) {
				out[i].Hits[side] = newPageHit(hits[i], side == 1)
			}
		}
	}
	return out
}

func newPageHit(h Hit, candidate bool) *pageHit {
	p := &pageHit{Hit: h, Label: h.label(), Mark: h.mark(), Class: "none"}
	if h.Grade != nil {
		p.Class = "irrelevant"
		if *h.Grade > 0 {
			p.Class = "relevant"
		}
	}
	if candidate {
		switch {
		case h.Other == 0:
			p.Moved = "new"
		case h.Other > h.Rank:
			p.Moved = fmt.Sprintf("up from %d", h.Other)
		case h.Other < h.Rank:
			p.Moved = fmt.Sprintf("down from %d", h.Other)
		}
	}
	return p
}
