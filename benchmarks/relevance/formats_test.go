// Claims proved here:
//
//  1. BEIR, TREC, CSV, Quepid and ranx files are read, plain or gzip, whatever
//     their name says.
//  2. What is wrong in a file is an error that names file and line.
//  3. What is written is read back the same.
package relevance_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/relevance"
)

// write puts content into a new folder and gives its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestReadQrels(t *testing.T) {
	want := relevance.Qrels{"1": {"a/b": 2, "c d": 0}, "2": {"e": -1}}
	beir := "query-id\tcorpus-id\tscore\n1\ta/b\t2\n1\tc d\t0\n\n2\te\t-1\n"
	for name, content := range map[string]string{
		"beir": beir, "no header": strings.SplitAfterN(beir, "\n", 2)[1], "gzip": gzipped(t, beir),
		"byte order mark": "\ufeff" + beir, "windows": strings.ReplaceAll(beir, "\n", "\r\n"),
		"same twice": beir + "1\ta/b\t2\n",
	} {
		got, err := relevance.ReadQrels(write(t, "qrels", content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	trec, err := relevance.ReadQrels(write(t, "qrels", "1 0 a 2\n1\tQ0\tb\t1.0\n"))
	if diff := cmp.Diff(relevance.Qrels{"1": {"a": 2, "b": 1}}, trec); diff != "" || err != nil {
		t.Errorf("trec: %v %s", err, diff)
	}
}

func TestReadErrorsNameFileAndLine(t *testing.T) {
	qrels := func(p string) error { _, err := relevance.ReadQrels(p); return err }
	run := func(p string) error { _, err := relevance.ReadRun(p); return err }
	queries := func(p string) error { _, err := relevance.ReadQueries(p); return err }
	topics := func(p string) error { _, err := relevance.ReadTopics(p); return err }
	sheet := func(p string) error { _, _, err := relevance.ReadCSV(p); return err }
	ranx := func(p string) error { _, err := relevance.ReadRanxQrels(p); return err }
	for _, test := range []struct {
		name    string
		read    func(string) error
		content string
		want    string
	}{
		{"fields", qrels, "1 0 a 1\n1 0 a\n", ":2: a judgment has 4 fields"},
		{"grade", qrels, "1 0 a 1\n\n1 0 b good\n", `:3: grade "good" is not a whole number`},
		{"fraction", qrels, "1 0 a 0.5\n", `:1: grade "0.5"`},
		{"infinite", qrels, "1 0 a Inf\n", `:1: grade "Inf"`},
		{"header that is none", qrels, "one\ttwo\tthree\n", `:1: grade "three"`},
		{"conflict", qrels, "1 0 a 1\n1 0 a 2\n", `:2: document "a" of query "1" is graded 2 here and 1 before`},
		{"no document", qrels, "1\t\t1\n", ":1: judgment without"},
		{"truncated gzip", qrels, gzipped(t, strings.Repeat("1 0 a 1\n", 9))[:20], "qrels:"},
		{"run fields", run, "1 Q0 a 1 0.5\n", ":1: a line of a run has 6 fields"},
		{"run score", run, "1 Q0 a 1 x t\n", `:1: score "x"`},
		{"run NaN", run, "1 Q0 a 1 NaN t\n", `:1: score "NaN"`},
		{"run twice", run, "1 Q0 a 1 2 t\n1 Q0 a 2 1 t\n", `:2: document "a" occurs twice`},
		{"json", queries, `{"_id":"1","text":"x"}` + "\n{", ":2: query is not JSON"},
		{"no id", queries, `{"text":"x"}`, ":1: query without _id"},
		{"bad id", queries, `{"_id":"","text":"x"}`, ":1: query with the _id"},
		{"query twice", queries, `{"_id":"1","text":"x"}` + "\n" + `{"_id":1,"text":"y"}`, `query "1" occurs twice`},
		{"empty", queries, "\n", "no queries"},
		{"no topic", topics, "1 words\n", ":1: neither a <top> block"},
		{"no number", topics, "<top>\n<title>x\n</top>", ":3: topic without <num>"},
		{"no title", topics, "<top>\n<num>7\n</top>", ":3: topic 7 without <title>"},
		{"open topic", topics, "<top>\n<num>7\n<title>x\n", "the last <top> has no </top>"},
		{"stray end", topics, "</top>\n", ":1: </top> without <top>"},
		{"csv columns", sheet, "query,post,grade\nx,y\n", ":2: row of 2 columns"},
		{"csv grade", sheet, "x,y,1\nx,z,much\n", `:2: grade "much"`},
		{"csv quote", sheet, "x,y,1\n\"x,y,1\n", ":2: "},
		{"csv empty", sheet, "query,post,grade\n", "no judgments"},
		{"ranx syntax", ranx, "{\n\"1\": {\"a\": 1,}\n}", ":2: "},
		{"ranx kind", ranx, "{\n\n\"1\": {\"a\": \"x\"}}", ":3: "},
		{"ranx grade", ranx, `{"1": {"a": 0.5}}`, "grade 0.5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, "qrels", test.content)
			err := test.read(path)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want %q and the path in it", err, test.want)
			}
		})
	}
	if err := run(filepath.Join(t.TempDir(), "absent")); !os.IsNotExist(err) {
		t.Errorf("absent file: %v", err)
	}
}

