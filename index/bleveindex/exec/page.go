package exec

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"alphanode/index"
	"alphanode/index/query"
)

// pinned is a post that is shown at a place, whether it matches or not.
type pinned struct {
	candidate

	position int // from 1
	matches  bool
}

// preparePins finds the posts that are pinned: those that there are and that the filter
// lets through, in order of their places. A request that sorts otherwise has none.
func (c *collector) preparePins() error {
	if len(c.req.Pins) == 0 || len(c.req.Sort) > 0 {
		return nil
	}
	for _, p := range c.req.Pins[:min(len(c.req.Pins), index.MaxPins)] {
		for seg := range c.s.segments {
			if err := c.pinIn(seg, p.ID, p.Position); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(c.pins, func(a, b pinned) int { return cmp.Compare(a.position, b.position) })
	for i := 1; i < len(c.pins); i++ {
		c.pins[i].position = max(c.pins[i].position, c.pins[i-1].position+1)
	}
	return nil
}

func (c *collector) pinIn(seg int, id string, position int) error {
	found, err := c.s.segments[seg].seg.DocNumbers([]string{id})
	if err != nil {
		return fmt.Errorf("pinned %q: %w", id, err)
	}
	filters := slices.Clone(c.rest)
	for _, own := range c.own {
		filters = append(filters, own...)
	}
	for it := found.Iterator(); it.HasNext(); {
		h := candidate{seg: seg, doc: it.Next()}
		if !c.s.segments[seg].live.contains(h.doc) || c.isPinned(h) {
			continue
		}
		set, err := c.s.anyFilter(seg, query.And{Filters: filters})
		if err != nil {
			return err
		}
		if len(filters) == 0 || set.contains(h.doc) {
			c.pins = append(c.pins, pinned{candidate: h, position: max(position, 1)})
		}
	}
	return nil
}

// anyFilter is the posts of a segment that a filter lets through, in either form. The set is
// not to be changed.
func (s *searcher) anyFilter(seg int, f query.Filter) (bitset, error) {
	if s.scratch != nil {
		return s.fastFilter(seg, f)
	}
	return s.filter(seg, f)
}

func (c *collector) isPinned(h candidate) bool {
	return slices.ContainsFunc(c.pins, func(p pinned) bool { return p.seg == h.seg && p.doc == h.doc })
}

// notePins notes which of the pinned posts of a segment are among those that match.
func (c *collector) notePins(seg int, matches func(doc uint32) bool) {
	for i := range c.pins {
		if p := &c.pins[i]; p.seg == seg && !p.matches {
			p.matches = matches(p.doc)
		}
	}
}

// depth is how many hits must be kept so as to show those asked for.
func (c *collector) depth() int {
	n := c.req.From + c.req.Size
	if a := c.req.After; a != nil {
		n = c.req.Size
		if !c.beyond() {
			n += a.Shown + index.SecondStage
		}
	}
	if c.req.Size == 0 {
		return 0
	}
	return n + len(c.pins)
}

// passes reports whether a hit comes after the place that the page goes on from, where that
// can be told before the second stage.
func (c *collector) passes(h candidate) bool {
	return c.after == nil || c.comparePlace(*c.after, h) < 0
}

// comparePlace orders a place and a hit as compare orders hits.
func (c *collector) comparePlace(a index.Place, h candidate) int {
	for i, k := range c.sort {
		if n := c.comparePlaceKey(k, a, a.Sort[i], h); n != 0 {
			return n
		}
	}
	if n := cmp.Compare(h.score, a.Score); n != 0 {
		return n
	}
	if n := c.comparePlaceKey(sortKey{c.published, true}, a, a.Published, h); n != 0 {
		return n
	}
	return cmp.Compare(a.ID, c.id(h))
}

func (c *collector) comparePlaceKey(k sortKey, a index.Place, x float64, h candidate) int {
	switch k.number {
	case byScore:
		return k.directed(cmp.Compare(a.Score, h.score))
	case byID:
		return k.directed(cmp.Compare(a.ID, c.id(h)))
	default:
		return k.compareNumbers(x, c.number(k, h))
	}
}

// place is where a hit stands in the order.
func (c *collector) place(h candidate, id string) *index.Place {
	number := func(i int) float64 {
		if i < 0 {
			return math.NaN()
		}
		return c.s.segments[h.seg].columns.Numbers[i].At(h.doc)
	}
	var out struct { // Side by side.
		index.Place

		one [1]float64
	}
	out.Place = index.Place{Score: h.score, Published: number(c.published), ID: id, Sort: out.one[:0]}
	for _, k := range c.sort {
		out.Sort = append(out.Sort, number(k.number))
	}
	return &out.Place
}

// prepare reads what the request says about the page.
func (c *collector) prepare() error {
	if err := c.prepareAfter(); err != nil {
		return err
	}
	if err := c.s.prepareBoosts(c.req); err != nil {
		return err
	}
	if err := c.s.prepareWeights(c.req); err != nil {
		return err
	}
	return c.preparePins()
}

// beyond reports whether the page goes on behind the reach of the second stage: then what
// comes after a place is known from the first stage alone.
func (c *collector) beyond() bool { return c.forced || c.req.After.Shown > index.SecondStage }

// prepareAfter checks the place that the page goes on from.
func (c *collector) prepareAfter() error {
	a := c.req.After
	if a == nil || a.Place == nil {
		return nil
	}
	if len(a.Place.Sort) != len(c.sort) {
		return &index.FieldError{Field: "after", Use: "place in this order"}
	}
	if c.beyond() {
		c.after = a.Place
	}
	return nil
}

// window is the page: hits and pinned posts from place From on.
type window struct {
	from, size int
	organic    []candidate // hits that are not pinned
	first      int         // how many hits that are not pinned come before organic[0]
	pins       []pinned    // their positions are those where they are shown
}

// window makes the page out of the best. total is the number of hits that are not pinned.
func (c *collector) window(best []candidate, total int) window {
	w := window{from: c.req.From, size: c.req.Size}
	if len(c.pins) > 0 {
		best = slices.DeleteFunc(slices.Clone(best), c.isPinned)
		for i, p := range c.pins {
			p.position = min(p.position, total+i+1)
			w.pins = append(w.pins, p)
		}
	}
	w.organic = best
	if a := c.req.After; a != nil {
		w.from = a.Shown
		w.first = a.Shown
		for _, p := range w.pins {
			if p.position <= a.Shown {
				w.first--
			}
		}
		if a.Place != nil && !c.beyond() {
			w.organic = slices.DeleteFunc(slices.Clone(best), func(h candidate) bool { return c.comparePlace(*a.Place, h) >= 0 })
		} else if a.Place == nil {
			w.first = 0
		}
	}
	return w
}

// next is the place in organic of the first hit of the page that is not pinned.
func (w *window) next() int {
	next := w.from - w.first
	for _, p := range w.pins {
		if p.position <= w.from {
			next--
		}
	}
	return next
}

// each calls f with the page's hits; position is that of a pinned one, else 0.
func (w *window) each(f func(h candidate, position int) error) error {
	next := w.next()
	for at := w.from + 1; at <= w.from+w.size; at++ {
		if i := slices.IndexFunc(w.pins, func(p pinned) bool { return p.position == at }); i >= 0 {
			if err := f(w.pins[i].candidate, at); err != nil {
				return err
			}
			continue
		}
		if next < 0 || next >= len(w.organic) {
			return nil
		}
		if err := f(w.organic[next], 0); err != nil {
			return err
		}
		next++
	}
	return nil
}

// room is where the hits of a page of at most size are noted.
func (c *collector) room(size int) []candidate {
	if c.s.scratch == nil {
		return make([]candidate, 0, min(size, maxBoundedDepth))
	}
	return c.s.scratch.page[:0]
}

// identify gives hits the ids of the posts of a page. In the fast form they share their
// memory: one allocation for all.
func (c *collector) identify(page []candidate, hits []index.Hit) {
	scratch := c.s.scratch
	if scratch == nil {
		for i, h := range page {
			hits[i].ID = c.id(h)
		}
		return
	}
	ids, ends := scratch.ids[:0], scratch.ends[:0]
	for _, h := range page {
		var err error
		if ids, err = c.s.segments[h.seg].shared.reader.AppendID(ids, h.doc); err != nil {
			c.failed = fmt.Errorf("id of a hit: %w", err)
		}
		ends = append(ends, len(ids))
	}
	all, from := string(ids), 0
	for i, end := range ends {
		hits[i].ID, from = all[from:end], end
	}
	scratch.page, scratch.ids, scratch.ends = page[:0], ids[:0], ends[:0]
}

// hits makes the page out of the best, after the second stage.
func (c *collector) hits(p *plan, f *found, second *nearness, best []candidate, result *index.Result) error {
	if c.after == nil {
		if err := second.rank(c, best); err != nil {
			return err
		}
	}
	organic := result.Total
	for _, pin := range c.pins {
		if pin.matches {
			organic--
		}
		result.Applied.Pins = append(result.Applied.Pins, c.id(pin.candidate))
	}
	result.Total = organic + len(c.pins)
	w := c.window(best, organic)
	var last candidate
	i, lastAt := w.next()-1, -1
	shown := i >= 0 && i < len(w.organic)
	if shown {
		last = w.organic[i]
	}
	page := c.room(w.size)
	result.Hits = make([]index.Hit, 0, min(w.size, len(w.organic)+len(w.pins)))
	err := w.each(func(h candidate, position int) error {
		hit := index.Hit{Seq: c.s.segments[h.seg].columns.Seq(h.doc), Score: h.score, Position: position}
		if position == 0 {
			last, lastAt, shown = h, len(page), true
		}
		page = append(page, h)
		if c.req.Explain {
			var err error
			if hit.Explain, err = c.explain(p, f, second, h, position); err != nil {
				return err
			}
		}
		result.Hits = append(result.Hits, hit)
		return nil
	})
	if err != nil {
		return err
	}
	c.identify(page, result.Hits)
	if len(result.Hits) == 0 {
		result.Hits = nil
	}
	switch {
	case lastAt >= 0:
		result.Last = c.place(last, result.Hits[lastAt].ID)
	case shown:
		result.Last = c.place(last, c.id(last))
	}
	return c.failed
}

// explain says where the score of a hit comes from, or that it is pinned.
func (c *collector) explain(p *plan, f *found, second *nearness, h candidate, position int) (*index.Explanation, error) {
	if position > 0 {
		return index.NewLeaf(fmt.Sprintf("pinned to place %d", position), 0), nil
	}
	return c.s.explain(p, f, second, h)
}

// rerun reports whether a page that goes on within the reach of the second stage came out
// short though there is more: so many posts came before its place that the best do not reach
// behind it. It is then made without the second stage.
func (c *collector) rerun(ctx context.Context, result *index.Result) bool {
	a := c.req.After
	return a != nil && a.Place != nil && !c.beyond() && ctx.Err() == nil &&
		len(result.Hits) < c.req.Size && a.Shown+len(result.Hits) < result.Total && c.depth() < result.Total
}

// contains reports whether a window that begins at from has a post.
func (w *windowSet) contains(doc, from uint32) bool {
	k := doc - from
	return doc >= from && k < windowSize && w[k>>6]>>(k&63)&1 != 0
}
