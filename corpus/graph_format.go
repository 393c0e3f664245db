package corpus

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/golang/snappy"
	bolt "go.etcd.io/bbolt"
)

// The layout of similar.db, format 2:
//
//	meta   kind    "similar"
//	       format  uint64
//	       info    GenerationInfo, JSON
//	       rows    uint64, how many there are
//	rows   id -> row
//	tables uint64, from 0 -> a piece of what the rows were computed with, which belongs to
//	       whoever made them
//
// A row is a zero byte, what another post must reach (uvarint), and two parts, each compressed by snappy, so that a reader of one does not pay for
// the other: the length of the first (uvarint), what is shown, and the raw list. Strings are
// their length (uvarint) and their bytes, scores the bits of the number, big-endian.
//
//	shown  of each neighbour: id, score (float64), marks (1 fill, 2 go deeper, 4 start
//	       here), how many reasons (uvarint) and each of them, the explanation
//	raw    of each neighbour: how many bytes its id shares with the one before (uvarint),
//	       the rest of the id, score (float32)
//
// Rows of format 1 begin with the length, which is never zero.
const (
	graphKind   = "similar"
	graphFormat = 2

	graphPageSize = 16 << 10

	keyInfo = "info"
	keyRows = "rows"
)

//nolint:gochecknoglobals // immutable tables
var (
	bucketRows   = []byte("rows")
	bucketTables = []byte("tables")
)

// createGraph writes the buckets and the meta of a new file.
func createGraph(db *bolt.DB, info GenerationInfo) error {
	return boltError(db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketRows, bucketTables} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		return errors.Join(
			meta.Put([]byte(keyKind), []byte(graphKind)),
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
	return errors.Join(
		meta.Put([]byte(keyFormat), seqKey(graphFormat)), // What is written is of this format, whatever the rest is.
		meta.Put([]byte(keyInfo), data),
		meta.Put([]byte(keyRows), seqKey(uint64(rows))),
	)
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
func packRow(r *Row) ([]byte, error) { return new(packer).pack(r) }

// packer packs one row after another in memory that it uses again.
type packer struct{ plain, shown, raw []byte }

// pack is the value of a row.
func (p *packer) pack(r *Row) ([]byte, error) {
	if err := ValidID(r.ID); err != nil {
		return nil, fmt.Errorf("row %.40q: id %w", r.ID, err)
	}
	for i := range r.Shown {
		n := &r.Shown[i]
		if math.IsNaN(n.Score) || math.IsInf(n.Score, 0) {
			return nil, fmt.Errorf("row %q: the score of %q is %v", r.ID, n.ID, n.Score)
		}
		if len(n.Explain) > 0 && !json.Valid(n.Explain) {
			return nil, fmt.Errorf("row %q: the explanation of %q is not JSON", r.ID, n.ID)
		}
	}
	p.plain = appendShown(p.plain[:0], r.Shown)
	p.shown = encoded(p.shown, p.plain)
	p.plain = appendRaw(p.plain[:0], r.Raw)
	p.raw = encoded(p.raw, p.plain)
	v := append(make([]byte, 0, len(p.shown)+len(p.raw)+1+2*binary.MaxVarintLen32), 0)
	v = binary.AppendUvarint(binary.AppendUvarint(v, uint64(r.Least)), uint64(len(p.shown)))
	return append(append(v, p.shown...), p.raw...), nil
}

// encoded compresses src into the memory of dst, if that is enough.
func encoded(dst, src []byte) []byte { return snappy.Encode(dst[:cap(dst)], src) }

func appendText[S string | json.RawMessage](dst []byte, s S) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendShown(dst []byte, list []Neighbour) []byte {
	for _, n := range list {
		dst = appendText(dst, n.ID)
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(n.Score))
		dst = binary.AppendUvarint(append(dst, n.marks()), uint64(len(n.Reasons)))
		for _, reason := range n.Reasons {
			dst = appendText(dst, reason)
		}
		dst = appendText(dst, n.Explain)
	}
	return dst
}

// The marks of a neighbour.
const (
	markFill = 1 << iota
	markDeeper
	markStart
)

func (n *Neighbour) marks() byte {
	m := byte(0)
	if n.Fill {
		m |= markFill
	}
	switch n.Pick {
	case GoDeeper:
		m |= markDeeper
	case StartHere:
		m |= markStart
	case NoPick:
	}
	return m
}

func (n *Neighbour) setMarks(m byte) {
	n.Fill = m&markFill != 0
	switch {
	case m&markDeeper != 0:
		n.Pick = GoDeeper
	case m&markStart != 0:
		n.Pick = StartHere
	}
}

func appendRaw(dst []byte, list []RawNeighbour) []byte {
	last := ""
	for _, n := range list {
		shared := 0
		for shared < len(last) && shared < len(n.ID) && last[shared] == n.ID[shared] {
			shared++
		}
		dst = appendText(binary.AppendUvarint(dst, uint64(shared)), n.ID[shared:])
		dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(n.Score))
		last = n.ID
	}
	return dst
}

