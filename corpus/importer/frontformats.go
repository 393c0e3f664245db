package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// readJSON reads a block of JSON.
func readJSON(block string) (map[string]any, error, error) {
	if err := checkBrackets(block); err != nil {
		return nil, nil, err
	}
	meta, err := decodeObject([]byte(block))
	if err == nil {
		return meta, nil, nil
	}
	line := 1
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line += strings.Count(block[:min(int(syntax.Offset), len(block))], "\n")
	}
	return nil, nil, &blockError{line, err}
}

// readTOML reads a block of TOML.
func readTOML(block string) (map[string]any, error, error) {
	if err := checkBrackets(block); err != nil {
		return nil, nil, err
	}
	var meta map[string]any
	err := toml.Unmarshal([]byte(block), &meta)
	if err == nil {
		return meta, nil, nil
	}
	line := 1
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ = decode.Position()
	}
	return nil, nil, &blockError{line, err}
}

// errRepaired is the reason of the warning for YAML that is read leniently.
var errRepaired = errors.New("tabs or bad indentation in the front matter were read leniently")

// readYAML reads a block of YAML. What other readers of site generators let pass
// (tabs as white space) is mended, with a warning.
func readYAML(block string) (meta map[string]any, repaired, err error) {
	meta, err = parseYAML(block)
	if err == nil || !strings.Contains(block, "\t") {
		return meta, nil, err
	}
	lenient, lenientErr := parseYAML(strings.ReplaceAll(block, "\t", "  "))
	if lenientErr != nil {
		return nil, nil, err
	}
	return lenient, errRepaired, nil
}

func parseYAML(block string) (map[string]any, error) {
	if err := checkBrackets(block); err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(block), &root); err != nil {
		return nil, yamlError(err)
	}
	if root.Kind == 0 || len(root.Content) == 0 {
		return nil, nil //nolint:nilnil // An empty block has no members.
	}
	c := yamlConverter{budget: maxYAMLNodes}
	value := c.value(root.Content[0], 0)
	if c.budget < 0 {
		return nil, &blockError{1, fmt.Errorf("aliases expand to more than %d values", maxYAMLNodes)}
	}
	switch value := value.(type) {
	case map[string]any:
		return value, nil
	case nil:
		return nil, nil //nolint:nilnil // A block of comments has no members.
	default:
		return nil, &blockError{root.Content[0].Line, errors.New("is not a list of names and values")}
	}
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// yamlError finds the line that the parser put into its message.
func yamlError(err error) error {
	message := err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ := strconv.Atoi(m[1]) // It is made of digits.
		return &blockError{line, errors.New(strings.TrimPrefix(message, m[0]))}
	}
	return &blockError{1, errors.New(strings.TrimPrefix(message, "yaml: "))}
}

const (
	maxYAMLNodes = 50_000
	maxYAMLDepth = 64
)

// yamlConverter turns nodes into plain values: dates stay text, so that a day
// stays a day; of a name given twice the last one counts; aliases are followed
// within a budget.
type yamlConverter struct{ budget int }

func (c *yamlConverter) value(n *yaml.Node, depth int) any {
	if c.budget--; c.budget < 0 || depth > maxYAMLDepth {
		return nil
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			out = append(out, c.value(item, depth+1))
		}
		return out
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.ScalarNode:
		return yamlScalar(n)
	default:
		return nil
	}
}

func (c *yamlConverter) mapping(n *yaml.Node, depth int) map[string]any {
	out := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], c.value(n.Content[i+1], depth+1)
		if inner, ok := value.(map[string]any); ok && key.Tag == "!!merge" {
			for name, v := range inner {
				if _, taken := out[name]; !taken {
					out[name] = v
				}
			}
			continue
		}
		out[key.Value] = value
	}
	return out
}

func yamlScalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		value, _ := boolean(n.Value)
		return value
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
