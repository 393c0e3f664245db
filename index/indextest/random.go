package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// random makes posts, changes and requests out of a small vocabulary, so that they
// meet often.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 0))} } //nolint:gosec // reproducible

//nolint:gochecknoglobals // immutable tables
var (
	vocabulary = strings.Fields(`the a of to be or not it is in running run runs runner database databases
		databse kubernetes kubernets kuberntes javascript javscript java garbage collector collection
		collecting index indexes indexing crash recovery crashes bolt bbolt go golang rust c++ .net node.js
		http/2 http.Server client_ip_headers useEffect use effect server servers serving 1.22 22 naïve naive
		straße über größe maison maisons 日本語 検索エンジン тест тесты memory safety memories café`)
	identifiers = []string{"client_ip_headers", "http.Server", "useEffect", "db.Begin", "x_1", "running"}
	tagValues   = []string{"Go", "go", "GO", "Rust", "web dev", "Ünïcode", "c++", "databases", "ops/kubernetes"}
	difficulty  = []string{"beginner", "intermediate", "advanced", ""}
	langs       = []string{"", "en", "en", "en", "de", "fr", "ru", "ja", "xx"}
)

func (r random) pick(list []string) string { return list[r.IntN(len(list))] }

func (r random) words(most int) string {
	out := make([]string, r.IntN(most+1))
	for i := range out {
		out[i] = r.pick(vocabulary)
	}
	return strings.Join(out, " ")
}

func (r random) some(most int, list []string) []string {
	var out []string
	for range r.IntN(most + 1) {
		out = append(out, r.pick(list))
	}
	return out
}

func (r random) post(id string) corpus.Post {
	p := corpus.Post{
		ID: id, Title: r.words(5), Summary: r.words(6), Body: r.body(), Lang: r.pick(langs),
		Topic: r.pick([]string{"", "caching", "Caching"}), Tags: r.some(4, tagValues), Stack: r.some(2, tagValues), Tools: r.some(1, tagValues),
		CodeLanguage: r.pick([]string{"", "go", "Rust"}), Difficulty: r.pick(difficulty),
		Author: r.some(2, []string{"Ada Lovelace", "Grace Hopper"}), Series: r.pick([]string{"", "internals"}),
		Notes: r.some(1, vocabulary), Checklist: r.some(2, vocabulary),
	}
	if r.IntN(4) > 0 {
		p.PublishedAt = corpus.DayOf(time.Date(2020+r.IntN(5), time.Month(1+r.IntN(12)), 1+r.IntN(3), 0, 0, 0, 0, time.UTC))
	}
	if r.IntN(2) == 0 {
		n := int64(r.IntN(5))
		p.ViewCount = &n
	}
	if r.IntN(2) == 0 {
		v := float64(r.IntN(60))
		p.ReadingTime = &v
	}
	if r.IntN(2) == 0 {
		q, f := float64(r.IntN(101)), float64(r.IntN(101))
		p.Score = &corpus.Score{Quality: &q, Freshness: &f}
	}
	if r.IntN(3) == 0 {
		p.Entities = []corpus.Entity{{Name: r.pick(vocabulary), Type: "tool"}}
		p.Outline = []corpus.OutlineItem{{Label: r.pick(vocabulary), Text: r.words(3)}}
	}
	return p
}

func (r random) body() string {
	var b strings.Builder
	for range r.IntN(4) {
		switch r.IntN(4) {
		case 0:
			fmt.Fprintf(&b, "## %s x\n\n", r.words(3))
		case 1:
			fmt.Fprintf(&b, "```go\n%s = %s(%s)\n```\n\n", r.pick(identifiers), r.pick(identifiers), r.pick(vocabulary))
		default:
			fmt.Fprintf(&b, "%s.\n\n", r.words(20))
		}
	}
	return b.String()
}