// unpackRow reads the value of a row.
func unpackRow(id string, v []byte) (Row, error) { return unpackParts(id, v, true) }

// unpackParts is unpackRow with the longer list or without.
func unpackParts(id string, v []byte, longer bool) (Row, error) {
	r := Row{ID: id}
	whole := fields{rest: v}
	if len(v) > 0 && v[0] == 0 {
		whole.rest = v[1:]
		r.Least = uint32(whole.uvarint())
	}
	shown, err := unpack(whole.take(whole.uvarint()))
	if err == nil && !whole.bad {
		r.Shown, whole.bad = unpackShown(shown)
	}
	var raw []byte
	if err == nil && !whole.bad && longer {
		raw, err = unpack(whole.rest)
	}
	if err == nil && !whole.bad && longer {
		r.Raw, whole.bad = unpackRaw(raw)
	}
	if err != nil || whole.bad {
		return r, fmt.Errorf("row %q: %w: %d bytes", id, ErrDamaged, len(v))
	}
	return r, nil
}

// usualShown is how many neighbours most rows have.
const usualShown = 10

// unpackShown reads the list that is shown, which keeps data.
func unpackShown(data []byte) (list []Neighbour, bad bool) {
	f, all := fields{rest: data}, string(data) // All texts are parts of one.
	text := func() string {
		n := len(f.text())
		at := len(all) - len(f.rest)
		return all[at-n : at]
	}
	if len(data) > 0 {
		list = make([]Neighbour, 0, usualShown)
	}
	for len(f.rest) > 0 && !f.bad {
		n := Neighbour{ID: text()}
		n.Score = math.Float64frombits(f.number(8))
		n.setMarks(byte(f.number(1)))
		if count := f.count(); count > 0 {
			n.Reasons = make([]string, count)
		}
		for k := range n.Reasons {
			n.Reasons[k] = text()
		}
		if explain := f.text(); len(explain) > 0 {
			n.Explain = slices.Clip(explain)
		}
		list = append(list, n)
	}
	return list, f.bad
}

func unpackRaw(data []byte) (list []RawNeighbour, bad bool) {
	f := fields{rest: data}
	var ids []byte // One after the other: they are parts of one text in the end.
	var ends []int
	from := 0
	for len(f.rest) > 0 && !f.bad {
		shared, last := f.uvarint(), ids[from:]
		if shared > uint64(len(last)) {
			return nil, true
		}
		from = len(ids)
		ids = append(append(ids, last[:shared]...), f.text()...)
		ends = append(ends, len(ids))
		list = append(list, RawNeighbour{Score: math.Float32frombits(uint32(f.number(4)))})
	}
	all, from := string(ids), 0
	for k, end := range ends {
		list[k].ID, from = all[from:end], end
	}
	return list, f.bad
}

// fields reads values one after another; bad is set by the first that is not whole.
type fields struct {
	rest []byte
	bad  bool
}

func (f *fields) take(n uint64) []byte {
	if f.bad || n > uint64(len(f.rest)) {
		f.bad = true
		return nil
	}
	v := f.rest[:n]
	f.rest = f.rest[n:]
	return v
}

func (f *fields) uvarint() uint64 {
	v, n := binary.Uvarint(f.rest)
	if n <= 0 {
		f.bad = true
		return 0
	}
	f.rest = f.rest[n:]
	return v
}

// count is a number of values to come, none of which takes less than a byte.
func (f *fields) count() int {
	n := f.uvarint()
	if n > uint64(len(f.rest)) {
		f.bad = true
		return 0
	}
	return int(n)
}

func (f *fields) text() []byte { return f.take(f.uvarint()) }

// number reads n bytes, big-endian.
func (f *fields) number(n uint64) (v uint64) {
	for _, b := range f.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}
