package query

import "strings"

// Parse reads what a person typed. It never fails.
func Parse(q string) Query {
	out := Query{Raw: q}
	for _, w := range strings.Fields(q) {
		out.Optional = append(out.Optional, Word{w})
	}
	return out
}

// ParseFilter reads a filter.
func ParseFilter(s string) (Filter, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	return nil, &SyntaxError{Msg: "not yet"}
}
