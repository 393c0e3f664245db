package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
)

// The values of Post.Difficulty.
const (
	Beginner     = "beginner"
	Intermediate = "intermediate"
	Advanced     = "advanced"
)

// EntityTypes are the values of Entity.Type, in the order of the documentation.
func EntityTypes() []string {
	return []string{"stack", "area", "problem", "tool", "topic", "product", "person", "other"}
}

// EffectiveHash is Hash, or when that is absent the first 24 hex digits of the
// SHA-256 of title, summary and body joined by line feeds. It is for showing:
// the store never decides by it whether a post changed.
func (p *Post) EffectiveHash() string {
	if p.Hash != "" {
		return p.Hash
	}
	h := sha256.New()
	for i, s := range []string{p.Title, p.Summary, p.Body} {
		if i > 0 {
			_, _ = io.WriteString(h, "\n")
		}
		_, _ = io.WriteString(h, s)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Validate reports the first field that is not as docs/posts.md says, as a
// *[FieldError]. Zero fields of limits mean the defaults.
func (p *Post) Validate(limits Limits) error {
	v := validator{limits: limits.orDefault()}
	v.identity(p)
	v.texts(p)
	v.labels(p)
	v.numbers(p)
	v.revision(p.Revision)
	v.lists(p)
	v.raws(p)
	return v.err
}

// ValidID reports why id cannot name a post.
func ValidID(id string) error {
	switch {
	case id == "":
		return errors.New("is required")
	case len(id) > MaxID:
		return tooLong(len(id), MaxID)
	case !validString(id):
		return errUTF8
	case strings.ContainsFunc(id, unicode.IsControl):
		return errors.New("has control characters")
	}
	return nil
}

var errUTF8 = errors.New("is not valid UTF-8")

// validator keeps the first error.
type validator struct {
	limits Limits
	err    error
}

func (v *validator) fail(field string, err error) {
	if v.err == nil && err != nil {
		v.err = in(field, err)
	}
}

func (v *validator) str(field, s string, limit int) {
	if len(s) > limit {
		v.fail(field, tooLong(len(s), limit))
	}
	if !validString(s) {
		v.fail(field, errUTF8)
	}
}

func (v *validator) strs(field string, list []string, limit int) {
	v.count(field, len(list))
	for i, s := range list {
		if v.err == nil && (len(s) > limit || !validString(s)) {
			v.str(fmt.Sprintf("%s[%d]", field, i), s, limit)
		}
	}
}

func (v *validator) count(field string, n int) {
	if n > v.limits.List {
		v.fail(field, tooMany(n, v.limits.List))
	}
}

func (v *validator) identity(p *Post) {
	v.fail("id", ValidID(p.ID))
	v.str("url", p.URL, v.limits.URL)
	v.str("reference", p.Reference, v.limits.Name)
	v.str("hash", p.Hash, v.limits.Name)
	if p.Title == "" && p.Body == "" {
		v.fail("title", errors.New("a title or a body is required"))
	}
}

func (v *validator) texts(p *Post) {
	v.str("title", p.Title, v.limits.Text)
	v.str("summary", p.Summary, v.limits.Text)
	v.str("body", p.Body, v.limits.Body)
	v.str("brief", p.Brief, v.limits.Text)
	v.strs("checklist", p.Checklist, v.limits.Text)
	v.strs("notes", p.Notes, v.limits.Text)
	switch p.BodyFormat {
	case "", Markdown, HTML, Text:
	default:
		v.fail("body_format", oneOf(string(p.BodyFormat), string(Markdown), string(HTML), string(Text)))
	}
	if p.Lang != "" && !validLang(p.Lang) {
		v.fail("lang", fmt.Errorf("%.40q is not a BCP 47 tag, such as en or pt-BR", p.Lang))
	}
}

func (v *validator) labels(p *Post) {
	v.str("topic", p.Topic, v.limits.Name)
	v.strs("tags", p.Tags, v.limits.Name)
	v.strs("stack", p.Stack, v.limits.Name)
	v.strs("tools", p.Tools, v.limits.Name)
	v.str("code_language", p.CodeLanguage, v.limits.Name)
	v.strs("author", p.Author, v.limits.Name)
	v.str("series", p.Series, v.limits.Name)
	switch p.Difficulty {
	case "", Beginner, Intermediate, Advanced:
	default:
		v.fail("difficulty", oneOf(p.Difficulty, Beginner, Intermediate, Advanced))
	}
}

func (v *validator) numbers(p *Post) {
	if p.ReadingTime != nil {
		v.within("reading_time", *p.ReadingTime, 0, maxMinutes)
	}
	if p.ViewCount != nil {
		v.within("view_count", float64(*p.ViewCount), 0, maxWhole)
	}
	if s := p.Score; s != nil {
		v.score("score.quality", s.Quality)
		v.score("score.freshness", s.Freshness)
		v.score("score.depth", s.Depth)
		v.score("score.clarity", s.Clarity)
	}
	v.date("published_at", p.PublishedAt)
	v.date("updated_at", p.UpdatedAt)
}

// maxMinutes bounds reading_time: no post takes more than a year.
const maxMinutes = 366 * 24 * 60

func (v *validator) score(field string, s *float64) {
	if s != nil {
		v.within(field, *s, 0, 100)
	}
}

func (v *validator) within(field string, x, low, high float64) {
	if math.IsNaN(x) || x < low || x > high {
		v.fail(field, fmt.Errorf("must be between %.0f and %.0f, is %v", low, high, x))
	}
}

func (v *validator) date(field string, d Date) {
	if !d.valid() {
		v.fail(field, fmt.Errorf("the year of %s is not between 1 and 9999", d))
	}
}

func (v *validator) revision(r *Revision) {
	if r == nil {
		return
	}
	switch r.Status {
	case "", StatusDraft, StatusPending, StatusReviewed, StatusPublished, StatusRejected, StatusArchived:
	default:
		v.fail("revision.status", oneOf(string(r.Status), string(StatusDraft), string(StatusPending),
			string(StatusReviewed), string(StatusPublished), string(StatusRejected), string(StatusArchived)))
	}
	v.str("revision.version", r.Version, v.limits.Name)
	v.date("revision.last_reviewed", r.LastReviewed)
}

func (v *validator) lists(p *Post) {
	v.count("outline", len(p.Outline))
	for i := range p.Outline {
		v.item("outline", i, "label", p.Outline[i].Label, v.limits.Name)
		v.item("outline", i, "text", p.Outline[i].Text, v.limits.Text)
	}
	v.count("entities", len(p.Entities))
	for i := range p.Entities {
		v.entity(i, p.Entities[i])
	}
	v.count("images", len(p.Images))
	for i := range p.Images {
		v.item("images", i, "source", p.Images[i].Source, v.limits.URL)
		v.item("images", i, "url", p.Images[i].URL, v.limits.URL)
		v.item("images", i, "caption", p.Images[i].Caption, v.limits.Text)
	}
}

func (v *validator) item(list string, i int, field, s string, limit int) {
	if len(s) > limit || !validString(s) {
		v.str(fmt.Sprintf("%s[%d].%s", list, i, field), s, limit)
	}
}

func (v *validator) entity(i int, e Entity) {
	v.item("entities", i, "name", e.Name, v.limits.Name)
	if e.Name == "" {
		v.fail(fmt.Sprintf("entities[%d].name", i), errors.New("is required"))
	}
	switch e.Type {
	case "stack", "area", "problem", "tool", "topic", "product", "person", "other":
	default:
		v.fail(fmt.Sprintf("entities[%d].type", i), oneOf(e.Type, EntityTypes()...))
	}
}

func (v *validator) raws(p *Post) {
	if len(p.Payload) > 0 {
		v.payload(p.Payload)
	}
	size := 0
	for _, name := range slices.Sorted(maps.Keys(p.Extra)) {
		raw := p.Extra[name]
		v.str("extra."+name, name, v.limits.Name)
		v.fail("extra."+name, checkRaw(raw, v.limits))
		if size += extraSize(name, raw); size > v.limits.Extra {
			v.fail("extra", tooLong(size, v.limits.Extra))
			return
		}
	}
}

func (v *validator) payload(raw []byte) {
	switch {
	case len(raw) > v.limits.Payload:
		v.fail("payload", tooLong(len(raw), v.limits.Payload))
	case !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")):
		v.fail("payload", errNotObject)
	default:
		v.fail("payload", checkRaw(raw, v.limits))
	}
}

// oneOf says that value is none of those allowed.
func oneOf(value string, allowed ...string) error {
	return fmt.Errorf("must be one of %s, is %.40q", strings.Join(allowed, ", "), value)
}

// validLang checks the form of a BCP 47 tag: subtags of 1 to 8 letters or digits,
// the first of letters alone, 35 bytes in all. Whether they are registered does not matter:
// an unknown language is one without stemmer.
func validLang(tag string) bool {
	if len(tag) > 35 {
		return false
	}
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) < 1 || len(sub) > 8 {
			return false
		}
		for _, c := range []byte(sub) {
			letter := 'a' <= c|0x20 && c|0x20 <= 'z'
			digit := '0' <= c && c <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}

// normalize makes empty lists and objects absent ones, so that what means the
// same is the same.
func (p *Post) normalize() {
	p.Outline = orNil(p.Outline)
	p.Checklist, p.Notes = orNil(p.Checklist), orNil(p.Notes)
	p.Tags, p.Stack, p.Tools, p.Author = orNil(p.Tags), orNil(p.Stack), orNil(p.Tools), orNil(p.Author)
	p.Entities, p.Images, p.Payload = orNil(p.Entities), orNil(p.Images), orNil(p.Payload)
	p.Score, p.Revision, p.Flags = orAbsent(p.Score), orAbsent(p.Revision), orAbsent(p.Flags)
	if len(p.Extra) == 0 {
		p.Extra = nil
	}
}

func orNil[S ~[]E, E any](s S) S {
	if len(s) == 0 {
		return nil
	}
	return s
}

func orAbsent[T comparable](v *T) *T {
	var zero T
	if v != nil && *v == zero {
		return nil
	}
	return v
}
