package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/util"
	bleve "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"alphanode/index"
)

// identityKey is the internal key of the identity.
const identityKey = "identity"

// ErrClosed is returned by the methods of an index that was closed.
var ErrClosed = index.ErrClosed

// open starts the engine on the directory and makes sure that what is there can be
// used; otherwise it starts over.
func (x *Index) open() error {
	newest, err := x.newestFiles()
	if err != nil {
		return err
	}
	reason := x.startChecked(newest)
	if reason == nil {
		return nil
	}
	if errors.Is(reason, errNew) {
		return x.recreate()
	}
	return x.Reset(context.Background(), reason.Error())
}

// errNew says that there is no index yet.
var errNew = errors.New("new")

// newestFiles names the segment files of the newest snapshot in the directory. It
// fails when another process has the directory open, which must not be taken for
// damage; a directory that cannot be read has no files.
func (x *Index) newestFiles() (files []string, err error) {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	root := filepath.Join(x.dir, "root.bolt")
	if _, err := os.Stat(root); err != nil {
		return nil, nil // Not there yet.
	}
	db, err := bolt.Open(root, 0o600, &bolt.Options{Timeout: lockWait})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("search index %s is in use by another process: %w", x.dir, err)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("search index: %w", err)
	case err != nil:
		return nil, nil // Damaged: starting the engine says how.
	}
	defer db.Close() //nolint:errcheck // only read
	defer func() {
		if recover() != nil { // Pages that point nowhere: starting the engine says how.
			files, err = nil, nil
		}
	}()
	err = db.View(func(tx *bolt.Tx) error {
		files = newestSnapshot(tx)
		return nil
	})
	return files, err
}

// newestSnapshot reads the file names of the last snapshot that scorch wrote. When
// it cannot load that one, scorch takes an earlier one, if there is one: content
// goes back in time, and we want to know.
func newestSnapshot(tx *bolt.Tx) []string {
	snapshots := tx.Bucket(util.BoltSnapshotsBucket)
	if snapshots == nil {
		return nil
	}
	last, _ := snapshots.Cursor().Last()
	newest := snapshots.Bucket(last)
	if newest == nil {
		return nil
	}
	var files []string
	_ = newest.ForEachBucket(func(key []byte) error {
		if name := newest.Bucket(key).Get(util.BoltPathKey); name != nil {
			files = append(files, string(name))
		}
		return nil
	})
	return files
}

// haveAll fails unless the snapshot is made of the files.
func haveAll(snapshot *scorch.IndexSnapshot, files []string) error {
	have := make(map[string]bool)
	for _, s := range snapshot.Segments() {
		if f, ok := s.Segment().(segment.PersistedSegment); ok {
			have[filepath.Base(f.Path())] = true
		}
	}
	for _, name := range files {
		if !have[name] {
			return fmt.Errorf("%w: segment %s cannot be read", ErrDamaged, name)
		}
	}
	return nil
}

const lockWait = 2 * time.Second

// startChecked starts the engine, compares checksums and opens its columns; the error says
// why the content cannot be used.
func (x *Index) startChecked(newest []string) (err error) {
	defer recoverDamage(&err)
	if _, err := os.Stat(filepath.Join(x.dir, "root.bolt")); errors.Is(err, fs.ErrNotExist) {
		return errNew
	}
	if err := x.start(); err != nil {
		return err
	}
	snapshot, err := x.engine.reader()
	if err != nil {
		return err
	}
	defer snapshot.Close() //nolint:errcheck // drops a reference
	if err := haveAll(snapshot, newest); err != nil {
		return err
	}
	switch is := string(snapshot.Internal()[identityKey]); {
	case is == "" && len(snapshot.Segments()) == 0:
		return errNew
	case is != x.identity:
		return fmt.Errorf("it was built from %q, asked for is %q", is, x.identity)
	}
	if at := appliedRanges(snapshot.Internal()).prefix(); x.storeSeq > 0 && at > x.storeSeq {
		return fmt.Errorf("it is at change %d, the store at %d", at, x.storeSeq)
	}
	if err := checkSegments(context.Background(), snapshot, checkedAtOpen); err != nil {
		return err
	}
	_, err = x.engine.views.snapshot(snapshot, dayOf(x.now()))
	return err
}

func (x *Index) start() error {
	e, err := startEngine(x.dir, &x.config, x.prior)
	if err == nil {
		x.engine = e
	}
	return err
}

// stop closes the engine, if there is one. The caller holds mu.
func (x *Index) stop() error {
	if x.engine == nil {
		return nil
	}
	e := x.engine
	x.engine = nil
	x.holds.clear()
	return e.stop()
}

// recreate empties the directory and starts an engine with our identity. The
// caller holds mu, or nobody else has the index yet.
func (x *Index) recreate() error {
	if err := x.stop(); err != nil {
		x.log.Warn("search index did not close cleanly", "dir", x.dir, "err", err)
	}
	if x.dir != "" {
		if err := emptyDir(x.dir); err != nil {
			return fmt.Errorf("search index: %w", err)
		}
	}
	if err := x.start(); err != nil {
		return err
	}
	batch := bleve.NewBatch()
	batch.SetInternal([]byte(identityKey), []byte(x.identity))
	return x.engine.apply(context.Background(), batch, 0)
}

// emptyDir removes what is in dir, which may be a mount point, but not dir.
func emptyDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o700)
}

func diskUsage(dir string) int64 {
	if dir == "" {
		return 0
	}
	var total int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil // Files come and go while we look.
	})
	return total
}
