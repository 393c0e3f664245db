// Claims proved here, with drivers that are shell scripts: engines with the same
// hits and counts are timed by their own clock; a kind in which one differs from the
// majority too often, or that it cannot answer, is not timed for it and says why; a
// query in which one differs now and then is left out; an index that is there is used
// when it is of the same posts; an error ends the comparison.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// drivers writes a folder with engines whose answers to SET are given by kind of
// query, which is the query's first letter.
func drivers(t *testing.T, engines map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, cases := range engines {
		files := map[string]string{
			"Makefile": "setup:\n\t@true\nindex:\n\t@mkdir -p $(INDEX) && cp $(POSTS) $(INDEX)/posts && echo x >> built\n" +
				"serve:\n\t@exec sh ./serve.sh\nsimilar:\n\t@printf '30\\t1.5\\n'\n",
			"serve.sh": "while IFS='\t' read -r command query tag; do case \"$command $query\" in " + cases +
				" SET*) printf '1000\\t2\\t00ff\\n';; FACETS*) printf '7000\\t2\\ta b\\ttags=x:2,y:1\\tstack=\\n';;" +
				" *) printf '4000\\t2\\ta b\\n';; esac; done\n",
		}
		for file, content := range files {
			path := filepath.Join(dir, name, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func work(t *testing.T) (posts, queries string) {
	t.Helper()
	dir := t.TempDir()
	posts, queries = filepath.Join(dir, "posts.jsonl"), filepath.Join(dir, "queries.tsv")
	many := ""
	for i := range 20 {
		many += fmt.Sprintf("often\tm%d\n", i)
	}
	for path, content := range map[string]string{
		posts:   `{"id":"a b","title":"Don't \u00c4 Panic","body":"C++\n  x","body_format":"text","tags":["a b","c:d"],"difficulty":"advanced"}` + "\n",
		queries: "term\ta\nother\tb c\nnone\t+d\nfilter\tx\ttag\nfacet\tf\n" + many,
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return posts, queries
}

func TestRun(t *testing.T) {
	dir := drivers(t, map[string]string{
		"one": "", "two": `"FACETS f") printf '7000\t2\ta b\ttags=z:2,x:1\tstack=\n';;`,
		"three": `"SET b"*) printf '1\t3\t0001\n';; "SET +d") echo UNSUPPORTED;; "SET m7") printf '1\t3\t0001\n';; "SET x") printf "1\t2\t00ff\n";;`,
		"four":  "",
	})
	posts, queries := work(t)
	result := filepath.Join(t.TempDir(), "peers-test")
	args := []string{
		"-folder", dir, "-posts", posts, "-queries", queries, "-rounds", "2", "-warmup", "1", "-cpu", "-1", "-plot", "one,two", "-similar", "two",
		"-index-only", "four", "-result", result, "-reuse", "one,two", "one", "two", "three", "four",
	}
	var out strings.Builder
	for range 2 {
		out.Reset()
		if err := run(t.Context(), args, &out); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		`three: other query b c has "3\t0001", the others "2\t00ff"`, "three: 1 of 1 queries of kind other", "three: 1 of 20 queries of kind often",
		"the hits of 24 of 25 queries are the same", "unsupported", "other hits", "filter",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	indexed, err := os.ReadFile(filepath.Join(dir, "one/out/posts/posts"))
	if want := "a_b\tdon t panic\tc x\ta_b c_d\t\tadvanced\n"; string(indexed) != want || err != nil {
		t.Errorf("posts are %q, %v", indexed, err)
	}
	for name, want := range map[string]string{"one": "x\n", "three": "x\nx\n"} {
		if times, err := os.ReadFile(filepath.Join(dir, name, "built")); string(times) != want || err != nil {
			t.Errorf("%s was built %q, %v", name, times, err)
		}
	}
	checkResults(t, result)
}

// checkResults looks into what was saved.
func checkResults(t *testing.T, result string) {
	t.Helper()
	for file, wants := range map[string][]string{
		"": {`"name": "peers-test"`, "1 posts, 25 queries, of which 24", "other hits", `"facet",
      7,
      7,
      7`, `"term",
      4,
      4,
      4`, `"plot": [
    "one",
    "two"
  ]`},
		"-skip": {`"term"`}, "-p99": {`"often"`}, "-new": {"before, up to 1 times"}, "-cold": {"first questions"}, "-index": {`"four"`}, "-similar": {`"two",
      20`},
	} {
		saved, err := os.ReadFile(result + file + ".json")
		for _, want := range wants {
			if err != nil || !strings.Contains(string(saved), want) {
				t.Errorf("%s: %q is not in %s, %v", file, want, saved, err)
			}
		}
		if file == "-skip" && strings.Contains(string(saved), `"facet"`) {
			t.Error("facets are timed without totals")
		}
	}
}

func TestRunErrors(t *testing.T) {
	dir := drivers(t, map[string]string{
		"bad": `*) echo ERROR broken;;`, "silent": `*) exit 0;;`, "wordy": `*) echo two words;;`,
		"miscount": `"TOP10_COUNT a") echo ERROR late;;`,
	})
	posts, queries := work(t)
	for name, want := range map[string]string{
		"bad": `"SET\t`, "silent": `silent: "SET`, "absent": "absent: make setup", "wordy": "time of the answer", "miscount": `"TOP10_COUNT\ta": late`,
	} {
		var out strings.Builder
		err := run(t.Context(), []string{"-folder", dir, "-posts", posts, "-queries", queries, "-cpu", "-1", name}, &out)
		if err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: error %v, want %q in it", name, err, want)
		}
	}
	if err := run(t.Context(), nil, &strings.Builder{}); err == nil {
		t.Error("no arguments are no error")
	}
}

func TestOrder(t *testing.T) {
	var queries []query
	for i := range 30 {
		queries = append(queries, query{kind: []string{"a", "b", "c"}[i/10], text: fmt.Sprint(i)})
	}
	m := &measurement{options: options{seed: 7}}
	places, share := order(queries, m.rng())
	again, _ := order(queries, m.rng())
	if diff := cmp.Diff(places, again); diff != "" || share != 3 || len(places) != 30 {
		t.Errorf("share %d, %d places, the same seed gives another order: %s", share, len(places), diff)
	}
	for n, i := range places {
		if queries[i].kind != []string{"a", "b", "c"}[n%3] {
			t.Fatalf("place %d has kind %s", n, queries[i].kind)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{7: "7", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}
