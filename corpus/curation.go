package corpus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Curation is one document of what an editor lays down (synonyms, rules and the like), in
// one of its versions. The store keeps its bytes and does not look into them.
type Curation struct {
	Kind string
	// Version counts from 1; 0 is a document that was never written, which has no body.
	Version uint64
	// Time is when the version was written; zero without a clock.
	Time time.Time
	Body []byte
}

const (
	// CurationVersions is how many versions of each kind are kept, the latest among them.
	CurationVersions = 50
	// MaxCuration is the longest body, in bytes.
	MaxCuration = 4 << 20
	// maxCurationKind bounds the name of a kind.
	maxCurationKind = 64
)

// VersionError says that a document was written by somebody else in between.
type VersionError struct {
	Kind      string
	Want, Got uint64 // Got is the version that is stored.
}

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("%s is at version %d, not %d", e.Kind, e.Got, e.Want)
}

// AnyVersion lets PutCuration replace whatever version there is.
const AnyVersion = ^uint64(0)

// bucketCuration holds kind, a zero byte and the version (uint64) -> the time in
// nanoseconds since the Unix epoch (int64; 0 without a clock) and the body. It is made with
// the first document.
var bucketCuration = []byte("curation") //nolint:gochecknoglobals // immutable table

// Curation returns the latest version of a kind. One that was never written has version 0
// and no body.
func (s *Store) Curation(ctx context.Context, kind string) (Curation, error) {
	return s.curation(ctx, kind, AnyVersion)
}

// CurationAt returns an older version of a kind; ErrNotFound when it is not kept any more
// or was never written.
func (s *Store) CurationAt(ctx context.Context, kind string, version uint64) (Curation, error) {
	return s.curation(ctx, kind, version)
}

func (s *Store) curation(ctx context.Context, kind string, version uint64) (c Curation, err error) {
	if err := ctx.Err(); err != nil {
		return c, err
	}
	err = view(s.db, func(tx *bolt.Tx) error {
		if version == AnyVersion {
			c, err = latestCuration(tx, kind)
			return err
		}
		b := tx.Bucket(bucketCuration)
		if b == nil {
			return ErrNotFound
		}
		v := b.Get(curationKey(kind, version))
		if v == nil {
			return ErrNotFound
		}
		c, err = parseCuration(kind, version, v)
		return err
	})
	if err != nil {
		return Curation{}, fmt.Errorf("read curation %.*q: %w", maxCurationKind, kind, err)
	}
	return c, nil
}

