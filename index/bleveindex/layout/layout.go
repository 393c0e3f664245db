// Package layout answers: how is a post laid out in a segment. It makes the
// documents that scorch analyses, and names what it wrote: the columns of a segment
// and the terms of its facets. The writer of an index and its reader both import
// it, so that there is one place to change.
//
// A text field holds, for each position, the term as it is written and, where it
// has another stem, the stem with [StemMark] before it. Frequencies count
// positions. Each keyword field holds one term a value. What else is known of a post is
// in columns.
package layout

import (
	"strings"

	"alphanode/index"
	"alphanode/index/analysis"
)

const (
	// StemMark stands before a stem in a term dictionary. No token starts with it.
	StemMark = "\x01"
	// IDField holds the ids of posts; its name is scorch's.
	IDField = "_id"
	// facetSeparator parts the folded value from the value as written.
	facetSeparator = "\x00"
	// maxFacetValue bounds a facet value in bytes; longer ones are cut.
	maxFacetValue = 512
)

// Schema is the set of fields of an index, in the order of the field table.
type Schema struct {
	Text    []index.Field
	Keyword []index.Field // the field "id" is not among them: scorch keeps it
	Number  []index.Field
	// Plain indexes words as they are written, without stems and parts.
	Plain bool
}

// DefaultSchema is the schema of the field table.
func DefaultSchema() Schema {
	s := Schema{Text: index.TextFields(), Number: index.NumberFields()}
	for _, f := range index.KeywordFields() {
		if f.Name != "id" {
			s.Keyword = append(s.Keyword, f)
		}
	}
	return s
}

// PlainSchema is the schema of index.Options.Plain. It keeps filters and facets.
func PlainSchema() Schema {
	s := DefaultSchema()
	s.Text, s.Plain = index.PlainFields(), true
	return s
}

// TextIndex is the place of a text field in the schema, or -1.
func (s Schema) TextIndex(name string) int { return indexOf(s.Text, name) }

// KeywordIndex is the place of a keyword field in the schema, or -1.
func (s Schema) KeywordIndex(name string) int { return indexOf(s.Keyword, name) }

// NumberIndex is the place of a number or date field in the schema, or -1.
func (s Schema) NumberIndex(name string) int { return indexOf(s.Number, name) }

func indexOf(fields []index.Field, name string) int {
	for i := range fields {
		if fields[i].Name == name {
			return i
		}
	}
	return -1
}

// FacetTerm is the term of a facet value: values that fold alike are neighbours
// in the dictionary. It is "" for a value without content.
func FacetTerm(value string) string {
	value = strings.ToValidUTF8(strings.TrimSpace(value), "")
	value = strings.ReplaceAll(value, facetSeparator, "")
	if len(value) > maxFacetValue {
		value = strings.ToValidUTF8(value[:maxFacetValue], "")
	}
	if value == "" {
		return ""
	}
	return FacetKey(value) + facetSeparator + value
}

// FacetKey is the form in which facet values are compared.
func FacetKey(value string) string { return analysis.Fold(strings.TrimSpace(value)) }

// FacetKeyPrefix is the prefix of all terms whose values fold to key.
func FacetKeyPrefix(key string) string { return key + facetSeparator }

// SplitFacetTerm gives back the folded and the written value.
func SplitFacetTerm(term string) (key, value string) {
	key, value, _ = strings.Cut(term, facetSeparator)
	return key, value
}
