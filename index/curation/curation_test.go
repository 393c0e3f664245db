package curation_test

// Claims:
//  1. Each kind reads JSON and YAML of the same content into the same bytes, and those into
//     themselves.
//  2. What is wrong is an error with its line, column and member.
//  3. No input makes it fail otherwise, and what it accepts it reads again.

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"alphanode/index/curation"
)

var accepted = []struct{ kind, in, want string }{
	{"synonyms", `{}`, `{"synonyms":[]}`},
	{"synonyms", ``, `{"synonyms":[]}`},
	{
		"synonyms", `{"synonyms":[{"words":["k8s"," kubernetes ","k8s"]},{"from":["js"],"to":["javascript"]}]}`,
		`{"synonyms":[{"words":["k8s","kubernetes"]},{"from":["js"],"to":["javascript"]}]}`,
	},
	{
		"synonyms", "synonyms:\n- words: [k8s, kubernetes]\n- from: js\n  to: javascript # one way\n",
		`{"synonyms":[{"words":["k8s","kubernetes"]},{"from":["js"],"to":["javascript"]}]}`,
	},
	{"synonyms", "synonyms: [{words: [1.20, go 1.20, yes]}]", `{"synonyms":[{"words":["1.20","go 1.20","yes"]}]}`},
	{"synonyms", `{"synonyms":[{"words":["c++","C plus plus","日本語 & <b>","\ud83d\ude80"]}]}`, `{"synonyms":[{"words":["c++","C plus plus","日本語 & <b>","🚀"]}]}`},
	{"stopwords", "drop: [please]\nkeep: [it, \"on\"]", `{"drop":["please"],"keep":["it","on"]}`},
	{
		"rules", `{"rules":[{"name":"a","when":{"query":"go","match":"prefix","filter":"tag:go AND (lang:en)"},"pin":[{"id":"x/y"},{"id":"z","position":3}],
	  "hide":["h","h"],"boost":[{"filter":"tag:( go,rust )","by":2}],"filter":"lang:en"}]}`,
		`{"rules":[{"name":"a","when":{"query":"go","match":"prefix","filter":"tag:go AND lang:en"},"pin":[{"id":"x/y","position":1},{"id":"z","position":3}],` +
			`"hide":["h"],"boost":[{"filter":"tag:go OR tag:rust","by":2}],"filter":"lang:en"}]}`,
	},
	{"similar", `{"similar":[{"id":"a","pin":["b"],"exclude":["c"]}]}`, `{"similar":[{"id":"a","pin":["b"],"exclude":["c"]}]}`},
	{"similar", "exclude: [b, a, b]", `{"similar":[],"exclude":["b","a"]}`},
}

func TestNormalise(t *testing.T) {
	for _, tc := range accepted {
		got, err := curation.Normalise(tc.kind, []byte(tc.in))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s %s\n got %s, %v\nwant %s", tc.kind, tc.in, got, err, tc.want)
			continue
		}
		again, err := curation.Normalise(tc.kind, got)
		if err != nil || string(again) != tc.want {
			t.Errorf("%s reads back as %s, %v", got, again, err)
		}
		asYAML, err := curation.YAML(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err = curation.Normalise(tc.kind, asYAML)
		if err != nil || string(again) != tc.want {
			t.Errorf("%s reads back from YAML as %s, %v", asYAML, again, err)
		}
	}
}

func TestYAMLIsForPeople(t *testing.T) {
	got, err := curation.YAML([]byte(`{"synonyms":[{"words":["k8s","kubernetes"]},{"from":["js"],"to":["1.0"]}]}`))
	want := "synonyms:\n    - words: [k8s, kubernetes]\n    - from: [js]\n      to: [\"1.0\"]\n"
	if err != nil || string(got) != want {
		t.Errorf("got\n%s%v\nwant\n%s", got, err, want)
	}
}

