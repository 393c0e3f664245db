package index

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// Kind says what the values of a field are and how they are matched.
type Kind uint8

// The kinds of field.
const (
	Text    Kind = iota // words, scored by BM25F
	Keyword             // whole values, compared folded; facets
	Number              // one float64 a post
	Date                // one instant a post, in Unix seconds
)

// String names the kind as the documentation does.
func (k Kind) String() string {
	return [...]string{"text", "keyword", "number", "date"}[k]
}

// Field is one row of the field table: what a post is searched, filtered,
// faceted and sorted by.
type Field struct {
	// Name is the JSON name of the post's field or, for text that is made of
	// several, a name of its own.
	Name string
	// Aliases are the keywords of the query language that mean this field.
	Aliases []string
	Kind    Kind
	// Weight and B are the defaults of BM25F; see [Scoring]. Text fields only.
	Weight, B float64
	// Internal text fields are scored but cannot be named in a query or filter.
	Internal bool
	// Facet says that the field's values can be counted.
	Facet bool
	// Buckets are the ranges a number is counted in; without them the facet value
	// is the number itself.
	Buckets []Bucket

	passages func(*Content) []Passage
	values   func(*Content) []string
	number   func(*Content) (float64, bool)
}

// Bucket is a facet range of a number: Min <= value < Max.
type Bucket struct {
	Label    string
	Min, Max float64
}

// Passages gives the text of a Text field; nil for other kinds.
func (f Field) Passages(c *Content) []Passage {
	if f.passages == nil {
		return nil
	}
	return f.passages(c)
}

// Values gives the values of a Keyword field as they are written in the post;
// nil for other kinds.
func (f Field) Values(c *Content) []string {
	if f.values == nil {
		return nil
	}
	return f.values(c)
}

// Number gives the value of a Number or Date field; false when it is absent.
func (f Field) Number(c *Content) (float64, bool) {
	if f.number == nil {
		return 0, false
	}
	return f.number(c)
}

// Fields is the field table. The slice is the caller's; its order is fixed and is
// the order in which scores are summed.
func Fields() []Field {
	out := slices.Clone(fieldTable)
	for i := range out {
		out[i].Aliases = aliases(out[i])
	}
	return out
}

func aliases(f Field) []string {
	var out []string
	for _, k := range query.Keywords() {
		if k.Field != f.Name || f.Internal {
			continue
		}
		for _, name := range append([]string{k.Name}, k.Aliases...) {
			if name != f.Name {
				out = append(out, name)
			}
		}
	}
	return out
}

// TextFields are the fields of BM25F, in table order.
func TextFields() []Field { return fieldsOf(Text) }

// KeywordFields are the keyword fields, in table order.
func KeywordFields() []Field { return fieldsOf(Keyword) }

// NumberFields are the number and date fields, in table order.
func NumberFields() []Field { return append(fieldsOf(Number), fieldsOf(Date)...) }

