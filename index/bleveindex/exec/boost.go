package exec

import (
	"fmt"
	"slices"
	"strings"

	"alphanode/index"
)

// boost is a factor on the scores of the posts that match a filter.
type boost struct {
	name string
	by   float64
	sets []bitset // by segment
}

// prepareBoosts evaluates the filters of the boosts of a request.
func (s *searcher) prepareBoosts(req *index.Request) error {
	s.boosts = nil
	for _, b := range req.Boosts[:min(len(req.Boosts), index.MaxBoosts)] {
		if b.Filter == nil || !(b.By > 0) {
			return &index.FieldError{Field: fmt.Sprint(b.Filter), Use: "boost"}
		}
		out := boost{name: fmt.Sprintf("%s ^%g", b.Filter, b.By), by: b.By}
		for seg := range s.segments {
			set, err := s.anyFilter(seg, b.Filter)
			if err != nil {
				return err
			}
			out.sets = append(out.sets, set)
		}
		s.boosts = append(s.boosts, out)
	}
	return nil
}

// boostNames are the boosts of the request.
func (s *searcher) boostNames() []string {
	var names []string
	for i := range s.boosts {
		names = append(names, s.boosts[i].name)
	}
	return names
}

// boostOf is the product of the boosts of a post, within its bounds.
func (s *searcher) boostOf(seg int, doc uint32) float64 {
	f := 1.0
	for i := range s.boosts {
		if s.boosts[i].sets[seg].contains(doc) {
			f *= s.boosts[i].by
		}
	}
	return min(max(f, 1/index.MaxBoost), index.MaxBoost)
}

// mostBoost is the greatest factor that a post can have.
func (s *searcher) mostBoost() float64 {
	f := 1.0
	for _, b := range s.boosts {
		f *= max(b.by, 1)
	}
	return min(f, index.MaxBoost)
}

// priorFactor is what the relevance of a post is multiplied by: its prior and boosts.
func (s *searcher) priorFactor(seg int, doc uint32) float64 {
	f := s.Snapshot.priorFactor(seg, doc)
	if len(s.boosts) > 0 {
		f *= s.boostOf(seg, doc)
	}
	return f
}

// explainBoosts is nil for a post without boosts.
func (s *searcher) explainBoosts(seg int, doc uint32) *index.Explanation {
	var names []string
	for i := range s.boosts {
		if s.boosts[i].sets[seg].contains(doc) {
			names = append(names, s.boosts[i].name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return index.NewLeaf("boosts: "+strings.Join(names, ", "), s.boostOf(seg, doc))
}

// prepareWeights reads the factors on the weights of fields.
func (s *searcher) prepareWeights(req *index.Request) error {
	s.factors = nil
	if len(req.Weights) == 0 {
		return nil
	}
	s.factors = make([]float64, len(s.config.Schema.Text))
	known := 0
	for i, f := range s.config.Schema.Text {
		s.factors[i] = 1
		if w, ok := req.Weights[f.Name]; ok {
			s.factors[i] = min(max(w, index.MinWeight), index.MaxWeight)
			known++
		}
	}
	if known < len(req.Weights) {
		for name := range req.Weights {
			if s.config.Schema.TextIndex(name) < 0 {
				return &index.FieldError{Field: name, Use: "weight"}
			}
		}
	}
	return nil
}

// reweighed are lists that are kept between searches, with the weights of this one.
func (s *searcher) reweighed(kept []fieldLists) []fieldLists {
	if s.factors == nil {
		return kept
	}
	out := slices.Clone(kept)
	for i := range out {
		out[i].weight = s.weight(out[i].field)
	}
	return out
}
