//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package corpus

import (
	"errors"
	"os"
	"syscall"
)

// takeLock opens the lock file and locks it. The system lets go of such a lock when
// the process ends, so that it is never stale.
func takeLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err == nil {
		err = file.Chmod(0o600) // It may be older than this rule.
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// dropLock unlocks and closes.
func dropLock(file *os.File) error { return file.Close() }
