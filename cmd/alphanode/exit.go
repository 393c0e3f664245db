package main

// The exit codes of every verb.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2 // wrong flags or arguments
	exitRejected = 3 // done, but some of the input was rejected
)

// exitError is an error that decides the exit code. Without err nothing is
// printed: the verb has said it all.
type exitError struct {
	code int
	err  error
}

// Error implements error.
func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// Unwrap returns the cause.
func (e *exitError) Unwrap() error { return e.err }

// usage marks err as wrong usage.
func usage(err error) error { return &exitError{code: exitUsage, err: err} }
