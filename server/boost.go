package server

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"alphanode/index"
	"alphanode/index/curation"
	"alphanode/index/query"
)

// maxBoosts is how many boosts one search can ask for.
const maxBoosts = 10

// boosts reads boosts as they are asked for: a filter, a caret and a factor.
func (s *Server) boosts(texts []string) ([]curation.FilterBoost, error) {
	if len(texts) > maxBoosts {
		return nil, badParam("boost", "at most %d boosts at once", maxBoosts)
	}
	var out []curation.FilterBoost
	for _, text := range texts {
		b, err := s.boost(text)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (s *Server) boost(text string) (curation.FilterBoost, error) {
	i := strings.LastIndexByte(text, '^')
	if i < 0 {
		return curation.FilterBoost{}, badParam("boost", "boost must be a filter, ^ and a factor, such as tag:go^2")
	}
	by, err := strconv.ParseFloat(strings.TrimSpace(text[i+1:]), 64)
	if err != nil || !(by >= curation.MinBoost && by <= curation.MaxBoost) {
		return curation.FilterBoost{}, badParam("boost", "the factor of a boost must be a number from %g to %d, is %q", curation.MinBoost, curation.MaxBoost, printable(text[i+1:]))
	}
	if len(text) > s.opts.Limits.FilterBytes {
		return curation.FilterBoost{}, badParam("boost", "the boost is over %d bytes", s.opts.Limits.FilterBytes)
	}
	if strings.TrimSpace(text[:i]) == "" {
		return curation.FilterBoost{}, badParam("boost", "a boost needs a filter before its ^")
	}
	filter, err := query.ParseFilter(text[:i])
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		p := badParam("boost", "%s (at byte %d)", syntax.Msg, syntax.Pos)
		p.Code, p.Position = "bad_filter", &syntax.Pos
		return curation.FilterBoost{}, p
	}
	return curation.FilterBoost{Filter: filter, By: by}, err
}

// weights are factors on the weights of text fields.
type weights map[string]float64

// readWeights reads weights as an address has them: names and factors with a colon between.
func readWeights(texts []string) (weights, error) {
	var out weights
	for _, text := range texts {
		name, factor, _ := strings.Cut(text, ":")
		by, err := strconv.ParseFloat(strings.TrimSpace(factor), 64)
		if err != nil {
			return nil, badParam("weights", "weights must be fields and factors, such as title:2,body:0.5, not %q", printable(text))
		}
		if out == nil {
			out = weights{}
		}
		out[strings.TrimSpace(name)] = by
	}
	return out, nil
}

// check refuses fields that there are not, and factors out of bounds.
func (w weights) check() error {
	for name, by := range w {
		if !slices.ContainsFunc(index.TextFields(), func(f index.Field) bool { return f.Name == name }) {
			var names []string
			for _, f := range index.TextFields() {
				names = append(names, f.Name)
			}
			return badParam("weights", "there is no text field %q; there are: %s", printable(name), strings.Join(names, ", "))
		}
		if !(by >= index.MinWeight && by <= index.MaxWeight) {
			return badParam("weights", "the factor of %s must be a number from %g to %g", name, index.MinWeight, index.MaxWeight)
		}
	}
	return nil
}
