package ranking_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/ranking"
)

// The prior, proved here:
//  1. p is the weighted sum of the scores, freshness halved with each half-life.
//  2. Age counts from the last review, else the update, else the publication.
//  3. Without a date freshness is 50; an evergreen post keeps what it was given; a
//     date in the future is age 0.
//  4. The first half-life rule that fits decides.
//  5. The explanation adds up to what Prior returns.
//  6. A configuration out of range is refused with the member's name.

func date(s string) corpus.Date {
	d, err := corpus.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestPrior(t *testing.T) {
	day := date("2025-01-01").Day()
	c := ranking.DefaultConfig()
	c.HalfLives = []ranking.HalfLife{{Tag: "News", Days: 30}, {Topic: "Theory", Days: 0}}
	given := func(freshness *float64) *corpus.Score {
		return &corpus.Score{Quality: new(80.0), Freshness: freshness, Depth: new(40.0), Clarity: new(60.0)}
	}
	// 0.35*0.8 + 0.2*0.4 + 0.2*0.6 = 0.48 without freshness.
	for _, tt := range []struct {
		name string
		post corpus.Post
		want float64
	}{
		{"no date: 0.25*0.5", corpus.Post{Score: given(nil)}, 0.48 + 0.125},
		{"today: 0.25*1", corpus.Post{Score: given(nil), PublishedAt: date("2025-01-01")}, 0.48 + 0.25},
		{"tomorrow is age 0", corpus.Post{Score: given(nil), PublishedAt: date("2025-01-02")}, 0.48 + 0.25},
		{"one half-life of 1095 days", corpus.Post{Score: given(nil), PublishedAt: date("2022-01-02")}, 0.48 + 0.125},
		{"given 60, one half-life", corpus.Post{Score: given(new(60.0)), PublishedAt: date("2022-01-02")}, 0.48 + 0.25*0.3},
		{
			"reviewed counts before updated", corpus.Post{
				Score: given(nil), UpdatedAt: date("2010-01-01"), Revision: &corpus.Revision{LastReviewed: date("2025-01-01")},
			}, 0.48 + 0.25,
		},
		{"updated before published", corpus.Post{Score: given(nil), PublishedAt: date("2010-01-01"), UpdatedAt: date("2025-01-01")}, 0.48 + 0.25},
		{"news halves in 30 days", corpus.Post{Score: given(nil), Tags: []string{"x", "news"}, PublishedAt: date("2024-12-02")}, 0.48 + 0.125},
		{"evergreen", corpus.Post{Score: given(new(60.0)), Topic: "theory", PublishedAt: date("1990-01-01")}, 0.48 + 0.15},
		{"evergreen without a date", corpus.Post{Score: given(new(60.0)), Topic: "theory"}, 0.48 + 0.15},
	} {
		s := ranking.Signals(&tt.post, c)
		got := ranking.Prior(c)(s, day)
		if math.Abs(float64(got)-tt.want) > 1e-6 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// addsUp checks that every node's value is its operation on its children.
func addsUp(t *testing.T, e *index.Explanation) {
	t.Helper()
	want := e.Value
	switch e.Op {
	case index.Sum, index.Max:
		want = 0
		for _, c := range e.Children {
			want += c.Value
		}
	case index.Product:
		want = 1
		for _, c := range e.Children {
			want *= c.Value
		}
	case index.Leaf:
		if len(e.Children) > 0 {
			t.Errorf("leaf %q has children", e.Name)
		}
	default:
		t.Errorf("%q has the operation %q", e.Name, e.Op)
	}
	if math.Abs(want-e.Value) > 1e-6*max(math.Abs(want), 1e-3) {
		t.Errorf("%q is %v, its children make %v", e.Name, e.Value, want)
	}
	for _, c := range e.Children {
		addsUp(t, c)
	}
}

func TestDerivedScores(t *testing.T) {
	p := corpus.Post{Title: "T", Body: "Some words.", PublishedAt: date("2022-01-02"), Score: &corpus.Score{Quality: new(130.0)}}
	s := ranking.DerivedScores(&p)
	if s.Quality.Value != 100 || s.Quality.Computed {
		t.Errorf("given quality 130 is %+v, want 100, not computed", s.Quality)
	}
	if s.Freshness.Value != 100 || !s.Freshness.Computed || !s.Depth.Computed {
		t.Errorf("derived: freshness %+v, want 100; depth %+v", s.Freshness, s.Depth)
	}
	signals := ranking.Signals(&p, ranking.DefaultConfig())
	if aged := ranking.Freshness(signals, date("2025-01-01").Day()); math.Abs(aged-50) > 1e-9 {
		t.Errorf("freshness after a half-life is %v, want 50", aged)
	}
}

func TestValidate(t *testing.T) {
	if err := ranking.DefaultConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*ranking.Config){
		"weights":                      func(c *ranking.Config) { c.Weights.Quality = 0.5 },
		"weights.depth":                func(c *ranking.Config) { c.Weights.Depth = math.NaN() },
		"half_life_days":               func(c *ranking.Config) { c.HalfLifeDays = -1 },
		"half_lives[0]":                func(c *ranking.Config) { c.HalfLives = []ranking.HalfLife{{Days: 3}} },
		"search_beta":                  func(c *ranking.Config) { c.SearchBeta = 0.6 },
		"similar_beta":                 func(c *ranking.Config) { c.SimilarBeta = -0.1 },
		"similar.alpha":                func(c *ranking.Config) { c.Similar.Alpha = 1.1 },
		"similar.text.prose":           func(c *ranking.Config) { c.Similar.Text.Prose = math.Inf(1) },
		"similar.entities.tags":        func(c *ranking.Config) { c.Similar.Entities.Tags = -1 },
		"similar.analysis.title_words": func(c *ranking.Config) { c.Similar.Analysis.TitleWeight = 0 },
		"rules.shown":                  func(c *ranking.Config) { c.Rules.Shown = 0 },
		"rules.raw":                    func(c *ranking.Config) { c.Rules.Raw = 5 },
		"rules.pins":                   func(c *ranking.Config) { c.Rules.Pins = []ranking.Pin{{ID: "x"}} },
		"rules.exclusions":             func(c *ranking.Config) { c.Rules.Exclusions = []ranking.Exclusion{{From: "x"}} },
	} {
		c := ranking.DefaultConfig()
		change(&c)
		err := c.Validate()
		if !errors.Is(err, ranking.ErrConfig) || !strings.Contains(err.Error(), strings.TrimSuffix(want, "_words")) {
			t.Errorf("%s: %v", want, err)
		}
		if c.Hash() == ranking.DefaultConfig().Hash() {
			t.Errorf("%s: another configuration has the same hash", want)
		}
	}
}
