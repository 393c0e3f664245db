package query_test

// Claims:
//  1. What a person types is read as documented in docs/query-syntax.md; what is no
//     syntax is searched as words.
//  2. A query prints itself so that it parses to an equal one (FuzzParse too).
//  3. Input of any length gives a query within the limits.

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"alphanode/index/query"
)

// dump prints a query by clause with the types of its nodes: w word, p phrase.
func dump(q query.Query) string {
	var b strings.Builder
	for _, c := range []struct {
		mark  string
		nodes []query.Node
	}{{"+", q.Required}, {"", q.Optional}, {"-", q.Excluded}} {
		for _, n := range c.nodes {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(c.mark + dumpNode(n))
		}
	}
	return b.String()
}

func dumpNode(n query.Node) string {
	switch n := n.(type) {
	case query.Word:
		return "w(" + n.Text + ")"
	case query.Phrase:
		return "p(" + n.Text + ")"
	case query.Or:
		parts := make([]string, len(n.Nodes))
		for i, m := range n.Nodes {
			parts[i] = dumpNode(m)
		}
		return "[" + strings.Join(parts, "|") + "]"
	case query.Field:
		return n.Name + dumpValue(n)
	}
	return "?"
}

func dumpValue(f query.Field) string {
	switch v := f.Value.(type) {
	case query.Word:
		return "=w(" + v.Text + ")"
	case query.Phrase:
		return "=p(" + v.Text + ")"
	case query.Range:
		lower, upper := "[", "]"
		if v.MinOpen {
			lower = "("
		}
		if v.MaxOpen {
			upper = ")"
		}
		if strings.HasSuffix(f.Name, "_at") {
			return lower + day(v.Min) + "," + day(v.Max) + upper
		}
		return fmt.Sprintf("%s%v,%v%s", lower, v.Min, v.Max, upper)
	}
	return "?"
}

