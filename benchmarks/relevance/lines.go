package relevance

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
)

// maxLine bounds one line of an input file, in bytes.
const maxLine = 64 << 20

// ParseError says where an input file is not what it should be.
type ParseError struct {
	File string
	Line int // 1-based; 0 when the whole file is meant
	Err  error
}

// Error gives "file:line: reason".
func (e *ParseError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
}

// Unwrap gives the reason.
func (e *ParseError) Unwrap() error { return e.Err }

// input is an open file, decompressed when it is gzip, whatever its name.
type input struct {
	*bufio.Reader
	name    string
	closers []io.Closer
}

func openInput(path string) (*input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := &input{Reader: bufio.NewReaderSize(f, 64<<10), name: path, closers: []io.Closer{f}}
	if magic, _ := in.Peek(2); string(magic) != "\x1f\x8b" {
		return in, nil
	}
	z, err := gzip.NewReader(in.Reader)
	if err != nil {
		return nil, errors.Join(&ParseError{File: path, Err: err}, f.Close())
	}
	in.Reader = bufio.NewReaderSize(z, 64<<10)
	in.closers = append(in.closers, z)
	return in, nil
}

// Close closes the decompressor and the file.
func (in *input) Close() error {
	var errs []error
	for _, closer := range slices.Backward(in.closers) {
		errs = append(errs, closer.Close())
	}
	return errors.Join(errs...)
}

// fail names the file and line of err.
func (in *input) fail(line int, err error) error {
	return &ParseError{File: in.name, Line: line, Err: err}
}

// lines yields the numbers and the texts of the lines that are not blank,
// without byte order mark and line ends. It stops at a read error and keeps it
// in *err.
func (in *input) lines(err *error) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		scanner := bufio.NewScanner(in.Reader)
		scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
		n := 0
		for scanner.Scan() {
			n++
			text := scanner.Text()
			if n == 1 {
				text = strings.TrimPrefix(text, "\ufeff")
			}
			if strings.TrimSpace(text) == "" {
				continue
			}
			if !yield(n, text) {
				return
			}
		}
		if scanErr := scanner.Err(); scanErr != nil {
			*err = in.fail(n+1, scanErr)
		}
	}
}

// eachLine calls do for the lines of a file that are not blank; an error of do is
// returned with file and line.
func eachLine(path string, do func(line int, text string) error) (err error) {
	in, err := openInput(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var readErr error
	for n, text := range in.lines(&readErr) {
		if err := do(n, text); err != nil {
			return in.fail(n, err)
		}
	}
	return readErr
}
