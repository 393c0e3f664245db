package exec

import (
	"cmp"
	"slices"

	"alphanode/index"
	"alphanode/index/analysis"
)

// foldedCount is a facet value with its folded form.
type foldedCount struct {
	index.FacetCount

	key string
}

// countsAll reports whether a request asks for nothing but the facets of all posts, whose
// counts a snapshot remembers: suggestions and lists of values ask for them at every
// keystroke.
func (c *collector) countsAll(p *plan) bool {
	return c.req.Size == 0 && c.req.After == nil && p.all && len(p.excluded)+len(p.optional) == 0 && c.req.Filter == nil && len(c.pins) == 0
}

// answerAll answers such a request.
func (s *searcher) answerAll(c *collector, result *index.Result) error {
	result.Total = s.live
	result.Facets = make(map[string][]index.FacetCount, len(c.facets))
	for _, counter := range c.facets {
		all, err := s.allCounts(counter)
		if err != nil {
			return err
		}
		out := []index.FacetCount{}
		for i := range all {
			if len(out) == counter.limit {
				break
			}
			if counter.prefix == "" || begins(all[i].key, counter.prefix) {
				out = append(out, all[i].FacetCount)
			}
		}
		result.Facets[counter.field.Name] = out
	}
	return nil
}

// allCounts are the counts of all values of a facet over all posts, in order.
func (s *searcher) allCounts(asked *facetCounter) ([]foldedCount, error) {
	name := asked.field.Name
	if all, ok := s.memo.facet(name); ok {
		return all, nil
	}
	c, err := newFacetCounter(s, index.FacetRequest{Field: name})
	if err != nil {
		return nil, err
	}
	for seg := range s.segments {
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		c.count(seg, s.segments[seg].live)
	}
	all := make([]foldedCount, 0, len(c.posts))
	for key, n := range c.posts {
		v := index.FacetCount{Value: mostFrequent(c.spellings[key], 1)[0], Count: n}
		all = append(all, foldedCount{FacetCount: v, key: analysis.Fold(key)})
	}
	slices.SortFunc(all, func(a, b foldedCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	s.memo.keepFacet(name, all)
	return all, nil
}
