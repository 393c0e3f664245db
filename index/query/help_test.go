package query_test

// Claims:
//  1. Every keyword is in both helps and in docs/query-syntax.md, and its example
//     parses to a required term of its field in both languages.
//  2. No two keywords share a name.
//  3. The generated section of docs/query-syntax.md is HelpMarkdown, and every
//     query in its other tables parses as it says.

import (
	"flag"
	"os"
	"strings"
	"testing"

	"alphanode/index/query"
)

var update = flag.Bool("update", false, "rewrite the generated section of docs/query-syntax.md")

const (
	docPath  = "../../docs/query-syntax.md"
	docBegin = "<!-- Generated from index/query/keyword.go by: go test ./index/query -update -->\n"
	docEnd   = "<!-- End of the generated section. -->\n"
)

func TestKeywords(t *testing.T) {
	owner := map[string]string{}
	for _, k := range query.Keywords() {
		for _, name := range append([]string{k.Name}, k.Aliases...) {
			if other, taken := owner[name]; taken {
				t.Errorf("%s: the name %s belongs to %s", k.Name, name, other)
			}
			owner[name] = k.Name
			if found, ok := query.LookupKeyword(strings.ToUpper(name)); !ok || found.Name != k.Name {
				t.Errorf("LookupKeyword(%s) is %s, want %s", name, found.Name, k.Name)
			}
			_, value, _ := strings.Cut(k.Example, ":")
			if q := query.Parse(name + ":" + value); len(q.Required) != 1 {
				t.Errorf("%s: is not read as a field", q.Raw)
			}
		}
		if found, ok := query.LookupKeyword(k.Field); !ok || found.Field != k.Field {
			t.Errorf("%s: LookupKeyword(%s) is %+v", k.Name, k.Field, found)
		}
		checkExample(t, k)
	}
	if _, ok := query.LookupKeyword("nothing"); ok {
		t.Error("found a keyword that is none")
	}
}

func checkExample(t *testing.T, k query.Keyword) {
	t.Helper()
	q := query.Parse(k.Example)
	if len(q.Required) != 1 || len(q.Optional)+len(q.Excluded) > 0 {
		t.Errorf("%s: example %s parses to %s", k.Name, k.Example, dump(q))
		return
	}
	if f, ok := q.Required[0].(query.Field); !ok || f.Name != k.Field {
		t.Errorf("%s: example %s parses to %s", k.Name, k.Example, dump(q))
	}
	if _, err := query.ParseFilter(k.Example); err != nil {
		t.Errorf("%s: example %s: %v", k.Name, k.Example, err)
	}
	for name, help := range map[string]string{"Help": query.Help(), "HelpMarkdown": query.HelpMarkdown()} {
		if !strings.Contains(help, k.Example) || !strings.Contains(help, k.Help) {
			t.Errorf("%s says nothing of %s", name, k.Name)
		}
	}
}

func TestDocumentation(t *testing.T) {
	data, err := os.ReadFile(docPath)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), docBegin)
	generated, after, ok2 := strings.Cut(rest, docEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no generated section", docPath)
	}
	want := "\n" + query.HelpMarkdown() + "\n"
	if generated != want && !*update {
		t.Errorf("%s is out of date; run with -update", docPath)
	}
	if *update {
		if err := os.WriteFile(docPath, []byte(before+docBegin+want+docEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n := checkTables(t, before+after); n < 20 {
		t.Errorf("%d examples were checked, want at least 20", n)
	}
}

// checkTables parses the first column of the tables that have a column "Read as" or
// "Filter read as" and compares with that.
func checkTables(t *testing.T, doc string) (checked int) {
	t.Helper()
	kind := ""
	for line := range strings.Lines(doc) {
		cells := tableCells(line)
		switch {
		case len(cells) == 0:
			kind = ""
		case strings.HasSuffix(strings.ToLower(cells[len(cells)-1]), "read as"):
			kind = cells[len(cells)-1]
		case kind != "" && strings.HasPrefix(cells[0], "`"):
			checked++
			checkRow(t, kind, strings.Trim(cells[0], "`"), strings.Trim(cells[len(cells)-1], "`"))
		}
	}
	return checked
}

func tableCells(line string) []string {
	line, ok := strings.CutPrefix(strings.TrimSpace(line), "| ")
	if !ok {
		return nil
	}
	return strings.Split(strings.TrimSuffix(line, " |"), " | ")
}

func checkRow(t *testing.T, kind, typed, want string) {
	t.Helper()
	if kind == "Read as" {
		if got := query.Parse(typed).String(); got != want {
			t.Errorf("%s: %q is read as %q, documented as %q", docPath, typed, got, want)
		}
		return
	}
	f, err := query.ParseFilter(typed)
	if err != nil {
		if err.Error() != want {
			t.Errorf("%s: filter %q: %v, documented as %q", docPath, typed, err, want)
		}
		return
	}
	if got := f.String(); got != want {
		t.Errorf("%s: filter %q is read as %q, documented as %q", docPath, typed, got, want)
	}
}
