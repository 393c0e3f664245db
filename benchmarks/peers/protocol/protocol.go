// Package protocol is what every peer driver written in Go shares: the form of
// the posts, of the queries, and of the lines between a driver and the program
// that measures it. README.md beside it describes the protocol for drivers in
// other languages.
package protocol

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Post is one document: texts of lower-case words joined by single spaces, and the
// values that are filtered by and counted.
type Post struct {
	ID, Title, Body string
	Tags, Stack     []string
	Difficulty      string
}

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
		if len(fields) != 6 {
			return fmt.Errorf("%s:%d: %d fields, want id, title, body, tags, stack and difficulty", path, line, len(fields))
		}
		post := Post{ID: fields[0], Title: fields[1], Body: fields[2], Tags: strings.Fields(fields[3]), Stack: strings.Fields(fields[4]), Difficulty: fields[5]}
		if err := do(post); err != nil {
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
	// Fuzzy stands for every word that begins with the same letter and is at most one
	// edit away (insert, delete, replace, swap neighbours).
	Fuzzy string
	// Tag is one that a post must have, without a share in the score; "" is any.
	Tag string
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

// Want says what is asked for beside the best posts.
type Want uint8

// What can be wanted; each includes those before it.
const (
	Best   Want = iota // the engine may skip what cannot be among the best
	Count              // how many match, exactly
	Facets             // the most frequent values of each of [FacetFields]
)

// FacetFields are counted, in this order; of each the FacetLimit most frequent
// values, the most frequent first.
var FacetFields = [...]string{"tags", "stack", "difficulty"}

// FacetLimit is the number of values of each facet.
const FacetLimit = 10

// Value is a value of a facet and the number of matches that have it.
type Value struct {
	Name  string
	Count int
}

// Answer is what an engine finds.
type Answer struct {
	IDs    []string // the best posts, best first
	Total  int      // when it was wanted
	Facets [len(FacetFields)][]Value
}

// Engine answers queries.
type Engine interface {
	// Top gives the k best posts and what else is wanted.
	Top(q Query, k int, want Want) (Answer, error)
	// All calls visit for the id of every match.
	All(q Query, visit func(id string)) error
}

// line gives the answer as it goes on the line.
func (a Answer) line(want Want) string {
	ids := strings.Join(a.IDs, " ")
	if want == Best {
		return ids
	}
	line := strconv.Itoa(a.Total) + "\t" + ids
	if want == Count {
		return line
	}
	for i, values := range a.Facets {
		line += "\t" + FacetFields[i] + "="
		for j, v := range values {
			if j > 0 {
				line += ","
			}
			line += v.Name + ":" + strconv.Itoa(v.Count)
		}
	}
	return line
}
