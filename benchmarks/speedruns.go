package benchmarks

import (
	"context"
	"fmt"
	"math"
	"sync"

	"alphanode/benchmarks/speed"
)

// speedSession is the runs of one "alphanode bench speed".
type speedSession struct {
	o        *SpeedOptions
	target   speed.Target
	editor   *speed.Editor
	workload speed.Workload
	runs     []*speed.Measurement
	asked    int // queries, where each is asked once
}

// all makes every run.
func (s *speedSession) all(ctx context.Context) error {
	for range s.o.Runs {
		for _, clients := range s.o.Clients {
			if err := s.clients(ctx, clients); err != nil {
				return err
			}
		}
	}
	return nil
}

// clients makes the runs of so many clients.
func (s *speedSession) clients(ctx context.Context, clients int) error {
	if s.o.Share > 0 {
		return s.share(ctx, clients)
	}
	for _, rate := range s.o.Rates {
		if _, err := s.run(ctx, s.o.load(rate, clients, len(s.workload)), s.editor); err != nil {
			return err
		}
	}
	return nil
}

// share measures the greatest throughput, and then at a part of it.
func (s *speedSession) share(ctx context.Context, clients int) error {
	most := s.o.load(0, clients, len(s.workload))
	most.Requests, most.Limit = 0, s.o.Duration
	m, err := s.run(ctx, most, nil)
	if err != nil {
		return err
	}
	answers := m.All.Latency.TotalCount()
	if answers == 0 {
		return s.failure()
	}
	part := s.o.load(math.Round(s.o.Share*float64(answers)/m.Seconds), clients, len(s.workload))
	if _, err = s.run(ctx, part, nil); err == nil && s.editor != nil {
		_, err = s.run(ctx, part, s.editor)
	}
	return err
}

// aRun is how many measurements one of Runs has.
func (o *SpeedOptions) aRun() int {
	loads := len(o.Rates)
	switch {
	case o.Share > 0 && o.Edits != "":
		loads = 3
	case o.Share > 0:
		loads = 2
	}
	return loads * len(o.Clients)
}

// load is a load of a rate, 0 for none.
func (o *SpeedOptions) load(rate float64, clients, queries int) speed.Load {
	requests, warmup := o.Rounds*queries, queries
	switch {
	case rate > 0:
		requests, warmup = int(rate*o.Duration.Seconds()), int(rate*o.Warmup.Seconds())
	case o.Once:
		requests = queries / o.aRun()
	}
	return speed.Load{
		Rate: rate, Clients: clients, InFlight: clients, Requests: max(1, requests), Warmup: warmup, Once: o.Once, Now: o.Now,
	}
}

// run makes the next run, while the editor, if there is one, is at work. Where each query
// is asked once it goes on behind the last one.
func (s *speedSession) run(ctx context.Context, load speed.Load, editor *speed.Editor) (*speed.Measurement, error) {
	if s.o.Progress != nil {
		s.o.Progress("runs", len(s.runs), s.o.Runs*s.o.aRun())
	}
	load.Seed, load.From = s.o.Seed+uint64(len(s.runs)), s.asked
	m, err := measure(ctx, s.target, editor, s.workload, load)
	if err != nil {
		return nil, err
	}
	s.runs = append(s.runs, m)
	s.asked += m.Sent
	return m, nil
}

// measure sends a load while the editor, if there is one, is at work.
func measure(ctx context.Context, target speed.Target, editor *speed.Editor, w speed.Workload, load speed.Load) (*speed.Measurement, error) {
	if editor == nil {
		return speed.Run(ctx, target, w, load)
	}
	editing, stop := context.WithCancel(ctx)
	defer stop()
	var edits *speed.KindStats
	var failed error
	var wait sync.WaitGroup
	wait.Go(func() { edits, failed = editor.Run(editing) })
	m, err := speed.Run(ctx, target, w, load)
	stop()
	wait.Wait()
	if err != nil {
		return nil, err
	}
	if m.Edits = edits; failed != nil {
		m.Errors = append(m.Errors, failed)
	}
	return m, nil
}

// failure tells what failed, and whether queries had to be asked again that were to be
// asked once.
func (s *speedSession) failure() error {
	failed := 0
	for _, m := range s.runs {
		failed += m.Failed()
	}
	if failed > 0 {
		return fmt.Errorf("speed: %d requests failed, the first: %w", failed, firstError(s.runs))
	}
	if s.o.Once && s.asked > len(s.workload) {
		return fmt.Errorf("speed: %d requests for %d queries, so not each was asked once: draw more of them, or take less time", s.asked, len(s.workload))
	}
	return nil
}

func firstError(runs []*speed.Measurement) error {
	for _, m := range runs {
		if len(m.Errors) > 0 {
			return m.Errors[0]
		}
	}
	return nil
}
