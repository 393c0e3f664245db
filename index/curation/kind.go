package curation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The kinds of document.
const (
	KindSynonyms  = "synonyms"
	KindRules     = "rules"
	KindStopWords = "stopwords"
	KindSimilar   = "similar"
)

// Kinds are the kinds of document. The slice is the caller's.
func Kinds() []string { return []string{KindSynonyms, KindRules, KindStopWords, KindSimilar} }

// Known reports whether there is such a kind.
func Known(kind string) bool { return slices.Contains(Kinds(), kind) }

// ErrKind is returned for a kind that there is not.
var ErrKind = errors.New("there is no such kind of curation")

// MaxBytes is the longest document, in bytes of JSON or YAML.
const MaxBytes = 2 << 20

// Error says where a document is not as it must be.
type Error struct {
	// Path is the member, such as "rules[3].pin[0].position"; empty for the whole.
	Path string
	// Line and Column count from 1, in characters of the text that was read; 0 when the
	// place is not known.
	Line, Column int
	Msg          string
}

// Error gives "line 3, column 5: rules[3].hide: reason".
func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", e.Line, e.Column)
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	return b.String() + e.Msg
}

// Normalise reads a document of a kind, JSON or YAML, and gives its canonical JSON: the
// same document written otherwise gives the same bytes. The errors are *Error and ErrKind.
func Normalise(kind string, data []byte) ([]byte, error) {
	doc, err := parse(kind, data)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// YAML writes a document that Normalise gave as YAML, which reads back as the same.
func YAML(doc []byte) ([]byte, error) {
	var n yaml.Node
	if err := yaml.Unmarshal(doc, &n); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	blockStyle(&n)
	out, err := yaml.Marshal(&n)
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out, nil
}

// blockStyle takes back the brackets and quotes of JSON where YAML needs none. Short lists
// of plain values stay on one line.
func blockStyle(n *yaml.Node) {
	plain := len(n.Content) <= 8
	for _, c := range n.Content {
		blockStyle(c)
		plain = plain && c.Kind == yaml.ScalarNode
	}
	if n.Kind != yaml.SequenceNode || !plain {
		n.Style = 0
	}
}

// Empty is the document of a kind that says nothing, as JSON.
func Empty(kind string) []byte {
	data, err := Normalise(kind, []byte("{}"))
	if err != nil {
		return []byte("{}")
	}
	return data
}

func parse(kind string, data []byte) (any, error) {
	switch kind {
	case KindSynonyms:
		return ParseSynonyms(data)
	case KindRules:
		return ParseRules(data)
	case KindStopWords:
		return ParseStopWords(data)
	case KindSimilar:
		return ParseSimilar(data)
	default:
		return nil, fmt.Errorf("%q: %w; there are: %s", kind, ErrKind, strings.Join(Kinds(), ", "))
	}
}
