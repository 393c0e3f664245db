package indextest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// NewOracleFor returns an empty Oracle that analyses queries in lang.
func NewOracleFor(opts index.Options, lang string) *Oracle {
	o := NewOracle(opts)
	o.posts[""] = &post{values: map[string][]string{"lang": {lang}}}
	return o
}

// Search answers a request. Result.Words and Result.Hits.Explain are left out.
func (o *Oracle) Search(req index.Request) *index.Result {
	o.weights = req.Weights
	r := o.newRun(&req)
	matched := r.query()
	hits := make(scores)
	for p, s := range matched {
		if o.matchesFilter(p, req.Filter) {
			hits[p] = s * p.prior * o.boost(p, req.Boosts)
		}
	}
	order := o.order(hits, &req)
	if r.rankNear(order, hits) {
		order = slices.Concat(o.order(hits.of(first(order)), &req), order[len(first(order)):])
	}
	pinned, places := o.pinned(&req)
	order = insert(order, pinned, places)
	for _, b := range req.Boosts {
		r.applied.Boosts = append(r.applied.Boosts, fmt.Sprintf("%s ^%v", b.Filter, b.By))
	}
	for _, p := range pinned {
		r.applied.Pins = append(r.applied.Pins, p.id)
	}
	out := &index.Result{Total: len(order), TotalExact: true, Applied: r.applied, Facets: make(map[string][]index.FacetCount)}
	for _, f := range req.Facets {
		field, _ := index.Lookup(f.Field)
		out.Facets[field.Name] = o.facet(field, f, matched, &req)
	}
	req.From = max(0, req.From)
	for i := req.From; i < min(req.From+req.Size, len(order)); i++ {
		hit := index.Hit{ID: order[i].id, Seq: order[i].seq, Score: hits[order[i]]}
		if slices.Contains(pinned, order[i]) {
			hit.Score, hit.Position = 0, i+1
		}
		out.Hits = append(out.Hits, hit)
	}
	return out
}

// query gives the posts that match, before the filter, with their relevance.
func (r *run) query() scores {
	q := &r.req.Query
	var required, optional []scores
	for _, n := range q.Required {
		nodes := r.node(n)
		required = append(required, nodes...)
		if w, ok := n.(query.Word); ok {
			for i, t := range r.wordTerms(w.Text) {
				r.near = append(r.near, nearWord{t, max(r.stopWeight(t.term), 0.3), len(nodes[i])})
			}
			optional = append(optional, r.wholes(w.Text)...)
		}
	}
	terms := r.weave(q.Optional)
	for i, n := range q.Optional {
		optional = append(optional, r.optional(n, terms[i], i == len(q.Optional)-1)...)
	}
	out := make(scores)
	asked := len(q.Optional)+len(q.Required) > 0
	for _, p := range r.all() {
		if asked && len(required)+len(optional) == 0 {
			break
		}
		sum, all, one := 0.0, true, false
		for _, s := range required {
			v, ok := s[p]
			sum, all = sum+v, all && ok
		}
		for _, s := range optional {
			v, ok := s[p]
			sum, one = sum+v, one || ok
		}
		if all && (one || len(required) > 0 || !asked) && !r.isExcluded(p) {
			out[p] = sum
		}
	}
	return r.addTitleFit(out)
}

func (r *run) optional(n query.Node, terms []term, last bool) []scores {
	w, ok := n.(query.Word)
	if !ok {
		return r.node(n)
	}
	raw := strings.TrimSpace(r.req.Query.Raw)
	typing := last && r.req.Typing && (raw == "" || strings.HasSuffix(raw, w.Text))
	var out []scores
	out = append(out, r.wholes(w.Text)...)
	for i, t := range terms {
		weight := r.stopWeight(t.term)
		if weight == 0 && (!typing || i != len(terms)-1) {
			if !slices.Contains(r.applied.Dropped, t.term) {
				r.applied.Dropped = append(r.applied.Dropped, t.term)
			}
			continue
		}
		found := r.word(t, max(weight, 0.3), -1, true, typing && i == len(terms)-1)
		r.near = append(r.near, nearWord{t, max(weight, 0.3), len(found)})
		out = append(out, found)
	}
	return out
}

