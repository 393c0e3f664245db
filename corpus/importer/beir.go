package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"alphanode/corpus"
)

// openBEIR reads collections in BEIR layout: folders or their corpus files.
func openBEIR(paths []string, opts Options) (Source, error) {
	files := make([]string, 0, len(paths))
	for _, path := range paths {
		file, ok := beirFile(path)
		if !ok {
			return nil, fmt.Errorf("open %s: %w", filepath.Join(path, beirNames()[0]), os.ErrNotExist)
		}
		files = append(files, file)
	}
	s, err := newLineSource(files, opts)
	if err != nil {
		return nil, err
	}
	s.decode = s.beirPost
	return s, nil
}

// beirPost maps one record. A metadata member "format" says how the text is
// written; text without it is Markdown when it has blank lines, as documents have,
// and plain text otherwise. Members beside the four of BEIR are metadata too.
func (s *lineSource) beirPost(line []byte, at place) (corpus.Post, error) {
	record, err := decodeObject(line)
	if err != nil {
		return corpus.Post{}, err
	}
	id, _ := scalar(record["_id"])
	text, _ := record["text"].(string)
	if record["text"] != nil && !isText(record["text"]) {
		return corpus.Post{}, &corpus.FieldError{Field: "text", Err: errNoText}
	}
	meta, _ := record["metadata"].(map[string]any)
	p := corpus.Post{ID: id, Body: text, BodyFormat: beirFormat(text, meta)}
	p.Title, _ = scalar(record["title"])
	for _, name := range []string{"_id", "title", "text", "metadata"} {
		delete(record, name)
	}
	m := mapper{post: &p, at: at, warn: s.warn}
	m.apply(meta)
	m.apply(record)
	return p, p.Validate(corpus.Limits{})
}

var errNoText = errors.New("is not a string")

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

// decodeObject reads a JSON object, its numbers as they are written.
func decodeObject(data []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	if object == nil {
		return nil, errors.New("is not an object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return object, nil
}

func beirFormat(text string, meta map[string]any) corpus.BodyFormat {
	if format, ok := meta["format"].(string); ok {
		switch f := corpus.BodyFormat(strings.ToLower(format)); f {
		case corpus.Markdown, corpus.HTML, corpus.Text:
			delete(meta, "format")
			return f
		}
	}
	if hasBlankLine(text) {
		return corpus.Markdown
	}
	return corpus.Text
}
