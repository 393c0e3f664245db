package exec

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"

	"alphanode/index"
	"alphanode/index/query"
)

// collector filters what matched, counts facets and keeps the best.
type collector struct {
	s    *searcher
	req  *index.Request
	sort []sortKey
	// relevance is the room for the usual order.
	relevance [1]sortKey
	facets    []*facetCounter
	// own are the filters that choose values of one field, by field; rest are all
	// others.
	own  map[string][]query.Filter
	rest []query.Filter
	// published is the place of the number field that breaks ties.
	published int
	failed    error // of reading an id while comparing
	// pins are the posts that are shown at a place; after is the place that hits must come
	// after, where that is known before the second stage; forced says that it must be.
	pins   []pinned
	after  *index.Place
	forced bool
}

type sortKey struct {
	number int // place in the number fields, or one of the values below
	desc   bool
}

const (
	byScore = -1
	byID    = -2
)

// newCollector checks what the request names.
func newCollector(s *searcher, req *index.Request) (*collector, error) {
	c := &s.roomToPlan().collector
	*c = collector{s: s, req: req}
	c.published = s.config.Schema.NumberIndex("published_at")
	for _, k := range req.Sort {
		key, err := c.sortKey(k)
		if err != nil {
			return nil, err
		}
		c.sort = append(c.sort, key)
	}
	if len(c.sort) == 0 && !req.Query.IsEmpty() {
		c.relevance[0] = sortKey{number: byScore, desc: true}
		c.sort = c.relevance[:]
	}
	for _, f := range req.Facets {
		counter, err := newFacetCounter(s, f)
		if err != nil {
			return nil, err
		}
		c.facets = append(c.facets, counter)
	}
	c.splitFilter(req.Filter)
	return c, nil
}

func (c *collector) sortKey(k index.SortKey) (sortKey, error) {
	switch k.Field {
	case "_score":
		return sortKey{byScore, k.Desc}, nil
	case "id":
		return sortKey{byID, k.Desc}, nil
	}
	if f, ok := index.Lookup(k.Field); ok {
		if i := c.s.config.Schema.NumberIndex(f.Name); i >= 0 {
			return sortKey{i, k.Desc}, nil
		}
	}
	return sortKey{}, &index.FieldError{Field: k.Field, Use: "sort"}
}

// splitFilter puts aside the filters that only choose values of a facet that is
// counted: they do not narrow that facet.
func (c *collector) splitFilter(f query.Filter) {
	for _, part := range conjuncts(f) {
		field := fieldOf(part)
		counted := slices.ContainsFunc(c.facets, func(f *facetCounter) bool { return f.field.Name == field })
		if counted {
			if c.own == nil {
				c.own = make(map[string][]query.Filter)
			}
			c.own[field] = append(c.own[field], part)
		} else {
			c.rest = append(c.rest, part)
		}
	}
}

func (c *collector) collect(p *plan, f *found, result *index.Result) error {
	second := c.s.newNearness(c, p)
	best := &topK{c: c, k: max(second.depth(c.req), c.depth())}
	for seg := range f.sets {
		hits, err := c.filter(seg, f.sets[seg])
		if err != nil {
			return err
		}
		c.blend(seg, hits, f.scores[seg])
		c.notePins(seg, hits.contains)
		result.Total += hits.count()
		best.add(seg, hits, f.scores[seg])
	}
	if c.failed != nil {
		return c.failed
	}
	result.Facets = make(map[string][]index.FacetCount, len(c.facets))
	for _, counter := range c.facets {
		result.Facets[counter.field.Name] = counter.result()
	}
	return c.hits(p, f, second, best.sorted(), result)
}

// filter narrows the matching posts of a segment to the hits, counting facets on
// the way.
func (c *collector) filter(seg int, set bitset) (bitset, error) {
	base, err := c.s.filterAll(seg, c.rest)
	if err != nil {
		return nil, err
	}
	base.and(set)
	own := make(map[string]bitset, len(c.own))
	for field, filters := range c.own {
		if own[field], err = c.s.filterAll(seg, filters); err != nil {
			return nil, err
		}
	}
	for _, counter := range c.facets {
		narrowed := base.clone()
		for field, in := range own {
			if field != counter.field.Name {
				narrowed.and(in)
			}
		}
		counter.count(seg, narrowed)
	}
	for _, in := range own {
		base.and(in)
	}
	return base, nil
}

