package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"alphanode/corpus"
)

// sniffBytes is how much of a file is looked at.
const sniffBytes = 4 << 10

// detect tells the format of path from its layout, its name and its first bytes.
func detect(path string, opts *Options) (string, error) {
	if path == stdinPath {
		return JSONL, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return detectDir(path)
	}
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".gz")
	switch filepath.Ext(name) {
	case ".md", ".markdown", ".mdx", ".html", ".htm":
		return Markdown, nil
	}
	in, err := openInput(path, opts, new(counter))
	if err != nil {
		return "", err
	}
	defer in.Close() //nolint:errcheck // Only read from.
	head, _ := in.Peek(sniffBytes)
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")):
		if bytes.Contains(head, []byte(`"_id"`)) {
			return BEIR, nil
		}
		return JSONL, nil
	case filepath.Ext(name) == ".txt":
		return Page, nil
	case filepath.Ext(name) == ".jsonl" || filepath.Ext(name) == ".ndjson":
		return JSONL, nil
	}
	return "", fmt.Errorf("%w: cannot tell the format of %s; name it with --format", ErrFormat, path)
}

// detectDir is BEIR with a corpus file; pages or JSON lines when there are files
// of these and no Markdown at its top; and a tree of Markdown or HTML otherwise.
func detectDir(dir string) (string, error) {
	if _, ok := beirFile(dir); ok {
		return BEIR, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	pages := false
	for _, entry := range entries {
		switch {
		case isContent(entry.Name()):
			return Markdown, nil
		case isPage(entry.Name()) && entry.Type().IsRegular():
			pages = true
		}
	}
	if pages {
		return Page, nil
	}
	return Markdown, nil
}

// openAuto opens each run of paths of one format.
func openAuto(paths []string, opts Options) (Source, error) {
	var all chain
	for from := 0; from < len(paths); {
		format, to, err := sameFormat(paths, from, &opts)
		if err != nil {
			return nil, err
		}
		source, err := formats[format](paths[from:to], opts)
		if err != nil {
			return nil, err
		}
		all, from = append(all, source), to
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// sameFormat tells the format of paths[from] and how many after it have the same.
func sameFormat(paths []string, from int, opts *Options) (format string, to int, err error) {
	for to = from; to < len(paths); to++ {
		next, err := detect(paths[to], opts)
		if err != nil {
			return "", 0, err
		}
		if to > from && next != format {
			break
		}
		format = next
	}
	return format, to, nil
}

// chain is several sources, one after the other.
type chain []Source

// Posts implements corpus.Source.
func (c chain) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for _, s := range c {
			for p, err := range s.Posts(ctx) {
				var rejected *corpus.RecordError
				if !yield(p, err) || err != nil && !errors.As(err, &rejected) {
					return
				}
			}
		}
	}
}

// Warnings implements Source.
func (c chain) Warnings() (n int) {
	for _, s := range c {
		n += s.Warnings()
	}
	return n
}

// Progress implements Source. The total is not known when that of a part is not.
func (c chain) Progress() (sum Progress) {
	known := true
	for _, s := range c {
		p := s.Progress()
		known = known && p.BytesTotal > 0
		sum.BytesRead += p.BytesRead
		sum.BytesTotal += p.BytesTotal
		sum.Records += p.Records
	}
	if !known {
		sum.BytesTotal = 0
	}
	return sum
}
