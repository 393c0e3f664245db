package ranking

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"alphanode/corpus"
	"alphanode/index"
)

// SiteMeasures say how well the lists of a whole site do their work. Shares are
// 0..1; fill does not count as a neighbour unless said.
type SiteMeasures struct {
	// Posts is the number of lists.
	Posts int `json:"posts"`
	// Coverage is the share of posts with at least one neighbour, Full of those whose
	// list is full of neighbours, Fill the share of places that hold fill.
	Coverage float64 `json:"coverage"`
	Full     float64 `json:"full"`
	Fill     float64 `json:"fill"`
	// SameAuthor is the share of neighbours by an author of the post itself.
	SameAuthor float64 `json:"same_author"`
	// Stale is the share of neighbours that are over three years old on the as-of day,
	// among those with a date.
	Stale float64 `json:"stale"`
	// Reciprocity is the share of neighbours whose own list has the post.
	Reciprocity float64 `json:"reciprocity"`
	// Reach is the share of posts that are in at least one list, Unreached the number
	// of the others.
	Reach     float64 `json:"reach"`
	Unreached int     `json:"unreached"`
	// Gini is the inequality of how many lists posts are in: 0 when all are in equally
	// many, towards 1 when few are in all.
	Gini float64 `json:"gini"`
	// NearDuplicates is the number of lists that show the same text twice, or that of
	// the post itself.
	NearDuplicates int `json:"near_duplicates"`
}

// staleDays is the age from which a neighbour is stale.
const staleDays = 1095

// census gathers what the measures are made of.
type census struct {
	model                       *Model
	lists                       [][]uint32 // by post: its neighbours
	counted                     []bool     // by post: it has a list
	posts                       int
	places, fill, listed, full  int
	neighbours, sameAuthor      int
	dated, stale, nearDuplicate int
}

func (m *Model) newCensus() *census {
	return &census{model: m, lists: make([][]uint32, m.Len()), counted: make([]bool, m.Len())}
}

// Measure computes the measures of rows that were made from m. Rows and
// neighbours that m does not know are skipped.
func (m *Model) Measure(rows iter.Seq2[corpus.Row, error]) (SiteMeasures, error) {
	c := m.newCensus()
	for row, err := range rows {
		if err != nil {
			return SiteMeasures{}, fmt.Errorf("measuring similar posts: %w", err)
		}
		c.add(&row)
	}
	return c.result(), nil
}

// add counts a row.
func (c *census) add(row *corpus.Row) {
	i, ok := c.model.Lookup(row.ID)
	if !ok || i >= len(c.lists) || c.counted[i] {
		return
	}
	c.counted[i] = true
	c.posts++
	c.count(i, row.Shown)
}

func (c *census) result() SiteMeasures {
	reached, gini := c.spread()
	return SiteMeasures{
		Posts: c.posts, Coverage: ratio(c.listed, c.posts), Full: ratio(c.full, c.posts), Fill: ratio(c.fill, c.places),
		SameAuthor: ratio(c.sameAuthor, c.neighbours), Stale: ratio(c.stale, c.dated),
		Reciprocity: ratio(c.mutual(), c.neighbours), Reach: ratio(reached, c.posts), Unreached: c.posts - reached,
		Gini: gini, NearDuplicates: c.nearDuplicate,
	}
}

// SiteMeasures measures the published lists, all of them: seconds for 100,000. It
// wraps ErrNotReady when ctx ends before there is a model. [Engine.Measured] costs nothing.
func (e *Engine) SiteMeasures(ctx context.Context) (SiteMeasures, error) {
	m, err := e.loaded(ctx)
	if err != nil {
		return SiteMeasures{}, err
	}
	return e.measure(ctx, m)
}

// measure reads the rows without a lock and counts each under that of the model.
func (e *Engine) measure(ctx context.Context, m *Model) (SiteMeasures, error) {
	m.mu.RLock()
	c := m.newCensus()
	m.mu.RUnlock()
	for row, err := range e.graph.Rows(ctx) {
		if err != nil {
			return SiteMeasures{}, fmt.Errorf("measuring similar posts: %w", err)
		}
		m.mu.RLock()
		c.add(&row)
		m.mu.RUnlock()
	}
	return c.result(), nil
}

func (c *census) count(post int, shown []corpus.Neighbour) {
	m := c.model
	texts := []int{post}
	twice := false
	for _, n := range shown {
		j, ok := m.Lookup(n.ID)
		if !ok || j >= len(c.lists) {
			continue
		}
		c.places++
		for _, t := range texts {
			twice = twice || m.infos[t].signature.resemblance(&m.infos[j].signature) >= m.config.Rules.NearDuplicate
		}
		texts = append(texts, j)
		if n.Fill {
			c.fill++
			continue
		}
		c.lists[post] = append(c.lists[post], uint32(j))
		c.neighbour(&m.infos[post], &m.infos[j])
	}
	if twice {
		c.nearDuplicate++
	}
	if len(c.lists[post]) > 0 {
		c.listed++
	}
	if len(c.lists[post]) >= m.config.Rules.Shown {
		c.full++
	}
}

func (c *census) neighbour(a, b *info) {
	c.neighbours++
	if slices.ContainsFunc(b.authors, func(name string) bool { return slices.Contains(a.authors, name) }) {
		c.sameAuthor++
	}
	if b.signals.Day != index.NoDay {
		c.dated++
		if c.model.day-b.signals.Day > staleDays {
			c.stale++
		}
	}
}

// mutual is the number of neighbours whose own list has the post.
func (c *census) mutual() int {
	n := 0
	for i, list := range c.lists {
		for _, j := range list {
			if slices.Contains(c.lists[j], uint32(i)) {
				n++
			}
		}
	}
	return n
}

// spread is the number of posts in at least one list, and the Gini coefficient of
// the numbers of lists.
func (c *census) spread() (reached int, gini float64) {
	times := make([]int, len(c.lists))
	sum := 0
	for _, list := range c.lists {
		for _, j := range list {
			times[j]++
		}
	}
	in := times[:0]
	for i, n := range times {
		if c.counted[i] {
			in = append(in, n)
			sum += n
		}
	}
	slices.Sort(in)
	weighted := 0.0
	for i, n := range in {
		weighted += float64(2*(i+1)-len(in)-1) * float64(n)
		if n > 0 {
			reached++
		}
	}
	if sum > 0 {
		gini = weighted / (float64(len(in)) * float64(sum))
	}
	return reached, gini
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
