package corpus

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/golang/snappy"
	bolt "go.etcd.io/bbolt"
)

// The layout of similar.db, format 1:
//
//	meta   kind    "similar"
//	       format  uint64
//	       info    GenerationInfo, JSON
//	       rows    uint64, how many there are
//	rows   id -> row
//
// A row is two parts, each compressed by snappy, so that a reader of one does not pay for
// the other: the length of the first (uvarint), what is shown (JSON), and the raw list: of
// each neighbour the bytes its id shares with the one before (uvarint), the rest of the
// id (uvarint length, bytes) and the bits of its score (float32, big-endian).
const (
	graphKind   = "similar"
	graphFormat = 1

	graphPageSize = 16 << 10

	keyInfo = "info"
	keyRows = "rows"
)

var bucketRows = []byte("rows") //nolint:gochecknoglobals // immutable table

// createGraph writes the buckets and the meta of a new file.
func createGraph(db *bolt.DB, info GenerationInfo) error {
	return boltError(db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketRows} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		return errors.Join(
			meta.Put([]byte(keyKind), []byte(graphKind)),
			meta.Put([]byte(keyFormat), seqKey(graphFormat)),
			writeGraphMeta(tx, info, 0),
		)
	}))
}

func writeGraphMeta(tx *bolt.Tx, info GenerationInfo, rows int) error {
	data, err := json.Marshal(info)
	if err != nil {
		return fmt.Errorf("generation info: %w", err)
	}
	meta := tx.Bucket(bucketMeta)
	return errors.Join(meta.Put([]byte(keyInfo), data), meta.Put([]byte(keyRows), seqKey(uint64(rows))))
}

func readGraphMeta(tx *bolt.Tx) (info GenerationInfo, rows int, err error) {
	meta := tx.Bucket(bucketMeta)
	if err := json.Unmarshal(meta.Get([]byte(keyInfo)), &info); err != nil {
		return info, 0, fmt.Errorf("meta %q: %w: %w", keyInfo, ErrDamaged, err)
	}
	v := meta.Get([]byte(keyRows))
	if len(v) != 8 {
		return info, 0, fmt.Errorf("meta %q: %w: %d bytes", keyRows, ErrDamaged, len(v))
	}
	return info, int(binary.BigEndian.Uint64(v)), nil
}

// packRow is the value of a row.
func packRow(r *Row) ([]byte, error) {
	if err := ValidID(r.ID); err != nil {
		return nil, fmt.Errorf("row %.40q: id %w", r.ID, err)
	}
	shown, err := json.Marshal(r.Shown)
	if err != nil {
		return nil, fmt.Errorf("row %q: %w", r.ID, err)
	}
	shown = snappy.Encode(nil, shown)
	raw := snappy.Encode(nil, appendRaw(nil, r.Raw))
	v := binary.AppendUvarint(make([]byte, 0, len(shown)+len(raw)+binary.MaxVarintLen32), uint64(len(shown)))
	return append(append(v, shown...), raw...), nil
}

func appendRaw(dst []byte, list []RawNeighbour) []byte {
	last := ""
	for _, n := range list {
		shared := 0
		for shared < len(last) && shared < len(n.ID) && last[shared] == n.ID[shared] {
			shared++
		}
		dst = binary.AppendUvarint(dst, uint64(shared))
		dst = binary.AppendUvarint(dst, uint64(len(n.ID)-shared))
		dst = append(dst, n.ID[shared:]...)
		dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(n.Score))
		last = n.ID
	}
	return dst
}

// unpackRow reads the value of a row; the raw list only when asked for.
func unpackRow(id string, v []byte, raw bool) (Row, error) {
	r := Row{ID: id}
	n, used := binary.Uvarint(v)
	if used <= 0 || n > uint64(len(v)-used) {
		return r, fmt.Errorf("row %q: %w: %d bytes", id, ErrDamaged, len(v))
	}
	v = v[used:]
	shown, err := unpack(v[:n])
	if err == nil {
		err = json.Unmarshal(shown, &r.Shown)
	}
	if err == nil && raw {
		r.Raw, err = unpackRaw(v[n:])
	}
	if err != nil {
		return r, fmt.Errorf("row %q: %w: %w", id, ErrDamaged, err)
	}
	return r, nil
}

func unpackRaw(packed []byte) ([]RawNeighbour, error) {
	data, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	var list []RawNeighbour
	var id []byte
	for len(data) > 0 {
		shared, n1 := binary.Uvarint(data)
		rest, n2 := binary.Uvarint(data[max(n1, 0):])
		at := n1 + n2
		if n1 <= 0 || n2 <= 0 || shared > uint64(len(id)) || len(data)-at < 4 || rest > uint64(len(data)-at-4) {
			return nil, fmt.Errorf("%w: raw list", ErrDamaged)
		}
		end := at + int(rest)
		id = append(id[:shared], data[at:end]...)
		list = append(list, RawNeighbour{ID: string(id), Score: math.Float32frombits(binary.BigEndian.Uint32(data[end:]))})
		data = data[end+4:]
	}
	return list, nil
}

// validExplain keeps one bad explanation from making a row unreadable.
func validExplain(r *Row) error {
	for i := range r.Shown {
		if e := r.Shown[i].Explain; len(e) > 0 && !json.Valid(bytes.TrimSpace(e)) {
			return fmt.Errorf("row %q: the explanation of %q is not JSON", r.ID, r.Shown[i].ID)
		}
	}
	return nil
}