func day(seconds float64) string {
	if seconds < -1e12 || seconds > 1e12 {
		return ""
	}
	return strings.TrimSuffix(time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339), "T00:00:00Z")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// Words.
		{``, ``},
		{`   `, ``},
		{`Go generics`, `w(Go) w(generics)`},
		{`what is a "?`, `w(what) w(is) w(a)`},
		{`one, two; (three)`, `w(one) w(two) w(three)`},
		{`func() e.g. U.S.`, `w(func()) w(e.g.) w(U.S.)`},
		{`C++ C# .NET node.js 18`, `w(C++) w(C#) w(.NET) w(node.js) w(18)`},
		{`go 1.22 http/2`, `w(go) w(1.22) w(http/2)`},
		{`std::vector http://x.y/z`, `w(std::vector) w(http://x.y/z)`},
		{`日本語 🎉`, `w(日本語) w(🎉)`},
		{`- -- + " "" () && ... — | :`, ``},
		{`--flag ---flag --`, `w(--flag) w(--flag)`},
		{"tab\there\nnew\x00nul", `w(tab) w(here) w(new) w(nul)`},
		{"bad\xffutf", "w(bad\uFFFDutf)"},
		// Phrases.
		{`"garbage collector"`, `+p(garbage collector)`},
		// Of a pasted sentence: quotations rank, a plus still requires.
		{`a b c d e f "x y" g h`, `p(x y) w(a) w(b) w(c) w(d) w(e) w(f) w(g) w(h)`},
		{`a b c d e f +"x y" g h`, `+p(x y) w(a) w(b) w(c) w(d) w(e) w(f) w(g) w(h)`},
		{`a b c d e f "x y" g`, `+p(x y) w(a) w(b) w(c) w(d) w(e) w(f) w(g)`},
		{`“garbage  collector” «a»`, `+p(garbage collector) +p(a)`},
		{`"garbage collector`, `w(garbage) w(collector)`},
		{`"a" "b`, `+p(a) w(b)`},
		{`say"hi there"now`, `+p(hi there) w(say) w(now)`},
		{`""`, ``},
		{`it’s o'clock`, `w(it’s) w(o'clock)`},
		// Signs.
		{`go -java +fast`, `+w(fast) w(go) -w(java)`},
		{`-"a b" +"c d"`, `+p(c d) -p(a b)`},
		{`-tag:java +tag:go`, `+tags=w(go) -tags=w(java)`},
		{`-.net -5`, `-w(.net) -w(5)`},
		{`a - b a-b`, `w(a) w(b) w(a-b)`},
		{`++i +-x -+x -(a b)`, `w(i) w(x) w(x) w(a) w(b)`},
		{`+--flag`, `+w(--flag)`},
		{`-"a b`, `w(a) w(b)`},
		// OR.
		{`a OR b`, `[w(a)|w(b)]`},
		{`x a OR b OR c y`, `w(x) [w(a)|w(b)|w(c)] w(y)`},
		{`(a OR b) c`, `[w(a)|w(b)] w(c)`},
		{`a OR OR b`, `[w(a)|w(b)]`},
		{`a OR "b c"`, `+[w(a)|p(b c)]`},
		{`+a OR b`, `+[w(a)|w(b)]`},
		{`tag:go OR tag:rust`, `+[tags=w(go)|tags=w(rust)]`},
		{`a or b`, `w(a) w(or) w(b)`},
		{`a OR`, `w(a)`},
		{`OR a`, `w(a)`},
		{`OR`, `w(or)`},
		{`-a OR b`, `w(b) -w(a)`},
		{`a OR -b`, `w(a) -w(b)`},
		// Fields.
		{`tag:go`, `+tags=w(go)`},
		{`TAGS:Go`, `+tags=w(Go)`},
		{`tag:C++, stack:"python services"`, `+tags=w(C++) +stack=w(python services)`},
		{`code:rust lang:de author:"Ada Lovelace" by:ada`, `+code_language=w(rust) +lang=w(de) +author=w(Ada Lovelace) +author=w(ada)`},
		{`tag:(go, rust)`, `+[tags=w(go)|tags=w(rust)]`},
		{`tag:(go)`, `+tags=w(go)`},
		{`tag:(go, "a, b" , c d)`, `+[tags=w(go)|tags=w(a, b)|tags=w(c d)]`},
		{`tag:(go OR rust)`, `+tags=w(go OR rust)`},
		{`-tag:(go, rust)`, `-tags=w(go) -tags=w(rust)`},
		{`x OR tag:(go, rust)`, `+[w(x)|tags=w(go)|tags=w(rust)]`},
		{`(tag:go OR tag:rust) db`, `+[tags=w(go)|tags=w(rust)] w(db)`},
		{`title:closure title:"two words"`, `+title=w(closure) +title=p(two words)`},
		{`title:(a b, c)`, `+[title=p(a b)|title=w(c)]`},
		{`entity:bbolt id:guides/intro`, `+entities=w(bbolt) +id=w(guides/intro)`},
		// Ranges.
		{`year:2023`, `+year[2023,2023]`},
		{`year:2023..2025 year:..2020 year:2020..`, `+year[2023,2025] +year[-Inf,2020] +year[2020,+Inf]`},
		{`year:2025..2023`, `+year[2023,2025]`},
		{`year:(2020, 2023..2024)`, `+[year[2020,2020]|year[2023,2024]]`},
		{`quality:>80 depth:>=80 clarity:<5 reading:<=10`, `+quality(80,+Inf] +depth[80,+Inf] +clarity[-Inf,5) +reading_time[-Inf,10]`},
		{`quality:≥80 score.quality:80.5`, `+quality[80,+Inf] +quality[80.5,80.5]`},
		{`depth:>1..<2`, `+depth(1,2)`},
		{`before:2024-01-01 after:2023`, `+published_at[,2024-01-01) +published_at[2023-01-01,]`},
		{`published:2024-02`, `+published_at[2024-02-01,2024-03-01)`},
		{`published:2023..2024-02-03`, `+published_at[2023-01-01,2024-02-04)`},
		{`published:>2023 updated:<=2023-05`, `+published_at[2024-01-01,] +updated_at[,2023-06-01)`},
		{`updated:>=2024-01-02T03:04:05+01:00`, `+updated_at[2024-01-02T02:04:05Z,]`},
		// What does not fit is searched as words.
		{`foo:bar`, `w(foo:bar)`},
		{`year:abc quality:high before:soon after:..2023`, `w(year:abc) w(quality:high) w(before:soon) w(after:..2023)`},
		{`year:20230 year:99 published:2024-02-31 quality:1e9 quality:NaN`, `w(year:20230) w(year:99) w(published:2024-02-31) w(quality:1e9) w(quality:NaN)`},
		{`tag: go`, `w(tag:) w(go)`},
		{`tag:"" tag:()`, `w(tag:) w(tag:)`},
		{`tag:(go, rust`, `w(tag:) w(go) w(rust)`},
		{`tag:"go rust`, `w(tag:) w(go) w(rust)`},
		{`title:... title:-`, `w(title:...) w(title:-)`},
		{`--tag:go`, `w(--tag:go)`},
		{`error: tag:go: x`, `+tags=w(go:) w(error:) w(x)`},
	} {
		q := query.Parse(c.in)
		if got := dump(q); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
		if q.Raw != c.in {
			t.Errorf("%q: raw is %q", c.in, q.Raw)
		}
		if q.IsEmpty() != (c.want == "") {
			t.Errorf("%q: IsEmpty is %v", c.in, q.IsEmpty())
		}
		roundTrip(t, c.in)
	}
}

func roundTrip(t *testing.T, s string) {
	t.Helper()
	q := query.Parse(s)
	printed := q.String()
	again := query.Parse(printed)
	again.Raw = q.Raw
	if diff := cmp.Diff(q, again); diff != "" {
		t.Fatalf("%q printed as %q (-parsed +printed and parsed):\n%s", s, printed, diff)
	}
	if !utf8.ValidString(printed) {
		t.Fatalf("%q printed as invalid %q", s, printed)
	}
}

