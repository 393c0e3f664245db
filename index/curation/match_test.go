package curation_test

// Claims:
//  1. A rule holds for the texts that its match says, small and capital letters, accents and
//     spaces aside, and for whole words only.
//  2. Rules act together, the first one counts where two want the same place.
//  3. Synonyms are recognised as the longest run, in plural too, each word in one run.

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/curation"
	"alphanode/index/query"
)

func newSet(tb testing.TB, synonyms, rules string) *curation.Set {
	tb.Helper()
	s, err := curation.ParseSynonyms([]byte(synonyms))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := curation.ParseRules([]byte(rules))
	if err != nil {
		tb.Fatal(err)
	}
	return curation.NewSet(s, curation.StopWords{}, r)
}

func TestRulesHold(t *testing.T) {
	set := newSet(t, "", `
rules:
- {name: exact, when: {query: Go Généric}, hide: [x]}
- {name: contains, when: {query: go generic, match: contains}, hide: [x]}
- {name: prefix, when: {query: go, match: prefix}, hide: [x]}
- {name: filter, when: {filter: "tag:go"}, hide: [x]}
- {name: both, when: {query: rust, filter: "tag:go AND lang:en"}, hide: [x]}
`)
	for _, tc := range []struct{ typed, filter, want string }{
		{"go generic", "", "exact contains prefix"},
		{"  GO   gÉneric ", "", "exact contains prefix"},
		{"go generics", "", "prefix"},
		{"the go generic way", "", "contains"},
		{"cargo generic", "", ""},
		{"go", "", "prefix"},
		{"gopher", "", ""},
		{"", "", ""},
		{"", "tag:go", "filter"},
		{"", "(tag:go)", "filter"},
		{"", "tag:rust", ""},
		{"rust", "tag:go AND (lang:en)", "both"},
		{"rust", "tag:go", "filter"},
	} {
		var f query.Filter
		if tc.filter != "" {
			var err error
			if f, err = query.ParseFilter(tc.filter); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(set.Acting(tc.typed, f).Rules, " "); got != tc.want {
			t.Errorf("%q, filter %q: %q, want %q", tc.typed, tc.filter, got, tc.want)
		}
	}
}

func TestRulesActTogether(t *testing.T) {
	got := newSet(t, "", `
rules:
- {name: a, pin: [{id: x, position: 2}, {id: y}], boost: [{filter: "tag:go", by: 2}], filter: "lang:en"}
- {name: b, pin: [{id: z, position: 2}, {id: x, position: 5}, {id: w, position: 3}], hide: [h], filter: "NOT tag:old"}
`).Acting("anything", nil)
	want := []curation.Pin{{ID: "x", Position: 2}, {ID: "y", Position: 1}, {ID: "w", Position: 3}}
	if diff := cmp.Diff(want, got.Pins); diff != "" {
		t.Errorf("pins (-want +got):\n%s", diff)
	}
	if got.Filter.String() != "lang:en AND NOT tag:old" || len(got.Boosts) != 1 || len(got.Hide) != 1 {
		t.Errorf("%+v", got)
	}
	if none := (*curation.Set)(nil).Acting("x", nil); len(none.Rules) > 0 {
		t.Errorf("a nil set acts: %+v", none)
	}
}

func TestAlternatives(t *testing.T) {
	set := newSet(t, `
synonyms:
- words: [new york, ny, big apple]
- from: york
  to: yorkshire
- from: [container]
  to: [docker]
- from: [windows]
  to: [win32]
- words: [c++, cpp]
`, "")
	for _, tc := range []struct{ terms, want string }{
		{"new york", "0+2 ny,big apple"},
		{"york", "0+1 yorkshire"},
		{"in new york ny", "1+2 ny,big apple; 3+1 new york,big apple"},
		{"york new", "0+1 yorkshire"},
		{"containers new yorks", "0+1 docker; 1+2 ny,big apple"},
		{"window", ""},
		{"windows", "0+1 win32"},
		{"contains", ""},
		{"c++ container", "0+1 cpp; 1+1 docker"},
		{"", ""},
	} {
		var got []string
		for _, a := range set.Alternatives("en", strings.Fields(tc.terms)) {
			got = append(got, fmt.Sprintf("%d+%d %s", a.First, a.Count, strings.Join(a.As, ",")))
		}
		if s := strings.Join(got, "; "); s != tc.want {
			t.Errorf("%q: %q, want %q", tc.terms, s, tc.want)
		}
	}
}

func BenchmarkActing(b *testing.B) {
	var doc strings.Builder
	doc.WriteString("rules:\n")
	for i := range 5000 {
		fmt.Fprintf(&doc, "- {name: r%d, when: {query: some words %d, match: contains}, hide: [x]}\n", i, i)
	}
	set := newSet(b, "", doc.String())
	for b.Loop() {
		set.Acting("a question of some words that a person types", nil)
	}
}
