package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"alphanode/corpus"
)

// query is one line of the file of queries.
type query struct{ kind, text string }

func readQueries(path string) ([]query, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []query
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(fields) < 2 || fields[1] == "" {
			continue
		}
		// What needs facets or filters is not part of this comparison.
		if len(fields) > 2 && fields[2] != "" || fields[0] == "facet" || fields[0] == "filter" {
			continue
		}
		out = append(out, query{kind: fields[0], text: fields[1]})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no queries (kind, tab, query)", path)
	}
	return out, nil
}

// kinds gives the kinds in the order of the file.
func kinds(queries []query) []string {
	var out []string
	for _, q := range queries {
		if !slices.Contains(out, q.kind) {
			out = append(out, q.kind)
		}
	}
	return out
}

var notPlain = regexp.MustCompile(`[^a-z0-9]+`)

func plain(s string) string {
	return strings.TrimSpace(notPlain.ReplaceAllString(strings.ToLower(s), " "))
}

// writePlain writes a line for each post.
func writePlain(ctx context.Context, w io.Writer, src corpus.Source) (n int, err error) {
	out := bufio.NewWriterSize(w, 1<<20)
	for post, err := range src.Posts(ctx) {
		if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
		id := strings.Join(strings.Fields(post.ID), "_")
		fmt.Fprintf(out, "%s\t%s\t%s\n", id, plain(post.Title), plain(post.Body))
	}
	return n, out.Flush()
}
