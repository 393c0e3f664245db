package corpus

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// One read transaction of an iteration takes at most this much; the consumer works
// when it has ended.
const (
	chunkEntries = 256
	chunkBytes   = 4 << 20
)

// Get returns the record of id, or ErrNotFound. The review gate is not applied.
func (s *Store) Get(ctx context.Context, id string) (Record, error) {
	found, err := s.GetMany(ctx, []string{id})
	if err != nil {
		return Record{}, err
	}
	r, ok := found[id]
	if !ok {
		return Record{}, fmt.Errorf("get %.*q: %w", MaxID, id, ErrNotFound)
	}
	return r, nil
}

// GetMany returns the records of ids, read in one transaction; ids that are not
// stored are absent from the map. The review gate is not applied.
func (s *Store) GetMany(ctx context.Context, ids []string) (map[string]Record, error) {
	found, err := s.each(ctx, ids, item.record)
	if err != nil {
		return nil, fmt.Errorf("get %d posts: %w", len(ids), err)
	}
	return found, nil
}

// each reads the entries of ids that are there in one transaction.
func (s *Store) each(ctx context.Context, ids []string, read func(item) (Record, error)) (map[string]Record, error) {
	found := make(map[string]Record, len(ids))
	err := view(s.db, func(tx *bolt.Tx) error {
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			item, ok, err := lookup(tx, id)
			if err != nil {
				return err
			}
			if ok {
				if found[id], err = read(item); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return found, err
}

// item is an entry of the log with its sequence.
type item struct {
	seq uint64
	entry
}

// record unpacks the post of an item.
func (it item) record() (Record, error) {
	r, err := it.entry.record(it.seq)
	if err != nil {
		return r, fmt.Errorf("log %d (%q): %w", it.seq, it.id, err)
	}
	return r, nil
}

// lookup finds the post of an id. The item aliases the mapped file.
func lookup(tx *bolt.Tx, id string) (it item, ok bool, err error) {
	h, found, err := findHead(tx.Bucket(bucketIDs), id)
	if err != nil || !found || h.kind != kindPost {
		return it, false, err
	}
	return loadItem(tx, h.seq, id)
}

func loadItem(tx *bolt.Tx, seq uint64, id string) (it item, ok bool, err error) {
	v := tx.Bucket(bucketLog).Get(seqKey(seq))
	if v == nil {
		return it, false, fmt.Errorf("ids %q: %w: log has no entry %d", id, ErrDamaged, seq)
	}
	e, err := parseEntry(v)
	if err != nil {
		return it, false, fmt.Errorf("log %d: %w", seq, err)
	}
	return item{seq: seq, entry: e}, true, nil
}

// Since yields the changes after seq in order of sequence: of each id its latest,
// a post or, where Post is nil, a delete. It covers what was committed when it began: no
// sequence is above Seq at that time and no id comes twice; an id that changes
// meanwhile may be left out, to come in the next call. Since(0) is every post.
//
// It yields ErrCompacted and ends when deletes after seq have been dropped; other
// errors end it as well. The store is read in chunks; no transaction is open while the
// consumer works.
func (s *Store) Since(ctx context.Context, seq uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		pos, end := seq, s.Seq()
		for pos < end {
			items, err := s.chunkSince(ctx, pos, end, seq > 0)
			if err != nil {
				yield(Change{}, fmt.Errorf("changes since %d: %w", seq, err))
				return
			}
			for _, it := range items {
				c, err := it.change(it.seq)
				if !yield(c, err) || err != nil {
					return
				}
				pos = it.seq
			}
			if len(items) == 0 {
				return
			}
		}
	}
}

// chunkSince copies the next entries after pos and not after end. strict says that
// a dropped tombstone would be missed.
func (s *Store) chunkSince(ctx context.Context, pos, end uint64, strict bool) (items []item, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = view(s.db, func(tx *bolt.Tx) error {
		count, err := readCounters(tx)
		if err != nil {
			return err
		}
		if strict && count.compacted > pos {
			return ErrCompacted
		}
		size := 0
		cur := tx.Bucket(bucketLog).Cursor()
		for k, v := cur.Seek(seqKey(pos + 1)); k != nil && len(items) < chunkEntries && size < chunkBytes; k, v = cur.Next() {
			at := binary.BigEndian.Uint64(k)
			if at > end {
				return nil
			}
			e, err := parseEntry(v)
			if err != nil {
				return fmt.Errorf("log %d: %w", at, err)
			}
			e.packed = bytes.Clone(e.packed)
			size += len(e.packed)
			items = append(items, item{at, e})
		}
		return nil
	})
	return items, err
}

// Feed is Since with every post that is not public turned into a delete: what the
// search index and the graph read, so that nothing after them can leak one.
func (s *Store) Feed(ctx context.Context, seq uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for c, err := range s.Since(ctx, seq) {
			if err == nil && !Public(c.Post, c.Publish) {
				c.Post, c.Publish = nil, PublishReviewed
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// Posts yields all posts in order of id, the review gate not applied. See Records.
func (s *Store) Posts(ctx context.Context) iter.Seq2[Post, error] {
	return func(yield func(Post, error) bool) {
		for r, err := range s.Records(ctx) {
			if !yield(r.Post, err) {
				return
			}
		}
	}
}

// Records yields all records in order of id (as bytes), the review gate not applied.
// Each is as it was when its chunk was read; an id is yielded at most once. An error ends
// it. No transaction is open while the consumer works.
func (s *Store) Records(ctx context.Context) iter.Seq2[Record, error] {
	return s.inOrderOfID(ctx, item.record)
}

// inOrderOfID yields what read makes of all posts.
func (s *Store) inOrderOfID(ctx context.Context, read func(item) (Record, error)) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		last := []byte(nil)
		for {
			items, next, err := s.chunkAfter(ctx, last)
			if err != nil {
				yield(Record{}, fmt.Errorf("posts after %q: %w", last, err))
				return
			}
			for _, it := range items {
				r, err := read(it)
				if !yield(r, err) || err != nil {
					return
				}
			}
			if next == nil {
				return
			}
			last = next
		}
	}
}

// chunkAfter copies the next posts after the id last, nil for the first ones. next is
// the last id looked at, nil at the end.
func (s *Store) chunkAfter(ctx context.Context, last []byte) (items []item, next []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	err = view(s.db, func(tx *bolt.Tx) error {
		cur := tx.Bucket(bucketIDs).Cursor()
		k, v := cur.Seek(last)
		if last != nil && bytes.Equal(k, last) {
			k, v = cur.Next()
		}
		seen, size := 0, 0
		for ; k != nil && seen < chunkEntries && size < chunkBytes; k, v = cur.Next() {
			seen++
			next = append(next[:0], k...)
			h, err := parseHead(v)
			if err != nil {
				return fmt.Errorf("ids %q: %w", k, err)
			}
			if h.kind != kindPost {
				continue
			}
			it, _, err := loadItem(tx, h.seq, string(k))
			if err != nil {
				return err
			}
			it.packed = bytes.Clone(it.packed)
			size += len(it.packed)
			items = append(items, it)
		}
		if k == nil {
			next = nil
		}
		return nil
	})
	return items, next, err
}
