package importer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"alphanode/corpus"
)

// pageSource reads rendered post pages saved as text: article, "post meta" box,
// list of similar posts. A page is a file.
type pageSource struct {
	counter

	opts  Options
	paths []string
}

// openPage reads files, and the .txt files in folders at any depth.
func openPage(paths []string, opts Options) (Source, error) {
	s := &pageSource{opts: opts, paths: paths}
	total, known := int64(0), true
	for _, path := range paths {
		for file, err := range s.files(path) {
			if err != nil {
				return nil, err
			}
			info, err := os.Stat(file)
			if known = known && err == nil; known {
				total += info.Size()
			}
		}
	}
	if known {
		s.bytesTotal.Store(total)
	}
	return s, nil
}

// files yields the pages of one path in the order of their names, adding up
// their sizes.
func (s *pageSource) files(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if path == stdinPath {
			yield(path, nil)
			return
		}
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case file != path && strings.HasPrefix(entry.Name(), "."):
				return skip(entry)
			case !entry.Type().IsRegular() && file != path || entry.IsDir():
				return nil
			case file != path && !isPage(file):
				return nil
			case !yield(file, nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", err)
		}
	}
}

// isPage tells a page in a folder by its name.
func isPage(file string) bool {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(file)), ".gz")
	return filepath.Ext(name) == ".txt"
}

// skip leaves a file out, or a folder with all that is in it.
func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// Posts implements corpus.Source.
func (s *pageSource) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		for _, path := range s.paths {
			for file, err := range s.files(path) {
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					yield(corpus.Post{}, err)
					return
				}
				if !yield(s.page(path, file)) {
					return
				}
			}
		}
	}
}

// page reads one file.
func (s *pageSource) page(root, file string) (corpus.Post, error) {
	s.records.Add(1)
	at := place{file: file}
	text, err := readFile(file, &s.opts, &s.counter)
	if err != nil {
		return corpus.Post{}, at.reject(err)
	}
	p := pageParser{mapper: mapper{post: &corpus.Post{}, at: at, warn: func(w *corpus.RecordError) { s.warn(&s.opts, w) }}}
	post := p.parse(text)
	if post.ID == "" {
		post.ID = pageID(root, file)
	}
	if err := post.Validate(corpus.Limits{}); err != nil {
		return corpus.Post{}, at.reject(err)
	}
	return post, nil
}

// pageID is the path of a file below root, or its name, without extension.
func pageID(root, file string) string {
	rel, err := filepath.Rel(root, file)
	if err != nil || rel == "." {
		rel = filepath.Base(file)
	}
	rel = strings.TrimSuffix(filepath.ToSlash(rel), ".gz")
	return strings.TrimSuffix(rel, filepath.Ext(rel))
}

// errLarge is the reason of a file that is over the limit.
var errLarge = errors.New("the file is larger than the limit")

// readFile reads a file of at most opts.MaxRecord bytes, decompressed.
func readFile(path string, opts *Options, c *counter) (text string, err error) {
	in, err := openInput(path, opts, c)
	if err != nil {
		return "", unwrapPath(err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	limit := int64(opts.maxRecord())
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return "", unwrapPath(err)
	case int64(len(data)) > limit:
		return "", errLarge
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(data), "\ufffd"), "\ufeff"), nil
}

// unwrapPath drops the path of an error whose record names it already.
func unwrapPath(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}
