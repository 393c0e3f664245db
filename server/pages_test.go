package server_test

// Claims:
//  1. The search page works without JavaScript: form, facets, sort, pages and chips
//     are links and forms that carry the whole state.
//  2. What comes from posts is escaped wherever it is shown.
//  3. The post page has title, canonical link, description, article, similar posts
//     with reasons, and a meta box with every field, however nested.
//  4. Pages ask no other host for anything, run no inline script, and say so in a
//     strict Content-Security-Policy.
//  5. A broken address still gives a page, and an error is a page too.
//  6. Nothing found is explained, and helps on.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
	"alphanode/ranking"
	"alphanode/server"
)

// pageServer finds total posts and records the request.
func pageServer(t *testing.T, total int, got *index.Request) *server.Server {
	t.Helper()
	var posts []corpus.Post
	for i := range min(total, 10) {
		posts = append(posts, corpus.Post{ID: fmt.Sprintf("p/%d", i), Title: fmt.Sprintf("Title %d <i>", i), URL: fmt.Sprintf("https://www.e.test/a/b%%20c/%d", i), Tags: []string{"go", "c++"}, Summary: "About <i>."})
	}
	store := newFakePosts(posts...)
	return newServer(t, server.Options{Store: store, Searcher: &fakeSearcher{search: func(ctx context.Context, req index.Request) (*index.Result, error) {
		*got = req
		r := &index.Result{Total: total, TotalExact: true, Words: []index.Word{{Text: "title", Variants: []index.Variant{{Term: "title"}}}}, Facets: map[string][]index.FacetCount{
			"tags":         {{Value: "go", Count: 1234}, {Value: "c++", Count: 5}},
			"difficulty":   {{Value: "beginner", Count: 2}, {Value: "advanced", Count: 1}},
			"reading_time": {{Value: "<5", Count: 2}, {Value: "5-9", Count: 1}},
			"lang":         {{Value: "en", Count: 3}},
		}}
		for rec, err := range store.Records(ctx) {
			if err != nil {
				return nil, err
			}
			r.Hits = append(r.Hits, index.Hit{ID: rec.Post.ID, Score: 1})
		}
		return r, nil
	}}})
}

