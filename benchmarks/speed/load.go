package speed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Load says how a workload is sent.
type Load struct {
	// Rate is how many requests are due each second, at even distances. 0 sends
	// each request when one before it was answered: the least latency, and no
	// load, for one client; the greatest throughput for several.
	Rate float64
	// Clients is how many send one request after the other without a rate; 0 means 1.
	Clients int
	// Requests is how many are sent, over and over through the workload, which is
	// shuffled. 0 is for a run that Limit ends.
	Requests int
	// Limit, where it is not 0, ends the run after that time: what was sent by then
	// is still waited for.
	Limit time.Duration
	// Once sends the queries as they stand from the one numbered From, and none of
	// them before it is measured, so that what is met for the first time counts.
	Once bool
	From int
	// Warmup requests are sent before, at the same rate, and not measured.
	Warmup int
	// InFlight bounds how many requests are waited for at once; beyond it a
	// request starts late, which counts as its latency. 0 means 256.
	InFlight int
	// Timeout is that of one request; 0 means 30 s. A request beyond it is an error.
	Timeout time.Duration
	// Seed shuffles the workload.
	Seed uint64
	// Now is the clock.
	Now func() time.Time
}

// Measurement is what one run gave.
type Measurement struct {
	Rate    float64
	Clients int
	// Seconds is from the first request due to the last answer.
	Seconds float64
	// Sent is how many requests were sent.
	Sent int
	// Kinds are in the order of the workload; All is of all requests.
	Kinds []*KindStats
	All   *KindStats
	// Edits are of the editor that was at work meanwhile; nil without one.
	Edits *KindStats
	// Errors has at most five, as examples.
	Errors []error
}

// KindStats are the figures of one kind of query.
type KindStats struct {
	Kind string
	// Latency is from the moment at which the request was due, Service from the
	// moment at which it was sent; in nanoseconds.
	Latency, Service *hdrhistogram.Histogram
	// Failed counts requests without an answer, Different answers other than the
	// first one to the same query.
	Failed, Different int
}

// longest is the longest latency that is told apart, in nanoseconds.
const longest = int64(10 * time.Minute)

func newKindStats(kind string) *KindStats {
	return &KindStats{
		Kind:    kind,
		Latency: hdrhistogram.New(1000, longest, 3),
		Service: hdrhistogram.New(1000, longest, 3),
	}
}

// runner is one run under way.
type runner struct {
	load    Load
	target  Target
	queries Workload
	answers []Answer
	start   time.Time

	next  atomic.Int64
	mu    sync.Mutex
	kinds map[string]*KindStats
	out   *Measurement
}

// Run asks every query once, then sends the load and measures it. Requests that
// fail are counted; the error is what kept the run from happening: a first answer
// that failed, or ctx.
func Run(ctx context.Context, target Target, w Workload, load Load) (*Measurement, error) {
	if len(w) == 0 || load.Requests < 1 && load.Limit <= 0 {
		return nil, errors.New("speed: nothing to send")
	}
	if load.InFlight == 0 {
		load.InFlight = 256
	}
	if load.Timeout == 0 {
		load.Timeout = 30 * time.Second
	}
	r := &runner{load: load, target: target, queries: w}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	r.reset()
	if err := r.send(ctx, load.Requests, load.Limit); err != nil {
		return nil, err
	}
	r.out.Seconds = load.Now().Sub(r.start).Seconds()
	for _, kind := range w.Kinds() {
		r.out.Kinds = append(r.out.Kinds, r.kinds[kind])
	}
	return r.out, nil
}

// prepare keeps the answers and warms up, unless the first time is to count.
func (r *runner) prepare(ctx context.Context) error {
	if r.load.Once {
		return nil
	}
	r.queries = shuffled(r.queries, r.load.Seed)
	if err := r.verify(ctx); err != nil || r.load.Warmup <= 0 {
		return err
	}
	r.reset()
	return r.send(ctx, r.load.Warmup, 0)
}

func shuffled(w Workload, seed uint64) Workload {
	out := append(Workload(nil), w...)
	rand.New(rand.NewPCG(seed, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// verify keeps the answer to each query.
func (r *runner) verify(ctx context.Context) error {
	r.answers = make([]Answer, len(r.queries))
	for i, q := range r.queries {
		a, err := r.target.Do(ctx, q)
		if err != nil {
			return fmt.Errorf("speed: %s query %q: %w", q.Kind, q.Q+q.Similar, err)
		}
		r.answers[i] = a
	}
	return nil
}

func (r *runner) reset() {
	r.out = &Measurement{Rate: r.load.Rate, Clients: r.load.Clients, All: newKindStats("all")}
	r.kinds = make(map[string]*KindStats)
	for _, kind := range r.queries.Kinds() {
		r.kinds[kind] = newKindStats(kind)
	}
	r.next.Store(0)
	r.start = r.load.Now()
}

// send starts as many senders as may wait at once; each takes the next request
// that is due, until there were enough or the limit has passed.
func (r *runner) send(ctx context.Context, requests int, limit time.Duration) error {
	if requests <= 0 {
		requests = math.MaxInt
	}
	senders := min(r.load.InFlight, requests)
	if r.load.Rate <= 0 {
		senders = max(r.load.Clients, 1)
	}
	var wait sync.WaitGroup
	for range senders {
		wait.Go(func() {
			for ctx.Err() == nil && (limit <= 0 || r.load.Now().Sub(r.start) < limit) {
				i := int(r.next.Add(1) - 1)
				if i >= requests {
					return
				}
				r.one(ctx, i)
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

func (r *runner) one(ctx context.Context, i int) {
	due := r.load.Now()
	if r.load.Rate > 0 {
		due = r.start.Add(time.Duration(float64(i) / r.load.Rate * float64(time.Second)))
		if !sleepUntil(ctx, due, r.load.Now) {
			return
		}
	}
	at := (r.load.From + i) % len(r.queries)
	sent := r.load.Now()
	limited, cancel := context.WithTimeout(ctx, r.load.Timeout)
	a, err := r.ask(limited, r.queries[at])
	cancel()
	done := r.load.Now()
	if ctx.Err() != nil {
		return
	}
	r.record(at, a, err, done.Sub(due), done.Sub(sent))
}

// ask leaves out to take an answer apart where none is compared.
func (r *runner) ask(ctx context.Context, q Query) (Answer, error) {
	if asker, ok := r.target.(Asker); ok && r.answers == nil {
		return Answer{}, asker.Ask(ctx, q)
	}
	return r.target.Do(ctx, q)
}

// sleepUntil reports whether the moment was reached.
func sleepUntil(ctx context.Context, due time.Time, now func() time.Time) bool {
	wait := due.Sub(now())
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (r *runner) record(at int, a Answer, err error, latency, service time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queries[at]
	r.out.Sent++
	for _, stats := range []*KindStats{r.kinds[q.Kind], r.out.All} {
		if err != nil {
			stats.Failed++
			continue
		}
		if r.answers != nil && a != r.answers[at] {
			stats.Different++
		}
		// Values beyond the range count as the longest.
		_ = stats.Latency.RecordValue(min(latency.Nanoseconds(), longest))
		_ = stats.Service.RecordValue(min(service.Nanoseconds(), longest))
	}
	if err != nil && len(r.out.Errors) < 5 {
		r.out.Errors = append(r.out.Errors, fmt.Errorf("%s query %q: %w", q.Kind, q.Q+q.Similar, err))
	}
}
