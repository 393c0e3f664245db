package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"alphanode/index"
	"alphanode/index/query"
)

const (
	defaultPerPage = 10
	maxPerPage     = 100
	maxFacetValues = 1000
	maxSortKeys    = 4
)

// searchArgs are the parameters of a search, from a URL or a body.
type searchArgs struct {
	Q         string    `json:"q"`
	Filter    string    `json:"filter"`
	Facets    []string  `json:"facets"`
	Sort      oneOrMore `json:"sort"`
	Page      int       `json:"page"`
	PerPage   int       `json:"per_page"`
	Typing    bool      `json:"typing"`
	Highlight bool      `json:"highlight"`
	Explain   bool      `json:"explain"`
	Boost     []string  `json:"boost"`
	Weights   weights   `json:"weights"`
	Cursor    string    `json:"cursor"`
	Deadline  int       `json:"deadline_ms"` // 0: as long as the server lets it take
	Total     string    `json:"total"`       // "" is exact
}

// oneOrMore is a list that JSON may also give as one string, commas between.
type oneOrMore []string

// UnmarshalJSON reads a string or a list of strings.
func (o *oneOrMore) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err == nil {
		*o = list
		return nil
	}
	var one string
	if err := json.Unmarshal(data, &one); err != nil {
		return errors.New("must be a string or a list of strings")
	}
	*o = splitList(one)
	return nil
}

// searchFromURL reads the parameters of GET /v1/search.
func (s *Server) searchFromURL(c *call) (searchArgs, error) {
	p, err := newParams(c, "q", "filter", "facets", "sort", "page", "per_page", "typing", "highlight", "explain", "boost", "weights", "cursor", "deadline_ms", "total")
	if err != nil {
		return searchArgs{}, err
	}
	byField, err := readWeights(p.list("weights"))
	if err != nil {
		return searchArgs{}, err
	}
	return searchArgs{
		Weights: byField, Q: p.text("q"), Filter: p.text("filter"), Facets: p.list("facets"), Sort: p.list("sort"),
		Page: p.number("page", 1, 1, s.opts.Limits.Depth), PerPage: p.number("per_page", defaultPerPage, 0, maxPerPage),
		Typing: p.flag("typing", false), Highlight: p.flag("highlight", true), Explain: p.flag("explain", false),
		Boost: p.values["boost"], Cursor: p.text("cursor"), Deadline: p.number("deadline_ms", 0, 1, maxDeadline), Total: p.text("total"),
	}, p.err
}

// searchFromBody reads the body of POST /v1/search.
func (s *Server) searchFromBody(c *call) (searchArgs, error) {
	if _, err := newParams(c); err != nil {
		return searchArgs{}, err
	}
	return s.decodeSearch(c.readJSON)
}

// maxDeadline is the longest time, in milliseconds, that a search can ask for; it never has
// more than the server lets it take.
const maxDeadline = 60_000

// decodeSearch reads a search from JSON.
func (s *Server) decodeSearch(decode func(v any) error) (searchArgs, error) {
	args := searchArgs{Page: 1, PerPage: defaultPerPage, Highlight: true}
	if err := decode(&args); err != nil {
		return args, err
	}
	if args.Deadline < 0 || args.Deadline > maxDeadline {
		return args, badParam("deadline_ms", "deadline_ms must be a whole number from 1 to %d", maxDeadline)
	}
	if args.Page < 1 || args.Page > s.opts.Limits.Depth {
		return args, badParam("page", "page must be a whole number from 1 to %d", s.opts.Limits.Depth)
	}
	if args.PerPage < 0 || args.PerPage > maxPerPage {
		return args, badParam("per_page", "per_page must be a whole number from 0 to %d", maxPerPage)
	}
	return args, nil
}

// request checks the parameters and makes the index request of them.
func (s *Server) request(ctx context.Context, a *searchArgs) (index.Request, error) {
	a.Q = cut(a.Q, s.opts.Limits.QueryBytes)
	if a.Page*a.PerPage > s.opts.Limits.Depth {
		return index.Request{}, badParam("page", "numbered pages end at hit %d; go on with cursor, or narrow the search with a filter", s.opts.Limits.Depth)
	}
	filter, err := s.filter(a.Filter)
	if err != nil {
		return index.Request{}, err
	}
	facets, err := s.facetRequests(a.Facets)
	if err != nil {
		return index.Request{}, err
	}
	sort, err := sortKeys(a.Sort)
	if err != nil {
		return index.Request{}, err
	}
	if err := a.Weights.check(); err != nil {
		return index.Request{}, err
	}
	boosts, err := s.boosts(a.Boost)
	if err != nil {
		return index.Request{}, err
	}
	totals, err := readTotals(a.Total)
	if err != nil {
		return index.Request{}, err
	}
	req := index.Request{
		Query: query.Parse(a.Q), Filter: filter, Facets: facets, Sort: sort, Boosts: boosts, Weights: a.Weights,
		From: (a.Page - 1) * a.PerPage, Size: a.PerPage, Typing: a.Typing, Explain: a.Explain, Totals: totals,
	}
	if err := a.goOn(&req); err != nil {
		return index.Request{}, err
	}
	s.curate(ctx, a.Q, &req)
	return req, nil
}

