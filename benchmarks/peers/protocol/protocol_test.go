// Claims proved here: queries of every form are read; an engine's answers are
// written as the protocol says, an unsupported query and an error too; posts are
// read, and a bad line is named; the
// checksum of a set does not depend on its order.
package protocol

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestParseQuery(t *testing.T) {
	for in, want := range map[string]Query{
		"a b": {Should: []string{"a", "b"}}, "+a +b": {Must: []string{"a", "b"}}, `"a b"`: {Phrase: []string{"a", "b"}},
		"pre*": {Prefix: "pre"}, "a pre*": {Should: []string{"a"}, Prefix: "pre"}, "word~1": {Fuzzy: "word"},
	} {
		if got, err := ParseQuery(in); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %+v, %v", in, got, err)
		}
	}
	if _, err := ParseQuery(" "); err == nil {
		t.Error("nothing is no error")
	}
}

// fake finds y and x for every query but fuzzy ones.
type fake struct{}

func (fake) Top(q Query, k int, _ Want) (Answer, error) {
	if q.Fuzzy == "bad" {
		return Answer{}, errors.New("two\nlines")
	}
	if q.Fuzzy != "" {
		return Answer{}, fmt.Errorf("fuzzy: %w", ErrUnsupported)
	}
	answer := Answer{IDs: []string{"y", "x"}, Total: k}
	answer.Facets[0] = []Value{{"a", 2}, {q.Tag, 1}}
	answer.Facets[2] = []Value{{"z", 1}}
	return answer, nil
}

func (fake) All(_ Query, visit func(string)) error {
	visit("x")
	visit("y")
	return nil
}

func TestServe(t *testing.T) {
	var out strings.Builder
	in := "TOP10\ta\nTOP10_COUNT\ta\nFACETS\ta\tb\nSET\ta\nTOP10\tw~1\nTOP10\tbad~1\nNONE\ta\nTOP10\t\n"
	if err := Serve(strings.NewReader(in), &out, fake{}); err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf("%016x", Checksum("y")+Checksum("x"))
	want := "N y x\nN 10\ty x\nN 10\ty x\ttags=a:2,b:1\tstack=\tdifficulty=z:1\nN 2\t" + sum +
		"\nUNSUPPORTED\nERROR two lines\nUNSUPPORTED\nERROR query \"\" asks for nothing\n"
	if got := regexp.MustCompile(`(?m)^\d+\t`).ReplaceAllString(out.String(), "N "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPosts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.tsv")
	if err := os.WriteFile(path, []byte("1\tt\tb c\tx y\t\thard\n2\tt\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []Post
	err := Posts(path, func(p Post) error {
		got = append(got, p)
		return nil
	})
	want := []Post{{ID: "1", Title: "t", Body: "b c", Tags: []string{"x", "y"}, Stack: []string{}, Difficulty: "hard"}}
	if !reflect.DeepEqual(got, want) || err == nil || !strings.Contains(err.Error(), ":2: 2 fields") {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDriver(t *testing.T) {
	d := Driver{Index: func(posts, folder string) error { return errors.New(posts + folder) }}
	for _, c := range []struct{ args, want string }{
		{"index a b", "ab"}, {"similar a b 3", "usage"}, {"", "usage"},
	} {
		if err := d.run(strings.Fields(c.args)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.args, err)
		}
	}
}

func TestChecksum(t *testing.T) {
	// FNV-1a of "a", from the function's specification.
	if got := Checksum("a"); got != 0xaf63dc4c8601ec8c {
		t.Errorf("checksum of a is %x", got)
	}
}
