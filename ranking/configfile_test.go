package ranking_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/ranking"
)

// A configuration that is read: what it does not name is the default, what it names is
// checked, and its half-lives are the only part that signals depend on.
func TestParseConfig(t *testing.T) {
	want := ranking.DefaultConfig()
	got, err := ranking.ParseConfig([]byte("{}"))
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("{}: %v %s", err, cmp.Diff(want, got))
	}
	want.HalfLives = []ranking.HalfLife{{Tag: "reference", Days: 0}, {Topic: "news", Days: 90}}
	want.Rules.PerAuthor, want.Rules.Introductory = 0, []string{"Einführung"}
	got, err = ranking.ParseConfig([]byte(`{"half_lives":[{"tag":"reference","days":0},{"topic":"news","days":90}],
		"rules":{"per_author":0,"introductory":["Einführung"]}}`))
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("%v %s", err, cmp.Diff(want, got))
	}
	if d := ranking.DefaultConfig(); d.SignalsHash() != "" || got.SignalsHash() == "" || want.SignalsHash() != got.SignalsHash() {
		t.Errorf("signals %q and %q", d.SignalsHash(), got.SignalsHash())
	}
	other := got
	other.Rules.Shown, other.HalfLives = 3, nil
	if other.SignalsHash() != "" || other.Hash() == got.Hash() {
		t.Error("rules are part of what signals depend on, or no part of the lists")
	}
	for text, member := range map[string]string{
		``:                                 "EOF",
		`{"rules":{"show":3}}`:             "show",
		`{"rules":{"shown":0}}`:            "rules.shown",
		`{"rules":{"shown":"3"}}`:          "shown",
		`{} {}`:                            "more than one",
		`{"half_lives":[{"days":1}]}`:      "half_lives[0]",
		`{"weights":{"quality":1}}`:        "weights",
		`{"rules":{"introductory":["!"]}}`: "rules.introductory",
	} {
		if _, err := ranking.ParseConfig([]byte(text)); !errors.Is(err, ranking.ErrConfig) || !strings.Contains(err.Error(), member) {
			t.Errorf("%s: %v, want an error about %s", text, err, member)
		}
	}
}
