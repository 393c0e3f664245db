package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alphanode/corpus"
)

// mapper gives foreign metadata to the fields of a post, by name. What it does
// not know is kept under extra; what it knows but does not fit too, with a
// warning. It never fails.
type mapper struct {
	post   *corpus.Post
	at     place
	warn   func(*corpus.RecordError)
	limits corpus.Limits

	extraSize int
}

// The reasons of warnings.
var (
	errUnfit    = errors.New("does not fit the field; kept under extra")
	errTooLarge = errors.New("is too large to keep; dropped")
)

// outcome says what became of a value.
type outcome uint8

const (
	unfit outcome = iota // no value of this field
	taken                // the field has a value already, by a name that goes before
	fits
)

// apply maps all members: those of known names in the order of the rules, so that
// "summary" goes before "excerpt", and the rest by name to extra.
func (m *mapper) apply(meta map[string]any) {
	if m.limits == (corpus.Limits{}) {
		m.limits = corpus.DefaultLimits()
	}
	byName := make(map[string][]string)
	for _, name := range slices.Sorted(maps.Keys(meta)) {
		key := canonicalName(name)
		byName[key] = append(byName[key], name)
	}
	done := make(map[string]bool)
	for _, rule := range rules {
		for _, key := range rule.names {
			for _, name := range byName[key] {
				done[name] = true
				m.set(rule, name, meta[name])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(meta)) {
		if !done[name] {
			m.unknown(name, meta[name])
		}
	}
}

// unknown keeps a member, or maps what is in it: Zola's [taxonomies] and [extra]
// and Hugo's params are tables of the same names.
func (m *mapper) unknown(name string, value any) {
	object, ok := value.(map[string]any)
	switch canonicalName(name) {
	case "taxonomies", "params", "extra":
		if ok {
			m.nested(object)
			return
		}
	}
	m.keep(name, value)
}

func (m *mapper) set(rule rule, name string, value any) {
	if isEmpty(value) {
		return
	}
	switch rule.set(m, value) {
	case unfit:
		m.warning(name, fmt.Errorf("value %.80v: %w", value, errUnfit))
		m.keep(name, value)
	case taken:
		m.keep(name, value)
	case fits:
	}
}

func (m *mapper) warning(field string, err error) {
	m.warn(&corpus.RecordError{File: m.at.file, Line: m.at.line, Field: field, Err: err})
}

// isEmpty reports values that say nothing, which are as good as absent.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// keep puts a value under extra, within the limits of extra.
func (m *mapper) keep(name string, value any) {
	if isEmpty(value) {
		return
	}
	raw, err := json.Marshal(jsonable(value, m.limits.Depth))
	if err != nil {
		raw, _ = json.Marshal(fmt.Sprint(value)) // A string always encodes.
	}
	size := len(name) + len(raw) + 6
	if name = strings.ToValidUTF8(name, "\ufffd"); len(name) > m.limits.Name || m.extraSize+size > m.limits.Extra {
		m.warning(name[:min(len(name), 40)], errTooLarge)
		return
	}
	m.extraSize += size
	if m.post.Extra == nil {
		m.post.Extra = make(map[string]json.RawMessage)
	}
	for m.post.Extra[name] != nil {
		name += "_"
	}
	m.post.Extra[name] = raw
}

// jsonable turns what other notations have into what JSON has: keys of any type
// into strings, dates into text, and what nests deeper than depth too.
func jsonable(v any, depth int) any {
	switch v := v.(type) {
	case map[any]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[fmt.Sprint(k)] = jsonable(member, depth-1)
		}
		return deepest(out, depth)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[k] = jsonable(member, depth-1)
		}
		return deepest(out, depth)
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = jsonable(member, depth-1)
		}
		return deepest(out, depth)
	case fmt.Stringer:
		if number, ok := v.(json.Number); ok {
			return number
		}
		return v.String()
	default:
		return v
	}
}

func deepest(v any, depth int) any {
	if depth <= 0 {
		return fmt.Sprint(v)
	}
	return v
}

// canonicalName folds the spellings of a name: publishDate, publish_date and
// publish-date are one.
func canonicalName(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ":", "").Replace(strings.ToLower(name))
}
