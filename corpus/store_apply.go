package corpus

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/golang/snappy"
	bolt "go.etcd.io/bbolt"
)

// OutcomeKind says what a change did.
type OutcomeKind uint8

// The kinds of outcome.
const (
	Rejected  OutcomeKind = iota // the change is invalid; see Err
	Added                        // the id was new, or deleted before
	Changed                      // the post, or its policy, differs from what was stored
	Unchanged                    // the same post under the same policy was stored already
	Removed                      // the post was deleted
	Absent                       // the id to delete was not stored
)

// String is the kind as one lower-case word.
func (k OutcomeKind) String() string {
	names := [...]string{"rejected", "added", "changed", "unchanged", "removed", "absent"}
	if int(k) >= len(names) {
		return fmt.Sprintf("outcome %d", uint8(k))
	}
	return names[k]
}

// Outcome is what became of one change.
type Outcome struct {
	ID   string
	Kind OutcomeKind
	// Seq is the sequence of the change that made the id what it is now; 0 when
	// rejected, or when the log knows nothing of the id.
	Seq uint64
	// Err says why the change was rejected, as a *FieldError; nil otherwise.
	Err error
}

// Applied is what one call of Apply did.
type Applied struct {
	// Seq is the highest Seq of the outcomes: a reader that is complete up to it
	// has seen everything this call wrote or found written.
	Seq uint64
	// The number of outcomes of each kind.
	Added, Changed, Unchanged, Removed, Absent, Rejected int
	// Outcomes has one entry per change, in order.
	Outcomes []Outcome
}

// Apply makes the changes, in order, and returns when they are durable: all of them
// or, with an error, none. An invalid change (an id or a post that Validate refuses, an
// unknown policy) is rejected in its Outcome and costs only itself.
//
// A post that is stored already, with the same canonical form and policy, is left as it
// is and makes no entry in the log. Empty lists and objects of a post are stored as absent.
//
// Calls that wait at the same time share one commit. When ctx ends before the
// commit has begun, nothing is written and its error is returned; after that the commit runs
// to its end. The posts may be changed by the caller when Apply has returned, not before.
func (s *Store) Apply(ctx context.Context, changes ...Change) (Applied, error) {
	if s.readOnly {
		return Applied{}, fmt.Errorf("apply %d changes: %w", len(changes), errReadOnly)
	}
	req, err := s.prepare(ctx, changes)
	if err == nil {
		err = s.await(ctx, req)
	}
	if err != nil {
		return Applied{}, fmt.Errorf("apply %d changes: %w", len(changes), err)
	}
	return req.applied(), nil
}

// request is one call of Apply on its way through a commit.
type request struct {
	writes []write
	bytes  int
	// done is closed when err and the outcomes are final.
	done chan struct{}
	err  error
}

// write is one change, made ready by its caller so that the commit has little to do.
type write struct {
	Outcome

	head   head   // Without its sequence.
	json   []byte // Nil for a delete.
	packed []byte // Nil when the post seemed stored already.
}

// applied sums up a finished request.
func (r *request) applied() Applied {
	a := Applied{Outcomes: make([]Outcome, len(r.writes))}
	counts := [...]*int{&a.Rejected, &a.Added, &a.Changed, &a.Unchanged, &a.Removed, &a.Absent}
	for i := range r.writes {
		o := r.writes[i].Outcome
		a.Outcomes[i] = o
		a.Seq = max(a.Seq, o.Seq)
		*counts[o.Kind]++
	}
	return a
}

// prepare validates, encodes, hashes and packs.
func (s *Store) prepare(ctx context.Context, changes []Change) (*request, error) {
	req := &request{writes: make([]write, len(changes)), done: make(chan struct{})}
	var scratch []byte
	for i := range changes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w := &req.writes[i]
		w.ID = changes[i].ID
		scratch, w.Err = w.encode(changes[i], s.limits, scratch)
	}
	return req, s.pack(req)
}

// encode fills in a write. scratch is a buffer for its canonical form.
func (w *write) encode(c Change, limits Limits, scratch []byte) ([]byte, error) {
	if c.Post == nil {
		return scratch, in("id", ValidID(c.ID))
	}
	if c.ID != c.Post.ID {
		return scratch, &FieldError{Field: "id", Err: fmt.Errorf("the change is of %q, its post of %q", c.ID, c.Post.ID)}
	}
	if err := c.Post.Validate(limits); err != nil {
		return scratch, err
	}
	policy, err := policyByte(c.Publish)
	if err != nil {
		return scratch, err
	}
	w.json = AppendPost(nil, c.Post)
	if len(w.json) > limits.Record {
		return scratch, &FieldError{Err: tooLong(len(w.json), limits.Record)}
	}
	scratch = AppendCanonical(scratch[:0], c.Post)
	w.head = head{kind: kindPost, policy: policy, sum: sha256.Sum256(scratch)}
	return scratch, nil
}

