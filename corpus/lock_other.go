//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package corpus

import (
	"errors"
	"os"
)

// takeLock makes the lock file, which must not be there. A file whose process has ended
// is replaced, as far as the system can tell; where it cannot, the file of a process that
// was killed must be removed by hand.
func takeLock(path string) (*os.File, error) {
	for range 2 {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		if holderLives(readLock(path)) {
			return nil, ErrLocked
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, ErrLocked
		}
	}
	return nil, ErrLocked
}

// holderLives reports whether the process is there. FindProcess fails for one that is
// not on Windows only; elsewhere every process counts as alive.
func holderLives(info LockInfo) bool {
	p, err := os.FindProcess(info.PID)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}

// dropLock removes the file.
func dropLock(file *os.File) error {
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
