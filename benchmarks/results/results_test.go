// Claims proved here:
//
//  1. The results that are checked in are valid, and docs/benchmarks.md and the
//     plots are made of them and of the experiments ("make docs" writes them anew).
//  2. What is wrong with a result is an error that names the file and says what.
//  3. Numbers are written as people write them, and no text of a result leaves its
//     cell.
package results

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"alphanode/benchmarks/relevance"
)

var update = flag.Bool("update", false, "write docs/benchmarks.md and the plots anew")

const page = "../../docs/benchmarks.md"

func TestDocsBenchmarks(t *testing.T) {
	all, err := Read(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	files, err := relevance.Experiments("../relevance/experiments")
	if err != nil {
		t.Fatal(err)
	}
	var experiments []*relevance.Experiment
	for _, file := range files {
		e, err := relevance.LoadExperiment(file)
		if err != nil {
			t.Fatal(err)
		}
		experiments = append(experiments, e)
	}
	same(t, page, Page(all, experiments))
	for _, r := range all {
		if len(r.Plot) > 0 {
			same(t, r.Name+".svg", r.SVG())
		}
	}
}

func same(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the results give (%v): run make docs", filepath.Base(path), err)
	}
}

const valid = `{"name":"x-1","section":"speed","title":"T","date":"2024-05-01","commit":"abc","machine":{"cpu":"C","cores":2,"memory_gb":8,"os":"linux/amd64","go":"go1"},
"command":"make x","columns":["kind","p50 µs","p99 µs"],"rows":[["a|b",1234.5,0.25],["c",7,null]],"plot":["p50 µs"]}`

func TestRead(t *testing.T) {
	all, err := Read(fstest.MapFS{"x-1.json": {Data: []byte(valid)}})
	if err != nil {
		t.Fatal(err)
	}
	got := Page(all, nil)
	for _, want := range []string{
		"## Speed of queries\n", "| kind | p50 µs | p99 µs |\n| --- | ---: | ---: |\n", `| a\|b | 1,234 | 0.2500 |`, "| c | 7 |  |",
		"2024-05-01, revision abc; C, 2 cores, 8 GB, linux/amd64, go1. Again: `make x`", "results/x-1.svg",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if svg := all[0].SVG(); !strings.Contains(svg, ">1,234<") || strings.Contains(svg, "NaN") {
		t.Errorf("plot %s", svg)
	}
}

func TestReadErrors(t *testing.T) {
	for _, edit := range []struct{ from, to, want string }{
		{`"x-1"`, `"X 1"`, "not lower-case words"},
		{`"x-1"`, `"other"`, "not that of the file"},
		{`"section":"speed"`, `"section":"luck"`, `section "luck"`},
		{"2024-05-01", "May", `date "May"`},
		{`"commit":"abc"`, `"commit":""`, "commit is missing"},
		{`["c",7,null]`, `["c",7]`, "row 2 has 2 cells"},
		{`["c",7,null]`, `["c",7,{}]`, "neither text nor a number"},
		{`"plot":["p50 µs"]`, `"plot":["p51"]`, `no column of figures "p51"`},
		{`"title"`, `"titel"`, `unknown field "titel"`},
	} {
		_, err := Read(fstest.MapFS{"x-1.json": {Data: []byte(strings.Replace(valid, edit.from, edit.to, 1))}})
		if err == nil || !strings.Contains(err.Error(), edit.want) || !strings.Contains(err.Error(), "x-1.json") {
			t.Errorf("%s: error %v, want %q in it", edit.to, err, edit.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 1234567: "1,234,567", -1234: "-1,234", 0.67891: "0.6789", 12.345: "12.35", 999.4: "999", 123456.7: "123,457"} {
		if got := number(f); got != want {
			t.Errorf("%v is %q, want %q", f, got, want)
		}
	}
}

func TestEncodeIsReadBack(t *testing.T) {
	r := Result{
		Name: "y", Section: Peers, Title: "T", Date: "2024-05-01", Commit: ThisCommit(t.Context(), "."), Machine: ThisMachine(),
		Command: "x", Columns: []string{"a", "b"}, Rows: [][]any{{"x", 1.5}},
	}
	data, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(fstest.MapFS{"y.json": {Data: data}}); err != nil {
		t.Error(err)
	}
	r.Rows = nil
	if _, err := r.Encode(); err == nil {
		t.Error("a result without rows is no error")
	}
}
