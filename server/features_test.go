package server_test

// Claims, on real parts:
//  1. Rules, synonyms and stop words act from the moment they are put, and no longer than they
//     stand; pages stay whole.
//  2. Lists can be read to their end by cursor, also past hit 10,000 (here past a small limit),
//     and after writes; a cursor of another search, cut or changed, is a 400 and never a 500.
//  3. Boosts order; a bad one is a 400.
//  4. Several searches in one request are answered one by one; what is wrong with one costs
//     only that one.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/server"
)

// searched is what these tests read of an answer.
type searched struct {
	Total int `json:"total"`
	Hits  []struct {
		ID     string  `json:"id"`
		Score  float64 `json:"score"`
		Pinned bool    `json:"pinned"`
	} `json:"hits"`
	Facets  map[string][]struct{ Value string } `json:"facets"`
	Applied struct {
		Rules, Pins, Boosts []string
		Synonyms            []struct{ Word string }
		Cursor              string
	} `json:"applied"`
	Page       int     `json:"page"`
	NextCursor *string `json:"next_cursor"`
	TotalExact bool    `json:"total_exact"`
}

func (s searched) ids() []string {
	out := make([]string, 0, len(s.Hits))
	for _, h := range s.Hits {
		out = append(out, h.ID)
	}
	return out
}

