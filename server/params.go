package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"alphanode/corpus"
)

// params reads the parameters of a URL and keeps the first thing wrong with them,
// so that a handler reads all and asks err once.
type params struct {
	values url.Values
	err    error
}

// newParams refuses parameters that the route does not know, a misspelt name
// would otherwise be ignored in silence.
func newParams(c *call, known ...string) (*params, error) {
	values, err := url.ParseQuery(c.req.URL.RawQuery)
	if err != nil {
		return nil, problemf(http.StatusBadRequest, "bad_query_string", "the query string is not percent-encoded: %v", err)
	}
	for name, list := range values {
		if !slices.Contains(known, name) {
			return nil, badParam(printable(name), "there is no parameter %q here; there are: %s", printable(name), strings.Join(known, ", "))
		}
		for _, v := range list {
			if !utf8.ValidString(v) {
				return nil, badParam(name, "%s is not UTF-8", name)
			}
		}
	}
	return &params{values: values}, nil
}

// printable is s, short and as UTF-8, for messages.
func printable(s string) string {
	if len(s) > 64 {
		s = s[:64]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// text is the value of a parameter; "" when absent.
func (p *params) text(name string) string { return p.values.Get(name) }

// flag is a yes/no parameter: true, false, 1, 0, or the bare name.
func (p *params) flag(name string, def bool) bool {
	if !p.values.Has(name) {
		return def
	}
	switch p.values.Get(name) {
	case "", "1", "true":
		return true
	case "0", "false":
		return false
	}
	p.fail(badParam(name, "%s must be true or false", name))
	return def
}

// number is a whole number between lowest and highest.
func (p *params) number(name string, def, lowest, highest int) int {
	if !p.values.Has(name) {
		return def
	}
	n, err := strconv.Atoi(p.values.Get(name))
	if err != nil || n < lowest || n > highest {
		p.fail(badParam(name, "%s must be a whole number from %d to %d", name, lowest, highest))
		return def
	}
	return n
}

// list is a parameter that may be repeated, hold commas, or both.
func (p *params) list(name string) []string {
	var out []string
	for _, v := range p.values[name] {
		out = append(out, splitList(v)...)
	}
	return out
}

// policy is the parameter publish. Lifting the review gate is for the program's
// own import.
func (p *params) policy(c *call) corpus.Policy {
	switch p.values.Get("publish") {
	case "", "reviewed":
		return corpus.PublishReviewed
	case "all":
		if c.local {
			return corpus.PublishAll
		}
		p.fail(problemf(http.StatusForbidden, "token_required", "publish=all needs the local token"))
	default:
		p.fail(badParam("publish", "publish must be all or reviewed"))
	}
	return corpus.PublishReviewed
}

func (p *params) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