func TestParseLimits(t *testing.T) {
	for name, c := range map[string]struct {
		in        string
		optional  int
		wordBytes int // of the last word; 0 for any
	}{
		"words":           {strings.Repeat("x y ", 5000), 64, 0},
		"one long word":   {strings.Repeat("x", 10_000), 1, query.MaxWordBytes},
		"one long path":   {strings.Repeat("ab/", 5000), 1, 64 * 3},
		"Han":             {strings.Repeat("日本", 5000), 1, 64 * 3},
		"words of Han":    {strings.Repeat("日本語 ", 5000), 22, 3},
		"a long phrase":   {`x "` + strings.Repeat("y ", 5000) + `"`, 1, 0},
		"a long value":    {"tag:" + strings.Repeat("x", 10_000), 1, query.MaxWordBytes - 4},
		"a long list":     {"a tag:(" + strings.Repeat("x,", 10_000) + "x)", 3, 0},
		"quotes":          {strings.Repeat(`"`, 10_000), 0, 0},
		"parentheses":     {strings.Repeat(`(`, 10_000) + "x", 1, 0},
		"minus":           {strings.Repeat(`-`, 10_000), 0, 0},
		"ORs":             {strings.Repeat(`OR `, 10_000), 1, 0},
		"ORs with a word": {strings.Repeat(`OR `, 10_000) + "x", 1, 0},
		"keywords":        {strings.Repeat(`tag:(`, 10_000), 64, 0},
		"marks":           {"e" + strings.Repeat("\u0301", 10_000), 1, 0},
	} {
		start := time.Now()
		q := query.Parse(c.in)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if len(q.Optional) != c.optional {
			t.Errorf("%s: %d optional, want %d", name, len(q.Optional), c.optional)
			continue
		}
		if c.wordBytes > 0 {
			if w := q.Optional[len(q.Optional)-1].(query.Word); len(w.Text) != c.wordBytes {
				t.Errorf("%s: last word has %d bytes, want %d", name, len(w.Text), c.wordBytes)
			}
		}
		roundTrip(t, c.in)
	}
}

func TestUnfinished(t *testing.T) {
	for _, c := range []struct {
		in   string
		want query.Clause
	}{
		{``, query.InNone},
		{`kube`, query.InOptional},
		{`kube `, query.InNone},
		{`go kube`, query.InOptional},
		{`go, kube.`, query.InOptional},
		{`what?`, query.InNone},
		{`a,`, query.InNone},
		{`"a b"`, query.InNone},
		{`"a b`, query.InOptional},
		{`"a b `, query.InNone},
		{`+ku`, query.InRequired},
		{`-ku`, query.InExcluded},
		{`a -`, query.InNone},
		{`a OR b`, query.InOptional},
		{`a OR`, query.InNone},
		{`tag:go OR b`, query.InRequired},
		{`tag:go`, query.InRequired},
		{`tag:"go"`, query.InNone},
		{`tag:(go, ru`, query.InOptional},
		{`tag:(go)`, query.InNone},
		{`tag:`, query.InOptional},
		{`title:clo`, query.InRequired},
		{`year:2023`, query.InNone},
		{`(kube)`, query.InNone},
		{`日本`, query.InOptional},
		{`C++`, query.InOptional},
		{strings.Repeat("x ", 100) + "y", query.InNone},
	} {
		if got := query.Parse(c.in).Unfinished(); got != c.want {
			t.Errorf("%.40q: %v, want %v", c.in, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		``, `go`, `"a b" -c +d`, `a OR b`, `-`, `--flag`, `"`, `“a b”`, `tag:(go, rust) x`, `tag:(a`, `stack:"p s"`,
		`year:2023..2025 before:2024 after:2023-01-02`, `++tag:go`, `+--f`, `OR`, `a OR`, `OR a`, `-a OR b`, `日本語`, `title:((x)`,
		`tag:go,`, `(tag:go OR tag:rust)`, `quality:>80 reading:<10`, `published:2023-01..2024-02-03`, `updated:"2024-01-01T00:00:00Z"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		roundTrip(t, s)
		checkLast(t, query.Parse(s))
	})
}

// checkLast: the clause that Unfinished names has a last node that is a word.
func checkLast(t *testing.T, q query.Query) {
	t.Helper()
	var nodes []query.Node
	switch q.Unfinished() {
	case query.InNone:
		return
	case query.InOptional:
		nodes = q.Optional
	case query.InRequired:
		nodes = q.Required
	case query.InExcluded:
		nodes = q.Excluded
	}
	last := nodes[len(nodes)-1]
	if or, ok := last.(query.Or); ok {
		last = or.Nodes[len(or.Nodes)-1]
	}
	if field, ok := last.(query.Field); ok {
		last, _ = field.Value.(query.Node)
	}
	if _, ok := last.(query.Word); !ok {
		t.Fatalf("%q: the unfinished node is %#v", q.Raw, last)
	}
}

func BenchmarkParse(b *testing.B) {
	for name, q := range map[string]string{
		"words":  "kubernetes readiness probe timeout",
		"fields": `"garbage collector" -java tag:(go, rust) year:2018..2024 quality:>80 slow`,
		"paste":  strings.Repeat("lorem ipsum dolor ", 600),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				query.Parse(q)
			}
		})
	}
}