func search(t *testing.T, s *server.Server, values url.Values) searched {
	t.Helper()
	rec := ask(t, s, http.MethodGet, "/v1/search?"+values.Encode(), "")
	wantStatus(t, rec, http.StatusOK)
	var out searched
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func putDocument(t *testing.T, s *server.Server, kind, doc string) {
	t.Helper()
	wantStatus(t, ask(t, s, http.MethodPut, "/v1/curation/"+kind, doc, "Content-Type", "application/yaml"), http.StatusOK)
}

// numbered are n posts that all match "notes", later ones newer.
func numbered(n int) []corpus.Post {
	out := make([]corpus.Post, n)
	for i := range out {
		out[i] = corpus.Post{
			ID: fmt.Sprintf("p/%03d", i), Title: "Notes", Body: "Notes about " + []string{"kubernetes", "databases"}[i%2],
			Tags: []string{[]string{"ops", "data", "web"}[i%3]},
		}
	}
	return out
}

func TestRulesAct(t *testing.T) {
	r := newReal(t)
	r.put(t, append(numbered(60), corpus.Post{ID: "start", Title: "Start here", Body: "An introduction."})...)
	plain := search(t, r.Server, url.Values{"q": {"notes"}, "per_page": {"100"}})
	putDocument(t, r.Server, "rules", `
rules:
- name: start
  when: {query: Nótes, match: exact}
  pin: [{id: start}, {id: p/007, position: 12}, {id: gone, position: 2}]
  hide: [p/000, p/001]
- name: data first
  when: {query: notes, match: contains}
  boost: [{filter: tag:data, by: 5}]
- name: only web
  when: {query: web, match: prefix}
  filter: tag:web
- name: filtered
  when: {filter: tag:ops}
  hide: [p/003]
`)
	got := search(t, r.Server, url.Values{"q": {"  NOTES "}, "per_page": {"100"}, "facets": {"tags"}})
	if want := plain.Total - 2 + 1; got.Total != want || len(got.Hits) != want {
		t.Errorf("total %d, %d hits; want %d", got.Total, len(got.Hits), want)
	}
	if ids := got.ids(); ids[0] != "start" || ids[11] != "p/007" || slices.Contains(ids, "p/000") || !got.Hits[0].Pinned || got.Hits[1].Pinned {
		t.Errorf("hits %v", ids)
	}
	if len(got.Facets["tags"]) != 3 || got.Applied.Boosts[0] != "tag:data ^5" || !slices.Equal(got.Applied.Rules, []string{"start", "data first"}) || !slices.Equal(got.Applied.Pins, []string{"start", "p/007"}) {
		t.Errorf("applied %+v", got.Applied)
	}
	if id := got.Hits[1].ID; !isData(id) {
		t.Errorf("after the pinned post comes %s, not a boosted one", id)
	}
	var pages []string
	for page := 1; len(pages) < got.Total && page < 20; page++ {
		pages = append(pages, search(t, r.Server, url.Values{"q": {"notes"}, "per_page": {"7"}, "page": {fmt.Sprint(page)}}).ids()...)
	}
	if !slices.Equal(pages, got.ids()) {
		t.Errorf("pages give\n%v, one page\n%v", pages, got.ids())
	}
	if web := search(t, r.Server, url.Values{"q": {"web notes"}}); web.Total != 20 || !slices.Equal(web.Applied.Rules, []string{"data first", "only web"}) {
		t.Errorf("web: %d, %v", web.Total, web.Applied.Rules)
	}
	if other := search(t, r.Server, url.Values{"q": {"kubernetes"}}); len(other.Applied.Rules) != 0 {
		t.Errorf("kubernetes: %v", other.Applied.Rules)
	}
	filtered := search(t, r.Server, url.Values{"filter": {"tag:(ops)"}, "per_page": {"100"}})
	if slices.Contains(filtered.ids(), "p/003") || filtered.Total != 19 || !slices.Equal(filtered.Applied.Rules, []string{"filtered"}) {
		t.Errorf("filtered: %d, %v", filtered.Total, filtered.Applied.Rules)
	}
	sorted := search(t, r.Server, url.Values{"q": {"notes"}, "sort": {"id"}})
	if len(sorted.Applied.Pins) != 0 || sorted.Hits[0].ID != "p/002" {
		t.Errorf("sorted: %v, %v", sorted.Applied, sorted.ids())
	}
	putDocument(t, r.Server, "rules", "rules: []")
	if again := search(t, r.Server, url.Values{"q": {"notes"}, "per_page": {"100"}}); !slices.Equal(again.ids(), plain.ids()) {
		t.Errorf("without rules %v", again.ids())
	}
}

func isData(id string) bool {
	var n int
	_, err := fmt.Sscanf(id, "p/%d", &n)
	return err == nil && n%3 == 1
}

// A pinned post that is hidden by the review gate does not show.
func TestPinsPassTheGate(t *testing.T) {
	r := newReal(t)
	r.put(t, append(numbered(3), corpus.Post{ID: "draft", Title: "Secret", Revision: &corpus.Revision{Status: corpus.StatusDraft}})...)
	putDocument(t, r.Server, "rules", "rules: [{name: a, when: {query: notes}, pin: [{id: draft}]}]")
	if got := search(t, r.Server, url.Values{"q": {"notes"}}); got.Total != 3 || slices.Contains(got.ids(), "draft") || len(got.Applied.Pins) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestSynonymsActAtOnce(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(10)...)
	if got := search(t, r.Server, url.Values{"q": {"k8s"}}); got.Total != 0 {
		t.Errorf("%d without synonyms", got.Total)
	}
	putDocument(t, r.Server, "synonyms", "synonyms: [{words: [k8s, kubernetes]}]")
	rec := ask(t, r.Server, http.MethodGet, "/v1/search?q=k8s&per_page=1", "")
	if body := rec.Body.String(); !strings.Contains(body, `"total":5`) || !strings.Contains(body, `<mark>kubernetes</mark>`) || !strings.Contains(body, `"synonyms":[{"word":"k8s","as":["kubernetes"]}]`) {
		t.Errorf("with synonyms %s", body)
	}
	putDocument(t, r.Server, "stopwords", "drop: [databases]")
	if got := search(t, r.Server, url.Values{"q": {"databases kubernetes"}}); got.Total != 5 {
		t.Errorf("%d with a stop word", got.Total)
	}
}

func TestCursorsReadAll(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(150)...)
	putDocument(t, r.Server, "rules", "rules: [{name: a, when: {query: notes}, pin: [{id: p/100, position: 3}, {id: p/101, position: 70}]}]")
	for _, values := range []url.Values{
		{"q": {"notes"}}, {"q": {"notes"}, "sort": {"-id"}}, {"q": {"kubernetes"}, "boost": {"tag:ops^3"}}, {"filter": {"tag:web"}},
	} {
		values.Set("per_page", "100")
		var want []string
		for page := 1; page <= 2; page++ {
			values.Set("page", fmt.Sprint(page))
			want = append(want, search(t, r.Server, values).ids()...)
		}
		values.Del("page")
		values.Set("per_page", "9")
		values.Set("cursor", "*")
		var got []string
		for n := 1; ; n++ {
			page := search(t, r.Server, values)
			if page.Applied.Cursor != "" || page.Page != n {
				t.Errorf("%v: page %d is %d, %q", values, n, page.Page, page.Applied.Cursor)
			}
			got = append(got, page.ids()...)
			if page.NextCursor == nil {
				break
			}
			values.Set("cursor", *page.NextCursor)
			if n == 3 { // A write in between changes nothing, but for a post that is gone.
				r.put(t, corpus.Post{ID: fmt.Sprint("new", len(want), values["sort"]), Title: "Notes", Body: "kubernetes notes", Tags: []string{"web"}})
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v:\n got %v\nwant %v", values, got, want)
		}
	}
}

func TestDeletedBetweenPages(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(50)...)
	values := url.Values{"q": {"notes"}, "sort": {"id"}, "per_page": {"10"}, "cursor": {"*"}}
	first := search(t, r.Server, values)
	for i := 10; i < 15; i++ {
		wantStatus(t, ask(t, r.Server, http.MethodDelete, fmt.Sprintf("/v1/post?id=p/%03d", i), ""), http.StatusOK)
	}
	values.Set("cursor", *first.NextCursor)
	second := search(t, r.Server, values)
	if ids := second.ids(); len(ids) != 10 || ids[0] != "p/015" || ids[9] != "p/024" {
		t.Errorf("second page %v", ids)
	}
	values.Set("cursor", *second.NextCursor)
	if ids := search(t, r.Server, values).ids(); ids[0] != "p/025" {
		t.Errorf("third page %v", ids)
	}
}

