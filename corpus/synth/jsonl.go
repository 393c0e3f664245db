package synth

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"

	"alphanode/corpus"
)

// chunkPosts is how many posts a worker makes at a time: some 500 KB of JSON.
const chunkPosts = 64

// WriteJSONL writes all posts to w in order, one JSON object a line, made by
// several workers at once; workers below 1 means one per processor. Memory does
// not grow with the number of posts. It returns the context's error if that ends
// first, or the first error of w.
func (g *Generator) WriteJSONL(ctx context.Context, w io.Writer, workers int) error {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	queue := make(chan chunk, workers*2)   // To the workers.
	ordered := make(chan chunk, workers*2) // To the writer, in order.
	var group sync.WaitGroup
	group.Go(func() { g.cut(ctx, queue, ordered) })
	for range workers {
		group.Go(func() { g.fill(queue) })
	}
	err := writeChunks(ctx, w, ordered)
	cancel(err)
	for range ordered { // Let the other side see the end.
	}
	group.Wait()
	return err
}

// chunk is a range of posts and the place where its lines arrive.
type chunk struct {
	from, to int
	lines    chan []byte
}

// cut hands out the chunks, each to the workers and to the writer.
func (g *Generator) cut(ctx context.Context, queue, ordered chan<- chunk) {
	defer close(queue)
	defer close(ordered)
	for from := 0; from < g.n && ctx.Err() == nil; from += chunkPosts {
		c := chunk{from: from, to: min(from+chunkPosts, g.n), lines: make(chan []byte, 1)}
		queue <- c
		ordered <- c
	}
}

// fill makes the posts of each chunk that it gets.
func (g *Generator) fill(queue <-chan chunk) {
	size := 0
	for c := range queue {
		lines := make([]byte, 0, size+size/8)
		for i := c.from; i < c.to; i++ {
			p := g.Post(i)
			lines = append(corpus.AppendPost(lines, &p), '\n')
		}
		size = len(lines)
		c.lines <- lines
	}
}

func writeChunks(ctx context.Context, w io.Writer, ordered <-chan chunk) error {
	for c := range ordered {
		lines := <-c.lines
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if _, err := w.Write(lines); err != nil {
			return fmt.Errorf("write posts %d to %d: %w", c.from, c.to-1, err)
		}
	}
	return context.Cause(ctx)
}
