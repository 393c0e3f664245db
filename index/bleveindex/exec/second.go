package exec

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"alphanode/index"
)

// nearness is the second stage of ranking: of the first index.SecondStage hits by
// score, those gain that have words of the query near each other in the body, where
// they are read from the positions. What it adds is
//
//	weight * sum over neighbours (a, b) of the query of
//	         min(ln(N/df) of a, of b) * (k1 + 1) n / (n + k1 norm)
//
// with n = sum of 1/distance over places where b follows a within reach, and half of
// that where a follows b.
type nearness struct {
	s     *searcher
	words []*word
	field int // place of the body
}

const (
	// nearReach is the greatest distance, in positions, of words that are near.
	nearReach = 3
	// reversedShare is what the other order counts.
	reversedShare = 0.5
	// maxNearWords bounds the words that are read.
	maxNearWords = 16
)

// newNearness returns nil where nothing would be added: no relevance is asked for,
// or there are not two words of content in the query.
func (s *searcher) newNearness(c *collector, p *plan) *nearness {
	if s.config.Scoring.Proximity <= 0 || c.req.Size <= 0 || len(c.sort) == 0 || c.sort[0] != (sortKey{byScore, true}) {
		return nil
	}
	n := &nearness{s: s, field: slices.IndexFunc(s.config.Schema.Text, func(f index.Field) bool { return f.Name == "body" })}
	for _, nodes := range [][]node{p.required, p.optional} {
		for _, node := range nodes {
			if w, ok := node.(*word); ok && w.near() && len(n.words) < maxNearWords {
				n.words = append(n.words, w)
			}
		}
	}
	if n.field < 0 || len(n.words) < 2 {
		return nil
	}
	return n
}

// near reports whether w stands for one word of content of the query.
func (w *word) near() bool { return w.field == anyField && w.weight >= 1 && !w.exactOnly }

// depth is how many hits are needed to show those asked for.
func (n *nearness) depth(req *index.Request) int {
	asked := max(req.From, 0) + max(req.Size, 0)
	if n == nil {
		return asked
	}
	return max(asked, index.SecondStage)
}

// rank adds nearness to the first of the best and puts those in order again.
func (n *nearness) rank(c *collector, best []candidate) error {
	if n == nil {
		return nil
	}
	first := best[:min(len(best), index.SecondStage)]
	slices.SortFunc(first, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.seg, b.seg), cmp.Compare(a.doc, b.doc)) })
	for rest := first; len(rest) > 0; {
		end := 1
		for end < len(rest) && rest[end].seg == rest[0].seg {
			end++
		}
		if err := n.segment(rest[:end]); err != nil {
			return err
		}
		rest = rest[end:]
	}
	slices.SortFunc(first, c.compare)
	return nil
}

// segment adds nearness to hits of one segment, in order of their numbers.
func (n *nearness) segment(hits []candidate) error {
	places, err := n.places(hits[0].seg, hits)
	if err != nil {
		return err
	}
	for i := range hits {
		h := &hits[i]
		for _, p := range n.pairs(h, places, i) {
			h.near += p.value
		}
		h.score += h.near * n.s.priorFactor(h.seg, h.doc)
	}
	return nil
}

// places are the positions of each word in the body of each hit, ascending.
func (n *nearness) places(seg int, hits []candidate) ([][][]uint32, error) {
	out := make([][][]uint32, len(n.words))
	for i, w := range n.words {
		out[i] = make([][]uint32, len(hits))
		for _, term := range w.ownTerms() {
			if err := n.read(seg, term, hits, out[i]); err != nil {
				return nil, fmt.Errorf("positions of %q: %w", w.text, err)
			}
		}
		for j := range out[i] {
			slices.Sort(out[i][j])
			out[i][j] = slices.Compact(out[i][j])
		}
	}
	return out, nil
}

// ownTerms are the index terms of the word itself and of its stems.
func (w *word) ownTerms() []string {
	terms := w.stemTerms()
	if !slices.Contains(terms, w.term) {
		terms = append(terms, w.term)
	}
	return terms
}

// read adds the positions of one term.
func (n *nearness) read(seg int, term string, hits []candidate, into [][]uint32) error {
	shared := n.s.segments[seg].shared
	if n.s.scratch == nil || shared == nil {
		return n.readPlain(seg, term, hits, into)
	}
	l, err := n.s.termList(seg, n.field, term)
	if err != nil || l == nil {
		return err
	}
	var places, found []int
	c := cursor{list: l}
	for i := range hits {
		if c.seek(hits[i].doc); c.at < len(l.Docs) && l.Docs[c.at] == hits[i].doc {
			places, found = append(places, c.at), append(found, i)
		}
	}
	if len(found) == 0 {
		return nil
	}
	positions, err := shared.reader.ReadPositionsAt(n.s.fieldName(n.field), []byte(term), l, places)
	if err != nil || positions == nil {
		return err
	}
	for i, hit := range found {
		into[hit] = append(into[hit], positions.At(i)...)
	}
	return nil
}

func (n *nearness) readPlain(seg int, term string, hits []candidate, into [][]uint32) error {
	docs := make([]uint32, len(hits))
	for i := range hits {
		docs[i] = hits[i].doc
	}
	positions, err := n.s.positions(seg, n.field, term, docs)
	for i := range positions.start[min(1, len(positions.start)):] {
		into[i] = append(into[i], positions.of(i)...)
	}
	return err
}

// nearPair is what two neighbouring words of the query add to the relevance of a hit.
type nearPair struct {
	a, b        *word
	occurrences float64
	value       float64
}

// pairs are those of hit i that add something.
func (n *nearness) pairs(h *candidate, places [][][]uint32, i int) []nearPair {
	var out []nearPair
	for k := range len(n.words) - 1 {
		a, b := n.words[k], n.words[k+1]
		times := near(places[k][i], places[k+1][i]) + reversedShare*near(places[k+1][i], places[k][i])
		if times == 0 || a.term == b.term {
			continue
		}
		weight := n.s.config.Scoring.Proximity * min(n.rarity(a), n.rarity(b))
		out = append(out, nearPair{a, b, times, weight * n.s.saturate(n.s.normalised(h.seg, n.field, h.doc, times))})
	}
	return out
}

// rarity is ln(N/df): that two words which most posts have stand together says
// nothing.
func (n *nearness) rarity(w *word) float64 {
	return w.weight * math.Log(max(1, float64(n.s.live)/float64(max(1, w.df))))
}

// near is the sum of 1/distance over the places of a that b follows within reach;
// the nearest counts.
func near(a, b []uint32) float64 {
	sum, j := 0.0, 0
	for _, at := range a {
		for j < len(b) && b[j] <= at {
			j++
		}
		if j < len(b) && b[j]-at <= nearReach {
			sum += 1 / float64(b[j]-at)
		}
	}
	return sum
}

// explain gives what was added to a hit; nil for nothing.
func (n *nearness) explain(h candidate) (*index.Explanation, error) {
	if n == nil || h.near == 0 {
		return nil, nil //nolint:nilnil // documented: nothing was added
	}
	places, err := n.places(h.seg, []candidate{h})
	if err != nil {
		return nil, err
	}
	var parts []*index.Explanation
	for _, p := range n.pairs(&h, places, 0) {
		name := fmt.Sprintf("%q near %q: %.3g times", p.a.term, p.b.term, p.occurrences)
		parts = append(parts, index.NewLeaf(name, p.value))
	}
	return index.NewSum(fmt.Sprintf("proximity: second stage, over the first %d", index.SecondStage), parts...), nil
}