func TestBadCursors(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(40)...)
	good := *search(t, r.Server, url.Values{"q": {"notes"}, "cursor": {"*"}}).NextCursor
	for name, values := range map[string]url.Values{
		"other q":     {"q": {"note"}, "cursor": {good}},
		"other sort":  {"q": {"notes"}, "sort": {"id"}, "cursor": {good}},
		"other boost": {"q": {"notes"}, "boost": {"tag:ops^2"}, "cursor": {good}},
		"typing":      {"q": {"notes"}, "typing": {"1"}, "cursor": {good}},
		"cut":         {"q": {"notes"}, "cursor": {good[:len(good)-1]}},
		"no sum":      {"q": {"notes"}, "cursor": {good[:20]}},
		"changed":     {"q": {"notes"}, "cursor": {"A" + good}},
		"junk":        {"q": {"notes"}, "cursor": {"%%%"}},
		"long":        {"q": {"notes"}, "cursor": {strings.Repeat("A", 10_000)}},
		"with page":   {"q": {"notes"}, "page": {"2"}, "cursor": {good}},
	} {
		rec := ask(t, r.Server, http.MethodGet, "/v1/search?"+values.Encode(), "")
		if rec.Code != http.StatusBadRequest || problemCode(t, rec) != "bad_parameter" {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	if got := search(t, r.Server, url.Values{"q": {"notes"}, "cursor": {good}, "per_page": {"30"}}); len(got.Hits) != 30 || got.NextCursor != nil {
		t.Errorf("%d hits, next %v", len(got.Hits), got.NextCursor)
	}
}

// The sum of a cursor is no secret: what it says is checked too.
func TestForgedCursors(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(80)...)
	long := strings.Repeat("x", 65)
	taken := []string{
		`{"n":10,"s":"x","i":"p/001","r":1,"k":[null]}`,
		`{"n":10,"s":"x"}`,
		`{"n":1099511627776,"s":"","i":"p/001","r":1e308,"d":-1e308,"k":[1]}`,
		`{"n":70,"s":"x","i":"nothing","r":-5,"k":[null]}`,
		`null`,
	}
	refused := []string{
		`{"n":-1,"s":"x","i":"p/001","k":[null]}`,
		`{"n":1e300,"s":"x"}`,
		`{"n":10,"s":"x","i":"p/001","k":[]}`,
		`{"n":10,"s":"x","i":"p/001","k":[1,2,3,4,5]}`,
		`{"n":10,"s":"x","i":"","k":[1]}`,
		`{"n":10,"s":"` + long + `","i":"p/001","k":[1]}`,
		`{"n":10,"s":7}`,
		`[]`,
		`{"n":10,"s":"x","i":"p\u0000","k":[1]}`,
	}
	for status, list := range map[int][]string{http.StatusOK: taken, http.StatusBadRequest: refused} {
		for _, data := range list {
			for _, size := range []string{"10", "0", "100"} {
				values := url.Values{"q": {"notes"}, "per_page": {size}, "cursor": {server.ForgedCursor(data, "notes")}}
				if rec := ask(t, r.Server, http.MethodGet, "/v1/search?"+values.Encode(), ""); rec.Code != status {
					t.Errorf("%s, %s a page: %d, want %d: %s", data, size, rec.Code, status, rec.Body)
				}
			}
		}
	}
}

