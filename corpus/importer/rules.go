package importer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"alphanode/corpus"
)

// setter gives a value to a field of the mapper's post.
type setter func(*mapper, any) outcome

// rule says which names of metadata go to one field. The names are canonical and
// stand in the order of precedence.
type rule struct {
	names []string
	set   setter
}

// rules are tried in this order; docs/importing.md shows them as a table.
//
//nolint:gochecknoglobals // immutable table
var rules = []rule{
	{names("title", "headline"), text(title)},
	{names("summary", "description", "excerpt", "abstract", "lead", "teaser", "intro", "subtitle"), setSummary},
	{names("brief", "aibrief"), text(brief)},
	{names("url", "permalink", "link", "canonicalurl", "canonical"), setURL},
	{names("reference"), text(reference)},
	{names("hash"), text(hash)},
	{names("lang", "language", "locale"), setLang},
	{names("publishedat", "date", "publishdate", "pubdate", "datepublished", "publishedon", "publishedtime", "published", "created", "createdat", "datecreated"), setPublished},
	{names("updatedat", "lastmod", "updated", "lastmodified", "lastmodifiedat", "modified", "datemodified", "modifiedtime", "lastupdated", "lastupdate", "updatedon"), setUpdated},
	{names("topic"), text(topic)},
	{names("categories", "category"), setCategories},
	{names("tags", "tag", "keywords", "keyword", "labels"), list(tags)},
	{names("stack", "stacks"), list(stack)},
	{names("tools", "tool"), list(tools)},
	{names("authors", "author", "byline", "creator", "creators"), list(authors)},
	{names("series"), oneOf(series)},
	{names("codelanguage", "programminglanguage"), text(codeLanguage)},
	{names("difficulty"), setDifficulty},
	{names("readingtime", "readtime"), setReadingTime},
	{names("viewcount", "views", "pageviews"), setViewCount},
	{names("draft", "unlisted"), setDraft},
	{names("status"), setStatus},
	{names("images", "imagesources", "image", "featuredimage", "coverimage", "cover", "thumbnail", "heroimage", "ogimage"), setImages},
	{names("outline", "aioutline"), own("outline")},
	{names("checklist"), own("checklist")},
	{names("notes"), own("notes")},
	{names("score"), own("score")},
	{names("revision"), own("revision")},
	{names("flags"), own("flags")},
	{names("entities"), own("entities")},
	{names("payload"), own("payload")},
}

func names(list ...string) []string { return list }

func title(p *corpus.Post) *string        { return &p.Title }
func brief(p *corpus.Post) *string        { return &p.Brief }
func reference(p *corpus.Post) *string    { return &p.Reference }
func hash(p *corpus.Post) *string         { return &p.Hash }
func topic(p *corpus.Post) *string        { return &p.Topic }
func series(p *corpus.Post) *string       { return &p.Series }
func codeLanguage(p *corpus.Post) *string { return &p.CodeLanguage }
func tags(p *corpus.Post) *[]string       { return &p.Tags }
func stack(p *corpus.Post) *[]string      { return &p.Stack }
func tools(p *corpus.Post) *[]string      { return &p.Tools }
func authors(p *corpus.Post) *[]string    { return (*[]string)(&p.Author) }

// text sets a string that is still empty, from a scalar.
func text(field func(*corpus.Post) *string) setter {
	return func(m *mapper, v any) outcome {
		s, ok := scalar(v)
		if !ok {
			return unfit
		}
		return m.setText(field(m.post), s)
	}
}

func (m *mapper) setText(field *string, s string) outcome {
	if *field != "" {
		return taken
	}
	before := *field
	if *field = s; !m.valid() {
		*field = before
		return unfit
	}
	return fits
}

// valid reports whether the post is valid apart from what every post needs.
func (m *mapper) valid() bool {
	probe := *m.post
	probe.ID, probe.Body, probe.Extra = "x", "", nil
	if probe.Title == "" {
		probe.Title = "x"
	}
	return probe.Validate(m.limits) == nil
}

// oneOf is text that also takes a list of one.
func oneOf(field func(*corpus.Post) *string) setter {
	set := text(field)
	return func(m *mapper, v any) outcome {
		if l, ok := v.([]any); ok && len(l) == 1 {
			v = l[0]
		}
		return set(m, v)
	}
}

// list adds the strings of a list, of a list of objects with names, or of one
// string parted by commas or semicolons, each once.
func list(field func(*corpus.Post) *[]string) setter {
	return func(m *mapper, v any) outcome {
		values, ok := strs(v)
		if !ok {
			return unfit
		}
		return m.addAll(field(m.post), values)
	}
}

// addAll adds values that a list does not have yet; all or none of them.
func (m *mapper) addAll(field *[]string, values []string) outcome {
	before := *field
	for _, s := range values {
		if !slices.Contains(*field, s) {
			*field = append(*field, s)
		}
	}
	if !m.valid() {
		*field = before
		return unfit
	}
	return fits
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
	if m, ok := v.(map[string]any); ok {
		for _, key := range []string{"name", "title", "label", "value", "id", "key"} {
			if s, ok := scalar(m[key]); ok && s != "" {
				return s, true
			}
		}
		return onlyKey(m)
	}
	if v == nil {
		return "", true
	}
	return scalar(v)
}

// onlyKey is the key of an object without values, as in "- jane:".
func onlyKey(m map[string]any) (string, bool) {
	for key, value := range m {
		if len(m) == 1 && isEmpty(value) {
			return key, true
		}
	}
	return "", false
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
