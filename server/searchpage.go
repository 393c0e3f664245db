package server

import (
	"errors"
	"net/http"
	"net/url"

	"alphanode/index"
	"alphanode/ranking"
)

// searchView is what search.html shows.
type searchView struct {
	State    pageState
	Answer   *searchAnswer
	Groups   []facetGroup
	Chips    []chip
	Sorts    []sortChoice
	Pager    pager
	ClearURL string
	FirstURL string
	// Typing says that the last word may not be finished.
	Typing bool
	// FilterError says why the filter in the address was ignored.
	FilterError string
	// Suggestions stand in for hits where there are none.
	Suggestions []ranking.Suggestion
	Hidden      []hiddenField
}

// facetGroup is one facet with its values.
type facetGroup struct {
	Field   string
	Label   string
	Open    bool
	Values  []facetValue
	MoreURL string // shows more values; empty when there are no more
}

// facetValue is one value that can be chosen.
type facetValue struct {
	Value  string
	Label  string
	Count  int
	Known  bool // whether Count is known
	Chosen bool
	URL    string
}

// chip is a chosen value that can be dropped.
type chip struct{ Label, Value, URL string }

type sortChoice struct {
	sortOption
	Chosen bool
}

// pager is the way to the other pages.
type pager struct {
	Prev, Next string
	Pages      []pageLink
}

type pageLink struct {
	N       int // 0: a gap
	URL     string
	Current bool
}

// pageFacets are the facets of the page, in order, with how many start open.
//
//nolint:gochecknoglobals // immutable table
var pageFacets = []string{
	"tags", "stack", "tools", "difficulty", "code_language", "topic", "author", "series",
	"year", "reading_time", "quality", "entities", "lang",
}

const (
	openGroups   = 4
	shortFacet   = 7
	longFacet    = 60
	pagerReach   = 2
	emptySuggest = 5
)

// searchPage is GET /.
func (s *Server) searchPage(c *call) (reply, error) {
	values, err := url.ParseQuery(c.req.URL.RawQuery)
	if err != nil {
		values = url.Values{} // A person's broken address shows the first page.
	}
	view, err := s.searchView(c, s.readState(values), values.Get("typing") == "1")
	if err != nil {
		return nil, err
	}
	title := "Search"
	if view.State.Q != "" {
		title = view.State.Q
	}
	f := frame{
		Title: cut(title, 100), Description: "Search all posts.", Q: view.State.Q, Page: view,
		NoIndex: len(values) > 0, Hidden: view.State.hidden("q"),
	}
	if values.Get("fragment") == "1" {
		return s.render(c, http.StatusOK, "search", "results", f)
	}
	return s.render(c, http.StatusOK, "search", "base.html", f)
}

// searchView searches and arranges what is found.
func (s *Server) searchView(c *call, st pageState, typing bool) (*searchView, error) {
	view := &searchView{State: st, Typing: typing, Hidden: st.hidden("sort")}
	req, args, err := s.pageRequest(c, st, typing)
	if problem, ok := errors.AsType[*Problem](err); ok {
		view.FilterError = problem.Detail
		without := st
		without.Filter = ""
		req, args, err = s.pageRequest(c, without, typing)
	}
	if err != nil {
		return nil, err
	}
	if view.Answer, err = s.search(c, args, req); err != nil {
		return nil, err
	}
	view.arrange()
	if view.Answer.Total == 0 && st.Q != "" {
		// Without suggestions the page is still an answer.
		view.Suggestions, _ = s.suggestions(c.ctx(), st.Q, emptySuggest)
	}
	return view, nil
}

