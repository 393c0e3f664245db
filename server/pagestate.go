package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/query"
)

// pageState is the state of the search page, all of it in the URL.
type pageState struct {
	Q      string
	Filter string
	Facets map[string][]string
	Sort   string
	Page   int
	More   string // the facet shown at length
}

// maxChosen bounds the chosen values of one facet.
const maxChosen = 50

// readState reads a state. What makes no sense is left out: a page answers a
// person, who may have edited the address.
func (s *Server) readState(values url.Values) pageState {
	st := pageState{
		Q: cut(clean(values.Get("q")), s.opts.Limits.QueryBytes), Filter: clean(values.Get("filter")),
		Facets: map[string][]string{}, Page: 1,
	}
	for _, field := range facetFields() {
		for _, v := range values[field] {
			if v = clean(v); v != "" && len(v) <= 1024 && len(st.Facets[field]) < maxChosen && !slices.Contains(st.Facets[field], v) {
				st.Facets[field] = append(st.Facets[field], v)
			}
		}
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 && n <= s.opts.Limits.Depth/defaultPerPage {
		st.Page = n
	}
	if sort := values.Get("sort"); slices.ContainsFunc(pageSorts, func(o sortOption) bool { return o.Value == sort }) {
		st.Sort = sort
	}
	if more := values.Get("more"); slices.Contains(facetFields(), more) {
		st.More = more
	}
	return st
}

// clean makes any bytes of an address valid text on one line.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.TrimSpace(s)
}

// url is the address of the state.
func (st pageState) url() string {
	v := st.values()
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

func (st pageState) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", st.Q)
	set("filter", st.Filter)
	set("sort", st.Sort)
	set("more", st.More)
	if st.Page > 1 {
		v.Set("page", strconv.Itoa(st.Page))
	}
	for field, chosen := range st.Facets {
		if len(chosen) > 0 {
			v[field] = chosen
		}
	}
	return v
}

// hidden are the fields that keep everything but what the form itself asks.
func (st pageState) hidden(without ...string) []hiddenField {
	v := st.values()
	var out []hiddenField
	for _, name := range append([]string{"filter", "q", "sort"}, facetFields()...) {
		if slices.Contains(without, name) {
			continue
		}
		for _, value := range v[name] {
			out = append(out, hiddenField{name, value})
		}
	}
	return out
}

// toggled is the state with one facet value chosen, or no longer chosen.
func (st pageState) toggled(field, value string) pageState {
	facets := make(map[string][]string, len(st.Facets))
	for f, chosen := range st.Facets {
		facets[f] = slices.Clone(chosen)
	}
	if i := slices.Index(facets[field], value); i >= 0 {
		facets[field] = slices.Delete(facets[field], i, i+1)
	} else {
		facets[field] = append(facets[field], value)
	}
	st.Facets, st.Page = facets, 1
	return st
}

// Asked is the address of another query with the same filters.
func (st pageState) Asked(q string) string {
	st.Q, st.Page = q, 1
	return st.url()
}

func (st pageState) onPage(n int) pageState { st.Page = n; return st }

// filter is the conjunction of the strict filter and of each facet's choice; the
// values of one facet are alternatives.
func (st pageState) filter(strict query.Filter) query.Filter {
	var all []query.Filter
	if strict != nil {
		all = append(all, strict)
	}
	for _, field := range facetFields() {
		var values []query.Filter
		for _, value := range st.Facets[field] {
			if f := facetFilter(field, value); f != nil {
				values = append(values, f)
			}
		}
		switch len(values) {
		case 0:
		case 1:
			all = append(all, values[0])
		default:
			all = append(all, query.AnyOf{Filters: values})
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	default:
		return query.And{Filters: all}
	}
}

// facetFilter is the filter of one facet value: a term, a number, or the range
// that its label names. Nil when the field has no such value.
func facetFilter(field, value string) query.Filter {
	f, ok := index.Lookup(field)
	switch {
	case !ok:
		return nil
	case len(f.Buckets) > 0:
		for _, b := range f.Buckets {
			if b.Label == value {
				return query.Between{Field: f.Name, Range: query.Range{Min: b.Min, Max: b.Max, MaxOpen: true}}
			}
		}
		return nil
	case f.Kind == index.Number:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil
		}
		return query.Between{Field: f.Name, Range: query.Range{Min: n, Max: n}}
	default:
		return query.Term{Field: f.Name, Value: value}
	}
}

// sortOption is one entry of the sort list.
type sortOption struct{ Value, Label string }

//nolint:gochecknoglobals // immutable table
var pageSorts = []sortOption{
	{"", "Best match"},
	{"-published_at", "Newest"},
	{"published_at", "Oldest"},
	{"-updated_at", "Recently updated"},
	{"-view_count", "Most read"},
	{"-quality", "Best quality"},
	{"reading_time", "Shortest"},
}
