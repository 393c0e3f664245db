package query_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/query"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		``, `go`, `"a b" -c +d`, `a OR b`, `-`, `--flag`, `"`, `“a b”`, `tag:(go, rust) x`, `tag:(a`, `stack:"p s"`,
		`year:2023..2025 before:2024 after:2023-01-02`, `++tag:go`, `+--f`, `OR`, `a OR`, `OR a`, `-a OR b`, `日本語`, `title:((x)`,
		`tag:go,`, `(tag:go OR tag:rust)`, `quality:>80 reading:<10`, `published:2023-01..2024-02-03`, `updated:"2024-01-01T00:00:00Z"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := query.Parse(s)
		q.Unfinished()
		printed := q.String()
		again := query.Parse(printed)
		again.Raw = q.Raw
		if diff := cmp.Diff(q, again); diff != "" {
			t.Fatalf("%q printed as %q (-parsed +printed and parsed):\n%s", s, printed, diff)
		}
		if !utf8.ValidString(printed) {
			t.Fatalf("%q printed as invalid %q", s, printed)
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{
		``, `tag:go`, `tag:go AND NOT (tag:rust OR year:2023)`, `tag:(go, "a \" b")`, `quality:>80`, `depth:>1..<2`, `published:2024`,
		`before:2024-01-01`, `published:>=2024-01-01T00:00:00Z`, `((((`, `NOT NOT tag:a`, `title:"a b"`, `year:..`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := query.ParseFilter(s)
		if err != nil || filter == nil {
			return
		}
		printed := filter.String()
		again, err := query.ParseFilter(printed)
		if len(printed) > query.MaxFilterBytes {
			return
		}
		if err != nil {
			t.Fatalf("%q printed as %q: %v", s, printed, err)
		}
		if diff := cmp.Diff(filter, again); diff != "" {
			t.Fatalf("%q printed as %q (-parsed +printed and parsed):\n%s", s, printed, diff)
		}
	})
}

func TestParseLongInput(t *testing.T) {
	q := query.Parse(strings.Repeat("x y ", 5000))
	if len(q.Optional) != query.MaxTerms {
		t.Errorf("%d words, want %d", len(q.Optional), query.MaxTerms)
	}
}
