package ranking

import (
	"context"
	"time"
)

// Measured are the measures of the lists as they were at one time.
type Measured struct {
	SiteMeasures
	// Seq is the sequence of the store that the lists said, Generation the number of
	// their generation, At when they were measured.
	Seq        uint64    `json:"seq"`
	Generation uint64    `json:"generation"`
	At         time.Time `json:"at"`
}

// Measured returns the latest measures that Follow took, false before the first: after
// each generation and, where lists changed since, every ten minutes. It costs nothing.
func (e *Engine) Measured() (Measured, bool) {
	m := e.measured.Load()
	if m == nil {
		return Measured{}, false
	}
	return *m, true
}

// measureEvery is the least time between two measurements of one generation.
const measureEvery = 10 * time.Minute

// remeasure takes the measures when they are due.
func (e *Engine) remeasure(ctx context.Context) error {
	m := e.model.Load()
	if m == nil || !e.measureDue() {
		return nil
	}
	info := e.graph.Info()
	site, err := e.measure(ctx, m)
	if err != nil {
		return err
	}
	e.measured.Store(&Measured{SiteMeasures: site, Seq: info.Seq, Generation: info.Number, At: e.now().UTC()})
	return nil
}

func (e *Engine) measureDue() bool {
	info, last := e.graph.Info(), e.measured.Load()
	if info.Number == 0 {
		return false
	}
	if last == nil || last.Generation != info.Number {
		return true
	}
	return last.Seq != info.Seq && e.now().Sub(last.At) >= measureEvery
}
