package bleveindex_test

// Claims about synonyms and stop words of editors, in both forms of the executor (that they
// agree with the oracle on random ones is part of the conformance kit):
//  1. One-way synonyms find one way, multi-way ones all ways; words and phrases on either
//     side; several in one query.
//  2. What matched by a synonym comes after what has the word itself, and is told in Applied,
//     in Words (for highlights) and in the explanation, which adds up.
//  3. A post that has several of the synonyms counts once for document frequency.
//  4. Words between quotes and excluded words have none; the plain field table has none.
//  5. Stop words of editors are dropped beside others, kept ones count, and a query of stop
//     words only means its words.

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/index/curation"
	"alphanode/index/query"
)

func curated(t *testing.T, synonyms, stop string) *curation.Set {
	t.Helper()
	s, err := curation.ParseSynonyms([]byte(synonyms))
	if err != nil {
		t.Fatal(err)
	}
	w, err := curation.ParseStopWords([]byte(stop))
	if err != nil {
		t.Fatal(err)
	}
	return curation.NewSet(s, w, curation.Rules{})
}

const siteSynonyms = `
synonyms:
- words: [k8s, kubernetes]
- from: js
  to: javascript
- words: [continuous integration, ci]
- from: db
  to: [database, data store]
- words: [container, docker image]
`

func bothForms(t *testing.T, posts ...corpus.Post) map[string]*bleveindex.Index {
	t.Helper()
	out := map[string]*bleveindex.Index{}
	for name, reference := range map[string]bool{"fast": false, "plain": true} {
		idx := opened(t, index.Options{}, func(o *index.Options) { o.Reference = reference })
		changes := make([]corpus.Change, len(posts))
		for i := range posts {
			changes[i] = corpus.Change{ID: posts[i].ID, Seq: uint64(i + 1), Post: &posts[i]}
		}
		if err := idx.Apply(t.Context(), index.Range{From: 1, To: uint64(len(posts))}, changes); err != nil {
			t.Fatal(err)
		}
		out[name] = idx
	}
	return out
}

func synonymPosts() []corpus.Post {
	return []corpus.Post{
		{ID: "k8s", Body: "A k8s cluster at work."},
		{ID: "kubernetes", Body: "A kubernetes cluster at rest."},
		{ID: "js", Body: "Some js for the page."},
		{ID: "javascript", Body: "Some javascript for the page."},
		{ID: "ci", Body: "Our ci is slow."},
		{ID: "integration", Body: "Continuous integration is slow."},
		{ID: "apart", Body: "Integration that is not continuous."},
		{ID: "database", Body: "Many databases hold rows."},
		{ID: "store", Body: "A data store of rows."},
		{ID: "containers", Body: "Containers everywhere."},
		{ID: "image", Body: "Build a docker image."},
		{ID: "dockerised", Body: "An image of the docker."},
	}
}

func TestSynonyms(t *testing.T) {
	set := curated(t, siteSynonyms, "{}")
	forms := bothForms(t, synonymPosts()...)
	for _, tc := range []struct{ q, want, applied string }{
		{"k8s", "k8s kubernetes", "k8s=kubernetes"},
		{"kubernetes", "kubernetes k8s", "kubernetes=k8s"},
		{"js", "js javascript", "js=javascript"},
		{"javascript", "javascript", ""},
		{"ci", "ci integration", "ci=continuous integration"},
		{"continuous integration", "integration apart ci", "continuous integration=ci"},
		{"integration continuous", "integration apart", ""},
		{"db", "database store", "db=database,data store"},
		{"k8s js", "k8s js kubernetes javascript", "k8s=kubernetes js=javascript"},
		{"container", "containers image", "container=docker image"},
		{"containers", "containers image", "containers=docker image"},
		{"docker images", "image dockerised containers", "docker images=container"},
		{`"k8s"`, "k8s", ""},
		{"cluster -k8s", "kubernetes", ""},
		{"+k8s", "k8s kubernetes", "k8s=kubernetes"},
		{"k8s OR js", "k8s js kubernetes javascript", "k8s=kubernetes js=javascript"},
		{"body:k8s", "k8s kubernetes", "k8s=kubernetes"},
		{"title:k8s", "", "k8s=kubernetes"},
	} {
		for form, idx := range forms {
			res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(tc.q), Size: 10, Explain: true, Curation: set})
			if err != nil {
				t.Fatal(err)
			}
			got := hitIDs(res.Hits)
			want := strings.Fields(tc.want)
			if strings.Contains(tc.q, " js") { // Two equal pairs.
				slices.Sort(got)
				slices.Sort(want)
			}
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("%s, %q (-want +got):\n%s", form, tc.q, diff)
			}
			if applied := rewrites(res.Applied.Synonyms); applied != tc.applied {
				t.Errorf("%s, %q: applied %q, want %q", form, tc.q, applied, tc.applied)
			}
		}
	}
}

