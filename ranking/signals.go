package ranking

import (
	"math"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
)

// Signals returns the numbers about p that the prior is made of. Scores that p
// does not give are derived from its content ([DerivedScores]). Age counts from
// the last review, else the last update, else the publication. Deterministic and
// safe for concurrent use.
func Signals(p *corpus.Post, c Config) index.Signals {
	return signalsOf(p, DerivedScores(p), c)
}

// SignalsOf is [Signals] of a post whose body is parsed already.
func SignalsOf(p *corpus.Post, parsed body.Doc, c Config) index.Signals {
	return signalsOf(p, derivedScores(p, func() body.Doc { return parsed }), c)
}

func signalsOf(p *corpus.Post, s Scores, c Config) index.Signals {
	return index.Signals{
		Quality:      float32(s.Quality.Value),
		Depth:        float32(s.Depth.Value),
		Clarity:      float32(s.Clarity.Value),
		Freshness:    float32(s.Freshness.Value),
		Day:          ageDay(p),
		HalfLifeDays: halfLife(p, c),
	}
}

// Prior returns the function p(signals, day) in 0..1 of c: the weighted sum of
// quality, freshness, depth and clarity, each a share of 100. The day is the
// as-of day, in days since the Unix epoch.
func Prior(c Config) func(index.Signals, int32) float32 {
	w := c.Weights
	return func(s index.Signals, day int32) float32 {
		p := w.Quality*float64(s.Quality) + w.Freshness*Freshness(s, day) +
			w.Depth*float64(s.Depth) + w.Clarity*float64(s.Clarity)
		return float32(min(max(p/100, 0), 1))
	}
}

// undatedFreshness is the freshness of a post of unknown age.
const undatedFreshness = 50

// Freshness is the freshness 0..100 of a post on a day: the given freshness,
// halved with every half-life of age. A post without a date has 50; one that does
// not age keeps what it was given. A date in the future counts as age 0.
func Freshness(s index.Signals, day int32) float64 {
	if s.HalfLifeDays == 0 {
		return float64(s.Freshness)
	}
	if s.Day == index.NoDay {
		return undatedFreshness
	}
	return float64(s.Freshness) * decay(s, day)
}

// decay is 2^(-age/half-life), age in whole days.
func decay(s index.Signals, day int32) float64 {
	age := max(int64(day)-int64(s.Day), 0)
	return math.Exp2(-float64(age) / float64(s.HalfLifeDays))
}

func ageDay(p *corpus.Post) int32 {
	if p.Revision != nil && !p.Revision.LastReviewed.IsZero() {
		return p.Revision.LastReviewed.Day()
	}
	for _, d := range []corpus.Date{p.UpdatedAt, p.PublishedAt} {
		if !d.IsZero() {
			return d.Day()
		}
	}
	return index.NoDay
}

func halfLife(p *corpus.Post, c Config) int32 {
	for _, h := range c.HalfLives {
		if h.fits(p) {
			return h.Days
		}
	}
	return c.HalfLifeDays
}

func (h HalfLife) fits(p *corpus.Post) bool {
	if h.Topic != "" && fold(h.Topic) != fold(p.Topic) {
		return false
	}
	return h.Tag == "" || hasFolded(p.Tags, h.Tag)
}

func hasFolded(list []string, name string) bool {
	want := fold(name)
	for _, s := range list {
		if fold(s) == want {
			return true
		}
	}
	return false
}
