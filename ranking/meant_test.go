package ranking_test

// Claims, over a real index:
//  1. Where a query has next to no hits, or matched mistyped words only, another query is
//     offered, whole, made of words that the posts have; it finds posts, under the same filter.
//  2. None is offered for queries that find what they say, while typing, for nonsense.
//  3. Suggestions find titles, entities and tags by the beginning of any of their words, the
//     better match first, each text once, and where nothing begins so, what is nearly so.

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/query"
	"alphanode/ranking"
)

func handbook() []corpus.Post {
	var out []corpus.Post
	add := func(n int, title, body string, tags ...string) {
		for i := range n {
			out = append(out, corpus.Post{
				ID: fmt.Sprintf("%s-%d", strings.Fields(title)[0], i), Title: fmt.Sprintf("%s %d", title, i), Body: body, Tags: tags,
				Entities: []corpus.Entity{{Name: "Google Kubernetes Engine", Type: "tool"}},
			})
		}
	}
	add(8, "Kubernetes networking", "How pods reach each other.", "kubernetes", "networking")
	add(7, "JavaScript closures", "A closure keeps its scope in javascript.", "javascript", "web development")
	add(6, "Garbage collection", "The garbage collector of a runtime.", "garbage collection")
	return append(out, corpus.Post{ID: "odd", Title: "Odd", Body: "A net result."})
}

func newHandbook(t *testing.T) *ranking.Engine {
	t.Helper()
	idx, err := bleveindex.OpenMemory(index.Options{Now: fixedClock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = idx.Close() }) // It lives in memory.
	f := newFixture(t, idx, ranking.Options{})
	posts := handbook()
	f.put(t, posts...)
	changes := make([]corpus.Change, len(posts))
	for i := range posts {
		changes[i] = corpus.Change{ID: posts[i].ID, Seq: uint64(i + 1), Post: &posts[i]}
	}
	if err := idx.Apply(t.Context(), index.Range{From: 1, To: uint64(len(posts))}, changes); err != nil {
		t.Fatal(err)
	}
	return f.engine
}

func TestDidYouMean(t *testing.T) {
	e := newHandbook(t)
	for _, tc := range []struct {
		q, filter, want string
		typing          bool
		total           int
	}{
		{q: "kuberntes", want: "kubernetes", total: 21},
		{q: "kuberntes networkng", want: "kubernetes networking", total: 21},
		{q: "+javscript +closures", want: "+javascript +closures", total: 7},
		{q: "ubernetes", want: "kubernetes", total: 21},
		{q: "garbagecollector", want: "garbage collector", total: 6},
		{q: "net working", want: "networking", total: 8},
		{q: "gabrage -javascript", want: "garbage -javascript", total: 6},
		{q: "javscript", filter: "tag:networking", want: ""},
		{q: "kubernetes"},
		{q: "kubernetes networking"},
		{q: "closure"},
		{q: "zzzzqqq"},
		{q: ""},
		{q: `"kuberntes"`},
		{q: "tag:kuberntes"},
		{q: "😀"},
		{q: "kuberntes", typing: true, want: ""},
		{q: "ubernetes", typing: true, want: "kubernetes", total: 21},
	} {
		req := index.Request{Query: query.Parse(tc.q), Size: 10, Typing: tc.typing}
		if tc.filter != "" {
			var err error
			if req.Filter, err = query.ParseFilter(tc.filter); err != nil {
				t.Fatal(err)
			}
		}
		res, err := e.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		m, ok, err := e.DidYouMean(t.Context(), req, res)
		if err != nil || ok != (tc.want != "") || m.Query != tc.want || m.Total != tc.total {
			t.Errorf("%q (%d hits): %+v, %v, %v; want %q, %d", tc.q, res.Total, m, ok, err, tc.want, tc.total)
		}
	}
}

func TestSuggestionsOfARealIndex(t *testing.T) {
	e := newHandbook(t)
	for q, want := range map[string]string{
		"kube":             "tag:kubernetes title:Kubernetes networking entity:Google Kubernetes Engine",
		"kubernetes netw":  "title:Kubernetes networking",
		"netw":             "tag:networking title:Kubernetes networking",
		"develop":          "tag:web development",
		"web dev":          "tag:web development",
		"engine":           "entity:Google Kubernetes Engine",
		"closu":            "title:JavaScript closures",
		"kuberntes":        "tag:kubernetes title:Kubernetes networking entity:Google Kubernetes Engine",
		"kubrn":            "entity:Google Kubernetes Engine tag:kubernetes title:Kubernetes networking",
		"javscript closur": "title:JavaScript closures",
		"garbgae":          "tag:garbage collection title:Garbage collection",
		"zzzz":             "", "!": "",
	} {
		got, err := e.Suggest(t.Context(), q, 20)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		seen := map[string]bool{}
		for _, s := range got {
			text := s.Kind + ":" + strings.TrimRight(s.Text, " 0123456789")
			if s.Kind != ranking.SuggestTitle && seen[text] {
				t.Errorf("%q: %s twice", q, text)
			}
			if !seen[text] {
				seen[text] = true
				kinds = append(kinds, text)
			}
		}
		if diff := cmp.Diff(want, strings.Join(kinds, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", q, diff)
		}
	}
}