func TestSearchPage(t *testing.T) {
	var got index.Request
	s := pageServer(t, 1234, &got)
	rec := ask(t, s, http.MethodGet, "/?q=title&tags=go&sort=-published_at&page=3&utm_source=x", "")
	wantStatus(t, rec, http.StatusOK)
	doc := parseHTML(t, rec.Body)
	if want := (query.Term{Field: "tags", Value: "go"}); !cmp.Equal(got.Filter, query.Filter(want)) || got.From != 20 || len(got.Sort) != 1 {
		t.Errorf("asked for %+v", got)
	}
	if title := text(one(t, doc, "title")); title != "title · alphanode" {
		t.Errorf("title %q", title)
	}
	if q := attr(one(t, doc, "form.search input#q"), "value"); q != "title" {
		t.Errorf("q %q", q)
	}
	if total := text(one(t, doc, "#total")); total != "1,234 posts, page 3" {
		t.Errorf("total %q", total)
	}
	hits := all(doc, "ol.hits li.hit")
	if len(hits) != 10 {
		t.Fatalf("%d hits", len(hits))
	}
	link := one(t, hits[0], "h2 a")
	if attr(link, "href") != "/posts/p%2F0" || text(link) != "Title 0 <i>" || text(one(t, hits[0], "h2 mark")) != "Title" {
		t.Errorf("hit %q %q", attr(link, "href"), text(link))
	}
	if c := text(one(t, hits[0], ".crumbs")); c != "e.test › a › b c › 0" {
		t.Errorf("crumbs %q", c)
	}
	on := one(t, doc, ".facet a.on")
	if attr(on, "aria-current") != "true" || attr(on, "href") != "/?q=title&sort=-published_at" {
		t.Errorf("chosen facet leads to %q", attr(on, "href"))
	}
	off := all(doc, `.facet a[data-value="c++"]`)
	if len(off) != 1 || attr(off[0], "href") != "/?q=title&sort=-published_at&tags=go&tags=c%2B%2B" {
		t.Errorf("facet value: %d, %q", len(off), attr(off[0], "href"))
	}
	if n := len(all(doc, `details[data-field="lang"]`)); n != 0 {
		t.Error("a facet with one value is shown")
	}
	wantHidden := []string{"sort=-published_at", "tags=go"}
	var hidden []string
	for _, n := range all(doc, "form.search input[type=hidden]") {
		hidden = append(hidden, attr(n, "name")+"="+attr(n, "value"))
	}
	if diff := cmp.Diff(wantHidden, hidden); diff != "" {
		t.Errorf("the form forgets (-want +got):\n%s", diff)
	}
	pages := texts(all(doc, ".pager li"))
	if diff := cmp.Diff([]string{"1", "2", "3", "4", "5", "…", "100"}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if next := attr(one(t, doc, ".pager a[rel=next]"), "href"); next != "/?page=4&q=title&sort=-published_at&tags=go" {
		t.Errorf("next %q", next)
	}
}

func TestFacetsBecomeFilters(t *testing.T) {
	var got index.Request
	s := pageServer(t, 3, &got)
	wantStatus(t, ask(t, s, http.MethodGet, "/?tags=go&tags=c%2B%2B&year=2023&filter=author:Ada&difficulty=beginner", ""), http.StatusOK)
	want := query.And{Filters: []query.Filter{
		query.Term{Field: "author", Value: "Ada"},
		query.AnyOf{Filters: []query.Filter{query.Term{Field: "tags", Value: "go"}, query.Term{Field: "tags", Value: "c++"}}},
		query.Term{Field: "difficulty", Value: "beginner"},
		query.Between{Field: "year", Range: query.Range{Min: 2023, Max: 2023}},
	}}
	if diff := cmp.Diff(query.Filter(want), got.Filter); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, f := range index.Fields() {
		for _, b := range f.Buckets {
			wantStatus(t, ask(t, s, http.MethodGet, "/?"+url.Values{f.Name: {b.Label}}.Encode(), ""), http.StatusOK)
			between, ok := got.Filter.(query.Between)
			if !ok || between.Range.Min != b.Min || between.Range.Max != b.Max || !between.Range.MaxOpen {
				t.Errorf("%s %s: %v", f.Name, b.Label, got.Filter)
			}
		}
	}
}

func TestFragment(t *testing.T) {
	var got index.Request
	s := pageServer(t, 3, &got)
	rec := ask(t, s, http.MethodGet, "/?q=title&fragment=1&typing=1", "")
	wantStatus(t, rec, http.StatusOK)
	if strings.Contains(rec.Body.String(), "<html") || !got.Typing {
		t.Errorf("typing %v\n%.200s", got.Typing, rec.Body)
	}
	one(t, parseHTML(t, rec.Body), "#total")
}

func TestBrokenAddresses(t *testing.T) {
	var got index.Request
	s := pageServer(t, 3, &got)
	for _, target := range []string{
		"/?q=%ff%fe", "/?page=-1", "/?page=x", "/?page=99999999999999999999", "/?sort=nope", "/?%zz", "/?q=a;b", "/?more=nope",
		"/?filter=tag:", "/?year=x", "/?reading_time=x", "/?tags=" + strings.Repeat("a", 2000), "/?q=" + strings.Repeat("word+", 5000),
		"/?" + strings.Repeat("tags=x&", 500),
	} {
		rec := ask(t, s, http.MethodGet, target, "")
		if rec.Code != http.StatusOK {
			t.Errorf("%.40s: %d", target, rec.Code)
		}
	}
	doc := parseHTML(t, ask(t, s, http.MethodGet, "/?filter=tag:", "").Body)
	if w := text(one(t, doc, ".warn")); !strings.Contains(w, "ignored") {
		t.Errorf("warning %q", w)
	}
}

func TestEmptyPages(t *testing.T) {
	s := newServer(t, server.Options{Store: newFakePosts(corpus.Post{ID: "b", Title: "Kubernetes"}), Searcher: &fakeSearcher{
		suggest: func(context.Context, string, int) ([]ranking.Suggestion, error) {
			return []ranking.Suggestion{{Kind: "title", Text: "Kubernetes", ID: "b"}, {Kind: "tag", Text: "k8s"}}, nil
		},
	}})
	doc := parseHTML(t, ask(t, s, http.MethodGet, "/?q=%3Cb%3E&tags=go", "").Body)
	if lead := text(one(t, doc, ".empty .lead")); lead != "Nothing matches <b> with these filters." {
		t.Errorf("lead %q", lead)
	}
	if diff := cmp.Diff([]string{"Kubernetes", "k8s tag"}, texts(all(doc, ".guesses li"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if href := attr(one(t, doc, ".chips a.clear"), "href"); href != "/?q=%3Cb%3E" {
		t.Errorf("clear %q", href)
	}
	doc = parseHTML(t, ask(t, s, http.MethodGet, "/", "").Body)
	if lead := text(one(t, doc, ".empty .lead")); lead != "There are no posts yet." {
		t.Errorf("lead %q", lead)
	}
	var got index.Request
	past := newServer(t, server.Options{Searcher: &fakeSearcher{search: func(_ context.Context, req index.Request) (*index.Result, error) {
		got = req
		return &index.Result{Total: 15}, nil
	}}})
	doc = parseHTML(t, ask(t, past, http.MethodGet, "/?q=a&page=9", "").Body)
	if href := attr(one(t, doc, ".empty a"), "href"); href != "/?q=a" || got.From != 80 {
		t.Errorf("first page %q from %d", href, got.From)
	}
}

func TestPostPage(t *testing.T) {
	p := fullPost(t)
	store := newFakePosts(p, corpus.Post{ID: "b", Title: "B <b>"})
	s := newServer(t, server.Options{Store: store, Searcher: &fakeSearcher{similar: func(context.Context, string, int) ([]corpus.Neighbour, error) {
		return []corpus.Neighbour{{ID: "b", Reasons: []string{"both about <bbolt>", "newer"}}}, nil
	}}})
	rec := ask(t, s, http.MethodGet, "/posts/guides%2Fbbolt", "")
	wantStatus(t, rec, http.StatusOK)
	doc := parseHTML(t, rec.Body)
	if title := text(one(t, doc, "title")); title != "Crash safety of <bbolt> · alphanode" {
		t.Errorf("title %q", title)
	}
	if h1 := texts(all(doc, "h1")); !cmp.Equal(h1, []string{"Crash safety of <bbolt>"}) {
		t.Errorf("h1 %q", h1)
	}
	if got := attr(one(t, doc, "link[rel=canonical]"), "href"); got != p.URL {
		t.Errorf("canonical %q", got)
	}
	if got := attr(one(t, doc, "meta[name=description]"), "content"); got != p.Summary {
		t.Errorf("description %q", got)
	}
	if got := texts(all(doc, ".similar li")); !cmp.Equal(got, []string{"B <b>both about <bbolt>; newer"}) {
		t.Errorf("similar %q", got)
	}
	if facts := texts(all(doc, "article header .facts li")); !cmp.Equal(facts, []string{"Ada", "19 Apr 2023", "advanced", "10 min", "updated 1 May 2023"}) {
		t.Errorf("facts %q", facts)
	}
	meta := map[string]string{}
	for _, row := range all(doc, ".meta dl div") {
		meta[text(one(t, row, "dt"))] = text(one(t, row, "dd"))
	}
	want := map[string]string{
		"id": "guides/bbolt", "url": p.URL, "reference": "r-1", "hash": p.Hash, "summary": p.Summary, "body format": "markdown",
		"outline": "label: contexttext: disks", "brief": "brief", "checklist": "sync", "notes": "note", "lang": "en", "topic": "storage",
		"tags": "gobbolt", "stack": "go", "tools": "git", "code language": "go", "difficulty": "advanced", "author": "Ada", "series": "internals",
		"published at": "2023-04-19", "updated at": "2023-05-01T10:00:00Z", "reading time": "10", "view count": "164496",
		"score":    meta["score"],
		"revision": "status: reviewedversion: 1.0.7last reviewed: 2023-04-20", "flags": "has images: yes",
		"entities": "name: bbolttype: tool", "images": "source: example.orgurl: https://example.org/a.pngcaption: A tree",
		"payload": "seed: 8498deep: list: 1x: <b>", "extra": "wp id: 77",
	}
	if diff := cmp.Diff(want, meta); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
	if sc := meta["score"]; !strings.HasPrefix(sc, "quality: 88freshness: 100 computed") || strings.Count(sc, "computed") != 3 {
		t.Errorf("score %q", sc)
	}
}

func TestHostilePost(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	p := corpus.Post{
		ID: evil, URL: "javascript:alert(1)", Title: evil, Summary: evil, Tags: []string{evil}, Author: corpus.StringList{evil},
		Difficulty: evil, Topic: evil, Lang: `en" onload="alert(1)`, Body: evil + "\n\n[x](javascript:alert(1)) <svg/onload=alert(1)>", Notes: []string{evil},
		Images:  []corpus.Image{{URL: "https://e.test/" + evil, Caption: evil}},
		Payload: json.RawMessage(`{"<script>alert(1)</script>":["<img src=x onerror=alert(1)>","javascript:alert(1)"]}`),
		Extra:   map[string]json.RawMessage{"<script>": json.RawMessage(`"<script>"`)},
	}
	store := newFakePosts(p)
	s := newServer(t, server.Options{Store: store, RemoteImages: true, Searcher: &fakeSearcher{
		search: listing(store),
		similar: func(context.Context, string, int) ([]corpus.Neighbour, error) {
			return []corpus.Neighbour{{ID: evil, Reasons: []string{evil}}}, nil
		},
	}})
	for _, target := range []string{"/post?id=" + url.QueryEscape(evil), "/?q=" + url.QueryEscape(evil), "/?tags=" + url.QueryEscape(evil), "/nope/" + url.PathEscape(evil)} {
		rec := ask(t, s, http.MethodGet, target, "", "Accept", "text/html")
		doc := parseHTML(t, rec.Body)
		for _, n := range all(doc, "script") {
			if attr(n, "src") == "" {
				t.Errorf("%.30s: an inline script: %s", target, text(n))
			}
		}
		for _, selector := range []string{"svg[onload]", "img[onerror]", "li[onload]", "article[onload]"} {
			if n := len(all(doc, selector)); n > 0 {
				t.Errorf("%.30s: %d %s", target, n, selector)
			}
		}
		for _, n := range all(doc, "a[href]") {
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(attr(n, "href"))), "javascript") {
				t.Errorf("%.30s: a link to %q", target, attr(n, "href"))
			}
		}
	}
}

func TestPolicy(t *testing.T) {
	var got index.Request
	s := pageServer(t, 3, &got)
	for _, target := range []string{"/", "/posts/p%2F0", "/help", "/nope"} {
		rec := ask(t, s, http.MethodGet, target, "", "Accept", "text/html")
		csp := rec.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("%s: policy %q", target, csp)
		}
		body := rec.Body.String()
		doc := parseHTML(t, strings.NewReader(body))
		if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick=") {
			t.Errorf("%s: inline style or handler", target)
		}
		for _, selector := range []string{"script[src]", "link[rel=stylesheet]", "link[rel=icon]"} {
			for _, n := range all(doc, selector) {
				address := attr(n, "src") + attr(n, "href")
				file := ask(t, s, http.MethodGet, address, "")
				if file.Code != http.StatusOK || !strings.Contains(file.Header().Get("Cache-Control"), "immutable") {
					t.Errorf("%s: %s is %d, %q", target, address, file.Code, file.Header().Get("Cache-Control"))
				}
			}
		}
		if len(all(doc, "main#main")) != 1 || len(all(doc, "a.skip")) != 1 || len(all(doc, "h1")) != 1 {
			t.Errorf("%s: no landmark, skip link or heading", target)
		}
	}
}

