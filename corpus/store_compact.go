package corpus

import (
	"context"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Compact drops the tombstones with a sequence below before. Readers that have not
// seen one of them get ErrCompacted from Since and must rebuild. It works in steps, each
// durable: when ctx ends, what is done stays done.
func (s *Store) Compact(ctx context.Context, before uint64) error {
	if s.readOnly {
		return fmt.Errorf("compact: %w", errReadOnly)
	}
	var last []byte
	dropped := 0
	for {
		old, next, err := s.tombstones(ctx, last, before)
		if err == nil && len(old) > 0 {
			err = s.drop(ctx, old)
		}
		if err != nil {
			return fmt.Errorf("compact below %d: %w", before, err)
		}
		dropped += len(old)
		if next == nil {
			s.log.Info("dropped tombstones", "count", dropped, "below_seq", before)
			return nil
		}
		last = next
	}
}

// tombstone is a deleted id.
type tombstone struct {
	id  string
	seq uint64
}

// tombstones finds the next ones below before, after the id last. next is the last id
// looked at, nil at the end.
func (s *Store) tombstones(ctx context.Context, last []byte, before uint64) (found []tombstone, next []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	err = view(s.db, func(tx *bolt.Tx) error {
		cur := tx.Bucket(bucketIDs).Cursor()
		k, v := cur.Seek(last)
		for seen := 0; k != nil && seen < groupChanges; k, v = cur.Next() {
			seen++
			next = append(next[:0], k...)
			h, err := parseHead(v)
			if err != nil {
				return fmt.Errorf("ids %q: %w", k, err)
			}
			if h.kind == kindTombstone && h.seq < before {
				found = append(found, tombstone{string(k), h.seq})
			}
		}
		if k == nil {
			next = nil
		}
		return nil
	})
	return found, next, err
}

// drop removes tombstones that are still the latest of their ids.
func (s *Store) drop(ctx context.Context, old []tombstone) error {
	select {
	case s.committing <- struct{}{}:
		defer func() { <-s.committing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	var count counters
	err := guard(func() error {
		return s.db.Update(func(tx *bolt.Tx) (err error) {
			if count, err = readCounters(tx); err != nil {
				return err
			}
			for _, t := range old {
				if err := count.drop(tx, t); err != nil {
					return err
				}
			}
			return count.write(tx)
		})
	})
	if err != nil {
		return boltError(err)
	}
	s.committed(count)
	return nil
}

func (c *counters) drop(tx *bolt.Tx, t tombstone) error {
	ids := tx.Bucket(bucketIDs)
	h, found, err := findHead(ids, t.id)
	if err != nil || !found || h.seq != t.seq {
		return err
	}
	c.compacted = max(c.compacted, t.seq)
	return errors.Join(ids.Delete([]byte(t.id)), tx.Bucket(bucketLog).Delete(seqKey(t.seq)))
}
