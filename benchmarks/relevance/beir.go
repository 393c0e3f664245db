package relevance

import (
	"encoding/json"
	"errors"
	"fmt"
)

// beirQuery is one line of queries.jsonl.
type beirQuery struct {
	ID       json.RawMessage `json:"_id"`
	Text     string          `json:"text"`
	Metadata struct {
		Exclude []string `json:"exclude"`
	} `json:"metadata"`
}

// ReadQueries reads queries in BEIR form, one JSON object {"_id","text",
// "metadata"} a line; metadata.exclude lists documents that never count.
func ReadQueries(path string) ([]Query, error) {
	var queries []Query
	err := eachLine(path, func(_ int, text string) error {
		var q beirQuery
		if err := json.Unmarshal([]byte(text), &q); err != nil {
			return fmt.Errorf("query is not JSON as expected: %w", err)
		}
		id, err := jsonID(q.ID)
		if err != nil {
			return err
		}
		queries = append(queries, Query{ID: id, Text: q.Text, Exclude: q.Metadata.Exclude})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := checkQueries(queries); err != nil {
		return nil, &ParseError{File: path, Err: err}
	}
	return queries, nil
}

// jsonID reads an id that may be written as a string or as a number.
func jsonID(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", errors.New("query without _id")
	}
	if raw[0] != '"' {
		return string(raw), nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil || s == "" {
		return "", fmt.Errorf("query with the _id %s", raw)
	}
	return s, nil
}
