// Claims proved here, with drivers that are shell scripts: engines with the same
// hits are timed; a kind in which one differs from the majority, or that it cannot
// answer, is not timed for it and says why; an error ends the comparison.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// drivers writes a folder with engines whose answers to SET are given by kind of
// query, which is the query's first letter.
func drivers(t *testing.T, engines map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, cases := range engines {
		files := map[string]string{
			"Makefile": "setup:\n\t@true\nindex:\n\t@mkdir -p out/index && cp $(POSTS) out/index/posts\nserve:\n\t@exec sh ./serve.sh\n",
			"serve.sh": "while IFS='\t' read -r command query; do case \"$command $query\" in " + cases +
				" SET*) printf '2\\t00ff\\n';; *) printf '2\\ta b\\n';; esac; done\n",
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
	for path, content := range map[string]string{
		posts:   `{"id":"a b","title":"Don't \u00c4 Panic","body":"C++\n  x","body_format":"text"}` + "\n",
		queries: "term\ta\nother\tb c\nnone\t+d\nfilter\tx\ttag\n",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return posts, queries
}

func TestRun(t *testing.T) {
	dir := drivers(t, map[string]string{
		"one": "", "two": "", "three": `"SET b"*) printf '3\t0001\n';; "SET +d") echo UNSUPPORTED;;`,
	})
	posts, queries := work(t)
	result := filepath.Join(t.TempDir(), "peers-test.json")
	var out strings.Builder
	err := run(t.Context(), []string{"-folder", dir, "-posts", posts, "-queries", queries, "-rounds", "2", "-result", result, "one", "two", "three"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"three: other query b c has 3 hits, the others 2", "the hits of 2 of 3 queries are the same", "unsupported", "other hits",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "filter") {
		t.Error("a query with a filter was asked")
	}
	indexed, err := os.ReadFile(filepath.Join(dir, "one/out/index/posts"))
	if want := "a_b\tdon t panic\tc x\n"; string(indexed) != want || err != nil {
		t.Errorf("posts are %q, %v", indexed, err)
	}
	saved, err := os.ReadFile(result)
	if err != nil || !strings.Contains(string(saved), `"name": "peers-test"`) || !strings.Contains(string(saved), "other hits") {
		t.Errorf("result %s, %v", saved, err)
	}
}

func TestRunErrors(t *testing.T) {
	dir := drivers(t, map[string]string{"bad": `*) echo ERROR broken;;`, "silent": `*) exit 0;;`})
	posts, queries := work(t)
	for name, want := range map[string]string{"bad": `bad: SET "a": broken`, "silent": "silent: SET", "absent": "absent: make setup"} {
		var out strings.Builder
		err := run(t.Context(), []string{"-folder", dir, "-posts", posts, "-queries", queries, name}, &out)
		if err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: error %v, want %q in it", name, err, want)
		}
	}
	if err := run(t.Context(), nil, &strings.Builder{}); err == nil {
		t.Error("no arguments are no error")
	}
}
