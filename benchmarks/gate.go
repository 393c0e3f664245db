package benchmarks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/compare"
)

// GateFirst is the gate on the first measure of a comparison.
const GateFirst = "first"

// parseGate reads gates (GateFirst, MEASURE or MEASURE>=VALUE) and floors
// (MEASURE=VALUE), measures by any name of theirs. It gives the measures that are
// named, too. Gates that only have floors check nothing else.
func parseGate(gates, floors []string) (g compare.Gate, named []relevance.Measure, err error) {
	g.Floors = make(map[string]float64)
	floor := func(spec, separator string) error {
		at := strings.LastIndex(spec, separator)
		if at < 0 {
			return fmt.Errorf("floor %q is not MEASURE%sVALUE", spec, separator)
		}
		m, err := relevance.ParseMeasure(spec[:at])
		if err == nil {
			named = append(named, m)
			g.Floors[m.String()], err = strconv.ParseFloat(spec[at+len(separator):], 64)
		}
		if err != nil {
			return fmt.Errorf("floor %q: %w", spec, err)
		}
		return nil
	}
	first := len(gates) == 0
	for _, spec := range gates {
		switch m, parseErr := relevance.ParseMeasure(spec); {
		case spec == GateFirst:
			first = true
		case strings.Contains(spec, ">="):
			if err := floor(spec, ">="); err != nil {
				return g, nil, err
			}
		case parseErr != nil:
			return g, nil, fmt.Errorf("gate: %w", parseErr)
		default:
			named, g.Measures = append(named, m), append(g.Measures, m.String())
		}
	}
	for _, spec := range floors {
		if err := floor(spec, "="); err != nil {
			return g, nil, err
		}
	}
	g.First = first
	return g, named, nil
}

// withGated adds to the measures, or to the default ones when there are none, those
// that are gated.
func withGated(measures, gated []relevance.Measure) []relevance.Measure {
	if len(measures) == 0 && len(gated) > 0 {
		measures = relevance.DefaultMeasures()
	}
	for _, m := range gated {
		if !slices.Contains(measures, m) {
			measures = append(measures, m)
		}
	}
	return measures
}