func TestBoostParameter(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(30)...)
	got := search(t, r.Server, url.Values{"q": {"notes"}, "boost": {"tag:(data, web)^0.5", "tag:data^8"}})
	if !isData(got.Hits[0].ID) || !isData(got.Hits[9].ID) || !slices.Equal(got.Applied.Boosts, []string{"tag:data OR tag:web ^0.5", "tag:data ^8"}) {
		t.Errorf("%v %v", got.ids(), got.Applied.Boosts)
	}
	for _, bad := range []string{"tag:go", "tag:go^", "tag:go^x", "tag:go^0", "tag:go^11", "tag:go^NaN", "tga:go^2", "^2", "tag:go OR^2"} {
		rec := ask(t, r.Server, http.MethodGet, "/v1/search?"+url.Values{"q": {"notes"}, "boost": {bad}}.Encode(), "")
		if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), `"param":"boost"`) {
			t.Errorf("%q: %d %s", bad, rec.Code, rec.Body)
		}
	}
	many := url.Values{"q": {"notes"}, "boost": slices.Repeat([]string{"tag:go^2"}, 11)}
	wantStatus(t, ask(t, r.Server, http.MethodGet, "/v1/search?"+many.Encode(), ""), http.StatusBadRequest)
}

func TestWeights(t *testing.T) {
	r := newReal(t)
	r.put(t, corpus.Post{ID: "title", Title: "Memory", Body: "Nothing else."}, corpus.Post{ID: "body", Title: "Other", Body: "memory memory memory memory memory memory"})
	for weights, first := range map[string]string{"": "title", "title:10": "title", "title:0.1,body:10": "body"} {
		if got := search(t, r.Server, url.Values{"q": {"memory"}, "weights": {weights}}); got.Hits[0].ID != first {
			t.Errorf("%q: %v", weights, got.ids())
		}
	}
	body := ask(t, r.Server, http.MethodPost, "/v1/search", `{"q":"memory","weights":{"title":0.1,"body":10},"explain":true}`).Body.String()
	if !strings.Contains(body, `"hits":[{"id":"body"`) || !strings.Contains(body, `{"name":"weight","op":"leaf","value":10}`) {
		t.Errorf("%s", body)
	}
	for _, bad := range []string{"title", "title:", "title:x", "title:0", "title:11", "tag:2", ":2", "title:NaN"} {
		rec := ask(t, r.Server, http.MethodGet, "/v1/search?"+url.Values{"q": {"memory"}, "weights": {bad}}.Encode(), "")
		if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), `"param":"weights"`) {
			t.Errorf("%q: %d %s", bad, rec.Code, rec.Body)
		}
	}
}

