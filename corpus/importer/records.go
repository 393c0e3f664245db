package importer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"

	"alphanode/corpus"
)

// lineSource reads files of one record a line.
type lineSource struct {
	counter
	opts  Options
	files []string
	// decode makes a post of a line.
	decode func(line []byte, at place) (corpus.Post, error)
}

// place is where a record stands.
type place struct {
	file string
	line int
}

// reject is the error of a record that is left out.
func (p place) reject(err error) *corpus.RecordError {
	out := &corpus.RecordError{File: p.file, Line: p.line, Err: err}
	if field, ok := errors.AsType[*corpus.FieldError](err); ok {
		out.Field, out.Err = field.Field, field.Err
	}
	return out
}

// newLineSource checks that the files are there and adds up their sizes.
func newLineSource(files []string, opts Options) (*lineSource, error) {
	s := &lineSource{opts: opts, files: files}
	return s, s.measure(files)
}

// warn counts a value that was kept under extra.
func (s *lineSource) warn(w *corpus.RecordError) { s.counter.warn(&s.opts, w) }

func (c *counter) warn(opts *Options, w *corpus.RecordError) {
	c.warnings.Add(1)
	if opts.OnWarning != nil {
		opts.OnWarning(w)
	}
}

func (c *counter) measure(files []string) error {
	total := int64(0)
	for _, f := range files {
		if f == stdinPath {
			return nil // How much will come is not known.
		}
		info, err := os.Stat(f)
		if err != nil {
			return err
		}
		total += info.Size()
	}
	c.bytesTotal.Store(total)
	return nil
}

// Posts implements corpus.Source.
func (s *lineSource) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for _, file := range s.files {
			if ok, err := s.file(ctx, file, yield); err != nil {
				yield(corpus.Post{}, err)
				return
			} else if !ok {
				return
			}
		}
	}
}

// file yields the records of one file; false when the consumer has had enough.
func (s *lineSource) file(ctx context.Context, file string, yield func(corpus.Post, error) bool) (ok bool, err error) {
	in, err := openInput(file, &s.opts, &s.counter)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	lines := lineReader{in: in.Reader, limit: s.opts.maxRecord()}
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		line, err := lines.next()
		var long longError
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case errors.As(err, &long):
		case err != nil:
			// A damaged gzip file ends here; what came before stays.
			return yield(corpus.Post{}, place{file, lines.number + 1}.reject(err)), nil
		case len(bytes.TrimSpace(line)) == 0:
			continue
		}
		if !s.record(line, place{file, lines.number}, err, yield) {
			return false, nil
		}
	}
}

func (s *lineSource) record(line []byte, at place, err error, yield func(corpus.Post, error) bool) bool {
	s.records.Add(1)
	var p corpus.Post
	if err == nil {
		p, err = s.decode(line, at)
	}
	if err != nil {
		return yield(corpus.Post{}, at.reject(err))
	}
	return yield(p, nil)
}

func (o *Options) maxRecord() int {
	if o.MaxRecord <= 0 {
		return DefaultMaxRecord
	}
	return o.MaxRecord
}

// openJSONL reads our own records, strictly.
func openJSONL(paths []string, opts Options) (Source, error) {
	s, err := newLineSource(paths, opts)
	if err != nil {
		return nil, err
	}
	s.decode = func(line []byte, _ place) (corpus.Post, error) {
		return corpus.DecodePost(line, corpus.Limits{})
	}
	return s, nil
}

// beirNames are the names that a BEIR folder's corpus may have.
func beirNames() []string { return []string{"corpus.jsonl", "corpus.jsonl.gz"} }

// beirFile is the corpus file of path, a folder or the file itself.
func beirFile(path string) (string, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, err == nil
	}
	for _, name := range beirNames() {
		file := filepath.Join(path, name)
		if _, err := os.Stat(file); err == nil {
			return file, true
		}
	}
	return "", false
}
