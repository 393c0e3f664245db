package corpus

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Options configure Open. The zero Options, and nil, are the defaults.
type Options struct {
	// Now is the clock; it stamps when a new store was made. Nil stamps nothing.
	Now func() time.Time
	// Logger receives what an operator should know. Nil discards.
	Logger *slog.Logger
	// Limits bound the posts that Apply accepts. Zero fields mean the defaults.
	Limits Limits
	// ReadOnly opens an existing store for reading, together with other readers;
	// Apply and Compact fail.
	ReadOnly bool
	// NoSync leaves out fsync: what Apply acknowledged can be lost, or the file
	// damaged, when the machine (not the process) dies. For tests and measurements.
	NoSync bool
	// Rand is what a new store's random id is read from. Nil means crypto/rand.
	Rand io.Reader
}

// Store keeps posts and their change log in one file, posts.db. It is the truth:
// the search index and the neighbour graph are derived from it.
//
// All methods may be called concurrently. Readers see the state at the last
// commit and never wait for a writer. One process at a time may have the file
// open for writing.
type Store struct {
	db       *bolt.DB
	log      *slog.Logger
	limits   Limits
	readOnly bool
	id       string
	now      func() time.Time // nil without a clock

	// committing is held by the one caller that commits for all that wait.
	committing chan struct{}

	mu      sync.Mutex
	queue   []*request
	count   counters // As of the last commit.
	changed chan struct{}
	// recurated is closed when a document of curation changes.
	recurated chan struct{}
}

// Record is a post with what the store keeps beside it.
type Record struct {
	Post Post
	// Seq is the sequence of the change that wrote the post.
	Seq uint64
	// Publish is the policy stored with the post.
	Publish Policy
}

var errReadOnly = errors.New("the store is open for reading only")

// Open opens the store at path, or makes it when the file does not exist and
// ReadOnly is not set. Its errors are ErrLocked when another process has it,
// ErrNewer for a newer format, ErrDamaged for a file that cannot be a store, and
// those of the file system.
func Open(path string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = &Options{}
	}
	s, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func open(path string, opts *Options) (*Store, error) {
	db, err := openBolt(path, boltOptions{readOnly: opts.ReadOnly, noSync: opts.NoSync, pageSize: storePageSize})
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, log: orDiscard(opts.Logger), limits: opts.Limits.orDefault(), readOnly: opts.ReadOnly,
		committing: make(chan struct{}, 1), changed: make(chan struct{}), recurated: make(chan struct{}), now: opts.Now,
	}
	if err := s.load(path, opts); err != nil {
		_ = db.Close()
		return nil, err
	}
	return s, nil
}

// storePageSize is that of a new posts.db; docs/decisions/0002-bbolt.md has the measurements.
const storePageSize = 16 << 10

// load reads meta, after writing that of a new file.
func (s *Store) load(path string, opts *Options) error {
	fresh := false
	err := view(s.db, func(tx *bolt.Tx) error {
		first, _ := tx.Cursor().First()
		fresh = first == nil
		return nil
	})
	if err != nil {
		return err
	}
	if fresh && !s.readOnly {
		if err := s.create(opts); err != nil {
			return err
		}
		syncDir(path)
	}
	return view(s.db, func(tx *bolt.Tx) (err error) {
		if err := checkFormat(tx, storeKind, storeFormat); err != nil {
			return err
		}
		if tx.Bucket(bucketLog) == nil || tx.Bucket(bucketIDs) == nil {
			return fmt.Errorf("%w: a bucket is missing", ErrDamaged)
		}
		s.id = string(tx.Bucket(bucketMeta).Get([]byte(keyID)))
		s.count, err = readCounters(tx)
		return err
	})
}

// create writes the buckets and the meta of a new store.
func (s *Store) create(opts *Options) error {
	random := opts.Rand
	if random == nil {
		random = rand.Reader
	}
	var id [16]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return fmt.Errorf("random id: %w", err)
	}
	return boltError(s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketLog, bucketIDs} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		err := errors.Join(
			meta.Put([]byte(keyKind), []byte(storeKind)),
			meta.Put([]byte(keyFormat), seqKey(storeFormat)),
			meta.Put([]byte(keyID), []byte(hex.EncodeToString(id[:]))),
			counters{}.write(tx),
		)
		if opts.Now != nil {
			err = errors.Join(err, meta.Put([]byte(keyCreated), []byte(opts.Now().UTC().Format(time.RFC3339))))
		}
		return err
	}))
}

// Close closes the file, after the calls that are at work have ended. Later calls
// fail with ErrClosed.
func (s *Store) Close() error {
	s.committing <- struct{}{}
	defer func() { <-s.committing }()
	return s.db.Close()
}

// ID is the store's random id, 32 hex digits. What is derived from a store keeps it,
// so as to be rebuilt when it meets another one.
func (s *Store) ID() string { return s.id }

// Seq is the sequence of the latest durable change; 0 in a new store.
func (s *Store) Seq() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count.seq
}

// Len is the number of posts, public or not.
func (s *Store) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.count.posts)
}

// Changed returns a channel that is closed at the next commit that changes
// something. Take it before reading Seq, or a commit between the two is missed.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// committed publishes the counters of a commit and wakes those who wait for one.
func (s *Store) committed(c counters) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.seq != s.count.seq {
		close(s.changed)
		s.changed = make(chan struct{})
	}
	s.count = c
}
