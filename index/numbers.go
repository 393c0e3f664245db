package index

import (
	"fmt"
	"math"

	"alphanode/corpus"
)

func readingTime(c *Content) (float64, bool) {
	if c.Post.ReadingTime == nil {
		return 0, false
	}
	return *c.Post.ReadingTime, true
}

func viewCount(c *Content) (float64, bool) {
	if c.Post.ViewCount == nil {
		return 0, false
	}
	return float64(*c.Post.ViewCount), true
}

// Quality, depth and clarity are those of the signals, given or derived; without
// signals, and for freshness always, those given in the post.

func quality(c *Content) (float64, bool) {
	if c.Signals != nil {
		return float64(c.Signals.Quality), true
	}
	return given(c, func(s *corpus.Score) *float64 { return s.Quality })
}

func depth(c *Content) (float64, bool) {
	if c.Signals != nil {
		return float64(c.Signals.Depth), true
	}
	return given(c, func(s *corpus.Score) *float64 { return s.Depth })
}

func clarity(c *Content) (float64, bool) {
	if c.Signals != nil {
		return float64(c.Signals.Clarity), true
	}
	return given(c, func(s *corpus.Score) *float64 { return s.Clarity })
}

func freshness(c *Content) (float64, bool) {
	return given(c, func(s *corpus.Score) *float64 { return s.Freshness })
}

func given(c *Content, pick func(*corpus.Score) *float64) (float64, bool) {
	if c.Post.Score == nil {
		return 0, false
	}
	v := pick(c.Post.Score)
	if v == nil {
		return 0, false
	}
	return *v, true
}

func readingBuckets() []Bucket { return buckets(0, 5, 10, 20, 40, math.Inf(1)) }

func scoreBuckets() []Bucket { return buckets(0, 20, 40, 60, 80, math.Inf(1)) }

// buckets cuts a number line at the bounds. A label is what the filter language
// accepts after the field's name.
func buckets(bounds ...float64) []Bucket {
	out := make([]Bucket, 0, len(bounds)-1)
	for i := range len(bounds) - 1 {
		b := Bucket{Min: bounds[i], Max: bounds[i+1]}
		switch {
		case math.IsInf(b.Max, 1):
			b.Label = fmt.Sprintf(">=%g", b.Min)
		case i == 0:
			b.Label = fmt.Sprintf("<%g", b.Max)
		default:
			b.Label = fmt.Sprintf("%g..<%g", b.Min, b.Max)
		}
		out = append(out, b)
	}
	return out
}
