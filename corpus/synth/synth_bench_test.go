package synth_test

import (
	"io"
	"testing"

	"alphanode/corpus/synth"
)

// BenchmarkWriteJSONL measures posts a second, as JSON lines, with one worker a
// processor.
func BenchmarkWriteJSONL(b *testing.B) {
	const posts = 10_000
	g := synth.New(1, posts)
	written := &counter{}
	if err := g.WriteJSONL(b.Context(), written, 0); err != nil || written.lines != posts {
		b.Fatalf("wrote %d lines, error %v; want %d lines", written.lines, err, posts)
	}
	b.ReportAllocs()
	b.SetBytes(written.bytes)
	for b.Loop() {
		if err := g.WriteJSONL(b.Context(), io.Discard, 0); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(posts)*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkPost measures one post without its JSON.
func BenchmarkPost(b *testing.B) {
	g := synth.New(1, 1)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if p := g.Post(i); p.Title == "" {
			b.Fatalf("post %d has no title", i)
		}
		i++
	}
}

// BenchmarkNew measures reading the phrases.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if synth.New(1, 1).Len() != 1 {
			b.Fatal("no generator")
		}
	}
}

// counter counts what is written to it.
type counter struct {
	bytes int64
	lines int
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	for _, b := range p {
		if b == '\n' {
			c.lines++
		}
	}
	return len(p), nil
}
