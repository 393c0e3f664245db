package index_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/analysis"
	"alphanode/index/query"
)

// Claims: every keyword of the query language names a field of the table and the
// other way round; each field takes from a post what the design says; buckets are
// labelled in the filter language.

func TestKeywordsAndFields(t *testing.T) {
	kinds := map[query.Type]index.Kind{
		query.TypeText: index.Text, query.TypeKeyword: index.Keyword, query.TypeNumber: index.Number,
		query.TypeYear: index.Number, query.TypeDate: index.Date,
	}
	for _, k := range query.Keywords() {
		for _, name := range append([]string{k.Name, k.Field}, k.Aliases...) {
			f, ok := index.Lookup(name)
			if !ok || f.Name != k.Field || f.Kind != kinds[k.Type] {
				t.Errorf("keyword %s: Lookup(%q) = %s, %v, %t; want %s, %v", k.Name, name, f.Name, f.Kind, ok, k.Field, kinds[k.Type])
			}
		}
	}
	for _, f := range index.Fields() {
		_, ok := index.Lookup(f.Name)
		if f.Internal && ok && f.Name != "code" {
			t.Errorf("field %s is internal but can be looked up", f.Name)
		}
		if !f.Internal && !slices.ContainsFunc(query.Keywords(), func(k query.Keyword) bool { return k.Field == f.Name }) {
			t.Errorf("field %s has no keyword", f.Name)
		}
	}
	if f, _ := index.Lookup("code"); f.Name != "code_language" {
		t.Errorf("code: means %s", f.Name)
	}
	if _, ok := index.Lookup("payload"); ok {
		t.Error("payload can be looked up")
	}
}

func TestAliases(t *testing.T) {
	for _, f := range index.Fields() {
		if f.Name == "tags" && !slices.Contains(f.Aliases, "tag") {
			t.Errorf("tags has aliases %v", f.Aliases)
		}
	}
}

func full() *corpus.Post {
	day := func(s string) corpus.Date { d, _ := corpus.ParseDate(s); return d }
	quality, views, reading := 70.0, int64(12), 7.5
	return &corpus.Post{
		ID: "id-1", Title: "Title one", Summary: "Summary one", Brief: "Brief one", Lang: "de",
		Body:    "# Head one\n\nProse `code_word` here.\n\n```go\nfunc Main()\n```\n",
		Outline: []corpus.OutlineItem{{Label: "Label", Text: "outlined"}}, Checklist: []string{"check"}, Notes: []string{"note"},
		Topic: "Topic", Tags: []string{"tag-1", "tag-2"}, Stack: []string{"stack-1"}, Tools: []string{"tool-1"}, Series: "series-1",
		Author: corpus.StringList{"Ada"}, CodeLanguage: "go", Difficulty: "advanced", Entities: []corpus.Entity{{Name: "bolt", Type: "tool"}},
		PublishedAt: day("2023-04-19"), UpdatedAt: day("2024-01-01"), ReadingTime: &reading, ViewCount: &views,
		Score: &corpus.Score{Quality: &quality},
	}
}

func TestTextFields(t *testing.T) {
	want := map[string][]string{
		"title": {"Title one"}, "headings": {"Head one", "Label", "outlined"}, "summary": {"Summary one", "Brief one"},
		"labels": {"Topic", "tag-1", "tag-2", "stack-1", "tool-1", "Ada", "series-1", "bolt"},
		"body":   {"Prose code_word here.", "check", "note"}, "code": {"func Main()"},
	}
	c := index.NewContent(full(), nil)
	got := make(map[string][]string)
	for _, f := range index.TextFields() {
		for _, p := range f.Passages(c) {
			got[f.Name] = append(got[f.Name], p.Text)
			if code := p.Mode == analysis.Code; code != (f.Name == "code") {
				t.Errorf("%s has mode %v", f.Name, p.Mode)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("passages (-want +got):\n%s", diff)
	}
}

func TestValuesAndNumbers(t *testing.T) {
	values := map[string][]string{
		"id": {"id-1"}, "topic": {"Topic"}, "tags": {"tag-1", "tag-2"}, "stack": {"stack-1"}, "tools": {"tool-1"}, "code_language": {"go"},
		"difficulty": {"advanced"}, "author": {"Ada"}, "series": {"series-1"}, "lang": {"de"}, "entities": {"bolt"},
	}
	numbers := map[string]float64{
		"published_at": 1681862400, "updated_at": 1704067200, "year": 2023, "reading_time": 7.5, "view_count": 12, "quality": 70,
	}
	c := index.NewContent(full(), nil)
	gotValues, gotNumbers := make(map[string][]string), make(map[string]float64)
	for _, f := range index.KeywordFields() {
		gotValues[f.Name] = f.Values(c)
	}
	for _, f := range index.NumberFields() {
		if v, ok := f.Number(c); ok {
			gotNumbers[f.Name] = v
		}
	}
	if diff := cmp.Diff(values, gotValues); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(numbers, gotNumbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestSignalsGiveScores(t *testing.T) {
	c := index.NewContent(full(), func(*corpus.Post, body.Doc) index.Signals {
		return index.Signals{Quality: 1, Depth: 2, Clarity: 3, Freshness: 4}
	})
	for name, want := range map[string]float64{"quality": 1, "depth": 2, "clarity": 3} {
		f, _ := index.Lookup(name)
		if got, ok := f.Number(c); !ok || got != want {
			t.Errorf("%s = %v, %t; want %v", name, got, ok, want)
		}
	}
	f, _ := index.Lookup("freshness")
	if _, ok := f.Number(c); ok {
		t.Error("freshness is not given in the post, and has a value")
	}
}

// TestBucketLabels: a facet value of a number is a filter, and picks its bucket.
func TestBucketLabels(t *testing.T) {
	for _, f := range index.Fields() {
		for _, b := range f.Buckets {
			filter, err := query.ParseFilter(f.Name + ":" + b.Label)
			if err != nil {
				t.Errorf("%s:%s: %v", f.Name, b.Label, err)
				continue
			}
			r := filter.(query.Between).Range //nolint:forcetypeassert // a failure is a failure
			for _, v := range []float64{b.Min - 0.5, b.Min, b.Min + 0.5, b.Max - 0.5, b.Max} {
				if math.IsInf(v, 1) {
					continue
				}
				if got, want := r.Contains(v), (v >= b.Min || b.Min == 0) && v < b.Max; got != want {
					t.Errorf("%s:%s contains %v: %t, want %t", f.Name, b.Label, v, got, want)
				}
			}
		}
	}
}

func TestFingerprintIsStable(t *testing.T) {
	if a, b := index.Fingerprint(), index.Fingerprint(); a != b || len(a) != 16 {
		t.Errorf("fingerprints %q, %q", a, b)
	}
}

func TestExplanations(t *testing.T) {
	two, three := index.NewLeaf("two", 2), index.NewLeaf("three", 3)
	if s := index.NewSum("sum", two, nil, three); s.Value != 5 || len(s.Children) != 2 || s.Op != index.Sum {
		t.Errorf("sum is %+v", s)
	}
	if p := index.NewProduct("product", two, nil, three); p.Value != 6 || len(p.Children) != 2 || p.Op != index.Product {
		t.Errorf("product is %+v", p)
	}
}
