package importer

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"alphanode/corpus"
)

// beirRecord is a line of a BEIR corpus.
type beirRecord struct {
	ID       string         `json:"_id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Metadata map[string]any `json:"metadata"`
}

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
// and plain text otherwise.
func (s *lineSource) beirPost(line []byte, at place) (corpus.Post, error) {
	var r beirRecord
	if err := json.Unmarshal(line, &r); err != nil {
		return corpus.Post{}, err
	}
	p := corpus.Post{ID: r.ID, Title: r.Title, Body: r.Text, BodyFormat: beirFormat(&r)}
	m := mapper{post: &p, at: at, warn: s.warn}
	m.apply(r.Metadata)
	return p, p.Validate(corpus.Limits{})
}

func beirFormat(r *beirRecord) corpus.BodyFormat {
	if format, ok := r.Metadata["format"].(string); ok {
		switch f := corpus.BodyFormat(format); f {
		case corpus.Markdown, corpus.HTML, corpus.Text:
			delete(r.Metadata, "format")
			return f
		}
	}
	if hasBlankLine(r.Text) {
		return corpus.Markdown
	}
	return corpus.Text
}

// warn counts a value that was kept under extra.
func (s *lineSource) warn(w *corpus.RecordError) {
	s.warnings.Add(1)
	if s.opts.OnWarning != nil {
		s.opts.OnWarning(w)
	}
}
