package indextest

import (
	"slices"
	"sort"

	"alphanode/index"
	"alphanode/index/curation"
)

// boost is the product of the boosts of a post, within 1/100 and 100.
func (o *Oracle) boost(p *post, boosts []curation.FilterBoost) float64 {
	f := 1.0
	for _, b := range boosts {
		if o.matchesFilter(p, b.Filter) {
			f *= b.By
		}
	}
	return min(max(f, 0.01), 100)
}

// factor is that of a request on the weight of a field.
func (o *Oracle) factor(field string) float64 {
	if w, ok := o.weights[field]; ok {
		return w
	}
	return 1
}

// pinned are the posts of the pins that there are and that the filter lets through, by the
// place that each asks for, and those places: of two for one place the second goes to the next.
func (o *Oracle) pinned(req *index.Request) (posts []*post, places []int) {
	if len(req.Sort) > 0 {
		return nil, nil
	}
	var pins []curation.Pin
	for _, pin := range req.Pins {
		known := slices.ContainsFunc(pins, func(other curation.Pin) bool { return other.ID == pin.ID })
		if p := o.posts[pin.ID]; p != nil && !known && o.matchesFilter(p, req.Filter) {
			pins = append(pins, pin)
		}
	}
	sort.SliceStable(pins, func(i, j int) bool { return pins[i].Position < pins[j].Position })
	for i, pin := range pins {
		at := max(pin.Position, 1)
		if i > 0 {
			at = max(at, places[i-1]+1)
		}
		posts, places = append(posts, o.posts[pin.ID]), append(places, at)
	}
	return posts, places
}

// insert puts the pinned posts at their places of a list that does not have them; those
// behind its end follow it.
func insert(list, posts []*post, places []int) []*post {
	list = slices.DeleteFunc(slices.Clone(list), func(p *post) bool { return slices.Contains(posts, p) })
	for i, p := range posts {
		list = slices.Insert(list, min(places[i]-1, len(list)), p)
	}
	return list
}

// boostsAndPins are any that are valid.
func (r random) boostsAndPins(req *index.Request) {
	for range r.IntN(3) {
		req.Boosts = append(req.Boosts, curation.FilterBoost{Filter: r.filter(1), By: []float64{0.1, 0.5, 2, 10}[r.IntN(4)]})
	}
	if r.IntN(3) == 0 {
		req.Weights = map[string]float64{"title": []float64{0.1, 3, 10}[r.IntN(3)], "body": []float64{0.5, 2}[r.IntN(2)]}
	}
	for range r.IntN(4) {
		req.Pins = append(req.Pins, curation.Pin{ID: "post-" + string(rune('0'+r.IntN(10))), Position: 1 + r.IntN(8)})
	}
}