// request is any request that is valid.
func (r random) request(plain bool) index.Request {
	req := index.Request{
		Query: query.Parse(r.query()), From: r.IntN(3) * r.IntN(4), Size: r.IntN(12), Typing: r.IntN(3) == 0,
		Explain: r.IntN(2) == 0,
	}
	if r.IntN(4) == 0 {
		req.Typos = index.TypoMode(r.IntN(3))
	}
	if r.IntN(2) == 0 {
		req.Filter = r.filter(2)
	}
	for _, f := range index.Fields() {
		if f.Facet && r.IntN(4) == 0 {
			req.Facets = append(req.Facets, index.FacetRequest{Field: f.Name, Limit: r.IntN(4), Prefix: r.pick([]string{"", "", "g", "R", "<", "d", "kub", "é", "+", "uni"})})
		}
	}
	if r.IntN(4) == 0 {
		field := r.pick([]string{"_score", "id", "published_at", "views", "quality", "reading", "year"})
		req.Sort = []index.SortKey{{Field: field, Desc: r.IntN(2) == 0}}
	}
	if plain {
		req.Query = query.Parse(r.words(3))
	}
	if r.IntN(3) == 0 {
		req.Curation = r.curation()
	}
	if r.IntN(3) == 0 {
		r.boostsAndPins(&req)
	}
	return req
}

func (r random) query() string {
	var parts []string
	for range r.IntN(4) {
		w := r.pick(vocabulary)
		switch r.IntN(14) {
		case 0:
			w = `"` + r.pick(vocabulary) + " " + r.pick(vocabulary) + `"`
		case 1:
			w = "-" + w
		case 2:
			w = "+" + w
		case 3:
			w += " OR " + r.pick(vocabulary)
		case 4:
			w = r.pick([]string{"tag:go", "title:" + w, `body:"` + w + `"`, "lang:de", "year:2021..2022", "id:post-3", "-tag:rust", "difficulty:beginner"})
		case 5, 6:
			w = string([]rune(w)[:1+r.IntN(len([]rune(w)))])
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, " ")
}

func (r random) filter(depth int) query.Filter {
	if depth > 0 {
		switch r.IntN(5) {
		case 0:
			return query.And{Filters: []query.Filter{r.filter(depth - 1), r.filter(depth - 1)}}
		case 1:
			return query.AnyOf{Filters: []query.Filter{r.filter(depth - 1), r.filter(depth - 1)}}
		case 2:
			return query.Not{Filter: r.filter(depth - 1)}
		}
	}
	switch r.IntN(6) {
	case 0:
		low := float64(2020 + r.IntN(4))
		return query.Between{Field: "year", Range: query.Range{Min: low, Max: low + float64(r.IntN(3)), MinOpen: r.IntN(2) == 0}}
	case 1:
		return query.Between{Field: "quality", Range: query.Range{Min: 0, Max: float64(r.IntN(100)), MaxOpen: true}}
	case 2:
		return query.Term{Field: "title", Value: r.pick(vocabulary)}
	case 3:
		return query.Term{Field: "difficulty", Value: r.pick(difficulty[:3])}
	default:
		return query.Term{Field: r.pick([]string{"tags", "stack", "tools"}), Value: r.pick(tagValues)}
	}
}

// curation is any set of synonyms and stop words.
func (r random) curation() *curation.Set {
	entry := func() string {
		return strings.TrimSpace(r.pick(vocabulary) + " " + r.pick([]string{"", "", "", r.pick(vocabulary)}))
	}
	var synonyms curation.Synonyms
	for range r.IntN(12) {
		if r.IntN(2) == 0 {
			synonyms.Sets = append(synonyms.Sets, curation.SynonymSet{Words: []string{entry(), entry(), entry()}[:2+r.IntN(2)]})
		} else {
			synonyms.Sets = append(synonyms.Sets, curation.SynonymSet{From: []string{entry()}, To: []string{entry()}})
		}
	}
	stop := curation.StopWords{Drop: r.some(3, []string{"garbage", "memory", "go"}), Keep: r.some(3, []string{"the", "it", "to", "of"})}
	return curation.NewSet(synonyms, stop, curation.Rules{})
}
