package importer

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"alphanode/corpus"
)

// treeSource reads a folder of Markdown and HTML files with or without front
// matter, as static site generators keep their content.
type treeSource struct {
	counter

	opts  Options
	paths []string
	seed  maphash.Seed
}

// openTree reads files and folders. It walks them once to know their sizes.
func openTree(paths []string, opts Options) (Source, error) {
	s := &treeSource{opts: opts, paths: paths, seed: maphash.MakeSeed()}
	total := int64(0)
	for _, p := range paths {
		if p == stdinPath {
			return nil, errors.New("import markdown: standard input has no file names; name a file or folder")
		}
		for f, err := range s.files(context.Background(), p) {
			var rejected *corpus.RecordError
			if err != nil && !errors.As(err, &rejected) {
				return nil, err
			}
			total += f.size // None of a file that Posts will reject.
		}
	}
	s.bytesTotal.Store(total)
	return s, nil
}

// treeFile is a file that may be a post.
type treeFile struct {
	path string // to open it
	rel  string // below the root, with slashes
	size int64
	// bundled tells that the file lies beside an index file: what has no front
	// matter there is a resource of that page.
	bundled bool
}

// contentExtensions are those of files that are read.
//
//nolint:gochecknoglobals // immutable table
var contentExtensions = map[string]bool{".md": true, ".markdown": true, ".mdx": true, ".html": true, ".htm": true}

// walker walks one root in the order of names.
type walker struct {
	root  string
	yield func(treeFile, error) bool
	ctx   context.Context //nolint:containedctx // Lives for one walk.
}

// files yields the content files below root. Links to folders are not followed,
// so that no loop can be entered.
func (s *treeSource) files(ctx context.Context, root string) iter.Seq2[treeFile, error] {
	return func(yield func(treeFile, error) bool) {
		info, err := os.Stat(root)
		if err != nil {
			yield(treeFile{}, err)
			return
		}
		if !info.IsDir() {
			yield(treeFile{path: root, rel: filepath.Base(root), size: info.Size()}, nil)
			return
		}
		w := walker{root: root, yield: yield, ctx: ctx}
		w.dir(root, "")
	}
}

// dir walks one folder; false when the consumer has had enough.
func (w *walker) dir(dir, rel string) bool {
	if err := w.ctx.Err(); err != nil {
		w.yield(treeFile{}, err)
		return false
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return w.yield(treeFile{}, &corpus.RecordError{File: dir, Err: unwrapPath(err)})
	}
	bundle := slices.ContainsFunc(entries, isIndex)
	site := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.IsDir() && e.Name() == "content" })
	for _, entry := range entries {
		name := path.Join(rel, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case entry.IsDir():
			if skippedDirs[entry.Name()] || site && siteDirs[entry.Name()] || neverRendered(filepath.Join(dir, entry.Name())) {
				continue
			}
			if !w.dir(filepath.Join(dir, entry.Name()), name) {
				return false
			}
		case isContent(entry.Name()):
			if !w.file(filepath.Join(dir, entry.Name()), name, bundle && !isIndex(entry)) {
				return false
			}
		}
	}
	return true
}

// file yields one file. A link to a file is followed when it stays below the root.
func (w *walker) file(file, rel string, bundled bool) bool {
	info, err := os.Stat(file)
	if err != nil {
		return w.yield(treeFile{}, &corpus.RecordError{File: file, Err: unwrapPath(err)})
	}
	if !info.Mode().IsRegular() || !w.inside(file) {
		return true
	}
	return w.yield(treeFile{path: file, rel: rel, size: info.Size(), bundled: bundled}, nil)
}

// inside reports whether a file, links followed, is below the root.
func (w *walker) inside(file string) bool {
	info, err := os.Lstat(file)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return err == nil
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return false
	}
	root, err := filepath.EvalSymlinks(w.root)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, target)
	return err == nil && filepath.IsLocal(rel)
}

// isIndex reports the file that makes a folder a page bundle.
func isIndex(e fs.DirEntry) bool {
	name := e.Name()
	return isContent(name) && strings.HasPrefix(name, "index.")
}

// isContent tells content by its name; it may be compressed.
func isContent(name string) bool {
	return contentExtensions[strings.TrimSuffix(strings.ToLower(contentExt(name)), ".gz")]
}

// skippedDirs hold no content in any generator; siteDirs none where they stand
// beside "content".
//
//nolint:gochecknoglobals // immutable tables
var (
	skippedDirs = stringSet("node_modules", "bower_components", "vendor", "_site", "_includes", "_layouts", "_data", "_sass", "_plugins",
		"__pycache__", "archetypes")
	siteDirs = stringSet("layouts", "themes", "templates", "public", "resources", "static", "assets", "i18n", "data", "sass", "scripts")
)

func stringSet(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// neverRendered reports a Hugo section that its _index file says is not for
// readers: build.render or cascade.build.render is "never" or false.
func neverRendered(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "_index.md"))
	if err != nil || len(data) > maxFrontMatter {
		return false
	}
	front, err := readFrontMatter(string(data))
	if err != nil {
		return false
	}
	for _, tables := range []map[string]any{front.meta, object(front.meta, "cascade")} {
		for _, name := range []string{"build", "_build"} {
			if render := fmt.Sprint(object(tables, name)["render"]); render == "never" || render == "false" {
				return true
			}
		}
	}
	return false
}

// object is a member that is an object; an empty one when it is not.
func object(m map[string]any, name string) map[string]any {
	inner, _ := m[name].(map[string]any)
	return inner
}

// Posts implements corpus.Source.
func (s *treeSource) Posts(ctx context.Context) iter.Seq2[corpus.Post, error] {
	return func(yield func(corpus.Post, error) bool) {
		ids := make(map[uint64]struct{})
		for _, root := range s.paths {
			for file, err := range s.files(ctx, root) {
				if _, ok := errors.AsType[*corpus.RecordError](err); ok {
					s.records.Add(1)
				}
				if err == nil {
					var ok bool
					var p corpus.Post
					if p, ok, err = s.post(file, ids); err == nil && !ok {
						continue
					}
					if err == nil {
						if !yield(p, nil) {
							return
						}
						continue
					}
				}
				if !yield(corpus.Post{}, err) {
					return
				}
			}
		}
	}
}

// post reads one file; false for a file that is no post.
func (s *treeSource) post(file treeFile, ids map[uint64]struct{}) (corpus.Post, bool, error) {
	at := place{file: file.path}
	text, err := readFile(file.path, &s.opts, &s.counter)
	if err != nil {
		s.records.Add(1)
		return corpus.Post{}, false, at.reject(err)
	}
	b := treePost{file: file, now: s.opts.Now, mapper: mapper{post: &corpus.Post{}, at: at, limits: corpus.DefaultLimits()}}
	b.warn = func(w *corpus.RecordError) { s.warn(&s.opts, w) }
	ok, err := b.read(text)
	if err == nil && !ok {
		return corpus.Post{}, false, nil
	}
	s.records.Add(1)
	if err == nil {
		b.claim(ids, s.seed)
		err = b.post.Validate(corpus.Limits{})
	}
	if err != nil {
		rejected := at.reject(err)
		if block, ok := errors.AsType[*blockError](err); ok {
			rejected.Line = block.line
		}
		return corpus.Post{}, false, rejected
	}
	return *b.post, true, nil
}
