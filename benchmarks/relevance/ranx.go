package relevance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// ReadRanxQrels reads judgments as ranx writes them: one JSON object {query:
// {document: grade}}.
func ReadRanxQrels(path string) (Qrels, error) {
	qrels := make(Qrels)
	err := readRanx(path, func(query, doc string, value float64) error {
		if value != math.Trunc(value) {
			return fmt.Errorf("grade %v of document %q of query %q is not a whole number", value, doc, query)
		}
		return addJudgment(qrels, query, doc, int(value))
	})
	return qrels, err
}

// ReadRanxRun reads a run as ranx writes it: one JSON object {query: {document:
// score}}.
func ReadRanxRun(path string) (Run, error) {
	run := make(Run)
	err := readRanx(path, func(query, doc string, score float64) error {
		run[query] = append(run[query], Ranked{ID: doc, Score: score})
		return nil
	})
	return run, err
}

func readRanx(path string, add func(query, doc string, value float64) error) (err error) {
	in, err := openInput(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	counted := &lineCounter{Reader: in}
	var all map[string]map[string]float64
	decoder := json.NewDecoder(counted)
	if err := decoder.Decode(&all); err != nil {
		return in.fail(counted.lineAt(errorOffset(err, decoder)), err)
	}
	for query, docs := range all {
		for doc, value := range docs {
			if err := add(query, doc, value); err != nil {
				return in.fail(0, err)
			}
		}
	}
	return nil
}

func errorOffset(err error, decoder *json.Decoder) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return decoder.InputOffset()
}

// lineCounter remembers where the lines of what was read end.
type lineCounter struct {
	io.Reader
	read int64
	ends []int64
}

// Read reads and counts.
func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// lineAt gives the 1-based line of a byte offset.
func (c *lineCounter) lineAt(offset int64) int {
	line := 1
	for _, end := range c.ends {
		if end >= offset {
			break
		}
		line++
	}
	return line
}
