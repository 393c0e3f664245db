package query_test

// Claims:
//  1. A filter is read strictly: anything else is a SyntaxError with the byte where
//     it was seen and a message that helps.
//  2. A filter prints itself so that it parses to an equal one (FuzzParseFilter too).

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/query"
)

func TestParseFilter(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`tag:go`, `tag:go`},
		{` Tags : "Go" `, `tag:Go`},
		{`tag:go AND year:2023`, `tag:go AND year:2023`},
		{`tag:go or tag:rust and not lang:de`, `tag:go OR (tag:rust AND NOT lang:de)`},
		{`(tag:go OR tag:rust) AND NOT(year:2023)`, `(tag:go OR tag:rust) AND NOT year:2023`},
		{`(tag:a AND tag:b) AND tag:c`, `tag:a AND tag:b AND tag:c`},
		{`tag:(go, "a b", c)`, `tag:go OR tag:"a b" OR tag:c`},
		{`tag:(go) AND ((lang:de))`, `tag:go AND lang:de`},
		{`stack:"a \"b\" \\ c"`, `stack:"a \"b\" \\ c"`},
		{`NOT NOT tag:go`, `NOT NOT tag:go`},
		{`quality:>80`, `quality:>80`},
		{`quality:> 80`, `quality:>80`},
		{`quality:10..20`, `quality:10..20`},
		{`depth:>1..<2`, `depth:>1..<2`},
		{`reading:(1, >=10)`, `reading:1 OR reading:>=10`},
		{`year:..2020`, `year:<=2020`},
		{`before:2024-01-01`, `published:<2024-01-01`},
		{`after:2023`, `published:>=2023-01-01`},
		{`published:2023`, `published:2023`},
		{`published:2023-01..2023-12`, `published:2023`},
		{`published:2024-01-15..2024-02`, `published:2024-01-15..2024-02-29`},
		{`updated:"2024-01-02T03:04:05Z"`, `updated:2024-01-02T03:04:05Z`},
		{`published:..`, `published:..`},
		{`title:"two words" AND body:x`, `title:"two words" AND body:x`},
		{`author:AND`, `author:AND`},
		{`id:guides/intro`, `id:guides/intro`},
		{`tag:日本`, `tag:日本`},
	} {
		f, err := query.ParseFilter(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := f.String(); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
		again, err := query.ParseFilter(f.String())
		if diff := cmp.Diff(f, again); err != nil || diff != "" {
			t.Errorf("%s printed as %s: %v\n%s", c.in, f, err, diff)
		}
	}
}

func TestParseFilterEmpty(t *testing.T) {
	for _, s := range []string{"", " \t\n"} {
		if f, err := query.ParseFilter(s); f != nil || err != nil {
			t.Errorf("%q: %v, %v", s, f, err)
		}
	}
}

func TestSyntaxError(t *testing.T) {
	for _, c := range []struct {
		in  string
		pos int
		msg string
	}{
		{`foo:bar`, 0, `unknown field "foo"; the fields are tag, stack`},
		{`tagg:go`, 0, `unknown field "tagg"; did you mean tag?`},
		{`tag:go AND dificult:x`, 11, `did you mean difficulty?`},
		{`tga:go`, 0, `did you mean tag?`},
		{`go`, 2, `expected : after the field "go"`},
		{`tag:`, 4, `expected a value for tag, found the end`},
		{`tag:go rust`, 7, `expected AND, OR or the end, found "rust"`},
		{`tag:go AND`, 10, `expected a field such as tag:go, found the end`},
		{`AND tag:go`, 4, `expected : after the field "AND"`},
		{`(tag:go`, 7, `expected AND, OR or ), found the end`},
		{`tag:go)`, 6, `expected AND, OR or the end, found ")"`},
		{`tag:(go rust)`, 8, `expected , or ), found "rust)"`},
		{`tag:()`, 5, `expected a value for tag, found ")"`},
		{`tag:"go`, 4, `the quote is not closed`},
		{`tag:""`, 4, `the value is empty`},
		{`tag:日 AND ☃`, 12, `expected a field such as tag:go, found "☃"`},
		{`year:abc`, 5, `year: "abc" is not a year (2024)`},
		{`year:2025..2023`, 5, `from low to high`},
		{`quality:`, 8, `expected a value for quality, found the end`},
		{`quality:high`, 8, `quality: "high" is not a number (80)`},
		{`quality:>`, 8, `quality: ">" is not a number (80)`},
		{`published:2024-13`, 10, `is not a date (2024, 2024-03, 2024-03-01), comparison`},
		{`before:>2024`, 7, `before: ">2024" is not a date (2024, 2024-03, 2024-03-01)`},
		{`title:"..."`, 6, `title: "..." holds no word`},
		{"tag:go AND \xff", 11, `not valid UTF-8`},
		{strings.Repeat("(", 40) + "tag:go", 32, `nested deeper than 32`},
		{strings.Repeat("NOT ", 40) + "tag:go", 128, `nested deeper than 32`},
		{"tag:(" + strings.Repeat("x,", 1000) + "x)", 2005, `more than 1000 terms`},
		{strings.Repeat(" ", query.MaxFilterBytes+1), query.MaxFilterBytes, `at most 16384 are allowed`},
	} {
		f, err := query.ParseFilter(c.in)
		var syntax *query.SyntaxError
		if !errors.As(err, &syntax) || f != nil {
			t.Errorf("%.60q: %v, %v", c.in, f, err)
			continue
		}
		if syntax.Pos != c.pos || !strings.Contains(syntax.Msg, c.msg) {
			t.Errorf("%.60q\n got %d %s\nwant %d %s", c.in, syntax.Pos, syntax.Msg, c.pos, c.msg)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, value := range []string{"go", "a b", `say "hi"`, `back\slash`, "(x)", "a,b", ">5", "AND", "C++", "日本", "é\u0301", "tab\tbed"} {
		f, err := query.ParseFilter("tag:" + query.Quote(value))
		if diff := cmp.Diff(query.Filter(query.Term{Field: "tags", Value: value}), f); err != nil || diff != "" {
			t.Errorf("%q quoted as %s: %v\n%s", value, query.Quote(value), err, diff)
		}
	}
}

func TestRangeContains(t *testing.T) {
	f, err := query.ParseFilter("published:2024-02")
	if err != nil {
		t.Fatal(err)
	}
	r := f.(query.Between).Range
	const first, after = 1706745600, 1709251200 // 2024-02-01 and 2024-03-01, 00:00 UTC.
	for v, want := range map[float64]bool{first - 1: false, first: true, after - 1: true, after: false} {
		if r.Contains(v) != want {
			t.Errorf("%v in %+v: %v", v, r, !want)
		}
	}
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
		var syntax *query.SyntaxError
		if errors.As(err, &syntax) && (syntax.Pos < 0 || syntax.Pos > len(s)) {
			t.Fatalf("%q: position %d", s, syntax.Pos)
		}
		if err != nil || filter == nil {
			return
		}
		printed := filter.String()
		if len(printed) > query.MaxFilterBytes {
			return
		}
		again, err := query.ParseFilter(printed)
		if diff := cmp.Diff(filter, again); err != nil || diff != "" {
			t.Fatalf("%q printed as %q: %v (-parsed +printed and parsed):\n%s", s, printed, err, diff)
		}
	})
}
