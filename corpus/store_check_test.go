package corpus_test

// The claims:
//  1. Check finds whatever of a store does not fit, and names the bucket and the key.
//  2. A file that is damaged, newer or of another kind is refused when opened.
//  3. Many callers of Apply share commits, and each gets its own outcomes.

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"alphanode/corpus"
)

// storeFile makes a store with a post at sequence 2, another at 3 and a tombstone at 4.
func storeFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "posts.db")
	s, err := corpus.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, put("gone"), put("a"), put("b"), corpus.Delete("gone"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckFinds(t *testing.T) {
	seq := func(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
	type buckets struct{ meta, log, ids *bolt.Bucket }
	for _, tc := range []struct {
		name string
		edit func(b buckets) error
		want string
	}{
		{"nothing", func(buckets) error { return nil }, ""},
		{"an entry without head", func(b buckets) error { return b.ids.Delete([]byte("a")) }, `log 2: damaged: ids has no "a"`},
		{"a head without entry", func(b buckets) error { return b.log.Delete(seq(3)) }, `ids "b": damaged: log 3`},
		{"two entries of an id", func(b buckets) error { return b.log.Put(seq(1), b.log.Get(seq(2))) }, `log 1: damaged: ids "a" says sequence 2`},
		{"an entry above the sequence", func(b buckets) error {
			h := append([]byte{}, b.ids.Get([]byte("a"))...)
			copy(h[2:], seq(9))
			return errors.Join(b.log.Put(seq(9), b.log.Get(seq(2))), b.log.Delete(seq(2)), b.ids.Put([]byte("a"), h))
		}, "log 9: damaged: is above the store's sequence 4"},
		{"another hash", func(b buckets) error {
			h := append([]byte{}, b.ids.Get([]byte("a"))...)
			h[20] ^= 1
			return b.ids.Put([]byte("a"), h)
		}, `log 2: damaged: "a" does not hash`},
		{"another post", func(b buckets) error {
			e := append([]byte{}, b.log.Get(seq(2))...)
			e[len(e)-6] ^= 1
			return b.log.Put(seq(2), e)
		}, `log 2: damaged: "a"`},
		{"another policy", func(b buckets) error {
			e := append([]byte{}, b.log.Get(seq(2))...)
			e[1] = 1
			return b.log.Put(seq(2), e)
		}, `log 2: damaged: ids "a" says`},
		{"a short entry", func(b buckets) error { return b.log.Put(seq(2), []byte{1, 0, 0}) }, "log 2: damaged"},
		{"a short head", func(b buckets) error { return b.ids.Put([]byte("b"), []byte{1}) }, `ids "b": damaged`},
		{"a strange key", func(b buckets) error { return b.log.Put([]byte("x"), []byte("y")) }, "log 78: damaged: the key"},
		{"a wrong count", func(b buckets) error { return b.meta.Put([]byte("posts"), seq(7)) }, "meta posts: damaged: says 7, the log has 2"},
		{"compacted above the sequence", func(b buckets) error { return b.meta.Put([]byte("compacted"), seq(7)) }, "meta compacted"},
		{"no id", func(b buckets) error { return b.meta.Delete([]byte("id")) }, "meta id: damaged"},
	} {
		path := storeFile(t)
		edit(t, path, func(tx *bolt.Tx) error {
			return tc.edit(buckets{tx.Bucket([]byte("meta")), tx.Bucket([]byte("log")), tx.Bucket([]byte("ids"))})
		})
		s, err := corpus.Open(path, nil)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		switch err := s.Check(t.Context()); {
		case tc.want == "" && err != nil:
			t.Errorf("%s: %v", tc.name, err)
		case tc.want != "" && (!errors.Is(err, corpus.ErrDamaged) || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s: %v, want ...%s...", tc.name, err, tc.want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A damaged post is an error of the readers that meet it, not a panic, and does not
// keep the others from being read.
func TestReadDamaged(t *testing.T) {
	path := storeFile(t)
	edit(t, path, func(tx *bolt.Tx) error {
		log := tx.Bucket([]byte("log"))
		key := binary.BigEndian.AppendUint64(nil, 2)
		v := append([]byte{}, log.Get(key)[:5]...)
		return log.Put(key, append(v, 0xff, 0xff, 0xff, 0xff, 0x0f)) // Snappy of 4 GiB, it says.
	})
	s, err := corpus.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, corpus.ErrDamaged) || !strings.Contains(err.Error(), "log 2") {
		t.Errorf("Get of the damaged post: %v", err)
	}
	if _, err := s.Get(t.Context(), "b"); err != nil {
		t.Errorf("Get of another post: %v", err)
	}
	apply(t, s, put("a")) // The head is whole and says that nothing changed, so:
	p := post("a")
	p.Body = "written again"
	apply(t, s, corpus.Put(p, corpus.PublishReviewed))
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Errorf("after writing it again: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	meta := func(key string, value []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte(key), value) })
		}
	}
	for _, tc := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
	}{
		{"newer", meta("format", binary.BigEndian.AppendUint64(nil, 2)), corpus.ErrNewer},
		{"another kind", meta("kind", []byte("similar")), corpus.ErrDamaged},
		{"a short counter", meta("seq", []byte("1")), corpus.ErrDamaged},
		{"no log", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("log")) })
		}, corpus.ErrDamaged},
		{"not bbolt", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, []byte(strings.Repeat("x", 100_000)))
		}, corpus.ErrDamaged},
		{"cut short", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Truncate(path, 3*16<<10); err != nil {
				t.Fatal(err)
			}
		}, corpus.ErrDamaged},
	} {
		path := storeFile(t)
		tc.spoil(t, path)
		for _, readOnly := range []bool{true, false} {
			s, err := corpus.Open(path, &corpus.Options{ReadOnly: readOnly})
			if !errors.Is(err, tc.want) {
				t.Errorf("%s, read only %v: %v, want %v", tc.name, readOnly, err, tc.want)
			}
			if err == nil {
				_ = s.Close()
			}
		}
	}
}

func TestConcurrentApply(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.db")
	s := openStore(t, path, nil)
	const callers, rounds = 16, 10
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for r := range rounds {
				own := fmt.Sprintf("%02d/%02d", c, r)
				shared := post("shared")
				shared.Body = own
				a, err := s.Apply(t.Context(), put(own), corpus.Put(shared, corpus.PublishReviewed), corpus.Delete(own+"x"))
				if err != nil || a.Outcomes[0].Kind != corpus.Added || a.Outcomes[2].Kind != corpus.Absent || a.Seq != a.Outcomes[1].Seq {
					t.Errorf("%s: %+v, %v", own, a, err)
				}
				if rec, err := s.Get(t.Context(), own); err != nil || rec.Seq != a.Outcomes[0].Seq || s.Seq() < a.Seq {
					t.Errorf("%s right after Apply: %+v, %v", own, rec, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 5 {
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			for _, err := range s.Since(t.Context(), 0) {
				if err != nil {
					t.Error(err)
				}
			}
		}
	})
	wg.Wait()
	if s.Len() != callers*rounds+1 || s.Seq() != 2*callers*rounds {
		t.Errorf("%d posts at %d", s.Len(), s.Seq())
	}
}
