package speed

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Query is one request of a workload.
type Query struct {
	// Kind groups queries in reports: "term", "phrase", ...
	Kind string `json:"kind"`
	// Q is what a person typed; Filter is strict.
	Q      string `json:"q,omitempty"`
	Filter string `json:"filter,omitempty"`
	// Facets are counted with the answer.
	Facets []string `json:"facets,omitempty"`
	// Sort is a field, or "-field" for descending.
	Sort string `json:"sort,omitempty"`
	// Page is 1-based; 0 means the first.
	Page int `json:"page,omitempty"`
	// Typing makes the last word a prefix.
	Typing bool `json:"typing,omitempty"`
	// Similar is the id of a post whose similar posts are asked for; everything
	// above is empty then.
	Similar string `json:"similar,omitempty"`
}

// PerPage is how many hits a query asks for.
const PerPage = 10

// Workload is what is sent.
type Workload []Query

// Kinds gives the kinds in the order of their first query.
func (w Workload) Kinds() []string {
	var kinds []string
	for _, q := range w {
		if !slices.Contains(kinds, q.Kind) {
			kinds = append(kinds, q.Kind)
		}
	}
	return kinds
}

// Only leaves the queries of some kinds; all when none is named. "term" is every
// kind that begins with "term-", too. A kind without queries is an error.
func (w Workload) Only(kinds ...string) (Workload, error) {
	if len(kinds) == 0 {
		return w, nil
	}
	known := w.Kinds()
	for _, kind := range kinds {
		if !slices.ContainsFunc(known, func(k string) bool { return isKind(k, kind) }) {
			return nil, fmt.Errorf("the workload has no query of kind %q; there are %s", kind, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(w), func(q Query) bool {
		return !slices.ContainsFunc(kinds, func(kind string) bool { return isKind(q.Kind, kind) })
	}), nil
}

// isKind reports whether kind is the one that is named, or one of its group.
func isKind(kind, named string) bool { return kind == named || strings.HasPrefix(kind, named+"-") }

// ReadWorkload reads a file of one JSON object a line, as [Query] has it, or of
// lines "kind<TAB>query<TAB>tag", where "pre*" is the beginning of a word and
// "word~1" one with a typing mistake.
func ReadWorkload(path string) (Workload, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read workload: %w", err)
	}
	w, err := readWorkload(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read workload %s: %w", path, err)
	}
	return w, nil
}

func readWorkload(r io.Reader) (Workload, error) {
	var w Workload
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for line := 1; scanner.Scan(); line++ {
		text := strings.TrimRight(scanner.Text(), "\r")
		if strings.TrimSpace(text) == "" {
			continue
		}
		q, err := parseQuery(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		w = append(w, q)
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	if len(w) == 0 {
		return nil, errors.New("no queries")
	}
	return w, nil
}

func parseQuery(text string) (q Query, err error) {
	if strings.HasPrefix(text, "{") {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&q); err != nil {
			return q, err
		}
	} else if q, err = tabbedQuery(text); err != nil {
		return q, err
	}
	if q.Kind == "" {
		return q, errors.New("query without kind")
	}
	return q, nil
}

// tabbedQuery translates the marks of the plain form into the query language.
func tabbedQuery(text string) (Query, error) {
	fields := strings.Split(text, "\t")
	if len(fields) < 2 || len(fields) > 3 {
		return Query{}, fmt.Errorf("%d fields between tabs; expected kind, query and perhaps a tag", len(fields))
	}
	q := Query{Kind: fields[0], Q: strings.TrimSuffix(fields[1], "~1")}
	if prefix, ok := strings.CutSuffix(q.Q, "*"); ok {
		q.Q, q.Typing = prefix, true
	}
	if len(fields) == 3 && fields[2] != "" {
		q.Filter = "tag:" + quoted(fields[2])
	}
	if q.Kind == "facet" {
		q.Facets = []string{"tags", "stack", "difficulty"}
	}
	return q, nil
}

// quoted makes a value of a filter out of any text.
func quoted(value string) string {
	return `"` + strings.NewReplacer(`\`, " ", `"`, " ").Replace(value) + `"`
}

// Write writes the workload as JSON lines.
func (w Workload) Write(out io.Writer) error {
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for _, q := range w {
		if err := encoder.Encode(q); err != nil {
			return fmt.Errorf("write workload: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write workload: %w", err)
	}
	return nil
}