// node scores a node that is not dropped.
func (r *run) node(n query.Node) []scores {
	switch n := n.(type) {
	case query.Word:
		return r.words(n.Text, -1)
	case query.Phrase:
		return r.phrase(n.Text, -1)
	case query.Or:
		return r.or(n)
	case query.Field:
		return r.field(n)
	default:
		return nil
	}
}

func (r *run) words(s string, field int) []scores {
	var out []scores
	for _, t := range r.weave([]query.Node{query.Word{Text: s}})[0] {
		out = append(out, r.word(t, max(r.stopWeight(t.term), 0.3), field, true, false))
	}
	return out
}

// wholes score what is written as one and analysed as several terms too.
func (r *run) wholes(s string) []scores {
	var out []scores
	for _, t := range r.wordTerms(s) {
		for _, whole := range t.wholes {
			r.askTitle(term{term: whole}, nil, nil, 1)
			out = append(out, r.bm25f(1, -1, func(f text) float64 { return f.term(whole) }))
		}
	}
	return out
}

func (r *run) phrase(s string, field int) []scores {
	if len(r.terms(s)) == 0 {
		return nil
	}
	return []scores{r.bm25f(1, field, func(t text) float64 { return r.phraseCount(t, s) })}
}

func (r *run) or(or query.Or) []scores {
	out := make(scores)
	none := true
	for _, n := range or.Nodes {
		nodes := r.node(n)
		for _, p := range r.all() {
			sum, all := 0.0, len(nodes) > 0
			for _, s := range nodes {
				v, ok := s[p]
				sum, all = sum+v, all && ok
			}
			if all {
				out[p] += sum
			}
		}
		none = none && len(nodes) == 0
	}
	if none {
		return nil
	}
	return []scores{out}
}

func (r *run) field(f query.Field) []scores {
	var filter query.Filter
	text := slices.IndexFunc(r.fields, func(t index.Field) bool { return t.Name == f.Name })
	switch v := f.Value.(type) {
	case query.Range:
		filter = query.Between{Field: f.Name, Range: v}
	case query.Word:
		if text >= 0 {
			return r.words(v.Text, text)
		}
		filter = query.Term{Field: f.Name, Value: v.Text}
	case query.Phrase:
		if text >= 0 {
			return r.phrase(v.Text, text)
		}
		filter = query.Term{Field: f.Name, Value: v.Text}
	}
	out := make(scores)
	for _, p := range r.all() {
		if r.matchesFilter(p, filter) {
			out[p] = 0
		}
	}
	return []scores{out}
}

func (r *run) isExcluded(p *post) bool {
	return slices.ContainsFunc(r.req.Query.Excluded, func(n query.Node) bool { return r.excludes(p, n) })
}

// excludes: words and their stems take posts away, unexpanded; all else as it
// matches elsewhere.
func (r *run) excludes(p *post, n query.Node) bool {
	field := -1
	if f, ok := n.(query.Field); ok {
		i := slices.IndexFunc(r.fields, func(t index.Field) bool { return t.Name == f.Name })
		if w, ok := f.Value.(query.Word); ok && i >= 0 {
			n, field = w, i
		}
	}
	switch n := n.(type) {
	case query.Or:
		return slices.ContainsFunc(n.Nodes, func(n query.Node) bool { return r.excludes(p, n) })
	case query.Word:
		terms := r.wordTerms(n.Text)
		var found []scores
		if len(terms) == 1 {
			found = []scores{r.word(terms[0], 1, field, false, false)}
		} else {
			found = r.phrase(n.Text, field)
		}
		return len(found) > 0 && has(found[0], p)
	default:
		nodes := r.node(n)
		return len(nodes) > 0 && has(nodes[0], p)
	}
}

func has(s scores, p *post) bool {
	_, ok := s[p]
	return ok
}

// addTitleFit adds weight m^2/T.
func (r *run) addTitleFit(in scores) scores {
	if r.scoring.TitleFit <= 0 {
		return in
	}
	freq := make(map[string]int)
	for _, p := range r.posts {
		for _, t := range p.title {
			freq[t]++
		}
	}
	for p := range in {
		var m, total float64
		for _, t := range p.title {
			idf := math.Log(1 + float64(len(r.posts))/float64(freq[t]))
			total += idf
			m += idf * r.fit[t]
		}
		if m > 0 {
			in[p] += r.scoring.TitleFit * m * m / total
		}
	}
	return in
}

