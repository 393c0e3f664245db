package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// frontMatter is what stands before the body of a file.
type frontMatter struct {
	meta map[string]any
	body string
	// bodyLine is the number of lines before the body.
	bodyLine int
	// repaired says what had to be mended to read the block; nil if nothing.
	repaired error
}

// The bounds of a front matter block.
const (
	maxFrontMatter = 256 << 10
	maxBrackets    = 200 // open at once, in JSON and TOML
)

// blockError is a fault of a front matter block; line counts from the first of
// the file.
type blockError struct {
	line int
	err  error
}

// Error implements error.
func (e *blockError) Error() string { return "front matter: " + e.err.Error() }

// Unwrap gives the reason.
func (e *blockError) Unwrap() error { return e.err }

// readFrontMatter reads the block that a file begins with: YAML between lines of
// "---", TOML between lines of "+++", a JSON object, or none. A first line "---"
// that no second one answers begins no block.
func readFrontMatter(text string) (frontMatter, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	first, _, _ := strings.Cut(text, "\n")
	switch strings.TrimRight(first, " \t") {
	case "---", "---yaml":
		return fenced(text, []string{"---", "..."}, readYAML)
	case "---toml", "+++":
		return fenced(text, []string{strings.TrimSuffix(strings.TrimRight(first, " \t"), "toml")}, readTOML)
	case ";;;":
		return fenced(text, []string{";;;"}, readJSON)
	}
	if strings.HasPrefix(text, "{\n") || strings.HasPrefix(text, "{\"") || strings.HasPrefix(text, "{ ") {
		return jsonFirst(text)
	}
	return frontMatter{body: text}, nil
}

// blockReader reads a block; the lines of its errors count from 1 within it.
type blockReader func(block string) (meta map[string]any, repaired, err error)

func fenced(text string, ends []string, read blockReader) (frontMatter, error) {
	block, body, lines, ok := cutBlock(text, ends)
	if !ok {
		return frontMatter{body: text}, nil
	}
	if len(block) > maxFrontMatter {
		return frontMatter{}, &blockError{1, fmt.Errorf("%d bytes are more than the limit of %d", len(block), maxFrontMatter)}
	}
	meta, repaired, err := read(block)
	if err != nil {
		return frontMatter{}, shifted(err, 1)
	}
	return frontMatter{meta: meta, body: body, bodyLine: lines, repaired: repaired}, nil
}

// shifted moves the line of an error that counts within a block.
func shifted(err error, lines int) error {
	if block, ok := errors.AsType[*blockError](err); ok {
		return &blockError{block.line + lines, block.err}
	}
	return &blockError{lines, err}
}

// cutBlock cuts text after its first line at the first line that is one of ends.
func cutBlock(text string, ends []string) (block, body string, lines int, ok bool) {
	_, rest, _ := strings.Cut(text, "\n")
	at := 0
	for n := 2; at < len(rest); n++ {
		line, _, _ := strings.Cut(rest[at:], "\n")
		if slices.Contains(ends, strings.TrimRight(line, " \t")) {
			return rest[:at], rest[min(len(rest), at+len(line)+1):], n, true
		}
		at += len(line) + 1
	}
	return "", "", 0, false
}

// jsonFirst reads a file that begins with a JSON object. One that is none is
// text that begins with a brace.
func jsonFirst(text string) (frontMatter, error) {
	end := objectEnd(text)
	if end < 0 {
		return frontMatter{body: text}, nil
	}
	meta, _, err := readJSON(text[:end])
	if err != nil {
		return frontMatter{}, shifted(err, 0)
	}
	return frontMatter{meta: meta, body: strings.TrimPrefix(text[end:], "\n"), bodyLine: strings.Count(text[:end], "\n")}, nil
}

// objectEnd is where the JSON object at the start of s ends, or -1.
func objectEnd(s string) int {
	depth, quoted := 0, false
	for i := 0; i < len(s) && i < maxFrontMatter; i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// checkBrackets bounds the nesting of a block before a recursive reader sees it.
func checkBrackets(block string) error {
	depth, line := 0, 1
	for i := range len(block) {
		switch block[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '\n':
			line++
		}
		if depth > maxBrackets {
			return &blockError{line, fmt.Errorf("brackets nest deeper than %d", maxBrackets)}
		}
	}
	return nil
}
