package corpus_test

// The claims:
//  1. Each kind has versions of its own, from 1; what was never written is version 0.
//  2. A write that expects another version than the stored one writes nothing.
//  3. The same body makes no new version.
//  4. Versions outlive the process, the last 50 of each kind are kept, and Check knows a
//     value that is none.
//  5. A change wakes those who wait; one that was refused does not.

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"alphanode/corpus"
)

func putCuration(t *testing.T, s *corpus.Store, kind, body string, expected uint64) corpus.Curation {
	t.Helper()
	c, err := s.PutCuration(t.Context(), kind, []byte(body), expected)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantCuration(t *testing.T, s *corpus.Store, kind string, version uint64, body string) {
	t.Helper()
	c, err := s.Curation(t.Context(), kind)
	if err != nil {
		t.Fatal(err)
	}
	if c.Kind != kind || c.Version != version || string(c.Body) != body {
		t.Errorf("%s is version %d, %q; want version %d, %q", c.Kind, c.Version, c.Body, version, body)
	}
}

func TestCurationVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.db")
	day := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	s, err := corpus.Open(path, &corpus.Options{Now: func() time.Time { day = day.Add(time.Hour); return day }})
	if err != nil {
		t.Fatal(err)
	}
	wantCuration(t, s, "a", 0, "")
	putCuration(t, s, "a", "one", corpus.AnyVersion)
	putCuration(t, s, "a", "two", 1)
	putCuration(t, s, "b", "other", 0)
	if c := putCuration(t, s, "a", "two", 2); c.Version != 2 {
		t.Errorf("the same body is version %d", c.Version)
	}
	for _, expected := range []uint64{0, 1, 3} {
		_, err := s.PutCuration(t.Context(), "a", []byte("three"), expected)
		if conflict, ok := errors.AsType[*corpus.VersionError](err); !ok || conflict.Got != 2 || conflict.Want != expected {
			t.Errorf("expecting %d: %v", expected, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, path, nil)
	wantCuration(t, s, "a", 2, "two")
	wantCuration(t, s, "b", 1, "other")
	wantCuration(t, s, "ab", 0, "")
	first, err := s.CurationAt(t.Context(), "a", 1)
	if err != nil || string(first.Body) != "one" || first.Time.Hour() == 0 {
		t.Errorf("version 1 is %+v, %v", first, err)
	}
	if _, err := s.CurationAt(t.Context(), "a", 3); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("version 3: %v", err)
	}
	if s.Seq() != 0 {
		t.Errorf("curation moved the change log to %d", s.Seq())
	}
}

func TestCurationHistoryIsBounded(t *testing.T) {
	s := newStore(t)
	const written = corpus.CurationVersions + 7
	for i := range written {
		putCuration(t, s, "a", strings.Repeat("x", i+1), corpus.AnyVersion)
	}
	history, err := s.CurationHistory(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != corpus.CurationVersions || history[0].Version != written || history[len(history)-1].Version != 8 {
		t.Errorf("%d versions, %d to %d", len(history), history[0].Version, history[len(history)-1].Version)
	}
	for _, c := range history {
		if len(c.Body) != int(c.Version) {
			t.Errorf("version %d has %d bytes", c.Version, len(c.Body))
		}
	}
}

func TestCurationRefuses(t *testing.T) {
	s := newStore(t)
	for _, kind := range []string{"", "a\x00b", strings.Repeat("k", 65)} {
		if _, err := s.PutCuration(t.Context(), kind, nil, corpus.AnyVersion); err == nil {
			t.Errorf("kind %q was taken", kind)
		}
	}
	if _, err := s.PutCuration(t.Context(), "a", make([]byte, corpus.MaxCuration+1), corpus.AnyVersion); err == nil {
		t.Error("a body over the limit was taken")
	}
}

func TestCurationChanged(t *testing.T) {
	s := newStore(t)
	changed := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	c := s.CurationChanged()
	apply(t, s, put("a"))
	if changed(c) {
		t.Error("a post woke those who wait for curation")
	}
	putCuration(t, s, "a", "one", 0)
	if !changed(c) {
		t.Error("a new version woke nobody")
	}
	c = s.CurationChanged()
	putCuration(t, s, "a", "one", 1)
	_, _ = s.PutCuration(t.Context(), "a", []byte("x"), 7) // Refused; see TestCurationVersions.
	if changed(c) {
		t.Error("nothing new woke those who wait")
	}
}

// Of many who saw the same version, one writes.
func TestCurationRace(t *testing.T) {
	s := newStore(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 8 {
		wg.Go(func() {
			_, err := s.PutCuration(t.Context(), "a", bytes.Repeat([]byte("x"), i+1), 0)
			if err == nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 8 wrote version 1", won)
	}
}

func TestCheckKnowsCuration(t *testing.T) {
	path := storeFile(t)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("curation"))
		if err != nil {
			return err
		}
		return b.Put([]byte("rules"), []byte("12345678"))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := corpus.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "curation 72756c6573: damaged") {
		t.Errorf("check says %v", err)
	}
}