func TestErrorPages(t *testing.T) {
	s := newServer(t, server.Options{})
	rec := ask(t, s, http.MethodGet, "/posts/nope", "")
	wantStatus(t, rec, http.StatusNotFound)
	one(t, parseHTML(t, rec.Body), ".error h1")
	rec = ask(t, s, http.MethodGet, "/nowhere", "", "Accept", "text/html,*/*")
	wantStatus(t, rec, http.StatusNotFound)
	one(t, parseHTML(t, rec.Body), ".error h1")
	if code := problemCode(t, ask(t, s, http.MethodGet, "/nowhere", "")); code != "no_route" {
		t.Errorf("code %q", code)
	}
	rec = ask(t, s, http.MethodPost, "/", "")
	wantStatus(t, rec, http.StatusMethodNotAllowed)
	if rec.Header().Get("Allow") == "" {
		t.Error("no Allow header")
	}
}

func TestSimilarFailsOnPage(t *testing.T) {
	s := newServer(t, server.Options{Store: newFakePosts(corpus.Post{ID: "a", Title: "A"}), Searcher: &fakeSearcher{
		similar: func(context.Context, string, int) ([]corpus.Neighbour, error) {
			return nil, errors.New("graph is gone")
		},
	}})
	rec := ask(t, s, http.MethodGet, "/posts/a", "")
	wantStatus(t, rec, http.StatusOK)
	if strings.Contains(rec.Body.String(), "graph is gone") {
		t.Error("the cause is told")
	}
}

func TestHelpPage(t *testing.T) {
	doc := parseHTML(t, ask(t, newServer(t, server.Options{}), http.MethodGet, "/help", "").Body)
	rows := strings.Join(texts(all(doc, "table tr")), "\n")
	for _, k := range query.Keywords() {
		if !strings.Contains(rows, k.Name+":") || !strings.Contains(rows, k.Example) {
			t.Errorf("keyword %s is not in the help", k.Name)
		}
	}
}