func TestReadTopics(t *testing.T) {
	content := `<top>
<num> Number: 301
<title> International
Organized Crime <desc> Description:
What else
</top>

<TOP><NUM>2<NUM><TITLE>
measurement of <b>dielectric</b>
</TOP>
3	tabbed query
`
	got, err := relevance.ReadTopics(write(t, "topics", content))
	want := []relevance.Query{{ID: "301", Text: "International Organized Crime"}, {ID: "2", Text: "measurement of <b>dielectric</b>"}, {ID: "3", Text: "tabbed query"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestReadQueries(t *testing.T) {
	got, err := relevance.ReadQueries(write(t, "queries.jsonl", `{"_id":"a/b","text":"x y","metadata":{"exclude":["d"],"more":1}}
{"_id": 7, "text": "z"}`))
	want := []relevance.Query{{ID: "a/b", Text: "x y", Exclude: []string{"d"}}, {ID: "7", Text: "z"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestReadCSV(t *testing.T) {
	wantQueries := []relevance.Query{{ID: "go, generics", Text: "go, generics"}, {ID: "rust", Text: "rust"}}
	wantQrels := relevance.Qrels{"go, generics": {"a": 3, "b": 0}, "rust": {"c": 1}}
	for name, content := range map[string]string{
		"plain":    "\"go, generics\",a,3\n\"go, generics\",b,0\nrust,c,1\n",
		"header":   "query,post,grade\n\"go, generics\",a,3\n\"go, generics\",b,0\nrust,c,1\n",
		"quepid":   "Team,Query Text,Doc ID,Doc Position,Rating\nx,\"go, generics\",a,1,3.0\nx,\"go, generics\",b,2,0\nx,rust,c,1,1\nx,rust,d,2,\n",
		"ratings":  "\ufeffquery,docid,rating\r\n\"go, generics\",a,3\r\n\"go, generics\",b,0\r\nrust,c,1\r\n",
		"unjudged": "\"go, generics\",a,3\n\"go, generics\",b,0\nrust,c,1\nunjudged,c,\n",
	} {
		queries, qrels, err := relevance.ReadCSV(write(t, "ratings.csv", content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(wantQueries, queries) + cmp.Diff(wantQrels, qrels); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadRanx(t *testing.T) {
	qrels, err := relevance.ReadRanxQrels(write(t, "qrels.json", `{"q1": {"a": 2, "b": 0}}`))
	if diff := cmp.Diff(relevance.Qrels{"q1": {"a": 2, "b": 0}}, qrels); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	run, err := relevance.ReadRanxRun(write(t, "run.json.gz", gzipped(t, `{"q1": {"a": 0.25}}`)))
	if diff := cmp.Diff(relevance.Run{"q1": {{ID: "a", Score: 0.25}}}, run); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestWriteAndReadBack(t *testing.T) {
	run := relevance.Run{"2": {{ID: "b", Score: 0.5}, {ID: "a", Score: 1}}, "10": {{ID: "x y", Score: -3}}}
	var out bytes.Buffer
	if err := relevance.WriteRun(&out, run, "my tag"); err != nil {
		t.Fatal(err)
	}
	want := "10 Q0 x%20y 1 -3 my%20tag\n2 Q0 a 1 1 my%20tag\n2 Q0 b 2 0.5 my%20tag\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	got, err := relevance.ReadRun(write(t, "run", out.String()))
	if err != nil || len(got["2"]) != 2 || got["10"][0].ID != "x%20y" {
		t.Errorf("read back: %v %v", got, err)
	}
	out.Reset()
	qrels := relevance.Qrels{"2": {"b": 1, "a": -1}, "10": {"c": 2}}
	if err := relevance.WriteQrels(&out, qrels); err != nil {
		t.Fatal(err)
	}
	if want := "10 0 c 2\n2 0 a -1\n2 0 b 1\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	back, err := relevance.ReadQrels(write(t, "qrels", out.String()))
	if diff := cmp.Diff(qrels, back); diff != "" || err != nil {
		t.Errorf("read back: %v %s", err, diff)
	}
}
