package importer

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// detectDir is BEIR with a corpus file, pages when there are only .txt files at
// its top, and a tree of Markdown or HTML otherwise.
func detectDir(path string) (string, error) {
	if _, ok := beirFile(path); ok {
		return BEIR, nil
	}
	pages, err := filepath.Glob(filepath.Join(path, "*.txt"))
	if err != nil {
		return "", err
	}
	marked, err := filepath.Glob(filepath.Join(path, "*.md"))
	if err != nil {
		return "", err
	}
	if len(pages) > 0 && len(marked) == 0 {
		return Page, nil
	}
	return Markdown, nil
}
