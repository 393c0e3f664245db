package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"alphanode/corpus"
	"alphanode/corpus/body"
)

// setSummary sets the summary as plain text: excerpts often hold markup.
func setSummary(m *mapper, v any) outcome {
	s, ok := scalar(v)
	if !ok {
		return unfit
	}
	if strings.ContainsAny(s, "<`*[{&") && len(s) <= m.limits.Text {
		doc := body.Parse(corpus.Markdown, s)
		if plain := strings.Join(strings.Fields(doc.Prose()+" "+doc.Headings()), " "); plain != "" {
			s = plain
		}
	}
	return m.setText(&m.post.Summary, strings.Join(strings.Fields(s), " "))
}

// setURL sets an address or a path. A pattern (/:year/:title/) is neither.
func setURL(m *mapper, v any) outcome {
	s, ok := v.(string)
	s = strings.TrimSpace(s)
	pattern := strings.HasPrefix(s, "/") && strings.Contains(s, "/:")
	if !ok || pattern || strings.ContainsAny(s, "{} \n") || hasBadScheme(s) {
		return unfit
	}
	return m.setText(&m.post.URL, s)
}

// hasBadScheme reports an address that a page must not link to.
func hasBadScheme(s string) bool {
	u, err := url.Parse(s)
	return err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https"
}

func setLang(m *mapper, v any) outcome {
	s, ok := v.(string)
	if !ok {
		return unfit
	}
	s, _, _ = strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"), ".")
	return m.setText(&m.post.Lang, s)
}

// setCategories makes the first category the topic and every category a tag.
func setCategories(m *mapper, v any) outcome {
	values, ok := strs(v)
	if !ok {
		return unfit
	}
	if len(values) > 0 && m.post.Topic == "" {
		m.setText(&m.post.Topic, values[0])
	}
	return m.addAll(&m.post.Tags, values)
}

// setPublished takes a date, or "published: false", which makes a draft.
func setPublished(m *mapper, v any) outcome {
	if published, ok := boolean(v); ok {
		if !published {
			m.setStatus(corpus.StatusDraft)
		}
		return fits
	}
	return m.setDate(&m.post.PublishedAt, v)
}

func setUpdated(m *mapper, v any) outcome {
	if object, ok := v.(map[string]any); ok {
		v = object["date"]
	}
	return m.setDate(&m.post.UpdatedAt, v)
}

func (m *mapper) setDate(field *corpus.Date, v any) outcome {
	d, ok := dateOf(v)
	if !ok {
		return unfit
	}
	if !field.IsZero() {
		return taken
	}
	before := *field
	if *field = d; !m.valid() {
		*field = before
		return unfit
	}
	return fits
}

func setDraft(m *mapper, v any) outcome {
	draft, ok := boolean(v)
	if !ok {
		return unfit
	}
	if draft {
		m.setStatus(corpus.StatusDraft)
	}
	return fits
}

func setStatus(m *mapper, v any) outcome {
	s, ok := v.(string)
	if !ok || m.post.Revision != nil && m.post.Revision.Status != "" {
		return unfit
	}
	before := m.post.Revision
	if m.setStatus(corpus.Status(strings.ToLower(strings.TrimSpace(s)))); !m.valid() {
		m.post.Revision = before
		return unfit
	}
	return fits
}

func (m *mapper) setStatus(s corpus.Status) {
	revision := corpus.Revision{}
	if m.post.Revision != nil {
		revision = *m.post.Revision
	}
	revision.Status = s
	m.post.Revision = &revision
}

// boolean reads true, false, yes, no, 1 and 0.
func boolean(v any) (value, ok bool) {
	s, _ := scalar(v)
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return true, true
	case "false", "no", "0":
		return false, true
	}
	return false, false
}

// setImages takes an address, an object with one, or a list of these.
func setImages(m *mapper, v any) outcome {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	before := m.post.Images
	for _, item := range items {
		img, ok := imageOf(item)
		if !ok {
			m.post.Images = before
			return unfit
		}
		if !slices.Contains(m.post.Images, img) {
			m.post.Images = append(m.post.Images, img)
		}
	}
	if !m.valid() {
		m.post.Images = before
		return unfit
	}
	return fits
}

func imageOf(v any) (corpus.Image, bool) {
	var img corpus.Image
	switch v := v.(type) {
	case string:
		img.URL = strings.TrimSpace(v)
	case map[string]any:
		img.URL = firstText(v, "url", "src", "image", "path", "file", "relative")
		img.Caption = firstText(v, "caption", "alt", "title")
		img.Source = firstText(v, "source")
	}
	if img.URL == "" || strings.ContainsAny(img.URL, "\n{}") || hasBadScheme(img.URL) {
		return corpus.Image{}, false
	}
	if u, err := url.Parse(img.URL); err == nil && img.Source == "" {
		img.Source = strings.TrimPrefix(u.Hostname(), "www.")
	}
	return img, true
}

func firstText(object map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := scalar(object[name]); ok && s != "" {
			return s
		}
	}
	return ""
}

// own sets a field that is given in our own form, by reading it as our own JSON.
func own(field string) setter {
	return func(m *mapper, v any) outcome {
		raw, err := json.Marshal(map[string]any{"id": "x", "title": "x", field: jsonable(v, m.limits.Depth)})
		if err != nil {
			return unfit
		}
		p, err := corpus.DecodePost(raw, m.limits)
		if err != nil || len(p.Extra) > 0 {
			return unfit
		}
		return m.copyOwn(field, &p)
	}
}

// copyOwn copies a field that the post does not have yet.
func (m *mapper) copyOwn(field string, from *corpus.Post) outcome {
	to := m.post
	switch field {
	case "outline":
		return copyList(&to.Outline, from.Outline)
	case "checklist":
		return copyList(&to.Checklist, from.Checklist)
	case "notes":
		return copyList(&to.Notes, from.Notes)
	case "entities":
		return copyList(&to.Entities, from.Entities)
	case "payload":
		return copyList(&to.Payload, from.Payload)
	case "score":
		return copyPointer(&to.Score, from.Score)
	case "flags":
		return copyPointer(&to.Flags, from.Flags)
	case "revision":
		return m.mergeRevision(from.Revision)
	default:
		panic(fmt.Sprintf("importer: no field %q", field))
	}
}

func copyList[S ~[]E, E any](to *S, from S) outcome {
	if len(*to) > 0 {
		return taken
	}
	*to = from
	return fits
}

func copyPointer[T any](to **T, from *T) outcome {
	if *to != nil {
		return taken
	}
	*to = from
	return fits
}

// mergeRevision keeps a draft a draft.
func (m *mapper) mergeRevision(r *corpus.Revision) outcome {
	if r == nil {
		return fits
	}
	merged := *r
	if old := m.post.Revision; old != nil && old.Status != "" {
		merged.Status = old.Status
	}
	m.post.Revision = &merged
	return fits
}

// nested maps the members of a table that are of known names and keeps the others.
func (m *mapper) nested(object map[string]any) {
	known := make(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if nestedNames[canonicalName(name)] {
			known[name] = object[name]
		} else {
			m.keep(name, object[name])
		}
	}
	m.apply(known)
}

// nestedNames are the names that mean the same within a table of its own.
//
//nolint:gochecknoglobals // immutable table
var nestedNames = map[string]bool{
	"tags": true, "tag": true, "categories": true, "category": true, "keywords": true, "authors": true, "author": true, "series": true,
	"lang": true, "image": true, "images": true, "cover": true, "difficulty": true, "readingtime": true, "summary": true,
	"description": true, "topic": true, "updated": true, "stack": true, "tools": true, "entities": true, "score": true,
}