// pageRequest is the search of a state. Its error is a *Problem about the filter.
func (s *Server) pageRequest(c *call, st pageState, typing bool) (index.Request, searchArgs, error) {
	args := searchArgs{Q: st.Q, Filter: st.Filter, Page: st.Page, PerPage: defaultPerPage, Typing: typing, Highlight: true}
	if st.Sort != "" {
		args.Sort = oneOrMore{st.Sort}
	}
	req, err := s.request(c.ctx(), &args)
	if err != nil {
		return req, args, asProblem(err)
	}
	req.Filter = st.filter(req.Filter)
	for _, field := range pageFacets {
		limit := shortFacet + 1
		if st.More == field {
			limit = longFacet
		}
		req.Facets = append(req.Facets, index.FacetRequest{Field: field, Limit: limit})
	}
	return req, args, nil
}

// arrange fills what follows from state and answer.
func (v *searchView) arrange() {
	open := 0
	for _, field := range pageFacets {
		if g, ok := v.group(field); ok {
			if v.useful(field) && open < openGroups {
				g.Open = true
				open++
			}
			v.Groups = append(v.Groups, g)
		}
		for _, value := range v.State.Facets[field] {
			v.Chips = append(v.Chips, chip{fieldLabel(field), value, v.State.toggled(field, value).url()})
		}
	}
	if v.State.Filter != "" && v.FilterError == "" {
		without := v.State.onPage(1)
		without.Filter = ""
		v.Chips = append(v.Chips, chip{"filter", v.State.Filter, without.url()})
	}
	for _, o := range pageSorts {
		if o.Value == "" && v.State.Q == "" {
			o.Label = "Newest first"
		}
		v.Sorts = append(v.Sorts, sortChoice{o, o.Value == v.State.Sort})
	}
	v.ClearURL = pageState{Q: v.State.Q, Sort: v.State.Sort}.url()
	v.FirstURL = v.State.onPage(1).url()
	v.Pager = v.pages()
}

// useful reports whether a facet is worth room: its most frequent value is in at
// least a twentieth of what was found.
func (v *searchView) useful(field string) bool {
	counts := v.Answer.Facets[field]
	return len(counts) > 0 && counts[0].Count*20 >= v.Answer.Total
}

// group arranges one facet. A facet that could not narrow anything is left out.
func (v *searchView) group(field string) (facetGroup, bool) {
	chosen := map[string]bool{}
	for _, value := range v.State.Facets[field] {
		chosen[value] = true
	}
	g := facetGroup{Field: field, Label: fieldLabel(field), Open: len(chosen) > 0 || v.State.More == field}
	counts := v.Answer.Facets[field]
	limit := shortFacet
	if v.State.More == field {
		limit = longFacet
	}
	for i, fc := range counts {
		if i >= limit && !chosen[fc.Value] {
			more := v.State
			more.More = field
			g.MoreURL = more.url()
			continue
		}
		g.Values = append(g.Values, facetValue{fc.Value, shownValue(fc.Value), fc.Count, true, chosen[fc.Value], v.State.toggled(field, fc.Value).url()})
		delete(chosen, fc.Value)
	}
	for _, value := range v.State.Facets[field] {
		if chosen[value] {
			g.Values = append(g.Values, facetValue{Value: value, Label: shownValue(value), Chosen: true, URL: v.State.toggled(field, value).url()})
		}
	}
	return g, len(g.Values) > 1 || len(v.State.Facets[field]) > 0
}

// pages links the first page, the last, and those around this one.
func (v *searchView) pages() pager {
	last := min((v.Answer.Total+defaultPerPage-1)/defaultPerPage, maxPage)
	at := v.State.Page
	var p pager
	if last < 2 {
		return p
	}
	if at > 1 {
		p.Prev = v.State.onPage(min(at-1, last)).url()
	}
	if at < last {
		p.Next = v.State.onPage(at + 1).url()
	}
	for n := 1; n <= last; n++ {
		near := n >= at-pagerReach && n <= at+pagerReach
		switch {
		case n == 1 || n == last || near:
			p.Pages = append(p.Pages, pageLink{n, v.State.onPage(n).url(), n == at})
		case len(p.Pages) > 0 && p.Pages[len(p.Pages)-1].N != 0:
			p.Pages = append(p.Pages, pageLink{})
		}
	}
	return p
}

// maxPage is the last page that is linked.
const maxPage = 100
