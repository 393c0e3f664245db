package relevance

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ReadTopics reads the queries of a TREC collection: either "<top>" blocks, of
// which the number and the title are taken, or lines "id<TAB>text".
func ReadTopics(path string) ([]Query, error) {
	var topics topicReader
	err := eachLine(path, topics.line)
	if err != nil {
		return nil, err
	}
	if topics.open {
		return nil, &ParseError{File: path, Err: errors.New("the last <top> has no </top>")}
	}
	if err := checkQueries(topics.queries); err != nil {
		return nil, &ParseError{File: path, Err: err}
	}
	return topics.queries, nil
}

// checkQueries finds what makes queries unusable.
func checkQueries(queries []Query) error {
	if len(queries) == 0 {
		return errors.New("no queries")
	}
	seen := make(map[string]bool, len(queries))
	for _, q := range queries {
		if seen[q.ID] {
			return fmt.Errorf("query %q occurs twice", q.ID)
		}
		seen[q.ID] = true
	}
	return nil
}

// topicReader takes in a topics file line by line.
type topicReader struct {
	queries []Query
	open    bool // inside <top>
	field   string
	num     string
	title   []string
}

func (t *topicReader) line(_ int, text string) error {
	lower := strings.ToLower(strings.TrimSpace(text))
	switch {
	case strings.HasPrefix(lower, "<top>"):
		*t = topicReader{queries: t.queries, open: true}
		t.inside(strings.TrimSpace(text)[len("<top>"):])
		return nil
	case strings.HasPrefix(lower, "</top>"):
		return t.end()
	case t.open:
		t.inside(text)
		return nil
	}
	return t.tabbed(text)
}

func (t *topicReader) tabbed(text string) error {
	id, query, ok := strings.Cut(text, "\t")
	if id = strings.TrimSpace(id); !ok || id == "" {
		return errors.New("neither a <top> block nor \"id<TAB>text\"")
	}
	t.queries = append(t.queries, Query{ID: id, Text: strings.TrimSpace(query)})
	return nil
}

// topicTag matches a tag of a topic; its text follows, up to the next one.
var topicTag = regexp.MustCompile(`(?i)<(/?(?:num|title|desc|narr|dom|smry|con|fac|def|head))>`)

func (t *topicReader) inside(text string) {
	for {
		at := topicTag.FindStringSubmatchIndex(text)
		if at == nil {
			t.add(text)
			return
		}
		t.add(text[:at[0]])
		t.field = strings.ToLower(text[at[2]:at[3]])
		if t.field == "num" && t.num != "" {
			t.field = "/num"
		}
		text = text[at[1]:]
	}
}

func (t *topicReader) add(text string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
	case t.field == "num":
		t.num = strings.TrimSpace(trimLabel(text, "number:"))
	case t.field == "title":
		t.title = append(t.title, trimLabel(text, "topic:"))
	}
}

// trimLabel drops a label that older topics repeat after the tag.
func trimLabel(text, label string) string {
	if len(text) >= len(label) && strings.EqualFold(text[:len(label)], label) {
		return strings.TrimSpace(text[len(label):])
	}
	return text
}

func (t *topicReader) end() error {
	switch {
	case !t.open:
		return errors.New("</top> without <top>")
	case t.num == "":
		return errors.New("topic without <num>")
	case len(t.title) == 0:
		return fmt.Errorf("topic %s without <title>", t.num)
	}
	query := Query{ID: t.num, Text: strings.Join(t.title, " ")}
	*t = topicReader{queries: append(t.queries, query)}
	return nil
}
