package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/golang/snappy"
	bolt "go.etcd.io/bbolt"
)

// The layout of posts.db, format 1. Numbers are big-endian, so that keys sort by them.
//
//	meta   kind      "posts"
//	       format    uint64
//	       id        the store's random id, hex
//	       created   RFC 3339; absent when no clock was given
//	       seq       uint64, the latest change
//	       posts     uint64, how many there are
//	       compacted uint64, the highest sequence of a dropped tombstone
//	log    seq uint64 -> entry: the latest change of each id, in order of change
//	ids    id         -> head: where the id's entry is and what it must hash to
//	curation          what editors lay down; see curation.go
//
// Posts live in the log because appending fills pages to the end and touches none
// but the last, whatever order the ids come in.
const (
	storeKind   = "posts"
	storeFormat = 1
)

// The buckets and the keys of meta.
var (
	bucketMeta = []byte("meta") //nolint:gochecknoglobals // immutable table
	bucketLog  = []byte("log")  //nolint:gochecknoglobals // immutable table
	bucketIDs  = []byte("ids")  //nolint:gochecknoglobals // immutable table
)

const (
	keyKind      = "kind"
	keyFormat    = "format"
	keyID        = "id"
	keyCreated   = "created"
	keySeq       = "seq"
	keyPosts     = "posts"
	keyCompacted = "compacted"
)

// The kinds of entries and heads.
const (
	kindTombstone = 0
	kindPost      = 1
)

// head is a value of bucket ids: kind, policy, seq, and for a post the SHA-256 of
// its canonical form.
type head struct {
	kind   byte
	policy byte
	seq    uint64
	sum    [32]byte
}

const (
	headTombstone = 1 + 1 + 8
	headPost      = headTombstone + 32
)

func (h head) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(append(dst, h.kind, h.policy), h.seq)
	if h.kind == kindPost {
		dst = append(dst, h.sum[:]...)
	}
	return dst
}

func parseHead(v []byte) (h head, err error) {
	if len(v) < headTombstone {
		return h, fmt.Errorf("%w: %d bytes", ErrDamaged, len(v))
	}
	h.kind, h.policy, h.seq = v[0], v[1], binary.BigEndian.Uint64(v[2:])
	switch {
	case h.kind == kindTombstone && len(v) == headTombstone:
	case h.kind == kindPost && len(v) == headPost:
		copy(h.sum[:], v[headTombstone:])
	default:
		return h, fmt.Errorf("%w: kind %d in %d bytes", ErrDamaged, h.kind, len(v))
	}
	return h, nil
}

// entry is a value of bucket log: kind, policy, the length of the id in two bytes,
// the id, and for a post its JSON, compressed by snappy.
type entry struct {
	kind   byte
	policy byte
	id     string
	packed []byte // Aliases the value it was parsed from.
}

func (e entry) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, e.kind, e.policy), uint16(len(e.id)))
	return append(append(dst, e.id...), e.packed...)
}

func parseEntry(v []byte) (e entry, err error) {
	const fixed = 4
	if len(v) < fixed {
		return e, fmt.Errorf("%w: %d bytes", ErrDamaged, len(v))
	}
	n := int(binary.BigEndian.Uint16(v[2:]))
	if v[0] > kindPost || len(v) < fixed+n || v[0] == kindTombstone && len(v) > fixed+n {
		return e, fmt.Errorf("%w: kind %d, id of %d bytes in %d bytes", ErrDamaged, v[0], n, len(v))
	}
	return entry{kind: v[0], policy: v[1], id: string(v[fixed : fixed+n]), packed: v[fixed+n:]}, nil
}

// unpack undoes snappy, and does not believe a length that no data of that size has.
func unpack(packed []byte) ([]byte, error) {
	const most = 64 // More than snappy can do: a copy of 64 bytes takes 3.
	n, err := snappy.DecodedLen(packed)
	if err != nil || n > most*len(packed) {
		return nil, fmt.Errorf("%w: %d bytes packed cannot be %d", ErrDamaged, len(packed), n)
	}
	data, err := snappy.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return data, nil
}

// storedLimits are those a stored post is read with. They are wide, so that what was
// accepted under wider limits than today's can still be read.
func storedLimits() Limits {
	const wide = 1 << 30
	return Limits{Record: wide, Body: wide, Text: wide, Name: wide, URL: wide, List: wide, Payload: wide, Extra: wide, Depth: 10_000}
}

// post unpacks the post of an entry.
func (e entry) post() (Post, error) {
	data, err := unpack(e.packed)
	if err != nil {
		return Post{}, err
	}
	p, err := decodePost(data, storedLimits())
	if err != nil {
		return Post{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return p, nil
}

// record unpacks the post of an entry with what is kept beside it.
func (e entry) record(seq uint64) (Record, error) {
	p, err := e.post()
	return Record{Post: p, Seq: seq, Publish: policyOf(e.policy)}, err
}

// change is the entry as a change.
func (e entry) change(seq uint64) (Change, error) {
	c := Change{Seq: seq, ID: e.id}
	if e.kind == kindTombstone {
		return c, nil
	}
	p, err := e.post()
	if err != nil {
		return c, fmt.Errorf("log %d (%q): %w", seq, e.id, err)
	}
	c.Post, c.Publish = &p, policyOf(e.policy)
	return c, nil
}

// policyByte is how a policy is stored.
func policyByte(p Policy) (byte, error) {
	switch p {
	case PublishReviewed:
		return 0, nil
	case PublishAll:
		return 1, nil
	}
	return 0, &FieldError{Field: "publish", Err: oneOf(string(p), `"" (reviewed)`, string(PublishAll))}
}

// policyOf is the policy stored as b. What is unknown keeps the gate.
func policyOf(b byte) Policy {
	if b == 1 {
		return PublishAll
	}
	return PublishReviewed
}

// seqKey is the key of seq in the log.
func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// counters are the numbers of meta that change with every commit.
type counters struct{ seq, posts, compacted uint64 }

func readCounters(tx *bolt.Tx) (c counters, err error) {
	meta := tx.Bucket(bucketMeta)
	read := func(key string) uint64 {
		v := meta.Get([]byte(key))
		if len(v) != 8 {
			err = errors.Join(err, fmt.Errorf("meta %q: %w: %d bytes", key, ErrDamaged, len(v)))
			return 0
		}
		return binary.BigEndian.Uint64(v)
	}
	c = counters{read(keySeq), read(keyPosts), read(keyCompacted)}
	return c, err
}

func (c counters) write(tx *bolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	return errors.Join(
		meta.Put([]byte(keySeq), seqKey(c.seq)),
		meta.Put([]byte(keyPosts), seqKey(c.posts)),
		meta.Put([]byte(keyCompacted), seqKey(c.compacted)),
	)
}

// checkFormat refuses a file of another kind or of a newer format.
func checkFormat(tx *bolt.Tx, kind string, format uint64) error {
	meta := tx.Bucket(bucketMeta)
	if meta == nil || string(meta.Get([]byte(keyKind))) != kind {
		return fmt.Errorf("%w: not a file of kind %q", ErrDamaged, kind)
	}
	v := meta.Get([]byte(keyFormat))
	if len(v) != 8 {
		return fmt.Errorf("meta %q: %w: %d bytes", keyFormat, ErrDamaged, len(v))
	}
	if got := binary.BigEndian.Uint64(v); got > format {
		return fmt.Errorf("%w: format %d, this version reads up to %d", ErrNewer, got, format)
	}
	return nil
}
