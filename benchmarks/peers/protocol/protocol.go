// Package protocol is what every peer driver written in Go shares: the form of
// the posts, of the queries, and of the lines between a driver and the program
// that measures it. README.md beside it describes the protocol for drivers in
// other languages.
package protocol

import (
	"bufio"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strings"
)

// Post is one document: texts of lower-case words joined by single spaces.
type Post struct{ ID, Title, Body string }

// Posts calls do for every post of a file.
func Posts(path string, do func(Post) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 64<<20)
	for line := 1; scanner.Scan(); line++ {
		fields := strings.Split(scanner.Text(), "\t")
		if len(fields) != 3 {
			return fmt.Errorf("%s:%d: %d fields, want id, title and body", path, line, len(fields))
		}
		if err := do(Post{fields[0], fields[1], fields[2]}); err != nil {
			return err
		}
	}
	return scanner.Err()
}

// Query is what is asked. A word matches a post when its title or its body has
// it; a phrase when one of them has the words in a row.
type Query struct {
	Must   []string // each must match
	Should []string // at least one of these, or Prefix, when Must is empty
	Phrase []string
	Prefix string // the beginning of a word
	Fuzzy  string // a word at most one edit away (insert, delete, replace, swap neighbours)
}

// ErrUnsupported says that an engine cannot answer a kind of query.
var ErrUnsupported = errors.New("unsupported")

// ParseQuery reads "+a +b" (both), "a b" (either), "\"a b\"" (phrase), "pre*",
// "a pre*" (a, or a word with the beginning), "word~1".
func ParseQuery(s string) (Query, error) {
	if phrase, ok := strings.CutPrefix(s, `"`); ok {
		return Query{Phrase: strings.Fields(strings.TrimSuffix(phrase, `"`))}, nil
	}
	var q Query
	for word := range strings.FieldsSeq(s) {
		switch {
		case strings.HasPrefix(word, "+"):
			q.Must = append(q.Must, word[1:])
		case strings.HasSuffix(word, "~1"):
			q.Fuzzy = strings.TrimSuffix(word, "~1")
		case strings.HasSuffix(word, "*"):
			q.Prefix = strings.TrimSuffix(word, "*")
		default:
			q.Should = append(q.Should, word)
		}
	}
	if len(q.Must)+len(q.Should) == 0 && q.Prefix == "" && q.Fuzzy == "" {
		return q, fmt.Errorf("query %q asks for nothing", s)
	}
	return q, nil
}

// Engine answers queries.
type Engine interface {
	// Top gives the ids of the k best posts, best first and, when count is set, how
	// many match, exactly.
	Top(q Query, k int, count bool) (ids []string, total int, err error)
	// All calls visit for the id of every match.
	All(q Query, visit func(id string)) error
}

// Serve answers lines until the input ends:
//
//	TOP10<TAB>query        the ids of the ten best, joined by spaces
//	TOP10_COUNT<TAB>query  how many match, then a tab, then those ids
//	SET<TAB>query          how many match, then a tab, then the checksum of their ids
//
// A query that the engine cannot answer is answered UNSUPPORTED; an error is
// answered "ERROR reason".
func Serve(in io.Reader, out io.Writer, engine Engine) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	buffered := bufio.NewWriter(out)
	for lines.Scan() {
		answer, err := respond(engine, lines.Text())
		switch {
		case errors.Is(err, ErrUnsupported):
			answer = "UNSUPPORTED"
		case err != nil:
			answer = "ERROR " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		if _, err := buffered.WriteString(answer + "\n"); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
	return lines.Err()
}

func respond(engine Engine, line string) (string, error) {
	command, text, _ := strings.Cut(line, "\t")
	q, err := ParseQuery(text)
	if err != nil {
		return "", err
	}
	switch command {
	case "TOP10":
		ids, _, err := engine.Top(q, 10, false)
		return strings.Join(ids, " "), err
	case "TOP10_COUNT":
		ids, total, err := engine.Top(q, 10, true)
		return fmt.Sprintf("%d\t%s", total, strings.Join(ids, " ")), err
	case "SET":
		n, sum := 0, uint64(0)
		err := engine.All(q, func(id string) {
			n++
			sum += Checksum(id)
		})
		return fmt.Sprintf("%d\t%016x", n, sum), err
	}
	return "", fmt.Errorf("command %q: %w", command, ErrUnsupported)
}

// Checksum is the 64-bit FNV-1a hash of an id; the sums of a set do not depend on
// its order.
func Checksum(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // A hash never fails.
	return h.Sum64()
}

// Main runs "index POSTS FOLDER" or "serve FOLDER".
func Main(index func(posts, folder string) error, open func(folder string) (Engine, error)) {
	err := errors.New("usage: index POSTS FOLDER | serve FOLDER")
	switch args := os.Args[1:]; {
	case len(args) == 3 && args[0] == "index":
		err = index(args[1], args[2])
	case len(args) == 2 && args[0] == "serve":
		var engine Engine
		if engine, err = open(args[1]); err == nil {
			err = Serve(os.Stdin, os.Stdout, engine)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
