package corpus

import "errors"

// The errors that callers tell apart, with errors.Is.
var (
	// ErrNotFound is returned for an id that is not stored.
	ErrNotFound = errors.New("not found")
	// ErrCompacted is returned by Since when a tombstone after the sequence asked
	// for was dropped: the reader must rebuild from Since(0).
	ErrCompacted = errors.New("the change log was compacted past this point")
	// ErrNewer is returned for a file that a newer version of the program wrote.
	ErrNewer = errors.New("written by a newer version")
	// ErrLocked is returned when another process holds the file or directory.
	ErrLocked = errors.New("in use by another process")
	// ErrDamaged is returned when a file's content cannot be what was written.
	ErrDamaged = errors.New("damaged")
	// ErrClosed is returned by the methods of a closed Store or Graph.
	ErrClosed = errors.New("closed")
)

// FieldError says which field of a post is not as it must be, and why.
type FieldError struct {
	// Field is the JSON path, such as "entities[3].type"; empty for the whole record.
	Field string
	Err   error
}

// Error gives "field: reason".
func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Err.Error()
	}
	return e.Field + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *FieldError) Unwrap() error { return e.Err }
