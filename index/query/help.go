package query

import (
	"fmt"
	"strings"
)

// operators are the parts of the query language that are not fields.
//
//nolint:gochecknoglobals // immutable table
var operators = []struct{ typed, help string }{
	{`garbage collector`, "posts with either word; those with both come first"},
	{`"garbage collector"`, "the words must follow each other"},
	{`+collector`, "the word must be there"},
	{`-java`, "the word, phrase or field value must not be there"},
	{`redis OR memcached`, "either counts as one word; OR is written in capitals"},
	{`tag:go`, "a field: its value must match; names and values in any case"},
	{`stack:"python services"`, "a value with spaces goes between quotes"},
	{`tag:(go, rust)`, "any of several values"},
	{`year:2023..2025`, "a range, both ends included; either end may be missing"},
	{`quality:>80`, "a comparison: > >= < <="},
}

// Help is the query language as plain text, for a terminal.
func Help() string {
	var b strings.Builder
	b.WriteString("Words and operators\n")
	for _, o := range operators {
		fmt.Fprintf(&b, "  %-26s %s\n", o.typed, o.help)
	}
	b.WriteString("\nFields\n")
	for _, k := range keywords {
		fmt.Fprintf(&b, "  %-26s %s%s\n", k.Example, k.Help, otherNames(k, "", ""))
	}
	b.WriteString("\nWhatever cannot be read as one of these is searched as words.\n")
	return b.String()
}

// HelpMarkdown is the query language as two Markdown tables, for the documentation.
func HelpMarkdown() string {
	var b strings.Builder
	b.WriteString("| Typed | Meaning |\n| --- | --- |\n")
	for _, o := range operators {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.typed, o.help)
	}
	b.WriteString("\n| Field | Values | Meaning | Example |\n| --- | --- | --- | --- |\n")
	for _, k := range keywords {
		fmt.Fprintf(&b, "| `%s`%s | %s | %s | `%s` |\n", k.Name, otherNames(k, " (", ")"), k.values(), k.Help, k.Example)
	}
	return b.String()
}

// otherNames lists a keyword's further names: its JSON name unless another keyword
// owns it, and its aliases.
func otherNames(k Keyword, before, after string) string {
	var names []string
	if owner, _ := LookupKeyword(k.Field); owner.Name == k.Name && k.Field != k.Name {
		names = append(names, k.Field)
	}
	names = append(names, k.Aliases...)
	switch {
	case len(names) == 0:
		return ""
	case before == "":
		return "; also " + strings.Join(names, ", ")
	}
	return before + "also `" + strings.Join(names, "`, `") + "`" + after
}

// values says what values a keyword takes.
func (k Keyword) values() string {
	if k.isOneSided() {
		return "a date"
	}
	switch k.Type {
	case TypeText:
		return "words or a phrase"
	case TypeKeyword:
		return "a whole value"
	case TypeNumber:
		return "a number or range"
	case TypeYear:
		return "a year or range"
	case TypeDate:
		return "a date or range"
	}
	return string(k.Type)
}
