// Claims proved here:
//
//  1. An experiment whose values hold is all OK; an edited value, statistic or
//     checksum is a FAIL that shows expected, actual and difference.
//  2. An experiment whose collection is not here is skipped, saying why.
//  3. What is wrong in an experiment's file is an error that names it.
//  4. Updating writes what was measured, and then all is OK.
package relevance_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alphanode/benchmarks/relevance"
)

// statSystem also tells what its index holds.
type statSystem struct{ *fakeSystem }

func (s statSystem) Stats(context.Context) (relevance.IndexStats, error) {
	return relevance.IndexStats{Documents: len(s.indexed), Terms: 3, Tokens: 4, AverageLength: map[string]float64{"body": 1.33333}}, nil
}

const experiment = `name: tiny
note: Two documents.
task: relevance
collection:
  path: tiny
  sha256:
    corpus: 0
    queries: 0
    qrels: 0
runs:
  - system: fake
    index: {documents: 2, terms: 3, tokens: 4, average_length: {body: 1.3333}}
    expected: {RR: 0.75, P@5: 0.2}
    tolerance: {RR: 0.01}
`

// verify runs one experiment, given as text, on the tiny collection.
func verify(t *testing.T, text, collections string, update bool) (out string, got relevance.Verified, file string, err error) {
	t.Helper()
	file = write(t, "tiny.yaml", text)
	out, got, err = verifyFile(t, file, collections, update)
	return out, got, file, err
}

func verifyFile(t *testing.T, file, collections string, update bool) (string, relevance.Verified, error) {
	t.Helper()
	var out strings.Builder
	v := relevance.Verifier{
		Collections: collections, Now: ticking(), Out: &out, Update: update,
		Systems: map[string]relevance.Opener{"fake": func(context.Context, relevance.Config) (relevance.System, error) {
			return statSystem{&fakeSystem{search: map[string][]relevance.Ranked{"cats": {{"b", 2}, {"a", 1}}, "birds": {{"b", 2}}}}}, nil
		}},
	}
	got, err := v.Verify(t.Context(), file)
	return out.String(), got, err
}

func TestVerify(t *testing.T) {
	collections := filepath.Dir(trecCollection(t))
	_, _, file, err := verify(t, experiment, collections, true)
	if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out, got, err := verifyFile(t, file, collections, false)
	// Three checksums, four statistics, two measures.
	if want := (relevance.Verified{OK: 9}); got != want || err != nil {
		t.Fatalf("%+v, %v, want %+v\n%s\n%s", got, err, want, out, written)
	}
	for _, edit := range []struct{ from, to, want string }{
		{"RR: 0.75", "RR: 0.77", "expected     0.7700  actual     0.7500  difference -0.0200  tolerance 0.01"},
		{"P@5: 0.2", "P@5: 0.2002", "difference -0.0002  tolerance 0.0001"},
		{"terms: 3", "terms: 4", "expected          4  actual          3  difference -1"},
		{"body: 1.3333", "body: 1.3335", "average body"},
		{"qrels: ", "qrels: 0", "checksum of judgments"},
	} {
		if !strings.Contains(string(written), edit.from) {
			t.Fatalf("%q is not in\n%s", edit.from, written)
		}
		out, got, _, err := verify(t, strings.Replace(string(written), edit.from, edit.to, 1), collections, false)
		if got.Failed != 1 || got.OK != 8 || err != nil || !strings.Contains(out, "FAIL") || !strings.Contains(out, edit.want) {
			t.Errorf("%s edited to %s: %+v, %v\n%s", edit.from, edit.to, got, err, out)
		}
	}
	// Within its tolerance.
	if out, got, _, _ := verify(t, strings.Replace(string(written), "RR: 0.75", "RR: 0.759", 1), collections, false); got.Failed != 0 {
		t.Errorf("within tolerance: %s", out)
	}
}

func TestVerifySkips(t *testing.T) {
	for collections, want := range map[string]string{
		"": "SKIP tiny: no folder of collections is given", t.TempDir(): "SKIP tiny: collection is not at",
	} {
		out, got, _, err := verify(t, experiment, collections, false)
		if want2 := (relevance.Verified{Skipped: 1}); got != want2 || err != nil || !strings.Contains(out, want) {
			t.Errorf("%+v, %v, %s", got, err, out)
		}
	}
}

func TestVerifyErrors(t *testing.T) {
	collections := filepath.Dir(trecCollection(t))
	for _, edit := range []struct{ from, to, want string }{
		{"note:", "notes:", "notes not found"},
		{"task: relevance", "task: speed", `task "speed"`},
		{"name: tiny", "name: ''", "are needed"},
		{"RR: 0.75", "MRR: 0.75", `write it "RR"`},
		{"RR: 0.75", "F1: 0.75", "F1"},
		{"{RR: 0.75, P@5: 0.2}", "{}", "expects nothing"},
		{"system: fake", "system: other", "other: system is unknown; there are [fake]"},
	} {
		_, _, file, err := verify(t, strings.Replace(experiment, edit.from, edit.to, 1), collections, false)
		if err == nil || !strings.Contains(err.Error(), edit.want) {
			t.Errorf("%s edited to %s (%s): error %v, want %q in it", edit.from, edit.to, file, err, edit.want)
		}
	}
	if _, err := relevance.Experiments(t.TempDir()); err == nil {
		t.Error("a folder without experiments is no error")
	}
}
