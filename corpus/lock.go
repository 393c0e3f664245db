package corpus

// LockInfo is what the holder of a data directory says of itself in LOCK.
type LockInfo struct {
	// PID is the holder's process id; LockDir fills it in when it is 0.
	PID int `json:"pid"`
	// Addr is the address of the holder's server, as host:port; empty before it listens.
	Addr string `json:"addr,omitempty"`
	// Token authorises local commands at that server.
	Token string `json:"token,omitempty"`
}

// Lock is a held data directory.
type Lock struct{}

// LockedError is returned when another process holds the directory.
type LockedError struct {
	Dir    string
	Holder LockInfo
}

// Error names the directory and the holder.
func (e *LockedError) Error() string { return e.Dir + ": in use" }

// Is makes the error match ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// LockDir locks dir for this process, or returns a *[LockedError].
func LockDir(dir string, info LockInfo) (*Lock, error) { return nil, errTODO }

// SetAddr publishes the address and token of the holder's server.
func (l *Lock) SetAddr(addr, token string) error { return errTODO }

// Close gives the directory free.
func (l *Lock) Close() error { return errTODO }
