package corpus

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// checkMost is how many faults a check lists before it gives up.
const checkMost = 100

// Check reads the whole file, at one point in time, and returns what is not as it must
// be: pages, the form of every value, every bucket against every other, the counts,
// and the hash of every post computed again. Each fault names its bucket and key; after
// 100 it gives up. All of them are joined and match ErrDamaged; nil means none. Readers go on
// meanwhile; writers wait for the first part, that of the pages.
func (s *Store) Check(ctx context.Context) error {
	select {
	case s.committing <- struct{}{}: // bbolt asks that no writer is at work.
	case <-ctx.Done():
		return fmt.Errorf("check store: %w", ctx.Err())
	}
	release := sync.OnceFunc(func() { <-s.committing })
	defer release()
	c := checker{}
	err := view(s.db, func(tx *bolt.Tx) error {
		c.pages(ctx, tx)
		release()
		if len(c.faults) == 0 {
			c.store(ctx, tx)
		}
		return ctx.Err()
	})
	return c.result("check store", err)
}

// checker collects faults.
type checker struct {
	faults []error
	live   uint64 // Posts in the log.
}

// fault notes one and reports whether there may be more.
func (c *checker) fault(bucket string, key any, format string, args ...any) bool {
	c.faults = append(c.faults, fmt.Errorf("%s %v: %w: %s", bucket, key, ErrDamaged, fmt.Sprintf(format, args...)))
	return len(c.faults) < checkMost
}

// result joins the faults and the error that ended the check, if any.
func (c *checker) result(what string, err error) error {
	if err = errors.Join(append(c.faults, err)...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// pages lets bbolt check its pages. It must be let run to its end.
func (c *checker) pages(ctx context.Context, tx *bolt.Tx) {
	for err := range tx.Check() {
		if ctx.Err() == nil && len(c.faults) < checkMost {
			c.fault("file", "pages", "%v", err)
		}
	}
}

func (c *checker) store(ctx context.Context, tx *bolt.Tx) {
	count, err := readCounters(tx)
	if err != nil {
		c.faults = append(c.faults, err)
		return
	}
	c.log(ctx, tx, count)
	c.ids(ctx, tx)
	c.curation(tx)
	if ctx.Err() != nil || len(c.faults) >= checkMost {
		return
	}
	if count.compacted > count.seq {
		c.fault("meta", keyCompacted, "is %d, above the store's sequence %d", count.compacted, count.seq)
	}
	if c.live != count.posts {
		c.fault("meta", keyPosts, "says %d, the log has %d", count.posts, c.live)
	}
	if len(tx.Bucket(bucketMeta).Get([]byte(keyID))) == 0 {
		c.fault("meta", keyID, "is missing")
	}
}

// log checks every entry against its head.
func (c *checker) log(ctx context.Context, tx *bolt.Tx, count counters) {
	ids := tx.Bucket(bucketIDs)
	cur := tx.Bucket(bucketLog).Cursor()
	for k, v := cur.First(); k != nil && ctx.Err() == nil; k, v = cur.Next() {
		if !c.entry(ids, k, v, count) {
			return
		}
	}
}

func (c *checker) entry(ids *bolt.Bucket, k, v []byte, count counters) bool {
	if len(k) != 8 {
		return c.fault("log", fmt.Sprintf("%x", k), "the key is not a sequence")
	}
	seq := binary.BigEndian.Uint64(k)
	e, err := parseEntry(v)
	if err != nil {
		return c.fault("log", seq, "%v", err)
	}
	h, found, err := findHead(ids, e.id)
	switch {
	case err != nil:
		return true // Reported when the heads are checked.
	case !found:
		return c.fault("log", seq, "ids has no %q", e.id)
	case h.seq != seq || h.kind != e.kind || h.policy != e.policy:
		return c.fault("log", seq, "ids %q says sequence %d, kind %d, policy %d; here is kind %d, policy %d", e.id, h.seq, h.kind, h.policy, e.kind, e.policy)
	case seq > count.seq:
		return c.fault("log", seq, "is above the store's sequence %d", count.seq)
	case e.kind == kindTombstone:
		return true
	}
	c.live++
	return c.post(seq, e, h)
}

// post checks that an entry holds the post that its head says.
func (c *checker) post(seq uint64, e entry, h head) bool {
	p, err := e.post()
	switch {
	case err != nil:
		return c.fault("log", seq, "%q: %v", e.id, err)
	case p.ID != e.id:
		return c.fault("log", seq, "%q holds the post %q", e.id, p.ID)
	case sha256.Sum256(AppendCanonical(nil, &p)) != h.sum:
		return c.fault("log", seq, "%q does not hash to what ids says", e.id)
	}
	return true
}

// ids checks that every head has its entry. That the entry agrees was checked
// from the other side.
func (c *checker) ids(ctx context.Context, tx *bolt.Tx) {
	log := tx.Bucket(bucketLog)
	cur := tx.Bucket(bucketIDs).Cursor()
	for k, v := cur.First(); k != nil && ctx.Err() == nil && len(c.faults) < checkMost; k, v = cur.Next() {
		h, err := parseHead(v)
		if err != nil {
			c.fault("ids", fmt.Sprintf("%q", k), "%v", err)
			continue
		}
		ev := log.Get(seqKey(h.seq))
		e, err := parseEntry(ev)
		if ev == nil || err != nil || e.id != string(k) {
			c.fault("ids", fmt.Sprintf("%q", k), "log %d is not its entry", h.seq)
		}
	}
}
