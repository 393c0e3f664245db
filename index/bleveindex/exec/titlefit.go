package exec

import (
	"alphanode/index"
)

// titleFit adds weight m^2/T to the relevance of a post: m is the idf sum of the
// query's words in the title, T that of all title words. A title that is the query
// gains most. Here df counts posts with the word in the title.
type titleFit struct {
	s *searcher
	// share is what a title term counts, 0..1, by its number; 0 for those that the
	// query does not ask for.
	share []float64
}

// newTitleFit returns nil when title fit is switched off or no word asks for it.
func (s *searcher) newTitleFit(p *plan) *titleFit {
	if s.config.Scoring.TitleFit <= 0 {
		return nil
	}
	t := &titleFit{s: s, share: make([]float64, len(s.titleFreq))}
	if !eachShare(p, s.levels(), t.ask) {
		return nil
	}
	return t
}

// eachShare calls ask with the title terms that a query asks for and what each
// counts, and reports whether it was true for any.
func eachShare(p *plan, levels *[index.NumLevels]float64, ask func(term string, share float64) bool) bool {
	found := false
	for _, w := range p.words {
		if w.weight == 0 {
			continue // Of a phrase.
		}
		found = ask(w.term, w.weight) || found
		for _, stem := range w.stems {
			found = ask(stem, w.weight) || found
		}
		for _, v := range w.others {
			for _, term := range v.terms {
				found = ask(term, w.weight*levels[v.level]) || found
			}
			for _, stem := range v.synonym.stems() {
				found = ask(stem, w.weight*levels[v.level]) || found
			}
		}
	}
	return found
}

func (t *titleFit) ask(term string, share float64) bool {
	id, ok := t.s.config.Titles.Lookup(term)
	if !ok || int(id) >= len(t.share) {
		return false
	}
	t.share[id] = max(t.share[id], share)
	return true
}

func (t *titleFit) addTo(f *found) {
	if t == nil {
		return
	}
	for seg, set := range f.sets {
		set.each(func(doc uint32) { f.scores[seg][doc] += t.of(seg, doc) })
	}
}

// of is the title fit of one post.
func (t *titleFit) of(seg int, doc uint32) float64 {
	var m, total float64
	columns := t.s.segments[seg].columns
	for _, ord := range columns.Titles.Of(doc) {
		id := columns.TitleIDs[ord]
		w := idf(t.s.live, int(t.s.titleFreq[id]))
		total += w
		m += w * t.share[id]
	}
	if m == 0 {
		return 0
	}
	return t.s.config.Scoring.TitleFit * m * m / total
}

func (t *titleFit) explain(seg int, doc uint32) *index.Explanation {
	if t == nil {
		return nil
	}
	v := t.of(seg, doc)
	if v == 0 {
		return nil
	}
	return &index.Explanation{Name: "title fit", Op: index.Leaf, Value: v}
}
