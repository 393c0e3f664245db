package exec

import (
	"math"

	"alphanode/index"
	"alphanode/index/bleveindex/layout"
)

// match evaluates the word on all segments: the frequencies of all its variants
// are united post by post, so that document frequency and score count once.
func (w *word) match(s *searcher) (*matches, error) {
	m := &matches{segments: make([]segmentMatch, len(s.segments))}
	for seg := range s.segments {
		x, found, err := w.segment(s, seg)
		if err != nil {
			return nil, err
		}
		m.segments[seg] = gather(x, found)
	}
	w.df = m.count()
	w.idf = idf(s.live, w.df)
	m.weigh(s, w.weight*w.idf)
	return m, nil
}

// segment adds up the weighted frequencies of one segment.
func (w *word) segment(s *searcher, seg int) ([]float64, bitset, error) {
	n := s.segments[seg].columns.Docs
	x, found := make([]float64, n), newBitset(n)
	s.tally.reset(n)
	err := s.fields(w.field, func(field int) error {
		err := w.tally(s, seg, field)
		s.tally.drain(func(doc uint32) {
			tf := w.frequency(s.levels(), s.tally.exact[doc], s.tally.stem[doc], s.tally.other[doc])
			if tf > 0 {
				x[doc] += s.normalised(seg, field, doc, tf)
				found.add(doc)
			}
		})
		return err
	})
	return x, found, err
}

// tally counts the word and its variants in one field.
func (w *word) tally(s *searcher, seg, field int) error {
	t := &s.tally
	err := s.each(seg, field, w.term, func(doc uint32, tf float64) {
		t.touch(doc)
		t.exact[doc] += tf
	})
	if err != nil {
		return err
	}
	for _, term := range w.stemTerms() {
		err := s.each(seg, field, term, func(doc uint32, tf float64) {
			t.touch(doc)
			t.stem[doc] += tf
		})
		if err != nil {
			return err
		}
	}
	for _, v := range w.others {
		if err := v.tally(s, seg, field); err != nil {
			return err
		}
	}
	return nil
}

// stemTerms are the index terms that stand for the word's stems: the marked stem
// for positions that were stemmed, the stem as it is written for those that were
// their own.
func (w *word) stemTerms() []string {
	if w.exactOnly {
		return nil
	}
	var out []string
	for _, stem := range w.stems {
		out = append(out, layout.StemMark+stem)
		if stem != w.term {
			out = append(out, stem)
		}
	}
	return out
}

func (v *variant) tally(s *searcher, seg, field int) error {
	t := &s.tally
	weight := s.levels()[v.level]
	if v.synonym != nil {
		return v.synonym.eachIn(s, seg, field, func(doc uint32, tf float64) {
			t.touch(doc)
			t.other[doc] += weight * tf
		})
	}
	if len(v.terms) == 1 {
		return s.each(seg, field, v.terms[0], func(doc uint32, tf float64) {
			t.touch(doc)
			t.other[doc] += weight * tf
		})
	}
	docs, err := v.least(s, seg, field)
	for _, doc := range docs {
		t.touch(doc)
		t.other[doc] += weight * t.least[doc]
		t.least[doc] = 0
	}
	return err
}

// least finds the posts that have all terms of the variant and leaves the least of
// the frequencies in tally.least.
func (v *variant) least(s *searcher, seg, field int) ([]uint32, error) {
	var docs []uint32
	least := s.tally.least
	for i, term := range v.terms {
		var kept []uint32
		err := s.each(seg, field, term, func(doc uint32, tf float64) {
			if i == 0 || least[doc] > 0 {
				if i == 0 || tf < least[doc] {
					least[doc] = tf
				}
				kept = append(kept, doc)
			}
		})
		clearMissing(least, docs, kept)
		docs = kept
		if err != nil {
			return docs, err
		}
	}
	return docs, nil
}

