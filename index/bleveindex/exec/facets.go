package exec

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index"
	"alphanode/index/analysis"
)

// facetCounter counts the values of one facet field over all segments.
type facetCounter struct {
	s      *searcher
	field  index.Field
	place  int // among the keyword or number fields
	limit  int
	prefix string // folded
	// spellings are the counts of the values as written, by folded value.
	spellings map[string]map[string]int
	// posts are the counts of posts, by folded value: a post counts once.
	posts map[string]int
	fast  *fastCounter // nil in the plain form
}

func newFacetCounter(s *searcher, req index.FacetRequest) (*facetCounter, error) {
	f, ok := index.Lookup(req.Field)
	if !ok || !f.Facet {
		return nil, &index.FieldError{Field: req.Field, Use: "facets"}
	}
	c := &facetCounter{s: s, field: f, limit: req.Limit}
	if req.Prefix != "" {
		c.prefix = analysis.Fold(req.Prefix)
	}
	if c.limit <= 0 {
		c.limit = defaultFacetValues
	}
	c.limit = min(c.limit, maxFacetValues)
	if f.Kind == index.Keyword {
		c.place = s.config.Schema.KeywordIndex(f.Name)
	} else {
		c.place = s.config.Schema.NumberIndex(f.Name)
	}
	return c, nil
}

// count adds the posts of one segment.
func (c *facetCounter) count(seg int, docs bitset) {
	if c.field.Kind == index.Keyword {
		c.countKeywords(seg, docs)
		return
	}
	for label, n := range c.countNumbers(seg, docs) {
		c.add(label, label, n)
		c.posts[label] += n
	}
}

func (c *facetCounter) countKeywords(seg int, docs bitset) {
	facet := c.s.segments[seg].columns.Facet(c.place)
	values := make([]int, len(facet.Values))
	twice := make(map[string]int) // posts that spell a value in several ways
	docs.each(func(doc uint32) {
		last := ""
		for i, ord := range facet.Ords.Of(doc) {
			values[ord]++
			if i > 0 && facet.Keys[ord] == last {
				twice[last]++
			}
			last = facet.Keys[ord]
		}
	})
	for ord, n := range values {
		if key := facet.Keys[ord]; n > 0 && begins(key, c.prefix) {
			c.add(key, facet.Values[ord], n)
			c.posts[key] += n
		}
	}
	for key, n := range twice {
		if _, ok := c.posts[key]; ok {
			c.posts[key] -= n
		}
	}
}

func (c *facetCounter) countNumbers(seg int, docs bitset) map[string]int {
	numbers := c.s.segments[seg].columns.Numbers[c.place]
	counts := make(map[float64]int)
	docs.each(func(doc uint32) {
		if v := numbers.At(doc); !absent(v) {
			counts[c.group(v)]++
		}
	})
	out := make(map[string]int, len(counts))
	for v, n := range counts {
		if label := c.label(v); begins(label, c.prefix) {
			out[label] += n
		}
	}
	return out
}

// group is the lower bound of the number's bucket, or the number itself.
func (c *facetCounter) group(v float64) float64 {
	if len(c.field.Buckets) == 0 {
		return v
	}
	low := c.field.Buckets[0].Min
	for _, b := range c.field.Buckets {
		if v >= b.Min {
			low = b.Min
		}
	}
	return low
}

func (c *facetCounter) label(low float64) string {
	for _, b := range c.field.Buckets {
		if b.Min == low {
			return b.Label
		}
	}
	if low == math.Trunc(low) {
		return strconv.FormatFloat(low, 'f', -1, 64)
	}
	return strconv.FormatFloat(low, 'g', -1, 64)
}

func (c *facetCounter) add(key, value string, n int) {
	if c.spellings == nil {
		c.spellings, c.posts = make(map[string]map[string]int), make(map[string]int)
	}
	if c.spellings[key] == nil {
		c.spellings[key] = make(map[string]int)
	}
	c.spellings[key][value] += n
}

// result gives the most frequent values, each in its most frequent spelling.
func (c *facetCounter) result() []index.FacetCount {
	out := make([]index.FacetCount, 0, len(c.posts))
	for key, n := range c.posts {
		out = append(out, index.FacetCount{Value: mostFrequent(c.spellings[key], 1)[0], Count: n})
	}
	slices.SortFunc(out, func(a, b index.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), c.limit)]
}

// begins reports whether a value, or one of the words in it, begins with a prefix; both are
// folded. A word begins where a letter or digit follows something else.
func begins(value, prefix string) bool {
	for from := 0; ; {
		i := strings.Index(value[from:], prefix)
		if i < 0 {
			return false
		}
		at := from + i
		last, _ := utf8.DecodeLastRuneInString(value[:at])
		if at == 0 || !isWordRune(last) {
			return true
		}
		_, size := utf8.DecodeRuneInString(value[at:])
		from = at + size
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
