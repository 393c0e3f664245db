package ranking_test

import (
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// BenchmarkSite makes the lists of a whole site from its store, phase by phase: the
// model, recall of 1,000 lists against exact ones, the lists of ten of all posts, and the
// rows of all posts (lists of fifty, rules, reasons) written into a graph. It tells the
// seconds of each phase and the most memory that Go had in it. ALPHANODE_DATA names the
// data directory, of which posts.db alone is read; else it generates a few posts.
func BenchmarkSite(b *testing.B) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(40)) // As the command does.
	}
	for b.Loop() {
		var w watch
		stop := w.start()
		m, err := ranking.BuildModel(b.Context(), siteFeed(b), ranking.DefaultConfig(), index.NoDay)
		if err != nil {
			b.Fatal(err)
		}
		m.Near(0, 10)
		w.phase(b, "model")
		sample := make([]int, min(m.Len(), 1000))
		for k := range sample {
			sample[k] = k * (m.Len() / len(sample))
		}
		b.ReportMetric(recall(b, m, sample), "recall@10")
		b.ReportMetric(float64(m.Len()), "posts")
		w.phase(b, "recall")
		lists(b, m)
		w.phase(b, "lists")
		writeAll(b, m)
		w.phase(b, "rows")
		stop()
	}
}

// lists makes the lists of ten, as many at a time as a program would hold.
func lists(b *testing.B, m *ranking.Model) {
	b.Helper()
	const atATime = 1 << 16
	for from := 0; from < m.Len(); from += atATime {
		posts := make([]int, min(atATime, m.Len()-from))
		for k := range posts {
			posts[k] = from + k
		}
		if _, err := m.Lists(b.Context(), posts, 10, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// writeAll writes all rows into a graph.
func writeAll(b *testing.B, m *ranking.Model) {
	b.Helper()
	g, err := corpus.OpenGraph(filepath.Join(b.TempDir(), "similar.db"), &corpus.GraphOptions{})
	if err != nil {
		b.Fatal(err)
	}
	gen, err := g.NewGeneration(b.Context(), corpus.GenerationInfo{})
	if err != nil {
		b.Fatal(err)
	}
	var rows []corpus.Row
	put := func() {
		if err := gen.Put(b.Context(), rows...); err != nil {
			b.Fatal(err)
		}
		rows = rows[:0]
	}
	err = m.All(b.Context(), 0, func(r corpus.Row) error {
		if rows = append(rows, r); len(rows) == 2048 {
			put()
		}
		return nil
	})
	put()
	for _, err := range []error{err, gen.Publish(b.Context()), g.Close()} {
		if err != nil {
			b.Fatal(err)
		}
	}
}

func siteFeed(b *testing.B) iter.Seq2[corpus.Change, error] {
	b.Helper()
	dir := os.Getenv("ALPHANODE_DATA")
	if dir == "" {
		return benchFeed(b)
	}
	store, err := corpus.Open(filepath.Join(dir, "posts.db"), &corpus.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	return store.Feed(b.Context(), 0)
}

// watch measures phases.
type watch struct {
	began time.Time
	peak  atomic.Uint64
}

// start begins to watch the memory; stop ends it.
func (w *watch) start() (stop func()) {
	w.began = time.Now()
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				w.peak.Store(max(w.peak.Load(), inUse()))
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

// inUse is the memory that Go has of the system.
func inUse() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}

// phase ends a phase.
func (w *watch) phase(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(time.Since(w.began).Seconds(), name+"-s")
	b.ReportMetric(float64(w.peak.Load())/1e6, name+"-MB")
	b.Logf("%s: %.1f s, %d MB at most", name, time.Since(w.began).Seconds(), w.peak.Load()/1e6)
	debug.FreeOSMemory()
	w.peak.Store(0)
	w.began = time.Now()
}