// clearMissing zeroes the values of those before that are not kept; both ascend.
func clearMissing(values []float64, before, kept []uint32) {
	i := 0
	for _, doc := range before {
		for i < len(kept) && kept[i] < doc {
			i++
		}
		if i == len(kept) || kept[i] != doc {
			values[doc] = 0
		}
	}
}

func gather(x []float64, found bitset) segmentMatch {
	n := found.count()
	m := segmentMatch{docs: make([]uint32, 0, n), score: make([]float64, 0, n)}
	found.each(func(doc uint32) {
		m.docs = append(m.docs, doc)
		m.score = append(m.score, x[doc])
	})
	return m
}

// idf is ln(1 + N/df); 0 for a term that no post has.
func idf(live, df int) float64 {
	if df == 0 {
		return 0
	}
	return math.Log(1 + float64(live)/float64(df))
}

// saturate is (k1 + 1) x / (x + k1).
func (s *searcher) saturate(x float64) float64 {
	k1 := s.config.Scoring.K1
	return (k1 + 1) * x / (x + k1)
}

// match evaluates the nodes of a group one by one.
func (g *group) match(s *searcher) (*matches, error) {
	out := &matches{segments: make([]segmentMatch, len(s.segments))}
	parts := make([]*matches, len(g.nodes))
	for i, n := range g.nodes {
		var err error
		if parts[i], err = n.match(s); err != nil {
			return nil, err
		}
	}
	for seg := range out.segments {
		n := s.segments[seg].columns.Docs
		x, found := make([]float64, n), newBitset(n)
		if g.all {
			found = fullBitset(n)
		}
		for _, p := range parts {
			set := p.segments[seg].set(n)
			p.segments[seg].addTo(x)
			if g.all {
				found.and(set)
			} else {
				found.or(set)
			}
		}
		out.segments[seg] = gather(x, found)
	}
	return out, nil
}

func (m *segmentMatch) set(n int) bitset {
	b := newBitset(n)
	for _, doc := range m.docs {
		b.add(doc)
	}
	return b
}

func (m *segmentMatch) addTo(score []float64) {
	for i, v := range m.score {
		score[m.docs[i]] += v
	}
}

// match evaluates the filter of a selection.
func (sel *selection) match(s *searcher) (*matches, error) {
	out := &matches{segments: make([]segmentMatch, len(s.segments))}
	for seg := range s.segments {
		set, err := s.filter(seg, sel.filter)
		if err != nil {
			return nil, err
		}
		set.and(s.segments[seg].live)
		docs := make([]uint32, 0, set.count())
		set.each(func(doc uint32) { docs = append(docs, doc) })
		out.segments[seg] = segmentMatch{docs: docs}
	}
	return out, nil
}

var _ = []node{(*word)(nil), (*phrase)(nil), (*group)(nil), (*selection)(nil)}

// variantsOf lists what a word matched, for highlights: the term itself first.
func (w *word) variantsOf() []index.Variant {
	if w.onlyPrefixes() {
		return w.prefixes.listed(w)
	}
	return w.list()
}

// onlyPrefixes reports whether what the word stands for beside itself and its stems is a set
// of prefixes and nothing else.
func (w *word) onlyPrefixes() bool {
	return w.prefixes != nil && len(w.others) == len(w.prefixes.variants)
}

// list is variantsOf for any word.
func (w *word) list() []index.Variant {
	out := make([]index.Variant, 0, 1+len(w.stems)+len(w.others))
	out = append(out, index.Variant{Term: w.term, Level: index.Exact})
	if !w.exactOnly {
		for _, stem := range w.stems {
			out = append(out, index.Variant{Term: stem, Level: index.Stem})
		}
	}
	for _, v := range w.others {
		for _, term := range v.terms {
			out = append(out, index.Variant{Term: term, Level: v.level})
		}
		for _, stem := range v.synonym.stems() {
			out = append(out, index.Variant{Term: stem, Level: index.Stem})
		}
	}
	return out
}
