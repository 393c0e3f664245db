package exec

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"alphanode/index"
	"alphanode/index/bleveindex/layout"
)

// Config is what all searches of an index share.
type Config struct {
	Schema  layout.Schema
	Scoring index.Scoring
	// Beta bounds the prior; 0 switches it off.
	Beta float64
	// Titles numbers the terms of titles.
	Titles *Vocabulary
	// Fast selects the fast form; nil is the plain form, the reference.
	Fast *Fast
}

// Segment is a segment within a snapshot: what was written, and what of it is
// still live.
type Segment struct {
	seg     segment.Segment
	columns *Columns
	live    bitset // all posts that are not deleted
	count   int    // of live
	deleted *roaring.Bitmap
	prior   []float32 // nil without a prior
	shared  *Shared   // nil in the plain form
}

// NewSegment returns the segment of a snapshot. Deleted may be nil; so may prior, and
// shared for the plain form.
func NewSegment(seg segment.Segment, deleted *roaring.Bitmap, columns *Columns, prior []float32, shared *Shared) *Segment {
	s := &Segment{seg: seg, columns: columns, live: fullBitset(columns.Docs), prior: prior, shared: shared}
	if deleted != nil && !deleted.IsEmpty() {
		s.deleted = deleted
		s.live.removeAll(deleted)
	}
	s.count = s.live.count()
	return s
}

// Snapshot is an immutable view of an index with the statistics of its live posts.
type Snapshot struct {
	config   *Config
	segments []*Segment
	seq      uint64
	day      int32
	live     int
	// averageLength is by text field, over the posts that have the field.
	averageLength []float64
	// langs are the languages of the posts, most frequent first.
	langs []string
	// titleFreq is the number of live posts with a term in the title, by number of
	// the term.
	titleFreq []uint32
	memo      *memo // of the fast form
}

// NewSnapshot computes the statistics of the segments. Seq is the sequence number
// up to which they are complete, day the as-of day of their priors.
func NewSnapshot(config *Config, segments []*Segment, seq uint64, day int32) *Snapshot {
	s := &Snapshot{config: config, segments: segments, seq: seq, day: day, memo: &memo{}}
	s.statistics()
	return s
}

// statistics sums what the scores need over the live posts. Sums are kept by
// segment; only deleted posts are visited.
func (s *Snapshot) statistics() {
	schema := &s.config.Schema
	sum, posts := make([]uint64, len(schema.Text)), make([]uint64, len(schema.Text))
	langs := make(map[string]int)
	langField := schema.KeywordIndex("lang")
	s.titleFreq = make([]uint32, s.config.Titles.Len())
	for _, seg := range s.segments {
		t := &seg.columns.totals
		s.live += seg.count
		for f := range sum {
			sum[f] += t.length[f]
			posts[f] += t.posts[f]
		}
		for ord, n := range t.langs {
			langs[seg.columns.Facets[langField].Keys[ord]] += n
		}
		for i, id := range t.titleTerms {
			s.titleFreq[id] += t.titleFreq[i]
		}
		if seg.deleted != nil {
			s.subtract(seg, sum, posts, langs, langField)
		}
	}
	for f := range sum {
		s.averageLength = append(s.averageLength, average(sum[f], posts[f]))
	}
	s.langs = byCount(langs)
}

func (s *Snapshot) subtract(seg *Segment, sum, posts []uint64, langs map[string]int, langField int) {
	c := seg.columns
	for it := seg.deleted.Iterator(); it.HasNext(); {
		doc := it.Next()
		for f := range sum {
			if n := c.Lengths[f][doc]; n > 0 {
				sum[f] -= uint64(n)
				posts[f]--
			}
		}
		for _, ord := range c.Facets[langField].Ords.Of(doc) {
			langs[c.Facets[langField].Keys[ord]]--
		}
		for _, id := range c.Titles.Of(doc) {
			s.titleFreq[id]--
		}
	}
}

// average is over the posts that have the field; 1 when none has.
func average(sum, posts uint64) float64 {
	if posts == 0 {
		return 1
	}
	return float64(sum) / float64(posts)
}

func byCount(counts map[string]int) []string {
	var out []string
	for lang, n := range counts {
		if n > 0 {
			out = append(out, lang)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return out
}

// Live is the number of searchable posts.
func (s *Snapshot) Live() int { return s.live }

// Segments is the number of segments.
func (s *Snapshot) Segments() int { return len(s.segments) }

// Seq is the sequence number up to which the snapshot is complete.
func (s *Snapshot) Seq() uint64 { return s.seq }

// Day is the as-of day of the priors.
func (s *Snapshot) Day() int32 { return s.day }
