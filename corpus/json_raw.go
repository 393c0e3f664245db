package corpus

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// number reads a number and returns its characters.
func (r *reader) number() (string, error) {
	c := r.next()
	if c != '-' && (c < '0' || c > '9') {
		return "", r.mismatch("a number")
	}
	n := numberLen(r.data[r.pos:])
	if n == 0 {
		return "", r.syntax("want a number")
	}
	raw := r.data[r.pos : r.pos+n]
	r.pos += n
	return string(raw), nil
}

// numberLen is the length of the JSON number at the start of b; 0 when it is none.
func numberLen(b []byte) int {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	digits := func() bool {
		start := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(b) && b[i] == '.' {
		i++
		if !digits() {
			return 0
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

// float reads a finite number.
func (r *reader) float() (float64, error) {
	s, err := r.number()
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is out of range", s)
	}
	return v, nil
}

// raw reads any value as it is written, less the white space between its parts.
func (r *reader) raw(limit int) (json.RawMessage, error) {
	r.next()
	start := r.pos
	if err := r.skip(0); err != nil {
		return nil, err
	}
	if n := r.pos - start; n > limit {
		return nil, tooLong(n, limit)
	}
	return compact(r.data[start:r.pos]), nil
}

// skip reads over one value and checks that it is JSON and not nested deeper
// than the limits allow.
func (r *reader) skip(depth int) error {
	switch c := r.next(); {
	case c == '"':
		_, _, err := r.quoted()
		return err
	case c == '{' || c == '[':
		if depth >= r.limits.Depth {
			return fmt.Errorf("is nested deeper than %d", r.limits.Depth)
		}
		return r.skipNested(c+2, depth)
	case c == '-' || '0' <= c && c <= '9':
		_, err := r.number()
		return err
	case c == 't' && r.literal("true"), c == 'f' && r.literal("false"), c == 'n' && r.literal("null"):
		return nil
	default:
		return r.syntax("want a value")
	}
}

// skipNested reads over the object or list that starts here and ends with end.
func (r *reader) skipNested(end byte, depth int) error {
	r.pos++
	if r.next() == end {
		r.pos++
		return nil
	}
	for {
		if end == '}' {
			if _, err := r.key(); err != nil {
				return err
			}
		}
		if err := r.skip(depth + 1); err != nil {
			return err
		}
		if done, err := r.more(end); done || err != nil {
			return err
		}
	}
}

// compact copies a valid JSON value without the white space between its parts.
func compact(raw []byte) json.RawMessage {
	if !bytes.ContainsAny(raw, " \t\n\r") {
		return bytes.Clone(raw)
	}
	out := make([]byte, 0, len(raw))
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\':
			out = append(out, c)
			i++
			c = raw[i]
		case c == '"':
			inString = !inString
		case !inString && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			continue
		}
		out = append(out, c)
	}
	return out
}

// checkRaw reports why raw is not one JSON value within limits.
func checkRaw(raw []byte, limits Limits) error {
	r := reader{data: raw, limits: limits}
	if err := r.skip(0); err != nil {
		return err
	}
	return r.end()
}

// end checks that nothing follows.
func (r *reader) end() error {
	if r.next(); r.pos < len(r.data) {
		return r.syntax("want the end of the record")
	}
	return nil
}

// appendCanonical appends the canonical form of a valid JSON value: members in
// order of their names, no white space, strings escaped in one way only. Numbers
// stay as they are written.
func appendCanonical(dst, raw []byte) []byte {
	r := reader{data: raw}
	return r.canonical(dst)
}

func (r *reader) canonical(dst []byte) []byte {
	switch c := r.next(); c {
	case '"':
		s, err := r.text()
		if err != nil {
			r.pos = len(r.data)
		}
		return appendString(dst, s)
	case '[':
		return r.canonicalList(dst)
	case '{':
		return r.canonicalObject(dst)
	default:
		start := r.pos
		for r.pos < len(r.data) && bytes.IndexByte([]byte(",]} \t\r\n"), r.data[r.pos]) < 0 {
			r.pos++
		}
		return append(dst, r.data[start:r.pos]...)
	}
}

func (r *reader) canonicalList(dst []byte) []byte {
	r.pos++
	dst = append(dst, '[')
	for i := 0; r.pos < len(r.data); i++ {
		if r.next() == ']' {
			r.pos++
			break
		}
		if i > 0 {
			r.pos++ // The comma.
			dst = append(dst, ',')
		}
		dst = r.canonical(dst)
	}
	return append(dst, ']')
}

func (r *reader) canonicalObject(dst []byte) []byte {
	type member struct {
		key   string
		value []byte
	}
	var members []member
	r.pos++
	for r.pos < len(r.data) {
		c := r.next()
		if c == '}' {
			r.pos++
			break
		}
		if c == ',' {
			r.pos++
		}
		key, err := r.key()
		if err != nil {
			break
		}
		members = append(members, member{string(key), r.canonical(nil)})
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(a.key, b.key) })
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.key), ':')
		dst = append(dst, m.value...)
	}
	return append(dst, '}')
}

// errNotObject is the payload's type error for posts not read from JSON.
var errNotObject = errors.New("must be an object")
