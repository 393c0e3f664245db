package corpus

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/golang/snappy"
	bolt "go.etcd.io/bbolt"
)

// tablePiece is the size of a piece of the tables before compression.
const tablePiece = 1 << 20

// PutTables keeps, with the generation, what its rows were computed with, as write
// writes it. It replaces what was put before.
func (gen *Generation) PutTables(ctx context.Context, write func(io.Writer) error) error {
	gen.mu.Lock()
	defer gen.mu.Unlock()
	err := errOver
	if gen.db != nil {
		err = boltError(gen.db.Update(func(tx *bolt.Tx) error {
			if err := tx.DeleteBucket(bucketTables); err != nil {
				return err
			}
			b, err := tx.CreateBucket(bucketTables)
			if err != nil {
				return err
			}
			b.FillPercent = 1
			w := &tableWriter{ctx: ctx, bucket: b}
			if err := write(w); err != nil {
				return err
			}
			return w.flush()
		}))
	}
	if err != nil {
		return fmt.Errorf("put tables: %w", err)
	}
	return nil
}

// tableWriter cuts what it is given into compressed pieces.
type tableWriter struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call
	bucket *bolt.Bucket
	piece  []byte
	pieces uint64
}

func (w *tableWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), tablePiece-len(w.piece))
		w.piece = append(w.piece, p[:k]...)
		p = p[k:]
		if len(w.piece) == tablePiece {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (w *tableWriter) flush() error {
	if err := w.ctx.Err(); err != nil || len(w.piece) == 0 {
		return err
	}
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(w.piece))
	err := w.bucket.Put(seqKey(w.pieces), append(sum, snappy.Encode(nil, w.piece)...))
	w.pieces++
	w.piece = w.piece[:0]
	return err
}

// Tables hands what PutTables kept with the published generation to read. It is
// ErrNotFound when nothing was kept.
func (g *Graph) Tables(ctx context.Context, read func(io.Reader) error) error {
	var pieces [][]byte
	err := ctx.Err()
	if err == nil {
		err = g.view(func(tx *bolt.Tx) error {
			b := tx.Bucket(bucketTables)
			if b == nil { // A file of format 1.
				return ErrNotFound
			}
			return b.ForEach(func(_, v []byte) error {
				pieces = append(pieces, bytes.Clone(v))
				return ctx.Err()
			})
		})
	}
	if err == nil && len(pieces) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = read(&tableReader{pieces: pieces})
	}
	if err != nil {
		return fmt.Errorf("tables of the graph: %w", err)
	}
	return nil
}

// tableReader reads pieces one after another.
type tableReader struct {
	pieces [][]byte
	rest   []byte
}

func (r *tableReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if len(r.pieces) == 0 {
			return 0, io.EOF
		}
		piece, err := unpackPiece(r.pieces[0])
		if err != nil {
			return 0, err
		}
		r.rest, r.pieces = piece, r.pieces[1:]
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// unpackPiece reads a piece: the CRC-32 of what it holds, and that, compressed.
func unpackPiece(v []byte) ([]byte, error) {
	if len(v) < crc32.Size {
		return nil, fmt.Errorf("%w: a piece of %d bytes", ErrDamaged, len(v))
	}
	piece, err := unpack(v[crc32.Size:])
	if err == nil && crc32.ChecksumIEEE(piece) != binary.BigEndian.Uint32(v) {
		err = fmt.Errorf("%w: the checksum of a piece is wrong", ErrDamaged)
	}
	return piece, err
}
