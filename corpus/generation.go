package corpus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// Generation is a graph in the making, in a file of its own beside the published one,
// which goes on being read and written. Its methods may be called concurrently.
type Generation struct {
	graph *Graph
	info  GenerationInfo

	mu   sync.Mutex
	db   *bolt.DB // Nil when published or discarded.
	rows int
}

// ErrBuilding is returned by NewGeneration while another generation is being built.
var ErrBuilding = errors.New("a generation is being built already")

var errOver = errors.New("the generation was published or discarded")

// NewGeneration begins a generation without rows, described by info. One can be built at
// a time, else ErrBuilding. It ends with Publish or Discard.
func (g *Graph) NewGeneration(ctx context.Context, info GenerationInfo) (*Generation, error) {
	err := ctx.Err()
	if g.readOnly {
		err = errReadOnlyGraph
	}
	if err == nil && !g.startBuilding() {
		err = ErrBuilding
	}
	if err != nil {
		return nil, fmt.Errorf("new generation: %w", err)
	}
	info.Built = info.Built.UTC().Round(0) // As it will be read back.
	info.Number = g.Info().Number + 1
	gen := &Generation{graph: g, info: info}
	if err := gen.create(); err != nil {
		g.setBuilding(false)
		return nil, fmt.Errorf("new generation: %w", err)
	}
	return gen, nil
}

// startBuilding takes the place of the one generation, if it is free.
func (g *Graph) startBuilding() bool {
	g.state.Lock()
	defer g.state.Unlock()
	free := !g.building
	g.building = true
	return free
}

func (g *Graph) setBuilding(on bool) {
	g.state.Lock()
	defer g.state.Unlock()
	g.building = on
}

// create makes the file. Nothing of it needs to be durable before it is published.
func (gen *Generation) create() error {
	path := gen.graph.buildPath()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	db, err := openBolt(path, boltOptions{noSync: true, pageSize: graphPageSize})
	if err != nil {
		return err
	}
	if err := createGraph(db, gen.info); err != nil {
		_ = db.Close()
		return err
	}
	gen.db = db
	return nil
}

// Put writes rows, in any order; a later row of the same id replaces an earlier one.
// Some hundreds a call are best, and in order of id they pack closest.
func (gen *Generation) Put(ctx context.Context, rows ...Row) error {
	values, err := packRows(ctx, rows)
	if err != nil {
		return fmt.Errorf("put %d rows: %w", len(rows), err)
	}
	gen.mu.Lock()
	defer gen.mu.Unlock()
	if gen.db == nil {
		return fmt.Errorf("put %d rows: %w", len(rows), errOver)
	}
	n := gen.rows
	err = updateRows(gen.db, func(tx *bolt.Tx, b *bolt.Bucket) error {
		b.FillPercent = 0.9
		if err := putRows(b, rows, values, &n); err != nil {
			return err
		}
		return writeGraphMeta(tx, gen.info, n)
	})
	if err != nil {
		return fmt.Errorf("put %d rows: %w", len(rows), err)
	}
	gen.rows = n
	return nil
}

// SetChurn says how much the generation changes; see GenerationInfo.
func (gen *Generation) SetChurn(churn float64) {
	gen.mu.Lock()
	defer gen.mu.Unlock()
	gen.info.Churn = churn
}

// Publish makes the generation durable and puts it in the place of the published one,
// in one step. When it fails the published one stays, and the generation is gone.
func (gen *Generation) Publish(ctx context.Context) error {
	gen.mu.Lock()
	defer gen.mu.Unlock()
	if gen.db == nil {
		return fmt.Errorf("publish generation: %w", errOver)
	}
	g := gen.graph
	defer g.setBuilding(false)
	if err := g.lock(ctx); err != nil {
		return fmt.Errorf("publish generation: %w", errors.Join(err, gen.end(true)))
	}
	defer g.unlock()
	err := boltError(gen.db.Update(func(tx *bolt.Tx) error { return writeGraphMeta(tx, gen.info, gen.rows) }))
	if err == nil && !g.noSync {
		err = gen.db.Sync()
	}
	if err = errors.Join(err, gen.end(err != nil)); err == nil {
		err = g.swap(gen.info, gen.rows)
	}
	if err != nil {
		return fmt.Errorf("publish generation: %w", err)
	}
	g.log.Info("published a generation of the graph", "seq", gen.info.Seq, "rows", gen.rows)
	return nil
}

// Discard gives the generation up and removes its file. After Publish it does nothing,
// so that it can be deferred.
func (gen *Generation) Discard() error {
	gen.mu.Lock()
	defer gen.mu.Unlock()
	if gen.db == nil {
		return nil
	}
	defer gen.graph.setBuilding(false)
	if err := gen.end(true); err != nil {
		return fmt.Errorf("discard generation: %w", err)
	}
	return nil
}

// end closes the file and, where it is not to be published, removes it.
func (gen *Generation) end(remove bool) error {
	err := gen.db.Close()
	gen.db = nil
	if remove {
		err = errors.Join(err, os.Remove(gen.graph.buildPath()))
	}
	return err
}

// swap renames the built file over the published one and opens it. The old one is
// closed first, as not every system renames over an open file.
func (g *Graph) swap(info GenerationInfo, rows int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return errors.Join(ErrClosed, os.Remove(g.buildPath()))
	}
	if err := g.db.Close(); err != nil {
		return err
	}
	renamed := replaceFile(g.buildPath(), g.path)
	db, err := openBolt(g.path, boltOptions{noSync: g.noSync, pageSize: graphPageSize})
	if err != nil {
		return errors.Join(renamed, err)
	}
	g.db = db
	if renamed == nil {
		g.setState(info, rows)
	}
	return renamed
}
