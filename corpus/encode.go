package corpus

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// AppendPost appends the JSON of p to dst, on one line: the fields in a fixed
// order, absent ones left out, and what is not a field of a post under extra in
// order of name. DecodePost gives back p, with empty lists and objects as absent
// ones. p must be valid.
func AppendPost(dst []byte, p *Post) []byte {
	return appendPost(dst, p, func(dst, raw []byte) []byte { return append(dst, compact(raw)...) })
}

// AppendCanonical appends the form of p that decides whether a post changed: as
// [AppendPost], but with the members of payload and extra in order of name and
// their strings escaped in one way, so that a reordered payload is no change.
func AppendCanonical(dst []byte, p *Post) []byte { return appendPost(dst, p, appendCanonical) }

func appendPost(dst []byte, p *Post, raw func(dst, raw []byte) []byte) []byte {
	w := writer{dst: append(dst, '{'), raw: raw}
	w.str("id", p.ID)
	w.str("url", p.URL)
	w.str("reference", p.Reference)
	w.str("hash", p.Hash)
	w.str("title", p.Title)
	w.str("summary", p.Summary)
	w.str("body", p.Body)
	w.str("body_format", string(p.BodyFormat))
	w.outline(p.Outline)
	w.str("brief", p.Brief)
	w.strs("checklist", p.Checklist)
	w.strs("notes", p.Notes)
	w.str("lang", p.Lang)
	w.str("topic", p.Topic)
	w.strs("tags", p.Tags)
	w.strs("stack", p.Stack)
	w.strs("tools", p.Tools)
	w.str("code_language", p.CodeLanguage)
	w.str("difficulty", p.Difficulty)
	w.strs("author", p.Author)
	w.str("series", p.Series)
	w.str("published_at", p.PublishedAt.String())
	w.str("updated_at", p.UpdatedAt.String())
	w.num("reading_time", p.ReadingTime)
	if p.ViewCount != nil {
		w.name("view_count")
		w.dst = strconv.AppendInt(w.dst, *p.ViewCount, 10)
	}
	w.score(p.Score)
	w.revision(p.Revision)
	w.flags(p.Flags)
	w.entities(p.Entities)
	w.images(p.Images)
	if len(p.Payload) > 0 {
		w.name("payload")
		w.dst = raw(w.dst, p.Payload)
	}
	w.extra(p.Extra)
	return append(w.dst, '}')
}

// writer writes one JSON object, leaving out what is empty.
type writer struct {
	dst []byte
	// raw appends a value that is JSON already.
	raw func(dst, raw []byte) []byte
}

// name starts a member.
func (w *writer) name(name string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(appendString(w.dst, name), ':')
}

// sep starts a list's entry.
func (w *writer) sep(i int) {
	if i > 0 {
		w.dst = append(w.dst, ',')
	}
}

func (w *writer) str(name, v string) {
	if v != "" {
		w.must(name, v)
	}
}

// must writes a string even when it is empty.
func (w *writer) must(name, v string) {
	w.name(name)
	w.dst = appendString(w.dst, v)
}

func (w *writer) strs(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.name(name)
	w.dst = append(w.dst, '[')
	for i, v := range list {
		w.sep(i)
		w.dst = appendString(w.dst, v)
	}
	w.dst = append(w.dst, ']')
}

func (w *writer) num(name string, v *float64) {
	if v != nil {
		w.name(name)
		w.dst = strconv.AppendFloat(w.dst, *v, 'g', -1, 64)
	}
}

func (w *writer) flag(name string, v bool) {
	if v {
		w.name(name)
		w.dst = append(w.dst, "true"...)
	}
}

func (w *writer) outline(list []OutlineItem) {
	if len(list) == 0 {
		return
	}
	w.name("outline")
	w.dst = append(w.dst, '[')
	for i, v := range list {
		w.sep(i)
		w.dst = append(w.dst, '{')
		w.must("label", v.Label)
		w.must("text", v.Text)
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, ']')
}

func (w *writer) entities(list []Entity) {
	if len(list) == 0 {
		return
	}
	w.name("entities")
	w.dst = append(w.dst, '[')
	for i, v := range list {
		w.sep(i)
		w.dst = append(w.dst, '{')
		w.must("name", v.Name)
		w.must("type", v.Type)
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, ']')
}

func (w *writer) images(list []Image) {
	if len(list) == 0 {
		return
	}
	w.name("images")
	w.dst = append(w.dst, '[')
	for i, v := range list {
		w.sep(i)
		w.dst = append(w.dst, '{')
		w.str("source", v.Source)
		w.str("url", v.URL)
		w.str("caption", v.Caption)
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, ']')
}

func (w *writer) score(v *Score) {
	if v == nil || *v == (Score{}) {
		return
	}
	w.name("score")
	w.dst = append(w.dst, '{')
	w.num("quality", v.Quality)
	w.num("freshness", v.Freshness)
	w.num("depth", v.Depth)
	w.num("clarity", v.Clarity)
	w.dst = append(w.dst, '}')
}

func (w *writer) revision(v *Revision) {
	if v == nil || *v == (Revision{}) {
		return
	}
	w.name("revision")
	w.dst = append(w.dst, '{')
	w.str("status", string(v.Status))
	w.str("version", v.Version)
	w.str("last_reviewed", v.LastReviewed.String())
	w.dst = append(w.dst, '}')
}

func (w *writer) flags(v *Flags) {
	if v == nil || *v == (Flags{}) {
		return
	}
	w.name("flags")
	w.dst = append(w.dst, '{')
	w.flag("ai_generated_style", v.AIGeneratedStyle)
	w.flag("has_images", v.HasImages)
	w.flag("image_heavy", v.ImageHeavy)
	w.flag("needs_human_review", v.NeedsHumanReview)
	w.dst = append(w.dst, '}')
}

func (w *writer) extra(extra map[string]json.RawMessage) {
	if len(extra) == 0 {
		return
	}
	w.name("extra")
	w.dst = append(w.dst, '{')
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		w.name(name)
		w.dst = w.raw(w.dst, extra[name])
	}
	w.dst = append(w.dst, '}')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Only what JSON demands is escaped;
// what is not UTF-8 becomes U+FFFD, but Validate lets no such string through.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, s[start:]...), '"')
}

// validString reports whether s can be written as JSON and read back the same.
func validString(s string) bool { return utf8.ValidString(s) }
