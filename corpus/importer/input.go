package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"
)

// counter counts what is read; safe to look at while another goroutine reads.
type counter struct {
	bytesRead, bytesTotal atomic.Int64
	records, warnings     atomic.Int64
}

// Warnings implements Source.
func (c *counter) Warnings() int { return int(c.warnings.Load()) }

// Progress implements Source.
func (c *counter) Progress() Progress {
	return Progress{BytesRead: c.bytesRead.Load(), BytesTotal: c.bytesTotal.Load(), Records: int(c.records.Load())}
}

// countingReader adds what is read from a file, compressed or not, to a counter.
type countingReader struct {
	io.Reader
	c *counter
}

// Read implements io.Reader.
func (r countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.c.bytesRead.Add(int64(n))
	return n, err
}

// input is an open file, decompressed.
type input struct {
	*bufio.Reader
	closers []io.Closer
}

// Close closes the file.
func (in *input) Close() error {
	var errs []error
	for _, c := range slices.Backward(in.closers) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// stdinPath is the path that means standard input.
const stdinPath = "-"

const readBuffer = 256 << 10

// openInput opens path, or standard input for "-", and decompresses what begins
// as gzip does.
func openInput(path string, opts *Options, c *counter) (*input, error) {
	raw, closers, err := openRaw(path, opts)
	if err != nil {
		return nil, err
	}
	in := &input{Reader: bufio.NewReaderSize(countingReader{raw, c}, readBuffer), closers: closers}
	magic, _ := in.Peek(2) // A shorter file is not gzip.
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	z, err := gzip.NewReader(in.Reader)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), in.Close())
	}
	in.Reader = bufio.NewReaderSize(z, readBuffer)
	return in, nil
}

func openRaw(path string, opts *Options) (io.Reader, []io.Closer, error) {
	if path == stdinPath {
		if opts.Stdin == nil {
			return nil, nil, errors.New("open standard input: there is none")
		}
		return opts.Stdin, nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	return f, []io.Closer{f}, nil
}

// errLong is the reason of a line that is over the limit.
type longError struct{ limit int }

// Error implements error.
func (e longError) Error() string { return fmt.Sprintf("the line is longer than %d bytes", e.limit) }

// lineReader reads lines of a bounded length. A longer one is skipped whole.
type lineReader struct {
	in    *bufio.Reader
	limit int
	buf   []byte
	// number of the line that next gave, from 1.
	number int
}

// next returns the next line without its end; valid until the next call. The
// error is io.EOF at the end, a longError for a line that was skipped.
func (r *lineReader) next() ([]byte, error) {
	r.buf = r.buf[:0]
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		if !long && len(r.buf)+len(part) > r.limit+1 {
			long = true
		}
		if !long {
			r.buf = append(r.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(part) == 0 && len(r.buf) == 0 && !long):
			return nil, err
		}
		r.number++
		if long {
			return nil, longError{r.limit}
		}
		return bytes.TrimRight(r.buf, "\r\n"), nil
	}
}
