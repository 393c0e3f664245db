package compare

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrGate is returned, wrapped, when a candidate does not pass.
var ErrGate = errors.New("the candidate does not pass the gate")

// Gate says what a candidate must not do.
type Gate struct {
	// Measures are those that must not get significantly worse. With several,
	// p-values are adjusted by Holm's procedure.
	Measures []string
	// First adds the first measure of the comparison to them.
	First bool
	// Alpha is the level of significance of the randomisation test; 0 means 0.05.
	Alpha float64
	// Floors are the least means that a candidate must reach, by measure.
	Floors map[string]float64
}

// Verdict says whether the candidate passed, and why not.
type Verdict struct {
	Pass bool `json:"pass"`
	// Reasons has a sentence for each failure or, when there is none, for what was
	// checked.
	Reasons []string `json:"reasons"`
}

// Check applies the gate and keeps the verdict. The error is a measure that was
// not computed, or wraps [ErrGate].
func (c *Comparison) Check(g Gate) error {
	if g.Alpha == 0 {
		g.Alpha = 0.05
	}
	if first := c.Measures[0].Measure; g.First && !slices.Contains(g.Measures, first) {
		g.Measures = append([]string{first}, g.Measures...)
	}
	v := &Verdict{}
	if err := c.checkWorse(g, v); err != nil {
		return err
	}
	if err := c.checkFloors(g, v); err != nil {
		return err
	}
	v.Pass = len(v.Reasons) == 0
	c.Verdict = v
	if !v.Pass {
		return fmt.Errorf("%w: %s", ErrGate, v.Reasons[0])
	}
	v.Reasons = g.passed()
	return nil
}

// passed says what was checked.
func (g Gate) passed() []string {
	var out []string
	if len(g.Measures) > 0 {
		out = append(out, fmt.Sprintf("none of %v is significantly worse at %g", g.Measures, g.Alpha))
	}
	for _, name := range slices.Sorted(maps.Keys(g.Floors)) {
		out = append(out, fmt.Sprintf("%s is not below its floor of %.4f", name, g.Floors[name]))
	}
	return out
}

func (c *Comparison) checkWorse(g Gate, v *Verdict) error {
	results := make([]Result, len(g.Measures))
	ps := make([]float64, len(g.Measures))
	for i, name := range g.Measures {
		r, err := c.result(name)
		if err != nil {
			return err
		}
		results[i], ps[i] = r, r.PRandomisation
	}
	for i, p := range holm(ps) {
		if r := results[i]; r.Difference < 0 && p < g.Alpha {
			v.Reasons = append(v.Reasons, fmt.Sprintf("%s fell from %.4f to %.4f (%+.1f %%), %d queries worse and %d better, p = %.4f",
				r.Measure, r.Baseline, r.Candidate, r.Relative(), r.Losses, r.Wins, p))
		}
	}
	return nil
}

func (c *Comparison) checkFloors(g Gate, v *Verdict) error {
	for _, name := range slices.Sorted(maps.Keys(g.Floors)) {
		r, err := c.result(name)
		if err != nil {
			return err
		}
		if floor := g.Floors[name]; r.Candidate < floor {
			v.Reasons = append(v.Reasons, fmt.Sprintf("%s is %.4f, below its floor of %.4f", name, r.Candidate, floor))
		}
	}
	return nil
}

func (c *Comparison) result(name string) (Result, error) {
	i := slices.IndexFunc(c.Measures, func(r Result) bool { return r.Measure == name })
	if i < 0 {
		return Result{}, fmt.Errorf("gate: measure %q is not among those compared", name)
	}
	return c.Measures[i], nil
}
