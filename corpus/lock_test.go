package corpus_test

// The claims:
//  1. One holder at a time; another learns who it is and how to reach it.
//  2. The token is for the user alone, and gone with the holder.
//  3. A holder that was killed leaves no stale lock (lock_flock.go).

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alphanode/corpus"
)

func TestLockDir(t *testing.T) {
	dir := t.TempDir()
	l, err := corpus.LockDir(dir, corpus.LockInfo{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []corpus.LockInfo{
		{PID: os.Getpid()},
		{PID: os.Getpid(), Addr: "127.0.0.1:8080", Token: "a long and secret token"},
		{PID: os.Getpid(), Addr: "[::1]:80", Token: "short"},
	} {
		if err := l.SetAddr(want.Addr, want.Token); err != nil {
			t.Fatal(err)
		}
		_, err := corpus.LockDir(dir, corpus.LockInfo{})
		var locked *corpus.LockedError
		if !errors.As(err, &locked) || !errors.Is(err, corpus.ErrLocked) {
			t.Fatalf("a second lock: %v", err)
		}
		if locked.Holder != want || locked.Dir != dir {
			t.Errorf("the holder of %s is %+v, want %+v", locked.Dir, locked.Holder, want)
		}
		if strings.Contains(err.Error(), "token") || !strings.Contains(err.Error(), want.Addr) {
			t.Errorf("the message is %q", err)
		}
	}
	path := filepath.Join(dir, "LOCK")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("LOCK: %v, %v", info.Mode(), err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
		t.Errorf("LOCK still says %s", data)
	}
	again, err := corpus.LockDir(dir, corpus.LockInfo{PID: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestLockDirFails(t *testing.T) {
	if _, err := corpus.LockDir(filepath.Join(t.TempDir(), "none"), corpus.LockInfo{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "LOCK"), []byte(`{"pid":1,"addr":"old","token":"stale`))
	l, err := corpus.LockDir(dir, corpus.LockInfo{})
	if err != nil {
		t.Fatalf("what a killed process left behind: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}
