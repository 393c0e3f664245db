package server

import (
	"errors"
	"strings"

	"alphanode/index/query"
)

func parseQuery(q string) query.Query {
	out := query.Query{Raw: q}
	for _, w := range strings.Fields(q) {
		out.Optional = append(out.Optional, query.Word{Text: w})
	}
	return out
}

func parseFilter(f string) (query.Filter, error) {
	if f == "" {
		return nil, nil
	}
	return nil, errors.New("filters are not read yet")
}
