package corpus_test

// The claim: docs/posts.md shows a post that is read, with every field of one, and the limits are those of the code.

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"alphanode/corpus"
)

func TestPostsDoc(t *testing.T) {
	data, err := os.ReadFile("../docs/posts.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	_, example, _ := strings.Cut(doc, "```json\n")
	example, _, _ = strings.Cut(example, "```")
	p := decode(t, example)
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the example has no %s", v.Type().Field(i).Name)
		}
	}
	for name := range p.Extra {
		if name != "mood" {
			t.Errorf("the example has %q, which is no field", name)
		}
	}
	for _, typ := range corpus.EntityTypes() {
		if !strings.Contains(doc, "`"+typ+"`") {
			t.Errorf("the type %s is not named", typ)
		}
	}
	limits := reflect.ValueOf(corpus.DefaultLimits())
	for i := range limits.NumField() {
		line := fmt.Sprintf("| %s | %s |", limits.Type().Field(i).Name, inUnits(limits.Field(i).Int()))
		if !strings.Contains(doc, line) {
			t.Errorf("the table of limits has no line %s", line)
		}
	}
}

func inUnits(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprint(n)
}
