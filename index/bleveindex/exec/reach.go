package exec

import (
	"math"
	"slices"
	"strconv"

	"alphanode/index"
)

// The title fit of a post is weight m^2 / T. A word that stands for very many terms has one in
// most titles, and going through all of these is most of what a search for it costs. So a bound
// of m / sqrt(T) by post is kept for such a word: its reach. Those of several words add up, and
// weight (r1 + r2 + ...)^2 is no less than the title fit of a post. They hold for as long as the
// titleWeights do that they were made with.

// reach is that of a word in one segment. Immutable.
type reach struct {
	step   float64 // what 1 of a bound stands for
	bounds []uint8 // by post, rounded up
	blocks []uint8 // the greatest bound of each 64 posts
}

const (
	// reachOfWord is the kind under which the cache keeps reaches.
	reachOfWord = "\x01reach"
	// wideShare is one in how many titles has a term of a word that has a reach.
	wideShare = 16
)

// reachHere is the reach of a word in the current segment, scale what 1 of a bound stands for.
type reachHere struct {
	*reach
	scale float64
}

// titleTerms calls ask with the title terms that a word asks for and what each counts: as
// eachShare does, but for the weight of the word.
func (s *searcher) titleTerms(w *word, ask func(id uint32, share float64)) {
	levels := s.levels()
	one := func(term string, share float64) {
		if id, ok := s.config.Titles.Lookup(term); ok && int(id) < len(s.titleFreq) {
			ask(id, share)
		}
	}
	one(w.term, 1)
	for _, stem := range w.stems {
		one(stem, 1)
	}
	if w.prefixes != nil {
		for _, id := range w.prefixes.titleIDs(s.config.Titles, len(s.titleFreq)) {
			ask(id, levels[index.Prefix])
		}
	}
	if w.onlyPrefixes() {
		return
	}
	for _, v := range w.others {
		if w.prefixes != nil && v.level == index.Prefix && len(v.terms) == 1 && v.synonym == nil {
			continue // Of the set.
		}
		for _, term := range slices.Concat(v.terms, v.synonym.stems()) {
			one(term, levels[v.level])
		}
	}
}

// titleIDs are the numbers of the terms of the set that titles have, of the first known ones.
func (p *prefixSet) titleIDs(titles *Vocabulary, known int) []uint32 {
	p.titles.Lock()
	defer p.titles.Unlock()
	if p.titleTerms == nil || p.titlesKnown != known {
		p.titleTerms, p.titlesKnown = titles.lookupAll(p.terms, known), known
	}
	return p.titleTerms
}

// lookupAll gives the numbers of those of some terms that have one below known.
func (v *Vocabulary) lookupAll(terms []string, known int) []uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := []uint32{}
	for _, term := range terms {
		if id, ok := v.ids[term]; ok && int(id) < known {
			out = append(out, id)
		}
	}
	return out
}

// isWide reports whether a word has terms in so many titles that its reach is kept.
func (s *searcher) isWide(w *word) bool {
	if w.prefixes == nil || s.config.Scoring.TitleFit <= 0 {
		return false
	}
	titles := 0
	for _, id := range w.prefixes.titleIDs(s.config.Titles, len(s.titleFreq)) {
		titles += int(s.titleFreq[id])
	}
	return titles*wideShare >= s.live
}

// reachOf gives the reach of a word in a segment.
func (s *searcher) reachOf(w *wordTerms, seg int) *reach {
	weights := s.memo.titleWeights
	name := strconv.FormatUint(weights.number, 10) + w.key
	v, _ := s.config.Fast.lists.Value(s.segments[seg].shared.reader, reachOfWord, name, func() (any, int64, error) {
		r := s.newReach(w.word, seg, weights)
		return r, int64(len(r.bounds) + len(r.blocks)), nil
	})
	return v.(*reach) //nolint:forcetypeassert // made above
}