func conjuncts(f query.Filter) []query.Filter {
	and, ok := f.(query.And)
	if !ok && f == nil {
		return nil
	}
	if !ok {
		return []query.Filter{f}
	}
	var out []query.Filter
	for _, part := range and.Filters {
		out = append(out, conjuncts(part)...)
	}
	return out
}

// facet counts the values of the posts that match all but the field's own filters.
func (o *Oracle) facet(field index.Field, req index.FacetRequest, matched scores, all *index.Request) []index.FacetCount {
	counts, spellings := make(map[string]int), make(map[string]map[string]int)
	for p := range matched {
		if slices.ContainsFunc(conjuncts(all.Filter), func(f query.Filter) bool {
			return chooses(f) != field.Name && !o.matchesFilter(p, f)
		}) {
			continue
		}
		seen := make(map[string]bool)
		for _, v := range o.facetValues(p, field) {
			key := analysis.Fold(v)
			if !wordBegins(key, analysis.Fold(req.Prefix)) {
				continue
			}
			if !seen[key] {
				counts[key]++
				seen[key] = true
			}
			if spellings[key] == nil {
				spellings[key] = make(map[string]int)
			}
			spellings[key][v]++
		}
	}
	out := make([]index.FacetCount, 0, len(counts))
	for key, n := range counts {
		out = append(out, index.FacetCount{Value: mostFrequent(spellings[key], 1)[0], Count: n})
	}
	slices.SortFunc(out, func(a, b index.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), cmp.Or(req.Limit, 10), 1000)]
}

// chooses is the one field that a filter chooses values of; "" for all others.
func chooses(f query.Filter) string {
	switch f := f.(type) {
	case query.Term:
		return f.Field
	case query.Between:
		return f.Field
	case query.AnyOf:
		for _, part := range f.Filters {
			if chooses(part) != chooses(f.Filters[0]) {
				return ""
			}
		}
		return chooses(f.Filters[0])
	default:
		return ""
	}
}

func (o *Oracle) facetValues(p *post, field index.Field) []string {
	if field.Kind == index.Keyword {
		return p.values[field.Name]
	}
	v, ok := p.number[field.Name]
	if !ok {
		return nil
	}
	if len(field.Buckets) == 0 {
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	}
	label := field.Buckets[0].Label
	for _, b := range field.Buckets {
		if v >= b.Min {
			label = b.Label
		}
	}
	return []string{label}
}

// order sorts hits: by the sort keys, or score; then score, newer, id.
func (o *Oracle) order(hits scores, req *index.Request) []*post {
	var out []*post
	for p := range hits {
		out = append(out, p)
	}
	keys := slices.Clone(req.Sort)
	if len(keys) == 0 && !req.Query.IsEmpty() {
		keys = []index.SortKey{{Field: "_score", Desc: true}}
	}
	keys = append(keys, index.SortKey{Field: "_score", Desc: true}, index.SortKey{Field: "published_at", Desc: true}, index.SortKey{Field: "id"})
	slices.SortFunc(out, func(a, b *post) int {
		for _, k := range keys {
			if n := compareKey(k, a, b, hits); n != 0 {
				return n
			}
		}
		return 0
	})
	return out
}

func compareKey(k index.SortKey, a, b *post, hits scores) int {
	n := 0
	switch k.Field {
	case "_score":
		n = cmp.Compare(hits[a], hits[b])
	case "id":
		n = cmp.Compare(a.id, b.id)
	default:
		field, _ := index.Lookup(k.Field)
		x, okX := a.number[field.Name]
		y, okY := b.number[field.Name]
		if !okX || !okY {
			return cmp.Compare(btoi(okY), btoi(okX))
		}
		n = cmp.Compare(x, y)
	}
	if k.Desc {
		return -n
	}
	return n
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// wordBegins tries every place of a word.
func wordBegins(value, prefix string) bool {
	before := ' '
	for i, r := range value {
		if !unicode.In(before, unicode.L, unicode.N, unicode.M) && strings.HasPrefix(value[i:], prefix) {
			return true
		}
		before = r
	}
	return prefix == ""
}
