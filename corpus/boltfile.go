package corpus

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// boltOptions are what the two files of this package are opened with.
type boltOptions struct {
	readOnly, noSync bool
	// pageSize matters only when the file is made.
	pageSize int
}

const (
	// lockWait is how long another process may take to let go of a file.
	lockWait = 200 * time.Millisecond
	// addressSpace is mapped ahead, so that a file grows that far without a remap,
	// which would have to wait for every reader. It is address space, not memory.
	addressSpace = 1 << 30
)

// openBolt opens or creates a bbolt file. The errors are ErrLocked, ErrDamaged and
// those of the file system.
func openBolt(path string, o boltOptions) (db *bolt.DB, err error) {
	var file *os.File
	opts := &bolt.Options{
		Timeout: lockWait, ReadOnly: o.readOnly, NoSync: o.noSync, NoGrowSync: o.noSync, PageSize: o.pageSize,
		FreelistType: bolt.FreelistMapType, NoStatistics: true,
		OpenFile: func(name string, flag int, perm os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, perm)
			file = f
			return f, err
		},
	}
	if bits.UintSize == 64 && runtime.GOOS != "windows" { // Windows would enlarge the file.
		opts.InitialMmapSize = addressSpace
	}
	err = guard(func() error {
		db, err = bolt.Open(path, 0o600, opts)
		return err
	})
	if err != nil {
		if file != nil {
			_ = file.Close() // Open gives it up only when it fails without a panic.
		}
		return nil, boltError(err)
	}
	if err := checkSize(db, path); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// checkSize finds a file that lost its end: reading there would be a fault.
func checkSize(db *bolt.DB, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return view(db, func(tx *bolt.Tx) error {
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: the file has %d of its %d bytes", ErrDamaged, info.Size(), tx.Size())
		}
		return nil
	})
}

// view runs a read transaction.
func view(db *bolt.DB, fn func(tx *bolt.Tx) error) error {
	return boltError(guard(func() error { return db.View(fn) }))
}

// guard makes an error of what bbolt panics with when pages are not what they must be,
// and of faults in the mapped file.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	return fn()
}

// boltError translates the errors of bbolt into those of this package.
func boltError(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	}
	return err
}

// syncDir makes a new or renamed file's name durable. Where a directory cannot be
// synced, the file system does it in its own time.
func syncDir(path string) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return
	}
	_ = dir.Sync()
	_ = dir.Close()
}

// orDiscard is log, or a logger that discards.
func orDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
