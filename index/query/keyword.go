package query

import (
	"slices"
	"strings"
)

// Type says what values a field has, and so what may follow its colon.
type Type string

// The types of field.
const (
	TypeText    Type = "text"    // words and phrases
	TypeKeyword Type = "keyword" // one whole value
	TypeNumber  Type = "number"  // a number or a range
	TypeDate    Type = "date"    // a day, month, year or instant, or a range of them
	TypeYear    Type = "year"    // a year or a range of them
)

// Keyword is one field of the query and filter languages. The table of them
// feeds the parsers, the help texts, the documentation and the tests.
type Keyword struct {
	// Name is what a person types before the colon: tag.
	Name string
	// Field is the JSON name of the post's field: tags. Several keywords may read
	// one field: before and after read published_at.
	Field string
	// Aliases are further names that are understood, the JSON name not among them.
	Aliases []string
	// Type says what values follow.
	Type Type
	// Help is one sentence without a full stop.
	Help string
	// Example is a query that uses the keyword.
	Example string
}

//nolint:gochecknoglobals // immutable table
var keywords = []Keyword{
	{"tag", "tags", nil, TypeKeyword, "one of the post's tags", `tag:go`},
	{"stack", "stack", nil, TypeKeyword, "a technology the post builds on", `stack:"python services"`},
	{"tool", "tools", nil, TypeKeyword, "a tool the post uses", `tool:docker`},
	{"topic", "topic", nil, TypeKeyword, "the post's topic", `topic:caching`},
	{"difficulty", "difficulty", []string{"level"}, TypeKeyword, "beginner, intermediate or advanced", `difficulty:beginner`},
	{"lang", "lang", []string{"language"}, TypeKeyword, "the language the post is written in", `lang:de`},
	{"code", "code_language", nil, TypeKeyword, "the programming language of its code", `code:rust`},
	{"author", "author", []string{"by"}, TypeKeyword, "who wrote it", `author:"Ada Lovelace"`},
	{"series", "series", nil, TypeKeyword, "the series it belongs to", `series:internals`},
	{"entity", "entities", nil, TypeKeyword, "a thing the post is about", `entity:bbolt`},
	{"id", "id", nil, TypeKeyword, "the post with this id", `id:guides/intro`},
	{"title", "title", nil, TypeText, "a word or phrase of the title", `title:closure`},
	{"heading", "headings", nil, TypeText, "a word or phrase of a heading", `heading:"final notes"`},
	{"summary", "summary", nil, TypeText, "a word or phrase of the summary", `summary:rollback`},
	{"body", "body", []string{"text"}, TypeText, "a word or phrase of the text", `body:"slow query"`},
	{"year", "year", nil, TypeYear, "the year it was published", `year:2023..2025`},
	{"published", "published_at", []string{"date"}, TypeDate, "when it was published", `published:2024-03`},
	{"before", "published_at", nil, TypeDate, "published before this day, month or year began", `before:2024-01-01`},
	{"after", "published_at", []string{"since"}, TypeDate, "published on this day, month or year, or later", `after:2023`},
	{"updated", "updated_at", nil, TypeDate, "when it was last changed", `updated:>=2024-06`},
	{"quality", "quality", []string{"score.quality"}, TypeNumber, "its quality score, 0 to 100", `quality:>80`},
	{"freshness", "freshness", []string{"score.freshness"}, TypeNumber, "its freshness score, 0 to 100", `freshness:>=50`},
	{"depth", "depth", []string{"score.depth"}, TypeNumber, "its depth score, 0 to 100", `depth:60..100`},
	{"clarity", "clarity", []string{"score.clarity"}, TypeNumber, "its clarity score, 0 to 100", `clarity:>70`},
	{"reading", "reading_time", nil, TypeNumber, "minutes it takes to read", `reading:<10`},
	{"views", "view_count", nil, TypeNumber, "how often it was read", `views:>1000`},
}

// Keywords returns the table of fields, in the order of the help text. The
// caller owns the slice.
func Keywords() []Keyword { return slices.Clone(keywords) }

// LookupKeyword finds a keyword by its name, an alias or the JSON name of its
// field, whatever the case. A JSON name that several keywords read gives the
// first of them, which has no direction: published for published_at.
func LookupKeyword(name string) (Keyword, bool) {
	name = strings.ToLower(name)
	for _, k := range keywords {
		if k.Name == name {
			return k, true
		}
	}
	for _, k := range keywords {
		if k.Field == name || slices.Contains(k.Aliases, name) {
			return k, true
		}
	}
	return Keyword{}, false
}
