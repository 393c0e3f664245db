package curation

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reader takes a tree apart and keeps the first thing that is wrong.
type reader struct{ err *Error }

func (r *reader) fail(t *tree, path, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Path: path, Line: t.line, Column: t.column, Msg: fmt.Sprintf(format, args...)}
	}
}

// result is v, or the first error.
func result[T any](r *reader, v T) (T, error) {
	if r.err != nil {
		var zero T
		return zero, r.err
	}
	return v, nil
}

// want reports whether t is of a kind, and notes when it is not.
func (r *reader) want(t *tree, path string, kind treeKind) bool {
	if t.kind != kind {
		r.fail(t, path, "must be %s, is %s", kind, t.kind)
	}
	return t.kind == kind
}

// member is a member of an object; nil when it is absent or null.
func (t *tree) member(name string) *tree {
	i := slices.Index(t.names, name)
	if i < 0 || t.list[i].kind == isNull {
		return nil
	}
	return t.list[i]
}

// object checks that t is an object with no other members than those named.
func (r *reader) object(t *tree, path string, names ...string) bool {
	if !r.want(t, path, isObject) {
		return false
	}
	for i, name := range t.names {
		if !slices.Contains(names, name) {
			r.fail(t.list[i], join(path, name), "is not known; there are: %s", strings.Join(names, ", "))
			return false
		}
	}
	return true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// each calls f with the items of a list, which may be absent.
func (r *reader) each(t *tree, path string, limit int, f func(t *tree, path string)) {
	if t == nil || !r.want(t, path, isList) {
		return
	}
	if len(t.list) > limit {
		r.fail(t, path, "has %d entries, more than %d", len(t.list), limit)
		return
	}
	for i, item := range t.list {
		f(item, fmt.Sprintf("%s[%d]", path, i))
	}
}

// maxText is the longest single text of a document, in bytes.
const maxText = 1024

// text is a text that says something, without spaces around it. Numbers and the like, which
// YAML makes of bare words, are taken as they are written.
func (r *reader) text(t *tree, path string) string {
	if t.kind == isNull || t.kind == isList || t.kind == isObject {
		r.fail(t, path, "must be a text, is %s", t.kind)
		return ""
	}
	s := strings.TrimSpace(t.text)
	switch {
	case s == "":
		r.fail(t, path, "must not be empty")
	case len(s) > maxText:
		r.fail(t, path, "has %d bytes, more than %d", len(s), maxText)
	case !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0:
		r.fail(t, path, "holds control characters")
	}
	return s
}

// optional is the text of a member, "" when it is absent.
func (r *reader) optional(t *tree, path, name string) string {
	m := t.member(name)
	if m == nil {
		return ""
	}
	return r.text(m, join(path, name))
}

// texts is a list of texts, each of them once; one text counts as a list of it.
func (r *reader) texts(t *tree, path string, limit int) []string {
	out := []string{}
	if t != nil && t.kind == isText {
		return append(out, r.text(t, path))
	}
	r.each(t, path, limit, func(t *tree, path string) {
		if s := r.text(t, path); !slices.Contains(out, s) {
			out = append(out, s)
		}
	})
	return out
}

// number is a finite number from lowest to highest.
func (r *reader) number(t *tree, path string, lowest, highest float64) float64 {
	if !r.want(t, path, isNumber) {
		return lowest
	}
	v, err := strconv.ParseFloat(t.text, 64)
	if err != nil || math.IsNaN(v) || v < lowest || v > highest {
		r.fail(t, path, "must be a number from %g to %g, is %s", lowest, highest, t.text)
		return lowest
	}
	return v
}