func TestRefused(t *testing.T) {
	for _, tc := range []struct{ kind, in, want string }{
		{"synonyms", `{"synonyms":[{"words":["a"]}]}`, "line 1, column 14: synonyms[0]: must have at least two"},
		{"synonyms", "{\n \"synonyms\": [\n  {\"words\": [\"a\", 7, {}]}]}", "line 3, column 22: synonyms[0].words[2]: must be a text, is an object"},
		{"synonyms", "synonyms:\n- words: [a, b]\n  form: c\n", "line 3, column 9: synonyms[0].form: is not known; there are: words, from, to"},
		{"synonyms", `{"synonyms":[{"words":["a","b"],"to":["c"]}]}`, "one-way or not"},
		{"synonyms", `{"synonyms":[{"from":["a"]}]}`, "must have words, or from and to"},
		{"synonyms", `{"synonyms":[{"from":[],"to":["a"]}]}`, "must not be empty"},
		{"synonyms", `{"synonyms":[{"words":["a","..."]}]}`, `"..." has no letter or digit`},
		{"synonyms", `{"synonyms":[{"words":["a","a b c d e f g h i"]}]}`, "has 9 words, more than 8"},
		{"synonyms", `{"synonyms":[{"words":["a","b\u0000"]}]}`, "control characters"},
		{"synonyms", `{"synonyms":{}}`, "line 1, column 13: synonyms: must be a list, is an object"},
		{"synonyms", `{"synonyms":[],"synonyms":[]}`, `line 1, column 16: "synonyms" is given twice`},
		{"synonyms", `{"synonyms":[`, "not JSON"},
		{"synonyms", "{\"synonyms\":\n[}", "line 2, column 2: not JSON"},
		{"synonyms", `{} {}`, "something after the end"},
		{"synonyms", "a: &x [1]\nb: *x", "anchors and aliases"},
		{"synonyms", "- a\n- b", "line 1, column 1: must be an object, is a list"},
		{"synonyms", "\tx: :", "not YAML"},
		{"synonyms", "\xff", "not UTF-8"},
		{"synonyms", strings.Repeat(" ", curation.MaxBytes+1), "more than 2097152"},
		{"synonyms", `{"synonyms":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "nested too deep"},
		{"stopwords", `{"drop":["a"],"keep":["a"]}`, `keep: "a" is in drop too`},
		{"rules", `{"rules":[{"name":"a","hide":["x"]},{"name":"a","hide":["y"]}]}`, `rules[1].name: "a" is the name of another rule`},
		{"rules", `{"rules":[{"hide":["x"]}]}`, "rules[0]: must have a name"},
		{"rules", `{"rules":[{"name":"a"}]}`, "does nothing"},
		{"rules", `{"rules":[{"name":"a","when":{"match":"exact"},"hide":["x"]}]}`, "has match and no query"},
		{"rules", `{"rules":[{"name":"a","when":{"query":"q","match":"fuzzy"},"hide":["x"]}]}`, "must be exact, contains or prefix"},
		{"rules", `{"rules":[{"name":"a","pin":[{"id":"x","position":0}]}]}`, "rules[0].pin[0].position: must be a number from 1 to 100, is 0"},
		{"rules", `{"rules":[{"name":"a","pin":[{"id":"x","position":1.5}]}]}`, "whole number"},
		{"rules", `{"rules":[{"name":"a","pin":[{"id":"x"},{"id":"y"}]}]}`, "pinned once"},
		{"rules", `{"rules":[{"name":"a","boost":[{"filter":"tga:go","by":2}]}]}`, `rules[0].boost[0].filter: filter: at byte 0: unknown field "tga"`},
		{"rules", `{"rules":[{"name":"a","boost":[{"filter":"tag:go","by":1e300}]}]}`, "must be a number from 0.1 to 10"},
		{"rules", `{"rules":[{"name":"a","boost":[{"filter":"tag:go"}]}]}`, "must have by"},
		{"rules", `{"rules":[{"name":"a","hide":[""]}]}`, "rules[0].hide[0]: is required"},
		{"similar", `{"similar":[{"id":"a","pin":["a"]}]}`, "the post itself, or excluded"},
		{"similar", `{"similar":[{"id":"a"},{"id":"a"}]}`, "has an entry already"},
	} {
		_, err := curation.Normalise(tc.kind, []byte(tc.in))
		if place, ok := errors.AsType[*curation.Error](err); !ok || !strings.Contains(place.Error(), tc.want) {
			t.Errorf("%s %.80s\n got %v\nwant %s", tc.kind, tc.in, err, tc.want)
		}
	}
	if _, err := curation.Normalise("nope", []byte("{}")); !errors.Is(err, curation.ErrKind) {
		t.Errorf("kind nope: %v", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, kind := range curation.Kinds() {
		if data := curation.Empty(kind); !json.Valid(data) || string(data) == "{}" || !curation.Known(kind) {
			t.Errorf("%s: %s", kind, data)
		}
	}
}

func TestManyAreRead(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"synonyms":[`)
	for i := range 20_000 {
		fmt.Fprintf(&b, `{"words":["a%d","b%d"]},`, i, i)
	}
	doc := strings.TrimSuffix(b.String(), ",") + "]}"
	if _, err := curation.Normalise("synonyms", []byte(doc)); err != nil {
		t.Error(err)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, tc := range accepted {
		f.Add(tc.kind, []byte(tc.in))
	}
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		got, err := curation.Normalise(kind, data)
		if err != nil {
			return
		}
		for _, form := range []func([]byte) ([]byte, error){func(b []byte) ([]byte, error) { return b, nil }, curation.YAML} {
			doc, err := form(got)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := curation.Normalise(kind, doc); err != nil || string(again) != string(got) {
				t.Fatalf("%q gives %q, which reads back as %q, %v", data, got, again, err)
			}
		}
	})
}
