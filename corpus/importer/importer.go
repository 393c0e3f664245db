package importer

import (
	"errors"
	"fmt"
	"io"
	"time"

	"alphanode/corpus"
)

// The names of the formats, as Open takes them.
const (
	Auto     = "auto"
	JSONL    = "jsonl"
	BEIR     = "beir"
	Page     = "page"
	Markdown = "markdown"
)

// ErrFormat is returned by Open for a format whose name is not known and, with
// Auto, for input whose format cannot be told.
var ErrFormat = errors.New("unknown format")

// Options tells Open how to read. The zero value is ready to use.
type Options struct {
	// MaxRecord is the largest line or file that becomes one post, in bytes;
	// 0 means DefaultMaxRecord. A larger one is rejected.
	MaxRecord int
	// Stdin is what the path "-" reads; nil makes "-" an error.
	Stdin io.Reader
	// Now is the clock that tells posts whose date is in the future, which are
	// drafts, and those that have expired. Nil: there are none.
	Now func() time.Time
	// OnWarning is told of each value that was kept under extra; may be nil.
	OnWarning func(*corpus.RecordError)
}

// DefaultMaxRecord is the largest record that is read by default: 16 MiB, four
// times the default body limit, since JSON may escape characters.
const DefaultMaxRecord = 16 << 20

// Source is a corpus.Source that says how far it is. All methods may be called
// while another goroutine iterates.
type Source interface {
	corpus.Source
	// Warnings is the number of values kept under extra so far.
	Warnings() int
	// Progress is how much was read so far.
	Progress() Progress
}

// Progress is how far reading is.
type Progress struct {
	BytesRead  int64 `json:"bytes_read"`
	BytesTotal int64 `json:"bytes_total"` // 0 when not known, as for stdin
	Records    int   `json:"records"`     // good and rejected
}

// Summary is what an import did, in the JSON form of "alphanode import --json".
type Summary struct {
	Added     int     `json:"added"`
	Changed   int     `json:"changed"`
	Unchanged int     `json:"unchanged"`
	Removed   int     `json:"removed"`
	Rejected  int     `json:"rejected"`
	Warnings  int     `json:"warnings"`
	Seconds   float64 `json:"seconds"`
}

// RunOptions tells Run what to do with the posts. The zero value is ready to use.
type RunOptions struct {
	// Publish is stored with every post.
	Publish corpus.Policy
	// BatchSize is the number of posts written in one commit; 0 means 1,000.
	BatchSize int
	// OnReject is told of each rejected record; may be nil.
	OnReject func(*corpus.RecordError)
	// OnProgress is told after each batch; may be nil.
	OnProgress func(Progress)
}

// Open makes a source of paths, read in the order given. Auto tells the format
// of each path by its layout, its name and its first bytes. The errors are
// ErrFormat, and those of the file system for a path that cannot be read.
func Open(format string, paths []string, opts Options) (Source, error) {
	if len(paths) == 0 {
		return nil, errors.New("import: no path given")
	}
	if format == Auto {
		return openAuto(paths, opts)
	}
	open, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("%w %q: want auto, jsonl, beir, page or markdown", ErrFormat, format)
	}
	return open(paths, opts)
}

//nolint:gochecknoglobals // immutable table
var formats = map[string]func([]string, Options) (Source, error){
	JSONL:    openJSONL,
	BEIR:     openBEIR,
	Page:     openPage,
	Markdown: openTree,
}
