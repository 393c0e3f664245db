package corpus

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
)

// List returns the row of id, or ErrNotFound. Neighbours may have gone or be no longer
// public since the row was written: whoever shows it drops them.
func (g *Graph) List(ctx context.Context, id string) (Row, error) { return g.list(ctx, id, true) }

// Shown is List without Raw.
func (g *Graph) Shown(ctx context.Context, id string) (Row, error) { return g.list(ctx, id, false) }

func (g *Graph) list(ctx context.Context, id string, longer bool) (Row, error) {
	var r Row
	err := ctx.Err()
	if err == nil {
		err = g.view(func(tx *bolt.Tx) (err error) {
			v := tx.Bucket(bucketRows).Get([]byte(id))
			if v == nil {
				return ErrNotFound
			}
			r, err = unpackParts(id, v, longer)
			return err
		})
	}
	if err != nil {
		return Row{}, fmt.Errorf("neighbours of %.*q: %w", MaxID, id, err)
	}
	return r, nil
}

// Rows yields all rows in order of id (as bytes). The rows are read in chunks; when a
// generation is published meanwhile, the rest comes from that. An error ends it. No
// transaction is open while the consumer works.
func (g *Graph) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		last := []byte(nil)
		for {
			chunk, err := g.chunk(ctx, last)
			if err != nil {
				yield(Row{}, fmt.Errorf("rows after %q: %w", last, err))
				return
			}
			for _, kv := range chunk {
				r, err := unpackRow(string(kv.key), kv.value)
				if !yield(r, err) || err != nil {
					return
				}
				last = kv.key
			}
			if len(chunk) == 0 {
				return
			}
		}
	}
}

// pair is a copied key and value.
type pair struct{ key, value []byte }

// chunk copies the next rows after the id last.
func (g *Graph) chunk(ctx context.Context, last []byte) (pairs []pair, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = g.view(func(tx *bolt.Tx) error {
		size := 0
		cur := tx.Bucket(bucketRows).Cursor()
		k, v := cur.Seek(last)
		if last != nil && bytes.Equal(k, last) {
			k, v = cur.Next()
		}
		for ; k != nil && len(pairs) < chunkEntries && size < chunkBytes; k, v = cur.Next() {
			pairs = append(pairs, pair{bytes.Clone(k), bytes.Clone(v)})
			size += len(v)
		}
		return nil
	})
	return pairs, err
}

// Delta is one step of the published generation.
type Delta struct {
	// Seq is the sequence of the store that the rows say after the step.
	Seq uint64
	// Changes is how many posts were written or deleted in it; see GenerationInfo.
	Changes int
	// Rows are written, Removed are the ids whose rows go; one without is no error.
	Rows    []Row
	Removed []string
	// Pause, if not nil, is called between rows: whoever writes beside something more
	// urgent waits in it. Readers do not wait for that.
	Pause func()
}

// Apply writes and removes rows of the published generation and sets its sequence,
// all in one durable step. Removing an id without a row is no error.
func (g *Graph) Apply(ctx context.Context, seq uint64, rows []Row, removed []string) error {
	return g.Update(ctx, Delta{Seq: seq, Rows: rows, Removed: removed})
}

// Update makes a step of the published generation, durable as a whole.
func (g *Graph) Update(ctx context.Context, d Delta) error {
	values, err := d.pack(ctx)
	if err == nil {
		err = g.lock(ctx)
	}
	if err != nil {
		return fmt.Errorf("apply %d rows at %d: %w", len(d.Rows), d.Seq, err)
	}
	defer g.unlock()
	info, n := g.Info(), g.Len()
	info.Seq, info.Changes = d.Seq, info.Changes+d.Changes
	err = updateRows(g.db, func(tx *bolt.Tx, b *bolt.Bucket) error {
		for _, id := range d.Removed {
			if err := removeRow(b, id, &n); err != nil {
				return err
			}
		}
		if err := d.put(b, values, &n); err != nil {
			return err
		}
		return writeGraphMeta(tx, info, n)
	})
	if err != nil {
		return fmt.Errorf("apply %d rows at %d: %w", len(d.Rows), d.Seq, err)
	}
	g.setState(info, n)
	return nil
}

