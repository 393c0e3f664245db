package query

import "strings"

// String prints field:value.
func (t Term) String() string {
	name, _ := keywordFor(t.Field)
	return name + ":" + Quote(t.Value)
}

// String prints field:range.
func (b Between) String() string {
	name, typ := keywordFor(b.Field)
	return name + ":" + rangeText(b.Range, typ)
}

// String prints the filters with AND between them.
func (a And) String() string { return join(a.Filters, " AND ") }

// String prints the filters with OR between them.
func (a AnyOf) String() string { return join(a.Filters, " OR ") }

// String prints NOT and the filter.
func (n Not) String() string { return "NOT " + operand(n.Filter) }

func join(filters []Filter, op string) string {
	parts := make([]string, len(filters))
	for i, f := range filters {
		parts[i] = operand(f)
	}
	return strings.Join(parts, op)
}

// operand prints a filter as part of a larger one.
func operand(f Filter) string {
	switch f.(type) {
	case And, AnyOf:
		return "(" + f.String() + ")"
	}
	return f.String()
}

// Quote gives a value as it is written in a filter: bare where that reads the
// same, else between quotes with \" and \\ escaped.
func Quote(value string) string {
	if bareValue(value) {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// bareValue reports whether a value needs no quotes: nothing in it that ends a
// value or starts another kind of one.
func bareValue(s string) bool {
	return s != "" && !strings.ContainsFunc(s, endsBareValue)
}

func endsBareValue(r rune) bool { return isSpace(r) || strings.ContainsRune("\"(),", r) }
