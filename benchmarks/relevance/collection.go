package relevance

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Collection is a set of documents with queries and judgments.
type Collection struct {
	Name string
	// Dir is where it was found.
	Dir string
	// Corpus is the path of the documents; empty when only queries and judgments
	// are there, for measuring an index that already exists.
	Corpus string
	// QueryFile and QrelsFile are the files that were read; the same for a CSV.
	QueryFile, QrelsFile string
	// Queries are the judged ones, in the order of their file.
	Queries []Query
	Qrels   Qrels
}

// Open reads the queries and the judgments of a collection and finds its
// documents. Documents are not read.
//
// A folder is one of: BEIR (queries.jsonl, qrels/test.tsv), TREC (topics*,
// qrels*, documents in corpus.jsonl or *.trec), or a CSV of ratings
// (ratings.csv, judgments.csv). Each file may be compressed with gzip. A path
// of a file is a CSV of ratings.
func Open(path string) (*Collection, error) {
	c, err := OpenQueries(path)
	if err != nil {
		return nil, err
	}
	return c, c.settle()
}

// OpenQueries is [Open] for a collection that is to be judged: queries without
// judgments stay, and the judgments may be missing.
func OpenQueries(path string) (*Collection, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open collection: %w", err)
	}
	c := &Collection{Name: collectionName(path), Dir: path}
	if !info.IsDir() {
		c.Dir = filepath.Dir(path)
		err = c.readCSV(path)
	} else {
		err = c.readDir()
	}
	if err != nil {
		return nil, fmt.Errorf("open collection %s: %w", c.Name, err)
	}
	return c, nil
}

func collectionName(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return strings.TrimSuffix(filepath.Base(path), ".csv")
}

func (c *Collection) readDir() error {
	c.Corpus = firstFile(c.Dir, "corpus.jsonl", "corpus.jsonl.gz", "*.trec", "*.trec.gz")
	if file := firstFile(c.Dir, "queries.jsonl", "queries.jsonl.gz"); file != "" {
		return c.readFiles(file, ReadQueries, "qrels/test.tsv", "qrels/test.tsv.gz", "qrels/*.tsv", "qrels.tsv", "qrels*")
	}
	if file := firstFile(c.Dir, "topics", "topics*"); file != "" {
		return c.readFiles(file, ReadTopics, "qrels", "qrels*")
	}
	if file := firstFile(c.Dir, "ratings.csv", "judgments.csv", "*.csv"); file != "" {
		return c.readCSV(file)
	}
	return errors.New("found neither queries.jsonl (BEIR), nor topics (TREC), nor a CSV of ratings")
}

func (c *Collection) readFiles(queries string, read func(string) ([]Query, error), qrels ...string) (err error) {
	c.QueryFile = queries
	if c.Queries, err = read(queries); err != nil {
		return err
	}
	if c.QrelsFile = firstFile(c.Dir, qrels...); c.QrelsFile == "" {
		return nil
	}
	if strings.Contains(filepath.Base(c.QrelsFile), ".json") {
		c.Qrels, err = ReadRanxQrels(c.QrelsFile)
		return err
	}
	c.Qrels, err = ReadQrels(c.QrelsFile)
	return err
}

func (c *Collection) readCSV(path string) (err error) {
	c.QueryFile, c.QrelsFile = path, path
	c.Queries, c.Qrels, err = ReadCSV(path)
	return err
}

// settle leaves the judged queries only.
func (c *Collection) settle() error {
	if c.QrelsFile == "" {
		return fmt.Errorf("open collection %s: there are queries, but no judgments (qrels/test.tsv, qrels)", c.Name)
	}
	judged := c.Queries[:0]
	known := make(map[string]bool, len(c.Queries))
	for _, q := range c.Queries {
		if known[q.ID] = true; len(c.Qrels[q.ID]) > 0 {
			judged = append(judged, q)
		}
	}
	for _, id := range c.Qrels.Queries() {
		if !known[id] {
			return &ParseError{File: c.QrelsFile, Err: fmt.Errorf("query %q is judged but not in %s", id, c.QueryFile)}
		}
	}
	c.Queries = judged
	if len(judged) == 0 {
		return &ParseError{File: c.QrelsFile, Err: errors.New("no query is judged")}
	}
	return nil
}

// never lists the documents that do not count as results of the query: those that
// it excludes and, where documents like one are asked for, that one.
func (q Query) never(task Task) []string {
	if task == SimilarTask {
		return append(slices.Clone(q.Exclude), q.ID)
	}
	return q.Exclude
}

// allowed leaves out documents; the others keep their order.
func allowed(docs []Ranked, never []string) []Ranked {
	return slices.DeleteFunc(slices.Clone(docs), func(d Ranked) bool { return slices.Contains(never, d.ID) })
}

// Allowed gives the run without documents that do not count in a task.
func (c *Collection) Allowed(task Task, run Run) Run {
	out := make(Run, len(c.Queries))
	for _, q := range c.Queries {
		out[q.ID] = allowed(run[q.ID], q.never(task))
	}
	return out
}

// Judgments gives the judgments that count in a task: what can never be retrieved
// must not count in an ideal ranking.
func (c *Collection) Judgments(task Task) Qrels {
	out := make(Qrels, len(c.Qrels))
	maps.Copy(out, c.Qrels)
	for _, q := range c.Queries {
		for _, doc := range q.never(task) {
			if _, judged := out[q.ID][doc]; judged {
				out[q.ID] = withoutKey(out[q.ID], doc)
			}
		}
	}
	return out
}

func withoutKey(docs map[string]int, drop string) map[string]int {
	out := maps.Clone(docs)
	delete(out, drop)
	return out
}

// firstFile gives the first regular file in dir that matches one of the
// patterns; in a pattern the first in order of names.
func firstFile(dir string, patterns ...string) string {
	for _, pattern := range patterns {
		matches, err := filepath.Glob(filepath.Join(globEscape(dir), pattern))
		if err != nil {
			continue
		}
		for _, path := range matches {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// globEscape protects what a folder's name may have of pattern characters.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
