package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockName is the lock file's name in a data directory.
const lockName = "LOCK"

// LockInfo is what the holder of a data directory says of itself in LOCK.
type LockInfo struct {
	// PID is the holder's process id; LockDir fills it in when it is 0.
	PID int `json:"pid"`
	// Addr is the address of the holder's server, as host:port; empty when it has
	// none or does not listen yet.
	Addr string `json:"addr,omitempty"`
	// Token authorises local commands at that server.
	Token string `json:"token,omitempty"`
}

// Lock is a held data directory. It is given free by Close and, where the system has
// flock, by the end of the process, however it ends.
type Lock struct {
	file *os.File
	info LockInfo
}

// LockedError is returned when another process holds the directory. It matches
// ErrLocked.
type LockedError struct {
	Dir string
	// Holder is what LOCK says; the zero value while the holder is writing it.
	Holder LockInfo
}

// Error names the directory and the holder, never the token.
func (e *LockedError) Error() string {
	s := fmt.Sprintf("data directory %s: %v", e.Dir, ErrLocked)
	if e.Holder.PID != 0 {
		s += fmt.Sprintf(" (pid %d)", e.Holder.PID)
	}
	if e.Holder.Addr != "" {
		s += ", which serves at " + e.Holder.Addr
	}
	return s
}

// Is makes the error match ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// LockDir takes the data directory dir for this process and writes info to DIR/LOCK,
// which only the user may read. When another process (or another Lock of this one) holds
// it, the error is a *[LockedError] that tells how to reach the holder. The file stays when
// the lock is given free; only who holds it locked matters.
func LockDir(dir string, info LockInfo) (*Lock, error) {
	path := filepath.Join(dir, lockName)
	file, err := takeLock(path)
	if errors.Is(err, ErrLocked) {
		return nil, &LockedError{Dir: dir, Holder: readLock(path)}
	}
	if err != nil {
		return nil, fmt.Errorf("lock data directory %s: %w", dir, err)
	}
	if info.PID == 0 {
		info.PID = os.Getpid()
	}
	l := &Lock{file: file, info: info}
	if err := l.write(); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("lock data directory %s: %w", dir, err)
	}
	return l, nil
}

// SetAddr publishes the address and token of the holder's server. It must not be called
// by two goroutines at once.
func (l *Lock) SetAddr(addr, token string) error {
	l.info.Addr, l.info.Token = addr, token
	if err := l.write(); err != nil {
		return fmt.Errorf("write %s: %w", l.file.Name(), err)
	}
	return nil
}

// write replaces the content. It is written over the old one and only then cut to
// length, so that a reader finds one whole JSON value at any time.
func (l *Lock) write() error {
	data, err := json.Marshal(l.info)
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if _, err := l.file.WriteAt(data, 0); err != nil {
		return err
	}
	return l.file.Truncate(int64(len(data)))
}

// Close gives the directory free.
func (l *Lock) Close() error {
	err := l.file.Truncate(0) // The token is of no more use to anybody.
	return errors.Join(err, dropLock(l.file))
}

// readLock reads what the holder says; the zero value when it cannot be read.
func readLock(path string) (info LockInfo) {
	file, err := os.Open(path)
	if err != nil {
		return info
	}
	defer func() { _ = file.Close() }()
	if err := json.NewDecoder(file).Decode(&info); err != nil { // The first value only.
		return LockInfo{}
	}
	return info
}