func rewrites(list []index.Rewrite) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Word+"="+strings.Join(r.As, ","))
	}
	return strings.Join(out, " ")
}

func TestSynonymsAreExplained(t *testing.T) {
	set := curated(t, siteSynonyms, "{}")
	for form, idx := range bothForms(t, synonymPosts()...) {
		res, err := idx.Search(t.Context(), index.Request{Query: query.Parse("k8s ci"), Size: 10, Explain: true, Curation: set})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range res.Hits {
			if h.ID != "kubernetes" && h.ID != "integration" {
				continue
			}
			tree := fmt.Sprint(nodeNames(h.Explain))
			if !strings.Contains(tree, "level synonym") || h.Explain.Value != h.Score && h.Explain.Value/h.Score-1 > 1e-9 {
				t.Errorf("%s: %s: %v, score %v: %s", form, h.ID, h.Explain.Value, h.Score, tree)
			}
		}
		want := index.Variant{Term: "kubernetes", Level: index.Synonym}
		if !slices.Contains(res.Words[0].Variants, want) {
			t.Errorf("%s: words %+v lack %+v", form, res.Words, want)
		}
	}
}

// A word with synonyms has one document frequency, over the posts that have any of them.
func TestSynonymsCountOnce(t *testing.T) {
	posts := []corpus.Post{
		{ID: "both", Body: "k8s and kubernetes and k8s"}, {ID: "one", Body: "k8s"}, {ID: "other", Body: "kubernetes"}, {ID: "none", Body: "nothing"},
	}
	set := curated(t, siteSynonyms, "{}")
	for form, idx := range bothForms(t, posts...) {
		res, err := idx.Search(t.Context(), index.Request{Query: query.Parse("k8s"), Size: 10, Explain: true, Curation: set})
		if err != nil {
			t.Fatal(err)
		}
		if tree := fmt.Sprint(nodeNames(res.Hits[0].Explain)); !strings.Contains(tree, "ln(1 + 4/3)") {
			t.Errorf("%s: no document frequency of 3 in %s", form, tree)
		}
	}
}

func TestPlainTableHasNoSynonyms(t *testing.T) {
	idx := opened(t, index.Options{}, func(o *index.Options) { o.Plain = true })
	p := corpus.Post{ID: "a", Body: "kubernetes"}
	if err := idx.Apply(t.Context(), index.Range{From: 1, To: 1}, []corpus.Change{{ID: "a", Seq: 1, Post: &p}}); err != nil {
		t.Fatal(err)
	}
	res, err := idx.Search(t.Context(), index.Request{Query: query.Parse("k8s"), Size: 10, Curation: curated(t, siteSynonyms, "{}")})
	if err != nil || res.Total != 0 {
		t.Errorf("total %d, %v", res.Total, err)
	}
}

func TestStopWordsOfEditors(t *testing.T) {
	posts := []corpus.Post{
		{ID: "howto", Body: "howto bake"},
		{ID: "bread", Body: "bake bread"},
		{ID: "it", Body: "the it department"},
		{ID: "who", Body: "the who on tour"},
		{ID: "be", Title: "To be or not to be", Body: "a play"},
	}
	set := curated(t, "{}", `{"drop":["howto"],"keep":["it"]}`)
	for form, idx := range bothForms(t, posts...) {
		for _, tc := range []struct {
			q, want, dropped string
			set              *curation.Set
		}{
			{"howto bread", "bread", "howto", set},
			{"howto bread", "howto bread", "", nil},
			{"howto", "howto", "", set},
			{"howto the", "howto it who", "", set},
			{"it bread", "bread it", "", set},
			{"it bread", "bread", "it", nil},
			{"the who", "who it", "", nil},
			{"it", "it", "", nil},
			{"to be or not to be", "be", "", set},
		} {
			res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(tc.q), Size: 10, Curation: tc.set})
			if err != nil {
				t.Fatal(err)
			}
			got, want := hitIDs(res.Hits), strings.Fields(tc.want)
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", form, tc.q, diff)
			}
			if dropped := strings.Join(res.Applied.Dropped, " "); dropped != tc.dropped {
				t.Errorf("%s, %q: dropped %q, want %q", form, tc.q, dropped, tc.dropped)
			}
		}
	}
}

func hitIDs(hits []index.Hit) []string {
	out := make([]string, 0, len(hits))
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// nodeNames are the names of all nodes of an explanation.
func nodeNames(e *index.Explanation) []string {
	if e == nil {
		return nil
	}
	out := []string{e.Name}
	for _, c := range e.Children {
		out = append(out, nodeNames(c)...)
	}
	return out
}
