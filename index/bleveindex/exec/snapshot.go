package exec

import (
	"cmp"
	"maps"
	"slices"
	"time"

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
	// Now is asked whether the deadline of a search is over: a context is told late of its
	// own when all processors are busy. Nil leaves it to the context.
	Now func() time.Time
}

// Segment is a segment within a snapshot: what was written, and what of it is
// still live.
type Segment struct {
	seg     segment.Segment
	columns *Columns
	live    bitset // all posts that are not deleted
	count   int    // of live
	deleted *roaring.Bitmap
	// gone are the deleted posts in the order in which snapshots saw them go; ordered
	// says that it is known: then those of an earlier snapshot are the first of them.
	gone    []uint32
	ordered bool
	prior   []float32 // nil without a prior
	shared  *Shared   // nil in the plain form
}

// NewSegment returns the segment of a snapshot. Deleted may be nil; so may prior, and
// shared for the plain form. Before is the same segment in the snapshot made last,
// which shares its memory; nil when that had none. Deleted posts stay deleted.
func NewSegment(seg segment.Segment, deleted *roaring.Bitmap, columns *Columns, prior []float32, shared *Shared, before *Segment) *Segment {
	s := &Segment{seg: seg, columns: columns, prior: prior, shared: shared, ordered: true}
	if deleted != nil && !deleted.IsEmpty() {
		s.deleted = deleted
	}
	switch n := s.goneCount(); {
	case before != nil && before.columns == columns && before.ordered && n == len(before.gone):
		s.live, s.gone = before.live, before.gone
	case before != nil && before.columns == columns && before.ordered && n > len(before.gone):
		s.live, s.gone = before.live.clone(), slices.Grow(slices.Clip(before.gone), n-len(before.gone))
		s.lose()
	default:
		s.live, s.ordered = fullBitset(columns.Docs), before == nil
		s.lose()
	}
	s.count = columns.Docs - len(s.gone)
	return s
}

// goneCount is the number of deleted posts.
func (s *Segment) goneCount() int {
	if s.deleted == nil {
		return 0
	}
	return int(s.deleted.GetCardinality()) //nolint:gosec // below the segment's size
}

// lose takes the deleted posts out of live.
func (s *Segment) lose() {
	if s.deleted == nil {
		return
	}
	for it := s.deleted.Iterator(); it.HasNext(); {
		if doc := it.Next(); s.live.contains(doc) {
			s.live.remove(doc)
			s.gone = append(s.gone, doc)
		}
	}
}

// follows reports whether s is a later state of before, or the same one.
func (s *Segment) follows(before *Segment) bool {
	return before != nil && s.columns == before.columns && s.ordered && before.ordered && len(s.gone) >= len(before.gone)
}

// Snapshot is an immutable view of an index with the statistics of its live posts.
type Snapshot struct {
	config   *Config
	segments []*Segment
	seq      uint64
	day      int32
	live     int
	sums     sums
	// averageLength is by text field, over the posts that have the field.
	averageLength []float64
	// langs are the languages of the posts, most frequent first.
	langs []string
	// titleFreq is the number of live posts with a term in the title, by number of
	// the term.
	titleFreq []uint32
	memo      *memo // of the fast form
	name      *name // what is kept by snapshot is known by it, without keeping that alive
}

// name tells snapshots apart.
type name struct{ _ byte }

// sums are what averages are made of.
type sums struct {
	length, posts []uint64 // by text field
	langs         map[string]int
}

// NewSnapshot computes the statistics of the segments. Seq is the sequence number
// up to which they are complete, day the as-of day of their priors. Before is any
// earlier snapshot of the same index, from whose statistics those of segments that
// did not change are taken; or nil.
func NewSnapshot(config *Config, segments []*Segment, seq uint64, day int32, before *Snapshot) *Snapshot {
	s := &Snapshot{config: config, segments: segments, seq: seq, day: day, memo: &memo{}, name: &name{}}
	n := len(config.Schema.Text)
	s.titleFreq = make([]uint32, config.Titles.Len())
	s.sums = sums{make([]uint64, n), make([]uint64, n), make(map[string]int)}
	if before != nil {
		copy(s.titleFreq, before.titleFreq)
		copy(s.sums.length, before.sums.length)
		copy(s.sums.posts, before.sums.posts)
		maps.Copy(s.sums.langs, before.sums.langs)
	}
	s.statistics(before)
	return s
}

// Segment gives the segment with these columns; nil when there is none.
func (s *Snapshot) Segment(columns *Columns) *Segment {
	if s == nil {
		return nil
	}
	for _, seg := range s.segments {
		if seg.columns == columns {
			return seg
		}
	}
	return nil
}

// statistics sums what the scores need over the live posts. Sums are kept by
// segment; only deleted posts are visited, and of segments that were in the
// snapshot before only those deleted since.
func (s *Snapshot) statistics(before *Snapshot) {
	for _, seg := range s.segments {
		s.live += seg.count
		old := before.Segment(seg.columns)
		if seg.follows(old) {
			s.subtract(seg, seg.gone[len(old.gone):])
			continue
		}
		if old != nil {
			s.addSegment(old, false)
		}
		s.addSegment(seg, true)
	}
	if before != nil {
		for _, old := range before.segments {
			if s.Segment(old.columns) == nil {
				s.addSegment(old, false)
			}
		}
	}
	for f := range s.sums.length {
		s.averageLength = append(s.averageLength, average(s.sums.length[f], s.sums.posts[f]))
	}
	s.langs = byCount(s.sums.langs)
}

// addSegment adds, or takes away, the live posts of a segment. Numbers wrap around
// in between and are right in the end.
func (s *Snapshot) addSegment(seg *Segment, add bool) {
	t := &seg.columns.totals
	sign := uint64(1)
	if !add {
		sign = ^uint64(0)
	}
	for f := range s.sums.length {
		s.sums.length[f] += sign * t.length[f]
		s.sums.posts[f] += sign * t.posts[f]
	}
	langs := seg.columns.Facet(s.config.Schema.KeywordIndex("lang"))
	for ord, n := range langs.Counts {
		s.sums.langs[langs.Keys[ord]] += int(int64(sign)) * int(n) //nolint:gosec // 1 or -1
	}
	for ord, id := range seg.columns.TitleIDs {
		s.titleFreq[id] += uint32(sign) * t.titleFreq[ord] //nolint:gosec // 1 or -1
	}
	s.visit(seg, seg.gone, -sign)
}

// subtract takes posts of a segment away.
func (s *Snapshot) subtract(seg *Segment, docs []uint32) { s.visit(seg, docs, ^uint64(0)) }

// visit adds posts of a segment sign times: once or minus once.
func (s *Snapshot) visit(seg *Segment, docs []uint32, sign uint64) {
	c := seg.columns
	langs := c.Facet(s.config.Schema.KeywordIndex("lang"))
	for _, doc := range docs {
		for f := range s.sums.length {
			if n := c.Lengths[f][doc]; n > 0 {
				s.sums.length[f] += sign * uint64(n)
				s.sums.posts[f] += sign
			}
		}
		for _, ord := range langs.Ords.Of(doc) {
			s.sums.langs[langs.Keys[ord]] += int(int64(sign)) //nolint:gosec // 1 or -1
		}
		for _, ord := range c.Titles.Of(doc) {
			s.titleFreq[c.TitleIDs[ord]] += uint32(sign) //nolint:gosec // 1 or -1
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
