package exec

import (
	"fmt"

	"alphanode/index"
)

// explain says where the score of a hit comes from. It computes everything again
// for the one post, by the same functions as the search.
func (s *searcher) explain(p *plan, f *found, second *nearness, h candidate) (*index.Explanation, error) {
	var parts []*index.Explanation
	for _, nodes := range [][]node{p.required, p.optional} {
		for _, n := range nodes {
			e, err := n.explain(s, h.seg, h.doc)
			if err != nil {
				return nil, err
			}
			parts = append(parts, e)
		}
	}
	near, err := second.explain(h)
	if err != nil {
		return nil, err
	}
	relevance := index.NewSum("relevance", append(parts, f.fit.explain(h.seg, h.doc), near)...)
	boosts := s.explainBoosts(h.seg, h.doc)
	if s.segments[h.seg].prior == nil || s.config.Beta == 0 {
		return index.NewProduct("score", relevance, boosts), nil
	}
	p1 := s.segments[h.seg].prior[h.doc]
	name := fmt.Sprintf("prior: 1 + %g (2p - 1), p = %.4f on day %d", s.config.Beta, p1, s.day)
	return index.NewProduct("score", relevance, index.NewLeaf(name, s.Snapshot.priorFactor(h.seg, h.doc)), boosts), nil
}

func (w *word) explain(s *searcher, seg int, doc uint32) (*index.Explanation, error) {
	var parts []*index.Explanation
	err := s.fields(w.field, func(field int) error {
		tf, err := w.explainFrequency(s, seg, field, doc)
		if err == nil && tf != nil {
			parts = append(parts, s.explainField(seg, field, doc, tf))
		}
		return err
	})
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return s.explainTerm(fmt.Sprintf("word %q", w.term), w.weight, w.idf, w.df, parts), nil
}

// explainFrequency is nil where the field has nothing of the word.
func (w *word) explainFrequency(s *searcher, seg, field int, doc uint32) (*index.Explanation, error) {
	exact, err := s.frequencyOf(seg, field, w.term, doc)
	if err != nil {
		return nil, err
	}
	stem := 0.0
	for _, term := range w.stemTerms() {
		tf, err := s.frequencyOf(seg, field, term, doc)
		if err != nil {
			return nil, err
		}
		stem += tf
	}
	if w.inflected() {
		stem -= exact
	}
	parts := []*index.Explanation{s.atLevel(index.Exact, w.term, exact), s.atLevel(index.Stem, fmt.Sprint(w.stems), max(0, stem))}
	for _, v := range w.others {
		tf, err := v.frequencyOf(s, seg, field, doc)
		if err != nil {
			return nil, err
		}
		parts = append(parts, s.atLevel(v.level, fmt.Sprint(v.terms), tf))
	}
	sum := index.NewSum("frequency", parts...)
	if sum.Value == 0 {
		return nil, nil //nolint:nilnil // documented: nothing to explain
	}
	return sum, nil
}

func (v *variant) frequencyOf(s *searcher, seg, field int, doc uint32) (float64, error) {
	if v.synonym != nil {
		return v.synonym.frequencyOf(s, seg, field, doc)
	}
	var least float64
	for i, term := range v.terms {
		tf, err := s.frequencyOf(seg, field, term, doc)
		if err != nil {
			return 0, err
		}
		if i == 0 || tf < least {
			least = tf
		}
	}
	return least, nil
}

func (s *searcher) atLevel(level index.Level, what string, tf float64) *index.Explanation {
	if tf == 0 {
		return nil
	}
	return index.NewProduct(level.String(),
		index.NewLeaf("level "+level.String(), s.levels()[level]), index.NewLeaf("occurrences of "+what, tf))
}

func (s *searcher) explainField(seg, field int, doc uint32, tf *index.Explanation) *index.Explanation {
	name := s.config.Schema.Text[field].Name
	length := s.segments[seg].columns.Lengths[field][doc]
	norm := fmt.Sprintf("length %d, average %.2f, b %g", length, s.averageLength[field], s.config.Scoring.B[name])
	return index.NewProduct("field "+name, index.NewLeaf("weight", s.weight(field)), tf,
		index.NewLeaf("1 / norm: "+norm, 1/s.norm(seg, field, doc)))
}

// explainTerm makes the tree of weight x idf x (k1 + 1) x / (x + k1), x the sum of
// the fields.
func (s *searcher) explainTerm(name string, weight, idf float64, df int, fields []*index.Explanation) *index.Explanation {
	x := index.NewSum("x: weighted frequency", fields...)
	k1 := s.config.Scoring.K1
	return index.NewProduct(name,
		index.NewLeaf("query weight", weight),
		index.NewLeaf(fmt.Sprintf("idf: ln(1 + %d/%d)", s.live, df), idf),
		x, index.NewLeaf(fmt.Sprintf("saturation: (k1 + 1) / (x + k1), k1 %g", k1), (k1+1)/(x.Value+k1)))
}

// frequencyOf is the frequency of term in a field of one post.
func (s *searcher) frequencyOf(seg, field int, term string, doc uint32) (float64, error) {
	it, err := s.postings(seg, field, term, false)
	if err != nil {
		return 0, err
	}
	posting, err := it.Advance(uint64(doc))
	if err != nil {
		return 0, fmt.Errorf("postings of %q: %w", term, err)
	}
	if posting == nil || posting.Number() != uint64(doc) {
		return 0, nil
	}
	return float64(posting.Frequency()), nil
}

func (p *phrase) explain(s *searcher, seg int, doc uint32) (*index.Explanation, error) {
	var parts []*index.Explanation
	err := s.fields(p.field, func(field int) error {
		tf, err := p.frequencyOf(s, seg, field, doc)
		if err == nil && tf > 0 {
			parts = append(parts, s.explainField(seg, field, doc, index.NewLeaf("occurrences", tf)))
		}
		return err
	})
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return s.explainTerm(fmt.Sprintf("phrase %q", p.text), p.weight, p.idf, p.df, parts), nil
}

func (p *phrase) frequencyOf(s *searcher, seg, field int, doc uint32) (float64, error) {
	if len(p.terms) == 1 {
		return s.frequencyOf(seg, field, p.terms[0].term, doc)
	}
	positions := make([]positionLists, len(p.terms))
	for i, t := range p.terms {
		var err error
		if positions[i], err = s.positions(seg, field, t.term, []uint32{doc}); err != nil {
			return 0, err
		}
	}
	return float64(p.occurrences(positions, 0)), nil
}

func (g *group) explain(s *searcher, seg int, doc uint32) (*index.Explanation, error) {
	var parts []*index.Explanation
	for _, n := range g.nodes {
		e, err := n.explain(s, seg, doc)
		if err != nil {
			return nil, err
		}
		if e == nil && g.all {
			return nil, nil //nolint:nilnil // A part is missing: the group does not match.
		}
		parts = append(parts, e)
	}
	name := "any of"
	if g.all {
		name = "all of"
	}
	if sum := index.NewSum(name, parts...); len(sum.Children) > 0 {
		return sum, nil
	}
	return nil, nil //nolint:nilnil // documented: nothing to explain
}

// explain implements node: a selection gives no relevance.
func (sel *selection) explain(*searcher, int, uint32) (*index.Explanation, error) {
	return nil, nil //nolint:nilnil // documented: nothing to explain
}
