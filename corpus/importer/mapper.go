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
	post *corpus.Post
	at   place
	warn func(*corpus.RecordError)
}

// errUnfit is the reason of a warning.
var errUnfit = errors.New("does not fit the field; kept under extra")

// apply maps all members, in the order of their names, so that the outcome does
// not depend on a map's order. A field that is set already is not overwritten.
func (m *mapper) apply(meta map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(meta)) {
		value := meta[name]
		if value == nil || value == "" {
			continue
		}
		set, known := setters[canonicalName(name)]
		if known && set(m.post, value) {
			continue
		}
		if known {
			m.warn(&corpus.RecordError{File: m.at.file, Line: m.at.line, Field: name, Err: fmt.Errorf("value %.80v: %w", value, errUnfit)})
		}
		m.keep(name, value)
	}
}

// keep puts a value under extra; one that JSON cannot hold is kept as text.
func (m *mapper) keep(name string, value any) {
	raw, err := json.Marshal(jsonable(value))
	if err != nil {
		raw, _ = json.Marshal(fmt.Sprint(value)) // A string always encodes.
	}
	if m.post.Extra == nil {
		m.post.Extra = make(map[string]json.RawMessage)
	}
	m.post.Extra[name] = raw
}

// jsonable turns the maps of YAML, whose keys may be anything, into JSON objects.
func jsonable(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[fmt.Sprint(k)] = jsonable(member)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[k] = jsonable(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = jsonable(member)
		}
		return out
	default:
		return v
	}
}

// canonicalName folds the spellings of a name: publishDate, publish_date and
// publish-date are one.
func canonicalName(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// setter gives a value to a post; false when it does not fit.
type setter func(*corpus.Post, any) bool

// setters are by canonical name.
//
//nolint:gochecknoglobals // immutable table
var setters = map[string]setter{
	"title":       text(func(p *corpus.Post) *string { return &p.Title }),
	"description": text(func(p *corpus.Post) *string { return &p.Summary }),
	"summary":     text(func(p *corpus.Post) *string { return &p.Summary }),
	"excerpt":     text(func(p *corpus.Post) *string { return &p.Summary }),
	"abstract":    text(func(p *corpus.Post) *string { return &p.Summary }),
	"subtitle":    text(func(p *corpus.Post) *string { return &p.Brief }),
	"lead":        text(func(p *corpus.Post) *string { return &p.Brief }),
	"url":         text(func(p *corpus.Post) *string { return &p.URL }),
	"permalink":   text(func(p *corpus.Post) *string { return &p.URL }),
	"link":        text(func(p *corpus.Post) *string { return &p.URL }),
	"reference":   text(func(p *corpus.Post) *string { return &p.Reference }),
	"hash":        text(func(p *corpus.Post) *string { return &p.Hash }),
	"topic":       text(func(p *corpus.Post) *string { return &p.Topic }),
	"series":      oneOf(func(p *corpus.Post) *string { return &p.Series }),
	"lang":        text(func(p *corpus.Post) *string { return &p.Lang }),
	"language":    text(func(p *corpus.Post) *string { return &p.Lang }),
	"locale":      text(func(p *corpus.Post) *string { return &p.Lang }),

	"codelanguage": text(func(p *corpus.Post) *string { return &p.CodeLanguage }),
	"difficulty":   setDifficulty,

	"tags":       list(func(p *corpus.Post) *[]string { return &p.Tags }),
	"tag":        list(func(p *corpus.Post) *[]string { return &p.Tags }),
	"keywords":   list(func(p *corpus.Post) *[]string { return &p.Tags }),
	"categories": list(func(p *corpus.Post) *[]string { return &p.Tags }),
	"category":   list(func(p *corpus.Post) *[]string { return &p.Tags }),
	"stack":      list(func(p *corpus.Post) *[]string { return &p.Stack }),
	"tools":      list(func(p *corpus.Post) *[]string { return &p.Tools }),
	"author":     list(func(p *corpus.Post) *[]string { return (*[]string)(&p.Author) }),
	"authors":    list(func(p *corpus.Post) *[]string { return (*[]string)(&p.Author) }),
	"creator":    list(func(p *corpus.Post) *[]string { return (*[]string)(&p.Author) }),

	"date":         date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"published":    date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"publishedat":  date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"publishdate":  date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"pubdate":      date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"created":      date(func(p *corpus.Post) *corpus.Date { return &p.PublishedAt }),
	"updated":      date(func(p *corpus.Post) *corpus.Date { return &p.UpdatedAt }),
	"updatedat":    date(func(p *corpus.Post) *corpus.Date { return &p.UpdatedAt }),
	"lastmod":      date(func(p *corpus.Post) *corpus.Date { return &p.UpdatedAt }),
	"lastmodified": date(func(p *corpus.Post) *corpus.Date { return &p.UpdatedAt }),
	"modified":     date(func(p *corpus.Post) *corpus.Date { return &p.UpdatedAt }),

	"readingtime": setReadingTime,
	"viewcount":   setViewCount,
}

// text sets a string that is still empty, from a scalar.
func text(field func(*corpus.Post) *string) setter {
	return func(p *corpus.Post, v any) bool {
		s, ok := scalar(v)
		if ok = ok && *field(p) == "" && s != ""; ok {
			*field(p) = s
		}
		return ok
	}
}

// oneOf is text that also takes a list of one.
func oneOf(field func(*corpus.Post) *string) setter {
	set := text(field)
	return func(p *corpus.Post, v any) bool {
		if l, ok := v.([]any); ok && len(l) == 1 {
			v = l[0]
		}
		return set(p, v)
	}
}

// list adds the strings of a list, of a list of objects with names, or of one
// string parted by commas or semicolons, each once.
func list(field func(*corpus.Post) *[]string) setter {
	return func(p *corpus.Post, v any) bool {
		values, ok := strs(v)
		if !ok {
			return false
		}
		for _, s := range values {
			if !slices.Contains(*field(p), s) {
				*field(p) = append(*field(p), s)
			}
		}
		return true
	}
}

func strs(v any) (out []string, ok bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			s, ok := named(item)
			if !ok {
				return nil, false
			}
			if s != "" {
				out = append(out, s)
			}
		}
		return out, true
	case string:
		return split(v), true
	default:
		s, ok := named(v)
		return []string{s}, ok && s != ""
	}
}

// split parts "a, b" and "Last, F.; Other, G.": by semicolons where there are
// any, since names hold commas.
func split(s string) (out []string) {
	sep := ","
	if strings.Contains(s, ";") {
		sep = ";"
	} else if strings.Count(s, ",") == 1 && strings.HasSuffix(s, ".") {
		return []string{strings.TrimSpace(s)} // "Perlis, A. J."
	}
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// named is a scalar, or the name of an object.
func named(v any) (string, bool) {
	if m, ok := jsonable(v).(map[string]any); ok {
		for _, key := range []string{"name", "title", "label", "value"} {
			if s, ok := scalar(m[key]); ok && s != "" {
				return s, true
			}
		}
		return "", false
	}
	return scalar(v)
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case bool, int, int64, uint64, float64, json.Number:
		return fmt.Sprint(v), true
	default:
		return "", false
	}
}
