package curation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// tree is a parsed document of either form, with places for errors.
type tree struct {
	kind         treeKind
	text         string // of a string or number
	list         []*tree
	names        []string // of an object's members, in order; values in list
	line, column int
}

type treeKind uint8

const (
	isNull treeKind = iota
	isText
	isNumber
	isFlag
	isList
	isObject
)

func (k treeKind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list", "an object"}[k]
}

// maxDepth is how deep documents may nest; none needs more than five.
const maxDepth = 16

// parseTree reads JSON when the text begins like a JSON object, else YAML.
func parseTree(data []byte) (*tree, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, &Error{Msg: fmt.Sprintf("the document has %d bytes, more than %d", len(data), MaxBytes)}
	case !utf8.Valid(data):
		return nil, &Error{Msg: "the document is not UTF-8"}
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		return parseJSON(data)
	}
	return parseYAML(data)
}

// jsonReader builds a tree from the tokens of a decoder.
type jsonReader struct {
	data []byte
	dec  *json.Decoder
	// lines are those before the byte at, before is the number of characters before it on
	// its own line.
	lines, before, at int
}

func parseJSON(data []byte) (*tree, error) {
	r := &jsonReader{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	t, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, r.fault(r.dec.InputOffset(), "there is something after the end of the document")
	}
	return t, nil
}

// fault is an error at a byte of the text.
func (r *jsonReader) fault(at int64, msg string) error {
	line, column := r.place(at)
	return &Error{Line: line, Column: column, Msg: msg}
}

// place is the line and column of a byte; places are asked for in ascending order.
func (r *jsonReader) place(at int64) (line, column int) {
	for end := min(int(at), len(r.data)); r.at < end; r.at++ {
		switch {
		case r.data[r.at] == '\n':
			r.lines, r.before = r.lines+1, 0
		case utf8.RuneStart(r.data[r.at]):
			r.before++
		}
	}
	return r.lines + 1, r.before + 1
}

func (r *jsonReader) value(depth int) (*tree, error) {
	at := r.next()
	token, err := r.dec.Token()
	if err != nil {
		return nil, r.syntax(err)
	}
	t := &tree{}
	t.line, t.column = r.place(at)
	switch v := token.(type) {
	case json.Delim:
		return t, r.inside(t, v, depth)
	case string:
		t.kind, t.text = isText, v
	case json.Number:
		t.kind, t.text = isNumber, v.String()
	case bool:
		t.kind, t.text = isFlag, strconv.FormatBool(v)
	}
	return t, nil
}

// next is where the next token begins.
func (r *jsonReader) next() int64 {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	return int64(at)
}

// syntax is the fault of the next token.
func (r *jsonReader) syntax(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return r.fault(r.next(), "not JSON: "+syntax.Error())
	}
	return r.fault(r.next(), "not JSON: the document ends in the middle")
}

// inside reads the members of an object or list.
func (r *jsonReader) inside(t *tree, open json.Delim, depth int) error {
	t.kind = isList
	if open == '{' {
		t.kind = isObject
	}
	if depth == maxDepth {
		return r.fault(r.dec.InputOffset(), "nested too deep")
	}
	for r.dec.More() {
		if t.kind == isObject {
			at := r.next()
			name, err := r.dec.Token()
			if err != nil {
				return r.syntax(err)
			}
			if err := t.addName(name.(string)); err != nil { //nolint:forcetypeassert // the decoder accepts no other
				return r.fault(at, err.Error())
			}
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		t.list = append(t.list, v)
	}
	if _, err := r.dec.Token(); err != nil {
		return r.syntax(err)
	}
	return nil
}

// maxMembers is how many members an object may have; none has more than six.
const maxMembers = 64

func (t *tree) addName(name string) error {
	if len(t.names) == maxMembers {
		return fmt.Errorf("an object with more than %d members", maxMembers)
	}
	if slices.Contains(t.names, name) {
		return fmt.Errorf("%q is given twice", name)
	}
	t.names = append(t.names, name)
	return nil
}

// yamlLine finds the line in the messages of the YAML reader.
var yamlLine = regexp.MustCompile(`line (\d+): `)

func parseYAML(data []byte) (*tree, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		e := &Error{Msg: "not YAML: " + err.Error()}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			e.Line, _ = strconv.Atoi(m[1])
			e.Column = 1
		}
		return nil, e
	}
	if len(doc.Content) == 0 { // An empty file.
		return &tree{kind: isObject, line: 1, column: 1}, nil
	}
	return fromYAML(doc.Content[0], 0)
}

func fromYAML(n *yaml.Node, depth int) (*tree, error) {
	t := &tree{line: n.Line, column: n.Column}
	fault := func(n *yaml.Node, msg string) error { return &Error{Line: n.Line, Column: n.Column, Msg: msg} }
	if depth > maxDepth {
		return nil, fault(n, "nested too deep")
	}
	values := n.Content
	switch n.Kind {
	case yaml.ScalarNode:
		t.kind, t.text = scalarKind(n), n.Value
		return t, nil
	case yaml.SequenceNode:
		t.kind = isList
	case yaml.MappingNode:
		t.kind, values = isObject, nil
		for i := 0; i+1 < len(n.Content); i += 2 {
			if err := t.addName(n.Content[i].Value); err != nil {
				return nil, fault(n.Content[i], err.Error())
			}
			values = append(values, n.Content[i+1])
		}
	default:
		return nil, fault(n, "anchors and aliases are not read")
	}
	for _, v := range values {
		child, err := fromYAML(v, depth+1)
		if err != nil {
			return nil, err
		}
		t.list = append(t.list, child)
	}
	return t, nil
}

func scalarKind(n *yaml.Node) treeKind {
	switch n.ShortTag() {
	case "!!null":
		return isNull
	case "!!int", "!!float":
		return isNumber
	case "!!bool":
		return isFlag
	default:
		return isText
	}
}
