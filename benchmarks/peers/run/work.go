package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"

	"alphanode/corpus"
)

// query is one line of the file of queries.
type query struct{ kind, text, tag string }

// facet is the kind of query that counts facets.
const facet = "facet"

// line is what a driver is asked.
func (q query) line(command string) string {
	if q.kind == facet && command == "TOP10_COUNT" {
		command = "FACETS"
	}
	if q.tag == "" {
		return command + "\t" + q.text
	}
	return command + "\t" + q.text + "\t" + q.tag
}

func readQueries(path string) ([]query, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []query
	for line := range strings.Lines(string(data)) {
		fields := append(strings.Split(strings.TrimRight(line, "\r\n"), "\t"), "", "")
		if fields[1] != "" {
			out = append(out, query{kind: fields[0], text: fields[1], tag: fields[2]})
		}
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

// order gives the places of the queries for one pass: one of each kind in turn, in
// an order by chance, so that a pass that is cut short has asked all kinds alike. A
// cut comes after share places at the earliest, a tenth of the queries.
func order(queries []query, rng *rand.Rand) (places []int, share int) {
	byKind := make(map[string][]int)
	for _, i := range rng.Perm(len(queries)) {
		byKind[queries[i].kind] = append(byKind[queries[i].kind], i)
	}
	names := kinds(queries)
	for n := 0; len(places) < len(queries); n++ {
		for _, kind := range names {
			if n < len(byKind[kind]) {
				places = append(places, byKind[kind][n])
			}
		}
		if share == 0 && 10*len(places) >= len(queries) {
			share = len(places)
		}
	}
	return places, share
}

var notPlain = regexp.MustCompile(`[^a-z0-9]+`)

func plain(s string) string {
	return strings.TrimSpace(notPlain.ReplaceAllString(strings.ToLower(s), " "))
}

// values writes names as single words: what separates them may not be in them.
func values(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = word(name)
	}
	return strings.Join(out, " ")
}

func word(s string) string {
	return strings.NewReplacer(":", "_", ",", "_", "=", "_").Replace(strings.Join(strings.Fields(s), "_"))
}

// writePlain writes a line for each post, and gives their number and checksum.
func writePlain(ctx context.Context, w io.Writer, src corpus.Source) (n int, sum string, err error) {
	hash := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, hash), 1<<20)
	for post, err := range src.Posts(ctx) {
		if _, rejected := errors.AsType[*corpus.RecordError](err); rejected {
			continue
		}
		if err != nil {
			return n, "", err
		}
		n++
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", word(post.ID), plain(post.Title), plain(post.Body),
			values(post.Tags), values(post.Stack), word(post.Difficulty))
	}
	err = out.Flush()
	return n, hex.EncodeToString(hash.Sum(nil)), err
}