func fieldsOf(kind Kind) []Field {
	var out []Field
	for _, f := range fieldTable {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// PlainFields is the field table of [Options.Plain]: title and body, as written.
func PlainFields() []Field {
	return []Field{
		{Name: "title", Kind: Text, Weight: 1, B: 0.75, passages: func(c *Content) []Passage { return prose(c.Post.Title) }},
		{Name: "body", Kind: Text, Weight: 1, B: 0.75, passages: func(c *Content) []Passage { return prose(c.Post.Body) }},
	}
}

// Lookup finds a field that queries, filters, facets and sorts may name, by JSON
// name or by a keyword of the query language.
func Lookup(name string) (Field, bool) {
	if k, ok := query.LookupKeyword(name); ok {
		name = k.Field
	}
	i := slices.IndexFunc(fieldTable, func(f Field) bool { return !f.Internal && f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return fieldTable[i], true
}

// Fingerprint identifies the field table and the analysis: an index that was
// built under another fingerprint is rebuilt. Weights are no part of it.
func Fingerprint() string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "layout %d analysis %s\n", layoutVersion, analysis.Version())
	for _, f := range fieldTable {
		_, _ = fmt.Fprintf(h, "%s %s\n", f.Name, f.Kind)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// layoutVersion is raised whenever the same post would be indexed differently.
const layoutVersion = 1

//nolint:gochecknoglobals // immutable table
var fieldTable = []Field{
	{Name: "title", Kind: Text, Weight: 5, B: 0.5, passages: func(c *Content) []Passage { return prose(c.Post.Title) }},
	{Name: "headings", Kind: Text, Weight: 0.5, B: 0, passages: headingPassages},
	{Name: "summary", Kind: Text, Weight: 1, B: 0.5, passages: func(c *Content) []Passage {
		return prose(c.Post.Summary, c.Post.Brief)
	}},
	{Name: "labels", Kind: Text, Weight: 2, B: 0, Internal: true, passages: labelPassages},
	{Name: "body", Kind: Text, Weight: 1, B: 0.5, passages: bodyPassages},
	{Name: "code", Kind: Text, Weight: 0.3, B: 0.5, Internal: true, passages: func(c *Content) []Passage {
		return c.blocks(body.Code, analysis.Code)
	}},

	{Name: "id", Kind: Keyword, values: func(c *Content) []string { return one(c.Post.ID) }},
	{Name: "topic", Kind: Keyword, Facet: true, values: func(c *Content) []string { return one(c.Post.Topic) }},
	{Name: "tags", Kind: Keyword, Facet: true, values: func(c *Content) []string { return c.Post.Tags }},
	{Name: "stack", Kind: Keyword, Facet: true, values: func(c *Content) []string { return c.Post.Stack }},
	{Name: "tools", Kind: Keyword, Facet: true, values: func(c *Content) []string { return c.Post.Tools }},
	{Name: "code_language", Kind: Keyword, Facet: true, values: func(c *Content) []string {
		return one(c.Post.CodeLanguage)
	}},
	{Name: "difficulty", Kind: Keyword, Facet: true, values: func(c *Content) []string { return one(c.Post.Difficulty) }},
	{Name: "author", Kind: Keyword, Facet: true, values: func(c *Content) []string { return c.Post.Author }},
	{Name: "series", Kind: Keyword, Facet: true, values: func(c *Content) []string { return one(c.Post.Series) }},
	{Name: "lang", Kind: Keyword, Facet: true, values: func(c *Content) []string { return one(c.Lang()) }},
	{Name: "entities", Kind: Keyword, Facet: true, values: entityNames},

	{Name: "published_at", Kind: Date, number: func(c *Content) (float64, bool) {
		return seconds(c.Post.PublishedAt)
	}},
	{Name: "updated_at", Kind: Date, number: func(c *Content) (float64, bool) {
		return seconds(c.Post.UpdatedAt)
	}},
	{Name: "year", Kind: Number, Facet: true, number: func(c *Content) (float64, bool) {
		return float64(c.Post.PublishedAt.Time().Year()), !c.Post.PublishedAt.IsZero()
	}},
	{Name: "reading_time", Kind: Number, Facet: true, Buckets: readingBuckets(), number: readingTime},
	{Name: "view_count", Kind: Number, number: viewCount},
	{Name: "quality", Kind: Number, Facet: true, Buckets: scoreBuckets(), number: quality},
	{Name: "freshness", Kind: Number, Facet: true, Buckets: scoreBuckets(), number: freshness},
	{Name: "depth", Kind: Number, Facet: true, Buckets: scoreBuckets(), number: depth},
	{Name: "clarity", Kind: Number, Facet: true, Buckets: scoreBuckets(), number: clarity},
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func seconds(d corpus.Date) (float64, bool) {
	if d.IsZero() {
		return 0, false
	}
	return float64(d.Time().Unix()), true
}