// readTotals reads whether all posts that match are to be counted.
func readTotals(text string) (index.Totals, error) {
	switch text {
	case "", "exact":
		return index.TotalsExact, nil
	case "at_least":
		return index.TotalsAtLeast, nil
	default:
		return 0, badParam("total", "total must be exact or at_least, not %q", printable(text))
	}
}

// filter parses a strict filter; the empty one matches all.
func (s *Server) filter(text string) (query.Filter, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil //nolint:nilnil // a nil filter is the filter that matches all
	}
	if len(text) > s.opts.Limits.FilterBytes {
		return nil, badParam("filter", "the filter is over %d bytes", s.opts.Limits.FilterBytes)
	}
	return query.ParseFilter(text)
}

// facetRequests resolves facet names; "*" asks for every facet.
func (s *Server) facetRequests(names []string) ([]index.FacetRequest, error) {
	if len(names) == 1 && names[0] == "*" {
		names = facetFields()
	}
	if len(names) > s.opts.Limits.Facets {
		return nil, badParam("facets", "at most %d facets at once", s.opts.Limits.Facets)
	}
	var out []index.FacetRequest
	seen := map[string]bool{}
	for _, name := range names {
		field, err := facetField("facets", name)
		if err != nil {
			return nil, err
		}
		if !seen[field] {
			seen[field] = true
			out = append(out, index.FacetRequest{Field: field})
		}
	}
	return out, nil
}

// sortKeys reads "field", "-field", "relevance", any number of them up to four.
func sortKeys(names []string) ([]index.SortKey, error) {
	if len(names) > maxSortKeys {
		return nil, badParam("sort", "at most %d sort keys", maxSortKeys)
	}
	if len(names) == 1 && names[0] == "relevance" {
		return nil, nil
	}
	var keys []index.SortKey
	for _, name := range names {
		key, err := sortKey(name)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func sortKey(name string) (index.SortKey, error) {
	if name == "relevance" {
		return index.SortKey{Field: "_score", Desc: true}, nil
	}
	field, desc := strings.CutPrefix(name, "-")
	if field == "id" {
		return index.SortKey{Field: "id", Desc: desc}, nil
	}
	if f, ok := index.Lookup(field); ok && sortable(f) {
		return index.SortKey{Field: f.Name, Desc: desc}, nil
	}
	return index.SortKey{}, badParam("sort", "cannot sort by %q; there are: relevance, id, %s, each with - before it for descending",
		printable(field), strings.Join(sortFields(), ", "))
}

// sortable reports whether the values of f order posts.
func sortable(f index.Field) bool { return f.Kind == index.Number || f.Kind == index.Date }

// sortFields are the JSON names that sort takes.
func sortFields() []string { return fieldsWhere(sortable) }

// faceted reports whether the values of f are counted.
func faceted(f index.Field) bool { return f.Facet }

// facetFields are the JSON names that facets takes.
func facetFields() []string { return fieldsWhere(faceted) }

// facetField resolves a facet's JSON name or alias.
func facetField(param, name string) (string, error) {
	if f, ok := index.Lookup(name); ok && faceted(f) {
		return f.Name, nil
	}
	return "", badParam(param, "there is no facet %q; there are: %s", printable(name), strings.Join(facetFields(), ", "))
}

// fieldsWhere lists the fields of the field table that want accepts.
func fieldsWhere(want func(index.Field) bool) []string {
	var out []string
	for _, f := range index.Fields() {
		if !f.Internal && want(f) {
			out = append(out, f.Name)
		}
	}
	return out
}

// splitList splits at commas and drops what is empty.
func splitList(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// facetValues is GET /v1/facets/{field}.
func (s *Server) facetValues(c *call) (reply, error) {
	p, err := newParams(c, "q", "filter", "prefix", "limit")
	if err != nil {
		return nil, err
	}
	field, err := facetField("field", c.gin.Param("field"))
	if problem, ok := errors.AsType[*Problem](err); ok {
		problem.Status, problem.Title = http.StatusNotFound, http.StatusText(http.StatusNotFound)
	}
	if err != nil {
		return nil, err
	}
	args := searchArgs{Q: p.text("q"), Filter: p.text("filter"), Page: 1}
	limit := p.number("limit", defaultFacetValues, 1, maxFacetValues)
	if p.err != nil {
		return nil, p.err
	}
	req, err := s.request(c.ctx(), &args)
	if err != nil {
		return nil, err
	}
	req.Facets = []index.FacetRequest{{Field: field, Limit: limit, Prefix: cut(p.text("prefix"), 256)}}
	result, err := s.ask(c, req, 0)
	if err != nil {
		return nil, err
	}
	return jsonReply(http.StatusOK, facetAnswer{Field: field, Values: orEmpty(result.Facets[field]), Partial: result.Partial})
}

const defaultFacetValues = 10

// facetAnswer is the answer of /v1/facets/{field}.
type facetAnswer struct {
	Field   string             `json:"field"`
	Values  []index.FacetCount `json:"values"`
	Partial bool               `json:"partial"`
}

// orEmpty makes nil an empty list, which JSON shows as [] rather than null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