// blend multiplies the relevance of the hits by their prior.
func (c *collector) blend(seg int, hits bitset, scores []float64) {
	s := c.s.segments[seg]
	if (s.prior == nil || c.s.config.Beta == 0) && len(c.s.boosts) == 0 {
		return
	}
	hits.each(func(doc uint32) { scores[doc] *= c.s.priorFactor(seg, doc) })
}

// priorFactor is 1 + beta (2p - 1); 1 without a prior.
func (s *Snapshot) priorFactor(seg int, doc uint32) float64 {
	prior := s.segments[seg].prior
	if prior == nil {
		return 1
	}
	return 1 + s.config.Beta*(2*float64(prior[doc])-1)
}

// candidate is a hit with what it is ordered by.
type candidate struct {
	seg   int
	doc   uint32
	score float64
	// near is the part of the relevance that the second stage added.
	near float64
}

// compare orders hits, the better first: by the sort keys, then score, newer, id.
// Absent numbers come last whatever the direction.
func (c *collector) compare(a, b candidate) int {
	for _, k := range c.sort {
		if n := c.compareKey(k, a, b); n != 0 {
			return n
		}
	}
	if n := cmp.Compare(b.score, a.score); n != 0 {
		return n
	}
	if n := c.compareKey(sortKey{c.published, true}, a, b); n != 0 {
		return n
	}
	return c.compareKey(sortKey{byID, false}, a, b)
}

func (c *collector) compareKey(k sortKey, a, b candidate) int {
	switch k.number {
	case byScore:
		return k.directed(cmp.Compare(a.score, b.score))
	case byID:
		return k.directed(cmp.Compare(c.id(a), c.id(b)))
	default:
		return k.compareNumbers(c.number(k, a), c.number(k, b))
	}
}

// number is what h has in the column of a key.
func (c *collector) number(k sortKey, h candidate) float64 {
	return c.s.segments[h.seg].columns.Numbers[k.number].At(h.doc)
}

func (k sortKey) compareNumbers(x, y float64) int {
	if absent(x) || absent(y) {
		return compareAbsent(x, y)
	}
	return k.directed(cmp.Compare(x, y))
}

// directed turns an ascending order round where the key descends.
func (k sortKey) directed(n int) int {
	if k.desc {
		return -n
	}
	return n
}

func compareAbsent(x, y float64) int {
	switch {
	case absent(x) && absent(y):
		return 0
	case absent(x):
		return 1
	default:
		return -1
	}
}

func (c *collector) id(h candidate) string {
	segment := c.s.segments[h.seg]
	var id string
	var err error
	if segment.shared != nil {
		id, err = segment.shared.reader.ID(h.doc)
	} else {
		var text []byte
		text, err = segment.seg.DocID(uint64(h.doc))
		id = string(text)
	}
	if err != nil {
		c.failed = fmt.Errorf("id of a hit: %w", err)
	}
	return id
}

// topK keeps the k best candidates: a heap with the worst on top.
type topK struct {
	c    *collector
	k    int
	kept []candidate
}

func (t *topK) add(seg int, hits bitset, scores []float64) {
	if t.k == 0 {
		return
	}
	hits.each(func(doc uint32) {
		h := candidate{seg: seg, doc: doc, score: scores[doc]}
		switch {
		case !t.c.passes(h):
		case len(t.kept) < t.k:
			heap.Push(t, h)
		case t.c.compare(h, t.kept[0]) < 0:
			t.kept[0] = h
			heap.Fix(t, 0)
		}
	})
}

func (t *topK) sorted() []candidate {
	slices.SortFunc(t.kept, t.c.compare)
	return t.kept
}

// Len implements heap.Interface.
func (t *topK) Len() int { return len(t.kept) }

// Less implements heap.Interface.
func (t *topK) Less(i, j int) bool { return t.c.compare(t.kept[i], t.kept[j]) > 0 }

// Swap implements heap.Interface.
func (t *topK) Swap(i, j int) { t.kept[i], t.kept[j] = t.kept[j], t.kept[i] }

// Push implements heap.Interface.
func (t *topK) Push(x any) { t.kept = append(t.kept, x.(candidate)) } //nolint:forcetypeassert // only candidates

// Pop implements heap.Interface.
func (t *topK) Pop() any {
	last := t.kept[len(t.kept)-1]
	t.kept = t.kept[:len(t.kept)-1]
	return last
}