// pack makes the values of the rows.
func (d *Delta) pack(ctx context.Context) ([][]byte, error) {
	if d.Pause == nil {
		return packRows(ctx, d.Rows)
	}
	var p packer
	values := make([][]byte, len(d.Rows))
	for i := range d.Rows {
		v, err := p.pack(&d.Rows[i])
		if err != nil {
			return nil, err
		}
		values[i] = v
		d.Pause()
	}
	return values, nil
}

// put writes the rows.
func (d *Delta) put(b *bolt.Bucket, values [][]byte, n *int) error {
	if d.Pause == nil {
		return putRows(b, d.Rows, values, n)
	}
	for i := range d.Rows {
		if err := putRows(b, d.Rows[i:i+1], values[i:i+1], n); err != nil {
			return err
		}
		d.Pause()
	}
	return nil
}

func updateRows(db *bolt.DB, fn func(tx *bolt.Tx, rows *bolt.Bucket) error) error {
	return boltError(guard(func() error {
		return db.Update(func(tx *bolt.Tx) error { return fn(tx, tx.Bucket(bucketRows)) })
	}))
}

func removeRow(b *bolt.Bucket, id string, n *int) error {
	if id == "" || b.Get([]byte(id)) == nil {
		return nil
	}
	*n--
	return b.Delete([]byte(id))
}

func putRows(b *bolt.Bucket, rows []Row, values [][]byte, n *int) error {
	for i := range rows {
		key := []byte(rows[i].ID)
		if b.Get(key) == nil {
			*n++
		}
		if err := b.Put(key, values[i]); err != nil {
			return err
		}
	}
	return nil
}

// packedAtATime is the number of rows that one goroutine packs before it looks for
// more.
const packedAtATime = 8

// packRows makes the values of rows, on all CPUs. Of several errors it is the first
// row's.
func packRows(ctx context.Context, rows []Row) ([][]byte, error) {
	values, errs := make([][]byte, len(rows)), make([]error, len(rows))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(rows)+packedAtATime-1)/packedAtATime) {
		wait.Go(func() {
			var p packer
			for ctx.Err() == nil {
				to := int(next.Add(packedAtATime))
				for i := to - packedAtATime; i < min(to, len(rows)); i++ {
					values[i], errs[i] = p.pack(&rows[i])
				}
				if to >= len(rows) {
					return
				}
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

// Check reads the whole file and returns what is not as it must be, each fault naming
// its bucket and key, joined and matching ErrDamaged; nil means none.
// Writers wait meanwhile, readers do not.
func (g *Graph) Check(ctx context.Context) error {
	select {
	case g.writing <- struct{}{}:
		defer g.unlock()
	case <-ctx.Done():
		return fmt.Errorf("check graph: %w", ctx.Err())
	}
	c := checker{}
	err := g.view(func(tx *bolt.Tx) error {
		c.pages(ctx, tx)
		if len(c.faults) == 0 {
			c.graph(ctx, tx)
		}
		return ctx.Err()
	})
	return c.result("check graph", err)
}

func (c *checker) graph(ctx context.Context, tx *bolt.Tx) {
	_, want, err := readGraphMeta(tx)
	if err != nil {
		c.faults = append(c.faults, err)
		return
	}
	rows := 0
	cur := tx.Bucket(bucketRows).Cursor()
	for k, v := cur.First(); k != nil && ctx.Err() == nil && len(c.faults) < checkMost; k, v = cur.Next() {
		rows++
		if _, err := unpackRow(string(k), v); err != nil {
			c.fault("rows", fmt.Sprintf("%q", k), "%v", err)
		}
	}
	if ctx.Err() == nil && len(c.faults) < checkMost && rows != want {
		c.fault("meta", keyRows, "says %d, there are %d", want, rows)
	}
	c.tables(tx)
}

func (c *checker) tables(tx *bolt.Tx) {
	b := tx.Bucket(bucketTables)
	if b == nil {
		return
	}
	cur := b.Cursor()
	for k, v := cur.First(); k != nil && len(c.faults) < checkMost; k, v = cur.Next() {
		if _, err := unpackPiece(v); err != nil {
			c.fault("tables", fmt.Sprintf("%x", k), "%v", err)
		}
	}
}