func TestSeveralSearches(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(20)...)
	rec := ask(t, r.Server, http.MethodPost, "/v1/search:multi",
		`{"searches":[{"q":"kubernetes","per_page":2},{"filter":"tag:"},{"per_page":1000},{"nope":1},[],{"facets":["tags"],"per_page":0}]}`)
	wantStatus(t, rec, http.StatusOK)
	var got struct {
		Answers []struct {
			Answer *searched
			Error  *server.Problem
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "bad_filter", "bad_parameter", "bad_json", "bad_json", ""} {
		a := got.Answers[i]
		if (want == "") != (a.Answer != nil) || (want == "") == (a.Error != nil) || a.Error != nil && a.Error.Code != want {
			t.Errorf("answer %d: %+v", i, a)
		}
	}
	if got.Answers[0].Answer.Total != 10 || len(got.Answers[0].Answer.Hits) != 2 || len(got.Answers[5].Answer.Facets["tags"]) != 3 {
		t.Errorf("%s", rec.Body)
	}
	for _, bad := range []string{`{}`, `{"searches":[]}`, `{"searches":[` + strings.Repeat("{},", 16) + `{}]}`, `{"searches":{}}`} {
		wantStatus(t, ask(t, r.Server, http.MethodPost, "/v1/search:multi", bad), http.StatusBadRequest)
	}
}

func TestDidYouMeanIsOffered(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(30)...)
	rec := ask(t, r.Server, http.MethodGet, "/v1/search?q=kuberntes+notes&filter=tag:ops", "")
	if body := rec.Body.String(); !strings.Contains(body, `"did_you_mean":{"query":"kubernetes notes","total":10}`) {
		t.Errorf("%s", body)
	}
	for _, target := range []string{"/v1/search?q=kubernetes", "/v1/search", "/v1/search?q=kuberntes&typing=1", "/v1/search?q=kuberntes&page=2"} {
		if body := ask(t, r.Server, http.MethodGet, target, "").Body.String(); strings.Contains(body, "did_you_mean") {
			t.Errorf("%s: %s", target, body)
		}
	}
	page := ask(t, r.Server, http.MethodGet, "/?q=kuberntes&tags=ops", "").Body.String()
	if !strings.Contains(page, `Did you mean <a href="/?q=kubernetes&amp;tags=ops" data-live="top" data-query="kubernetes">kubernetes</a>? <span class="n">5 posts</span>`) {
		t.Errorf("the page does not ask: %s", page)
	}
}

func TestPageSaysWhatWasApplied(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(6)...)
	putDocument(t, r.Server, "synonyms", "synonyms: [{words: [k8s, kubernetes]}]")
	for target, want := range map[string]string{
		"/?q=k8s":                     `“k8s” also means <b>kubernetes</b>.`,
		"/?q=kuberne":                 `No post has “kuberne”; searched <b>kubernetes</b>.`,
		"/?q=the+kubernetes":          `Did not count: the.`,
		"/?q=%3Cb%3Ex+the+kubernetes": `Did not count: the.`,
	} {
		if page := ask(t, r.Server, http.MethodGet, target, "").Body.String(); !strings.Contains(page, want) {
			t.Errorf("%s lacks %s", target, want)
		}
	}
	if page := ask(t, r.Server, http.MethodGet, "/?q=kuberne&typing=1&fragment=1", "").Body.String(); strings.Contains(page, "No post has") {
		t.Error("said of a word that is not finished")
	}
}

