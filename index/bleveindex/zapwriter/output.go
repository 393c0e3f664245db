package zapwriter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"

	zap "github.com/blevesearch/zapx/v17"
)

// output collects the bytes of a segment, in memory or, flushed now and then, in
// a file. Addresses are places in all of it.
type output struct {
	out     []byte
	file    *os.File // nil in memory
	flushed uint64
	sum     uint32 // CRC-32 of what was flushed
}

// flushBytes is how much is collected before it is written to the file.
const flushBytes = 1 << 20

// at is the address of the next byte.
func (o *output) at() uint64 { return o.flushed + uint64(len(o.out)) }

func (o *output) uvarint(v uint64) { o.out = binary.AppendUvarint(o.out, v) }

// relieve writes to the file when much has been collected.
func (o *output) relieve() error {
	if o.file == nil || len(o.out) < flushBytes {
		return nil
	}
	return o.flush()
}

func (o *output) flush() error {
	o.sum = crc32.Update(o.sum, crc32.IEEETable, o.out)
	o.flushed += uint64(len(o.out))
	if _, err := o.file.Write(o.out); err != nil {
		return err
	}
	o.out = o.out[:0]
	return nil
}

// create begins a segment in a new file.
func create(path string) (*output, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create segment: %w", err)
	}
	return &output{file: file, out: make([]byte, 0, flushBytes+flushBytes/4)}, nil
}

// finish writes the footer of the format and closes the file, which is on disk
// then.
func (o *output) finish(docs uint32, stored, sections uint64) error {
	o.out = binary.BigEndian.AppendUint32(o.out, 0) // No callback has changed the bytes.
	o.out = binary.BigEndian.AppendUint64(o.out, uint64(docs))
	o.out = binary.BigEndian.AppendUint64(o.out, stored)
	o.out = binary.BigEndian.AppendUint64(o.out, sections)
	o.out = binary.BigEndian.AppendUint32(o.out, chunkMode)
	o.out = binary.BigEndian.AppendUint32(o.out, zap.Version)
	sum := crc32.Update(o.sum, crc32.IEEETable, o.out)
	o.out = binary.BigEndian.AppendUint32(o.out, sum)
	if err := o.flush(); err != nil {
		return err
	}
	if err := o.file.Sync(); err != nil {
		return err
	}
	return o.file.Close()
}

// discard closes and removes a file that was not finished.
func (o *output) discard(path string) error {
	_ = o.file.Close() // The file goes away.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