func (s *searcher) newReach(w *word, seg int, weights *titleWeights) *reach {
	segment := s.segments[seg]
	totals, posts := segment.shared.titleTotals(weights), segment.shared.titles()
	sums := s.scratch.titleSums(segment.columns.Docs)
	s.titleTerms(w, func(id uint32, share float64) {
		worth := weights.greatestOf(id) * float32(share) * loose
		for _, doc := range posts.of(id) {
			sums[doc] += worth
		}
	})
	greatest := float32(0)
	for doc, m := range sums {
		if m > 0 { // T is no less than m, whatever is known of it.
			m = float32(math.Sqrt(float64(min(m*m/totals[doc], m))))
			sums[doc], greatest = m, max(greatest, m)
		}
	}
	return quantiseReach(sums, greatest)
}

// quantiseReach rounds bounds up to bytes.
func quantiseReach(bounds []float32, greatest float32) *reach {
	n := len(bounds)
	both := make([]uint8, n+(n+63)/64)
	r := &reach{step: float64(greatest) / maxBound * loose, bounds: both[:n:n], blocks: both[n:]}
	inverse := float32(0)
	if greatest > 0 {
		inverse = float32(1 / r.step * loose)
	}
	for doc, v := range bounds {
		q := uint8(min(v*inverse+1, maxBound))
		if v == 0 {
			q = 0
		}
		r.bounds[doc] = q
		r.blocks[doc>>6] = max(r.blocks[doc>>6], q)
	}
	return r
}

// titleSums gives room for a sum by post, all 0.
func (s *scratch) titleSums(docs int) []float32 {
	words := (docs + 63) / 64
	if len(s.fit) < words {
		s.fit, s.fitted = make(bitset, words+words/8), make([]float32, (words+words/8)<<6)
	}
	sums := s.fitted[:docs]
	clear(sums)
	return sums
}

// takeReaches puts aside the words of a bounded run that have a reach: of titles with terms of
// the others alone it is then known which they are.
func (f *fastFit) takeReaches(words []*fastWord) {
	if f == nil {
		return
	}
	for _, w := range words {
		if t, ok := w.of.(*wordTerms); ok && t.weight > 0 && f.s.isWide(t.word) {
			f.wide = append(f.wide, t)
		}
	}
	if f.wide == nil {
		return
	}
	for _, w := range f.plan.words {
		if w.weight > 0 && !slices.ContainsFunc(f.wide, func(t *wordTerms) bool { return t.word == w }) {
			f.s.titleTerms(w, func(id uint32, _ float64) { f.rare = append(f.rare, id) })
		}
	}
	slices.Sort(f.rare)
	f.rare = slices.Compact(f.rare)
}

// enter goes to a segment. It reports whether words have a reach.
func (f *fastFit) enter(seg int) bool {
	if f == nil || f.wide == nil {
		return false
	}
	f.here = f.here[:0]
	for _, w := range f.wide {
		r := f.s.reachOf(w, seg)
		f.here = append(f.here, reachHere{r, r.step * w.weight})
	}
	return true
}

// rootAt is no less than m / sqrt(T) of a post, for the words that have a reach.
func (f *fastFit) rootAt(doc uint32) float64 {
	root := 0.0
	for i := range f.here {
		root += f.here[i].scale * float64(f.here[i].bounds[doc])
	}
	return root
}

// reachAt is no less than the title fit of a post whose title has no terms of other words.
func (f *fastFit) reachAt(doc uint32) float64 {
	if f == nil || len(f.here) == 0 {
		return 0
	}
	root := f.rootAt(doc)
	return f.s.config.Scoring.TitleFit * root * root
}

// reachIn is that of the posts of a word of a bitset.
func (f *fastFit) reachIn(word int) float64 {
	if f == nil || len(f.here) == 0 {
		return 0
	}
	root := 0.0
	for i := range f.here {
		root += f.here[i].scale * float64(f.here[i].blocks[word])
	}
	return f.s.config.Scoring.TitleFit * root * root
}
