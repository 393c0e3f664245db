package indextest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// library is a handful of posts that a person can keep in mind.
func library() []corpus.Post {
	day := func(s string) corpus.Date {
		d, err := corpus.ParseDate(s)
		if err != nil {
			panic(err) // A constant of this file.
		}
		return d
	}
	views := func(n int64) *int64 { return &n }
	return []corpus.Post{
		{ID: "kube", Title: "Kubernetes networking", Body: "How a pod finds another pod.", Tags: []string{"kubernetes", "Networking"}, PublishedAt: day("2023-04-01"), ViewCount: views(10)},
		{ID: "headers", Title: "Whose address is it", Body: "Set `client_ip_headers` behind a proxy.\n\n```go\nreq.Header.Get(forwardedFor)\n```\n", Tags: []string{"networking"}, CodeLanguage: "go", PublishedAt: day("2024-01-15"), ViewCount: views(200)},
		{ID: "gc", Title: "The garbage collector", Body: "A concurrent garbage collector in Go. Collecting while running.", Tags: []string{"Go"}, Topic: "runtime", PublishedAt: day("2022-07-09")},
		{ID: "heap", Title: "Heaps of garbage", Body: "The collector of garbage never sleeps; Go programs allocate.", Tags: []string{"go"}, PublishedAt: day("2021-02-03"), ViewCount: views(3)},
		{ID: "tobe", Title: "To be or not to be", Body: "Whether a value is nil.", Author: corpus.StringList{"Ada Lovelace"}},
		{ID: "js", Title: "Closures in JavaScript", Body: "A closure keeps its scope. In node.js as in a browser.", Summary: "What a javascript closure is.", Tags: []string{"javascript"}, PublishedAt: day("2020-05-05")},
		{ID: "typo", Title: "Notes", Body: "A javscript closure, misspelt.", PublishedAt: day("2020-05-05")},
		{ID: "haus", Title: "Häuser am Fluss", Body: "Das Haus steht.", Lang: "de", PublishedAt: day("2019-01-01")},
		{ID: "ja", Title: "日本語の検索", Body: "全文検索エンジンを作る。", Lang: "ja"},
		{ID: "cpp", Title: "Moves in C++", Body: "A C++ 17 guide; compare with .NET and http/2.", Tags: []string{"c++"}},
	}
}

// script is a request and what a person expects of it.
type script struct {
	name   string
	q      string
	filter string
	change func(*index.Request)
	// want are the ids in order; with a leading "*" in any order.
	want string
	// applied is what Result.Applied says, as words.
	applied string
	// facet is the counts of the field "tags", when it was asked for.
	facet string
}

func typing(r *index.Request) { r.Typing = true }

func facetTags(prefix string) func(*index.Request) {
	return func(r *index.Request) { r.Facets = []index.FacetRequest{{Field: "tag", Prefix: prefix}} }
}

func sortBy(field string, desc bool) func(*index.Request) {
	return func(r *index.Request) { r.Sort = []index.SortKey{{Field: field, Desc: desc}} }
}

