package corpus

import (
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Curate writes rows of the published generation that follow what editors laid down, and
// that document itself, in one durable step. The sequence stays what it is.
func (g *Graph) Curate(ctx context.Context, curation string, rows []Row) error {
	values, err := packRows(ctx, rows)
	if err == nil {
		err = g.lock(ctx)
	}
	if err != nil {
		return fmt.Errorf("curate %d rows: %w", len(rows), err)
	}
	defer g.unlock()
	info, n := g.Info(), g.Len()
	info.Curation = curation
	err = updateRows(g.db, func(tx *bolt.Tx, b *bolt.Bucket) error {
		if err := putRows(b, rows, values, &n); err != nil {
			return err
		}
		return writeGraphMeta(tx, info, n)
	})
	if err != nil {
		return fmt.Errorf("curate %d rows: %w", len(rows), err)
	}
	g.setState(info, n)
	return nil
}