func TestHighlightsShowWhatMatched(t *testing.T) {
	r := newReal(t)
	filler := strings.Repeat("Words that say nothing of the kind go on and on. ", 40)
	r.put(t,
		corpus.Post{ID: "a", Title: "Indexing databases", Body: filler + "\n\nThe index of a database <b>grows</b> with its rows.\n\n" + filler},
		corpus.Post{ID: "b", Title: "Kubernetes at work", Body: "Continuous integration on a cluster."},
		corpus.Post{ID: "c", Title: "Behind a proxy", Body: "Set client_ip_headers, or use http.Server in Go."},
		corpus.Post{ID: "d", Title: "Ein Café in München", Body: "Straßen und Häuser.", Lang: "de"},
		corpus.Post{ID: "e", Title: "検索エンジン", Body: "全文検索を作る。", Lang: "ja"},
	)
	putDocument(t, r.Server, "synonyms", "synonyms: [{words: [k8s, kubernetes]}, {words: [ci, continuous integration]}]")
	for _, tc := range []struct{ name, q, title, snippet string }{
		{"stem", "indexed database", "<mark>Indexing databases</mark>", "The <mark>index</mark> of a <mark>database</mark> grows with its rows."},
		{"prefix", "kuber&typing=1", "<mark>Kubernetes</mark> at work", ""},
		{"typo", "kuberntes", "<mark>Kubernetes</mark> at work", ""},
		{"synonym", "k8s", "<mark>Kubernetes</mark> at work", ""},
		{"synonym of several words", "ci", "", "<mark>Continuous integration</mark> on a cluster."},
		{"identifier", "client_ip_headers", "", "<mark>client_ip_headers</mark>"},
		{"part of an identifier", "headers", "", "client_ip_<mark>headers</mark>"},
		{"part of a dotted name", "server", "", "http.<mark>Server</mark>"},
		{"accents", "cafe munchen", "Ein <mark>Café</mark> in <mark>München</mark>", ""},
		{"stem of another language", "haus", "", "Straßen und <mark>Häuser</mark>."},
		{"characters", "検索", "<mark>検索</mark>エンジン", "全文<mark>検索</mark>を作る。"},
	} {
		rec := ask(t, r.Server, http.MethodGet, "/v1/search?per_page=1&q="+strings.ReplaceAll(url.QueryEscape(tc.q), "%26typing%3D1", "&typing=1"), "")
		var got struct {
			Hits []struct {
				Highlights struct{ Title string }
				Snippet    string
			}
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || len(got.Hits) == 0 {
			t.Errorf("%s: %s", tc.name, rec.Body)
			continue
		}
		h := got.Hits[0]
		if tc.title != "" && h.Highlights.Title != tc.title || !strings.Contains(h.Snippet, tc.snippet) {
			t.Errorf("%s: %q gives title %q, snippet %q", tc.name, tc.q, h.Highlights.Title, h.Snippet)
		}
	}
}

// TestListsWithoutTotals reads a list to its end where totals are lower bounds.
func TestListsWithoutTotals(t *testing.T) {
	r := newReal(t)
	r.put(t, numbered(130)...)
	for _, q := range []string{"notes kubernetes", "+notes +about", "notes -databases", "nothing"} {
		var want, got []string
		early := false
		for _, total := range []string{"exact", "at_least"} {
			var ids []string
			for next, pages := "*", 0; pages < 30; pages++ {
				page := search(t, r.Server, url.Values{"q": {q}, "cursor": {next}, "total": {total}, "per_page": {"13"}})
				ids = append(ids, page.ids()...)
				early = early || !page.TotalExact
				if page.NextCursor == nil {
					break
				}
				next = *page.NextCursor
			}
			want, got = got, ids
		}
		if !slices.Equal(got, want) || (len(got) == 0) != (q == "nothing") {
			t.Errorf("%q: %v, want %v", q, got, want)
		}
		if q == "notes kubernetes" && !early {
			t.Errorf("%q: all totals are exact", q)
		}
	}
}