//nolint:gochecknoglobals // immutable table
var scripts = []script{
	{name: "empty query lists newest first, undated last", want: "headers kube gc heap js typo haus cpp ja tobe"},
	{name: "a word and its stems; rare, so a near one too", q: "collects", want: "gc heap", applied: "typo collects=collector"},
	{name: "title first", q: "kubernetes", want: "kube"},
	{name: "diacritics do not matter", q: "hauser", want: "haus"},
	{name: "German stems", q: "Häusern", want: "haus"},
	{name: "typo", q: "kuberntes", want: "kube", applied: "typo kuberntes=kubernetes"},
	{name: "typo is not taken when switched off", q: "kuberntes", change: func(r *index.Request) { r.Typos = index.TyposNever }},
	{name: "the right spelling before the wrong one", q: "javascript closure", want: "js typo", applied: "typo javascript=javscript"},
	{name: "prefix where the word alone has no hits", q: "kube", want: "kube", applied: "prefix kube=kubernetes"},
	{name: "no prefix where it has", q: "go collector", want: "gc heap"},
	{name: "prefix while typing", q: "garbage coll", change: typing, want: "gc heap", applied: "prefix coll=collector,collecting"},
	{name: "stop words alone count", q: "to be or not to be", want: "tobe *"},
	{name: "stop words beside others do not", q: "the kubernetes", want: "kube", applied: "dropped the"},
	{name: "a stop word typed twice is told once", q: "the garbage of the collector", want: "gc heap", applied: "dropped the; dropped of"},
	{name: "identifier whole", q: "client_ip_headers", want: "headers"},
	{name: "identifier by part", q: "ip", want: "headers"},
	{name: "identifier in code", q: "forwardedFor", want: "headers"},
	{name: "identifiers are never mistyped", q: "client_ip_header", want: "headers", applied: "prefix client_ip_header=client_ip_headers"},
	{name: "numbers are never mistyped", q: "1234"},
	{name: "C++", q: "C++", want: "cpp"},
	{name: ".NET", q: ".NET", want: "cpp"},
	{name: "http/2", q: "http/2", want: "cpp"},
	{name: "node.js", q: "node.js", want: "js"},
	{name: "Japanese", q: "検索", want: "ja"},
	{name: "emoji that nobody used", q: "🦀"},
	{name: "phrase", q: `"garbage collector"`, want: "gc"},
	{name: "phrase does not stem", q: `"garbage collectors"`},
	{name: "excluded word", q: "garbage -heaps", want: "gc"},
	{name: "required word", q: "garbage +concurrent", want: "gc"},
	{name: "or group", q: "kubernetes OR heaps", want: "*kube heap"},
	{name: "field term", q: "tag:go", want: "gc heap"},
	{name: "field term and word", q: "tag:go sleeps", want: "heap gc"},
	{name: "title only", q: "title:collector", want: "gc"},
	{name: "range of years", q: "year:2023..2024", want: "headers kube"},
	{name: "id", q: "id:kube", want: "kube"},
	{name: "filter list", filter: "tag:(go, kubernetes)", want: "kube gc heap"},
	{name: "filter not", filter: "tag:networking AND NOT tag:kubernetes", want: "headers"},
	{name: "filter on author, folded", filter: `author:"ada lovelace"`, want: "tobe"},
	{name: "filter on a number, absent ones do not match", filter: "views:>5", want: "headers kube"},
	{name: "facets fold and show the usual spelling", q: "", filter: "tag:networking", change: facetTags(""), want: "headers kube", facet: "Go 2, Networking 2, c++ 1, javascript 1, kubernetes 1"},
	{name: "search in facet values", change: facetTags("NET"), want: "headers kube gc heap js typo haus cpp ja tobe", facet: "Networking 2"},
	{name: "sort by a number, absent last", change: sortBy("views", false), want: "heap kube headers gc js typo haus cpp ja tobe"},
	{name: "sort descending, absent last", change: sortBy("view_count", true), want: "headers kube heap gc js typo haus cpp ja tobe"},
	{name: "sort by id", filter: "year:2020", change: sortBy("id", true), want: "typo js"},
	{name: "second page", change: func(r *index.Request) { r.From, r.Size = 8, 5 }, want: "ja tobe"},
	{name: "a negative page is the first", change: func(r *index.Request) { r.From, r.Size = -3, 2 }, want: "headers kube"},
	{name: "page behind the end", q: "go", change: func(r *index.Request) { r.From = 50 }},
}

func runScripts(t *testing.T, open Opener) {
	t.Helper()
	opts := Options()
	opts.Prior, opts.Signals = nil, nil
	s := newSubject(t, open, opts, 0)
	var changes []corpus.Change
	for _, p := range library() {
		s.seq++
		changes = append(changes, corpus.Change{Seq: s.seq, ID: p.ID, Post: &p})
	}
	s.apply(changes)
	for _, c := range scripts {
		t.Run(c.name, func(t *testing.T) { s.script(t, c) })
	}
}

func (s *subject) script(t *testing.T, c script) {
	t.Helper()
	req := index.Request{Query: query.Parse(c.q), Size: 20, Explain: true}
	if c.filter != "" {
		var err error
		if req.Filter, err = query.ParseFilter(c.filter); err != nil {
			t.Fatal(err)
		}
	}
	if c.change != nil {
		c.change(&req)
	}
	got, err := s.idx.Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.want, shown(got.Hits, c.want)); diff != "" {
		t.Errorf("hits (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.applied, appliedWords(got.Applied)); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
	if c.facet != "" {
		var counts []string
		for _, v := range got.Facets["tags"] {
			counts = append(counts, fmt.Sprintf("%s %d", v.Value, v.Count))
		}
		if diff := cmp.Diff(c.facet, strings.Join(counts, ", ")); diff != "" {
			t.Errorf("facet (-want +got):\n%s", diff)
		}
	}
	if diff := Compare(got, s.oracle.Search(req)); diff != "" {
		t.Errorf("oracle (-want +got):\n%s", diff)
	}
}

// shown are the ids of hits, written as want is: "*a b" is any order, "a *" is a
// first place.
func shown(hits []index.Hit, want string) string {
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	got := strings.Join(ids, " ")
	if first, ok := strings.CutSuffix(want, " *"); ok && len(ids) > 0 && ids[0] == first {
		return want
	}
	if anyOrder, ok := strings.CutPrefix(want, "*"); ok {
		fields := strings.Fields(anyOrder)
		slices.Sort(fields)
		slices.Sort(ids)
		if slices.Equal(fields, ids) {
			return want
		}
	}
	return got
}

func appliedWords(a index.Applied) string {
	var out []string
	for _, r := range a.Typos {
		out = append(out, "typo "+r.Word+"="+strings.Join(r.As, ","))
	}
	for _, r := range a.Prefixes {
		out = append(out, "prefix "+r.Word+"="+strings.Join(r.As, ","))
	}
	for _, d := range a.Dropped {
		out = append(out, "dropped "+d)
	}
	return strings.Join(out, "; ")
}
