package relevance

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadCSV reads judgments from a spreadsheet with the columns query, post and
// grade: the text of the query stands for its id. A header line may name the
// columns, in any order and among others, by the usual words ("Query Text", "Doc
// ID", "Rating" as Quepid exports its ratings); without one the first three
// columns count. A row with an empty grade is no judgment.
func ReadCSV(path string) (queries []Query, qrels Qrels, err error) {
	in, err := openInput(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if bom, _ := in.Peek(3); string(bom) == "\ufeff" {
		if _, err := in.Discard(3); err != nil {
			return nil, nil, in.fail(1, err)
		}
	}
	rows := csv.NewReader(in)
	rows.FieldsPerRecord = -1
	rows.TrimLeadingSpace = true
	ratings := ratings{qrels: make(Qrels), columns: csvColumns{0, 1, 2}}
	for first := true; ; first = false {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, csvError(path, err)
		}
		if err := ratings.row(row, first); err != nil {
			line, _ := rows.FieldPos(0)
			return nil, nil, in.fail(line, err)
		}
	}
	if len(ratings.queries) == 0 {
		return nil, nil, in.fail(0, errors.New("no judgments"))
	}
	return ratings.queries, ratings.qrels, nil
}

func csvError(path string, err error) error {
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		return &ParseError{File: path, Line: parse.Line, Err: parse.Err}
	}
	return &ParseError{File: path, Err: err}
}

// csvColumns says where query, document and grade are.
type csvColumns struct{ query, doc, grade int }

// ratings takes in a file of ratings row by row.
type ratings struct {
	queries []Query
	qrels   Qrels
	columns csvColumns
}

func (r *ratings) row(row []string, first bool) error {
	if first {
		if columns, ok := headerColumns(row); ok {
			r.columns = columns
			return nil
		}
	}
	c := r.columns
	if len(row) <= max(c.query, c.doc, c.grade) {
		return fmt.Errorf("row of %d columns lacks query, post or grade", len(row))
	}
	query, doc, grade := strings.TrimSpace(row[c.query]), strings.TrimSpace(row[c.doc]), strings.TrimSpace(row[c.grade])
	if grade == "" {
		return nil
	}
	n, err := parseGrade(grade)
	if err != nil {
		return err
	}
	if _, known := r.qrels[query]; !known {
		r.queries = append(r.queries, Query{ID: query, Text: query})
	}
	return addJudgment(r.qrels, query, doc, n)
}

// headerColumns finds the columns by their names; ok is false when the row is
// not a header.
func headerColumns(row []string) (c csvColumns, ok bool) {
	c = csvColumns{-1, -1, -1}
	for i, name := range row {
		switch strings.NewReplacer("_", "", " ", "", "-", "").Replace(strings.ToLower(name)) {
		case "query", "querytext", "keyword":
			c.query = i
		case "post", "doc", "docid", "document", "documentid", "id", "url":
			c.doc = i
		case "grade", "rating", "relevance", "judgment", "judgement":
			c.grade = i
		}
	}
	return c, c.query >= 0 && c.doc >= 0 && c.grade >= 0
}
