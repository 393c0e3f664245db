package relevance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alphanode/benchmarks/relevance"
)

// Claim: configurations are read as documented, and what is not one is an error
// that names it.
func TestParseConfig(t *testing.T) {
	known := func(name string) bool { return name == "alphanode" || name == "bm25" }
	for in, want := range map[string]struct {
		System string
		Config relevance.Config
	}{
		"alphanode":                  {"alphanode", relevance.Config{}},
		"bm25":                       {"bm25", relevance.Config{}},
		"no-prior":                   {"alphanode", relevance.Config{NoPrior: true}},
		"alphanode,no-rules,title=0": {"alphanode", relevance.Config{NoRules: true, Weight: map[string]float64{"title": 0}}},
		"title=2.5, body=1,as-of=2024-05-01": {"alphanode", relevance.Config{
			Weight: map[string]float64{"title": 2.5, "body": 1}, AsOf: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC),
		}},
	} {
		system, config, err := relevance.ParseConfig(in, "alphanode", known)
		if err != nil || system != want.System {
			t.Errorf("%q: system %q, %v", in, system, err)
		}
		if diff := cmp.Diff(want.Config, config); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
	for in, want := range map[string]string{
		"": `"" is neither`, "old.run": `"old.run" is neither`, "alphanode,bm25": `"bm25" is neither`, "title=x": `weight "x"`,
		"title=-1": `weight "-1"`, "title=NaN": `weight "NaN"`, "as-of=yesterday": "yesterday",
	} {
		if _, _, err := relevance.ParseConfig(in, "alphanode", known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", in, err, want)
		}
	}
}
