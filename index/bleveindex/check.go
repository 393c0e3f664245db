package bleveindex

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// checkedAtOpen bounds the bytes whose checksums are compared when an index is
// opened; Check compares all.
const checkedAtOpen = 1 << 28

// Check reads all segment files of the current snapshot and compares their
// checksums. The errors it joins wrap ErrDamaged and name the file.
func (x *Index) Check(ctx context.Context) error {
	e, err := x.current()
	if err != nil {
		return err
	}
	snapshot, err := e.reader()
	if err != nil {
		return err
	}
	defer snapshot.Close() //nolint:errcheck // drops a reference
	return checkSegments(ctx, snapshot, 1<<62)
}

func checkSegments(ctx context.Context, snapshot *scorch.IndexSnapshot, budget int64) error {
	var failed []error
	for _, s := range snapshot.Segments() {
		file, ok := s.Segment().(segment.PersistedSegment)
		if !ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := checkFile(file.Path(), budget)
		if err != nil {
			failed = append(failed, err)
		}
		budget -= n
	}
	return errors.Join(failed...)
}

// checkFile compares the checksum in the last four bytes of a segment file with
// its content. A file that is larger than the budget is passed over.
func checkFile(path string, budget int64) (int64, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("%w: segment %s: %w", ErrDamaged, name, err)
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil || info.Size() < crc32.Size {
		return 0, fmt.Errorf("%w: segment %s is cut short", ErrDamaged, name)
	}
	if info.Size() > budget {
		return 0, nil
	}
	h := crc32.NewIEEE()
	if _, err := io.CopyN(h, f, info.Size()-crc32.Size); err != nil {
		return 0, fmt.Errorf("%w: segment %s: %w", ErrDamaged, name, err)
	}
	var want [crc32.Size]byte
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return 0, fmt.Errorf("%w: segment %s: %w", ErrDamaged, name, err)
	}
	if got := h.Sum32(); got != binary.BigEndian.Uint32(want[:]) {
		return 0, fmt.Errorf("%w: segment %s has checksum %08x, not %08x", ErrDamaged, name, got, want)
	}
	return info.Size(), nil
}