// CurationHistory returns the versions of a kind that are kept, the latest first.
func (s *Store) CurationHistory(ctx context.Context, kind string) ([]Curation, error) {
	var out []Curation
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err := view(s.db, func(tx *bolt.Tx) error {
		return eachCuration(tx, kind, func(c Curation) bool {
			out = append(out, c)
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("history of curation %.*q: %w", maxCurationKind, kind, err)
	}
	return out, nil
}

// PutCuration writes the next version of a kind and returns it when it is durable. expected
// is the version that the caller has seen, or AnyVersion; when another one is stored,
// nothing is written and the error is a *VersionError. A body that is stored already makes
// no new version. Versions beyond the last CurationVersions are dropped.
func (s *Store) PutCuration(ctx context.Context, kind string, body []byte, expected uint64) (Curation, error) {
	c, err := s.putCuration(ctx, kind, body, expected)
	if err != nil {
		return Curation{}, fmt.Errorf("write curation %.*q: %w", maxCurationKind, kind, err)
	}
	return c, nil
}

func (s *Store) putCuration(ctx context.Context, kind string, body []byte, expected uint64) (c Curation, err error) {
	switch {
	case s.readOnly:
		return c, errReadOnly
	case kind == "" || len(kind) > maxCurationKind || bytes.IndexByte([]byte(kind), 0) >= 0:
		return c, fmt.Errorf("the kind must have 1 to %d bytes, none of them zero", maxCurationKind)
	case len(body) > MaxCuration:
		return c, tooLong(len(body), MaxCuration)
	}
	select {
	case s.committing <- struct{}{}:
		defer func() { <-s.committing }()
	case <-ctx.Done():
		return c, ctx.Err()
	}
	wrote := false
	err = guard(func() error {
		return s.db.Update(func(tx *bolt.Tx) error {
			c, wrote, err = s.writeCuration(tx, kind, body, expected)
			return err
		})
	})
	if err == nil && wrote {
		s.curated()
	}
	return c, boltError(err)
}

func (s *Store) writeCuration(tx *bolt.Tx, kind string, body []byte, expected uint64) (c Curation, wrote bool, err error) {
	last, err := latestCuration(tx, kind)
	if err != nil {
		return c, false, err
	}
	if expected != AnyVersion && expected != last.Version {
		return c, false, &VersionError{Kind: kind, Want: expected, Got: last.Version}
	}
	if last.Version > 0 && bytes.Equal(last.Body, body) {
		return last, false, nil
	}
	c = Curation{Kind: kind, Version: last.Version + 1, Body: bytes.Clone(body)}
	nanos := int64(0)
	if s.now != nil {
		nanos = s.now().UnixNano()
		c.Time = time.Unix(0, nanos).UTC()
	}
	b, err := tx.CreateBucketIfNotExists(bucketCuration)
	if err != nil {
		return c, false, err
	}
	value := append(binary.BigEndian.AppendUint64(nil, uint64(nanos)), body...) //nolint:gosec // two's complement
	err = b.Put(curationKey(kind, c.Version), value)
	if c.Version > CurationVersions {
		err = errors.Join(err, b.Delete(curationKey(kind, c.Version-CurationVersions)))
	}
	return c, true, err
}

func curationKey(kind string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(kind), 0), version)
}

func parseCuration(kind string, version uint64, v []byte) (Curation, error) {
	if len(v) < 8 {
		return Curation{}, fmt.Errorf("version %d: %w: %d bytes", version, ErrDamaged, len(v))
	}
	c := Curation{Kind: kind, Version: version, Body: bytes.Clone(v[8:])}
	if nanos := int64(binary.BigEndian.Uint64(v)); nanos != 0 { //nolint:gosec // two's complement
		c.Time = time.Unix(0, nanos).UTC()
	}
	return c, nil
}

func latestCuration(tx *bolt.Tx, kind string) (c Curation, err error) {
	c.Kind = kind
	err = eachCuration(tx, kind, func(last Curation) bool {
		c = last
		return false
	})
	return c, err
}

// eachCuration calls f with the versions of a kind, the latest first, until it is false.
func eachCuration(tx *bolt.Tx, kind string, f func(Curation) bool) error {
	b := tx.Bucket(bucketCuration)
	if b == nil {
		return nil
	}
	prefix := append([]byte(kind), 0)
	cur := b.Cursor()
	var k, v []byte
	if after, _ := cur.Seek(append([]byte(kind), 1)); after == nil {
		k, v = cur.Last()
	} else {
		k, v = cur.Prev()
	}
	for ; bytes.HasPrefix(k, prefix); k, v = cur.Prev() {
		if len(k) != len(prefix)+8 {
			return fmt.Errorf("key %x: %w", k, ErrDamaged)
		}
		c, err := parseCuration(kind, binary.BigEndian.Uint64(k[len(prefix):]), v)
		if err != nil || !f(c) {
			return err
		}
	}
	return nil
}

// CurationChanged returns a channel that is closed when the next version of any kind is
// durable. Take it before reading, or a write between the two is missed.
func (s *Store) CurationChanged() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recurated
}

// curated wakes those who wait for a new version.
func (s *Store) curated() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.recurated)
	s.recurated = make(chan struct{})
}

// curation checks the keys and values of the documents.
func (c *checker) curation(tx *bolt.Tx) {
	b := tx.Bucket(bucketCuration)
	if b == nil {
		return
	}
	cur := b.Cursor()
	for k, v := cur.First(); k != nil && len(c.faults) < checkMost; k, v = cur.Next() {
		i := bytes.IndexByte(k, 0)
		if i < 1 || len(k) != i+9 || binary.BigEndian.Uint64(k[i+1:]) == 0 || len(v) < 8 {
			c.fault("curation", fmt.Sprintf("%x", k), "is no version of a document")
		}
	}
}
