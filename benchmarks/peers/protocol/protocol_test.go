// Claims proved here: queries of every form are read; an engine's answers are
// written as the protocol says, an unsupported query and an error too; the
// checksum of a set does not depend on its order.
package protocol

import (
	"errors"
	"fmt"
	"reflect"
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

func (fake) Top(q Query, k int, _ bool) ([]string, int, error) {
	if q.Fuzzy == "bad" {
		return nil, 0, errors.New("two\nlines")
	}
	if q.Fuzzy != "" {
		return nil, 0, fmt.Errorf("fuzzy: %w", ErrUnsupported)
	}
	return []string{"y", "x"}, k, nil
}

func (fake) All(_ Query, visit func(string)) error {
	visit("x")
	visit("y")
	return nil
}

func TestServe(t *testing.T) {
	var out strings.Builder
	in := "TOP10\ta\nTOP10_COUNT\ta\nSET\ta\nTOP10\tw~1\nTOP10\tbad~1\nNONE\ta\nTOP10\t\n"
	if err := Serve(strings.NewReader(in), &out, fake{}); err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf("%016x", Checksum("y")+Checksum("x"))
	want := "y x\n10\ty x\n2\t" + sum + "\nUNSUPPORTED\nERROR two lines\nUNSUPPORTED\nERROR query \"\" asks for nothing\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestChecksum(t *testing.T) {
	// FNV-1a of "a", from the function's specification.
	if got := Checksum("a"); got != 0xaf63dc4c8601ec8c {
		t.Errorf("checksum of a is %x", got)
	}
}
