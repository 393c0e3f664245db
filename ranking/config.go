package ranking

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Config is everything that decides an order. Use [DefaultConfig] and change
// what differs; the zero Config is not valid. One configuration serves every
// corpus: nothing in it was chosen for one collection.
type Config struct {
	// Weights make the prior out of the four scores.
	Weights Weights `json:"weights"`
	// HalfLifeDays is the age at which freshness has halved; 0 means that posts do
	// not age. Default 1095 (three years).
	HalfLifeDays int32 `json:"half_life_days"`
	// HalfLives are exceptions to HalfLifeDays; the first that fits a post decides.
	HalfLives []HalfLife `json:"half_lives,omitempty"`
	// SearchBeta bounds the prior in search, 0..0.5: a score changes by at most
	// this share. Default 0.15.
	SearchBeta float64 `json:"search_beta"`
	// SimilarBeta does so for similar posts. Default 0.25.
	SimilarBeta float64 `json:"similar_beta"`

	// Similar says what makes two posts similar.
	Similar Similar `json:"similar"`
	// Rules turn the ranking into the list that is shown.
	Rules Rules `json:"rules"`
}

// Weights are the shares of the four scores in the prior; they sum to 1.
// Defaults 0.35, 0.25, 0.2, 0.2.
type Weights struct {
	Quality   float64 `json:"quality"`
	Freshness float64 `json:"freshness"`
	Depth     float64 `json:"depth"`
	Clarity   float64 `json:"clarity"`
}

// HalfLife is the half-life of the posts that have a topic or a tag. Names are
// compared folded (case, diacritics). A rule with both needs both.
type HalfLife struct {
	Topic string `json:"topic,omitempty"`
	Tag   string `json:"tag,omitempty"`
	// Days is the half-life; 0 means evergreen.
	Days int32 `json:"days"`
}

// ErrConfig is wrapped by every error of [Config.Validate].
var ErrConfig = errors.New("ranking configuration")

// DefaultConfig returns the configuration whose quality and speed are reported
// in docs/ranking.md.
func DefaultConfig() Config {
	return Config{
		Weights:      Weights{Quality: 0.35, Freshness: 0.25, Depth: 0.2, Clarity: 0.2},
		HalfLifeDays: 1095,
		SearchBeta:   0.15,
		SimilarBeta:  0.25,
		Similar:      defaultSimilar(),
		Rules:        defaultRules(),
	}
}

// Validate reports every value that is out of range, joined; nil when none is.
// Each error names the member by its JSON name and the offending value, and
// wraps [ErrConfig].
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, member string, value any, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%w: %s is %v, want %s", ErrConfig, member, value, want))
		}
	}
	c.Weights.validate(check)
	check(c.HalfLifeDays >= 0, "half_life_days", c.HalfLifeDays, "0 or more")
	for i, h := range c.HalfLives {
		name := fmt.Sprintf("half_lives[%d]", i)
		check(h.Topic != "" || h.Tag != "", name, h, "a topic or a tag")
		check(h.Days >= 0, name+".days", h.Days, "0 or more")
	}
	check(upTo(c.SearchBeta, 0.5), "search_beta", c.SearchBeta, "0..0.5")
	check(upTo(c.SimilarBeta, 0.5), "similar_beta", c.SimilarBeta, "0..0.5")
	c.Similar.validate(check)
	c.Rules.validate(check)
	return errors.Join(errs...)
}

// checkFunc records that a member has a value that it must not have.
type checkFunc func(ok bool, member string, value any, want string)

func (w Weights) validate(check checkFunc) {
	for _, m := range []struct {
		name  string
		value float64
	}{{"quality", w.Quality}, {"freshness", w.Freshness}, {"depth", w.Depth}, {"clarity", w.Clarity}} {
		check(upTo(m.value, 1), "weights."+m.name, m.value, "0..1")
	}
	sum := w.Quality + w.Freshness + w.Depth + w.Clarity
	check(math.Abs(sum-1) < 1e-9, "weights", sum, "a sum of 1")
}

// upTo is true for 0..most, false for NaN.
func upTo(x, most float64) bool { return x >= 0 && x <= most }

// Hash names the configuration together with the analysis that texts go
// through: lists made under another hash are rebuilt. 24 hex digits.
func (c Config) Hash() string {
	data, err := json.Marshal(c)
	if err != nil { // Only NaN or Inf, which Validate refuses.
		data = []byte(err.Error())
	}
	sum := sha256.Sum256(append(data, []byte(analysisVersion())...))
	return hex.EncodeToString(sum[:12])
}