// pack compresses the posts that are not stored already, as far as can be told
// before the commit.
func (s *Store) pack(req *request) error {
	return view(s.db, func(tx *bolt.Tx) error {
		ids := tx.Bucket(bucketIDs)
		for i := range req.writes {
			w := &req.writes[i]
			if w.Err != nil || w.json == nil {
				continue
			}
			old, found, err := findHead(ids, w.ID)
			if err != nil {
				return err
			}
			if !found || !w.head.same(old) {
				w.pack()
				req.bytes += len(w.packed)
			}
		}
		return nil
	})
}

func (w *write) pack() {
	w.packed = snappy.Encode(nil, w.json)
	w.json = w.json[:0]
}

// same reports whether both are the same post under the same policy.
func (h head) same(old head) bool {
	return old.kind == kindPost && h.sum == old.sum && h.policy == old.policy
}

// findHead looks an id up.
func findHead(ids *bolt.Bucket, id string) (h head, found bool, err error) {
	v := ids.Get([]byte(id))
	if v == nil {
		return h, false, nil
	}
	if h, err = parseHead(v); err != nil {
		return h, false, fmt.Errorf("ids %q: %w", id, err)
	}
	return h, true, nil
}

// await waits until the request was part of a commit, which it makes itself when
// nobody else is committing.
func (s *Store) await(ctx context.Context, req *request) error {
	s.mu.Lock()
	s.queue = append(s.queue, req)
	s.mu.Unlock()
	select {
	case <-req.done:
	case s.committing <- struct{}{}:
		s.commitUntil(req)
		<-s.committing
	case <-ctx.Done():
		if s.withdraw(req) {
			return ctx.Err()
		}
		<-req.done
	}
	return req.err
}

// withdraw takes a request back that no commit has taken yet.
func (s *Store) withdraw(req *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.queue {
		if r == req {
			s.queue = slices.Delete(s.queue, i, i+1)
			return true
		}
	}
	return false
}

// commitUntil commits waiting requests until req was among them.
func (s *Store) commitUntil(req *request) {
	for {
		select {
		case <-req.done:
			return
		default:
			s.commit(s.take())
		}
	}
}

// The most that one commit takes on beyond its first request.
const (
	groupChanges = 10_000
	groupBytes   = 32 << 20
)

// take removes the next group of requests from the queue.
func (s *Store) take() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, changes, size := 0, 0, 0
	for n < len(s.queue) {
		changes += len(s.queue[n].writes)
		size += s.queue[n].bytes
		if n > 0 && (changes > groupChanges || size > groupBytes) {
			break
		}
		n++
	}
	group := slices.Clone(s.queue[:n])
	s.queue = slices.Delete(s.queue, 0, n)
	return group
}

// commit writes a group in one transaction and releases its callers.
func (s *Store) commit(group []*request) {
	count, err := s.writeGroup(group)
	if err == nil {
		s.committed(count)
	}
	for _, r := range group {
		r.err = err
		close(r.done)
	}
}

// writeGroup is the transaction. Where nothing changed it is rolled back, which
// spares the fsync.
func (s *Store) writeGroup(group []*request) (count counters, err error) {
	err = guard(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // No effect after Commit.
		if count, err = readCounters(tx); err != nil {
			return err
		}
		before := count
		b := batch{count: &count, log: tx.Bucket(bucketLog), ids: tx.Bucket(bucketIDs)}
		b.log.FillPercent = 1 // Its keys only grow; see the layout.
		for _, r := range group {
			for i := range r.writes {
				if r.writes[i].Err != nil {
					continue // Its kind is Rejected, the zero kind.
				}
				if err := b.write(&r.writes[i]); err != nil {
					return err
				}
			}
		}
		if count == before {
			return nil
		}
		if err := count.write(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
	return count, boltError(err)
}

// batch is the state of one write transaction.
type batch struct {
	count    *counters
	log, ids *bolt.Bucket
}

// write makes one change and fills in its outcome.
func (b *batch) write(w *write) error {
	old, found, err := findHead(b.ids, w.ID)
	if err != nil {
		return err
	}
	live := found && old.kind == kindPost
	switch {
	case w.head.kind == kindPost && w.head.same(old):
		w.Kind, w.Seq = Unchanged, old.seq
		return nil
	case w.head.kind == kindTombstone && !live:
		w.Kind, w.Seq = Absent, old.seq
		return nil
	case w.head.kind == kindTombstone:
		w.Kind = Removed
		b.count.posts--
	case live:
		w.Kind = Changed
	default:
		w.Kind = Added
		b.count.posts++
	}
	if found {
		if err := b.log.Delete(seqKey(old.seq)); err != nil {
			return err
		}
	}
	return b.append(w)
}

// append writes the entry and the head of a change.
func (b *batch) append(w *write) error {
	if w.head.kind == kindPost && w.packed == nil {
		w.pack() // Stored already when it was prepared, but not any more.
	}
	b.count.seq++
	w.head.seq, w.Seq = b.count.seq, b.count.seq
	e := entry{kind: w.head.kind, policy: w.head.policy, id: w.ID, packed: w.packed}
	if err := b.log.Put(seqKey(w.Seq), e.append(nil)); err != nil {
		return err
	}
	return b.ids.Put([]byte(w.ID), w.head.append(nil))
}
