package ranking

import (
	"cmp"
	"slices"
	"strings"
)

// maxConcepts bounds what two posts are said to be about.
const maxConcepts = 3

// concept is a word or a pair of words, with what it brought.
type concept struct {
	terms [2]uint32 // equal for a single word
	pair  uint32
	value uint32
	said  string // in words, of those that are chosen
	// folded is said, folded.
	folded string
}

// single is true for one word.
func (c *concept) single() bool { return c.terms[0] == c.terms[1] }

// say sets how a concept is said.
func (c *concept) say(text string) { c.said, c.folded = text, folded(text) }

// tallied is what a term brought to all parts of a candidate, that of the round.
type tallied struct{ round, value uint32 }

// gather sums what each term brought to all parts.
func (r *reasoner) gather() {
	r.terms, r.compounds, r.text = r.terms[:0], r.compounds[:0], 0
	if r.round++; r.round == 0 { // After four thousand million candidates.
		clear(r.values)
		r.round = 1
	}
	for _, p := range [...]part{prosePart, leadPart, summaryPart, identifiersPart, coveredPart, coversPart} {
		for _, x := range r.matches[p] {
			t := &r.values[x.id]
			if t.round != r.round {
				*t = tallied{round: r.round}
				r.terms = append(r.terms, x.id)
				if hasBit(r.sayings.compound, x.id) {
					r.compounds = append(r.compounds, x.id)
				}
			}
			t.value += x.value
			r.text += x.value
		}
	}
	for _, x := range r.matches[pairsPart] {
		r.text += x.value
	}
}

// brought is what a term brought to all parts.
func (r *reasoner) brought(term uint32) uint32 {
	if t := r.values[term]; t.round == r.round {
		return t.value
	}
	return 0
}

// rank lists the concepts, the words and word pairs, those by value that can be said
// beside the heaviest: the others wait before them, as mostly nobody asks for them. A
// pair stands for its two words.
func (r *reasoner) rank() {
	r.ranked, r.order = r.ranked[:0], r.order[:0]
	most := uint32(0)
	for _, id := range r.terms {
		value := r.brought(id)
		most = max(most, value)
		r.ranked = append(r.ranked, concept{terms: [2]uint32{id, id}, value: value})
	}
	for _, x := range r.matches[pairsPart] {
		a, b := r.scorer.model.pairs.split(x.id)
		if a != b {
			value := x.value + r.brought(a) + r.brought(b)
			most = max(most, value)
			r.ranked = append(r.ranked, concept{terms: [2]uint32{a, b}, pair: x.id, value: value})
		}
	}
	r.floor = uint32(minConcept * float64(most))
	for k := range r.ranked {
		if v := r.ranked[k].value; v < r.floor {
			r.order = append(r.order, uint64(v)<<32|uint64(k))
		}
	}
	r.sorted = len(r.order)
	for k := range r.ranked {
		if v := r.ranked[k].value; v >= r.floor {
			r.order = append(r.order, uint64(v)<<32|uint64(k))
		}
	}
	slices.Sort(r.order[r.sorted:])
}

// heavier calls f with the concepts, the heaviest first and those of one value by
// what they say, until f returns false.
func (r *reasoner) heavier(f func(c *concept) bool) {
	for to := len(r.order); to > 0; {
		if to == r.sorted {
			if r.least >= r.floor {
				return // None of the others can be said.
			}
			slices.Sort(r.order[:r.sorted])
			r.sorted = 0
		}
		from := to - 1
		for from > r.sorted && r.order[from-1]>>32 == r.order[to-1]>>32 {
			from--
		}
		same := r.order[from:to]
		if len(same) > 1 {
			r.bySaying(same)
		}
		for _, x := range same {
			if !f(&r.ranked[uint32(x)]) {
				return
			}
		}
		to = from
	}
}

// bySaying sorts places of concepts by what these say.
func (r *reasoner) bySaying(places []uint64) {
	slices.SortFunc(places, func(a, b uint64) int {
		x, y := &r.ranked[uint32(a)], &r.ranked[uint32(b)]
		return cmp.Or(strings.Compare(r.wording(x), r.wording(y)), slices.Compare(x.terms[:], y.terms[:]))
	})
}

// wording words a concept, "" when it cannot be said.
func (r *reasoner) wording(c *concept) string {
	if c.single() {
		return r.sayings.words[c.terms[0]]
	}
	return r.phrase(c.pair)
}

// A concept that brought less than this share of the first is not said.
const minConcept = 0.35

// spoken chooses the concepts that are said, each word once. Two words that are known
// to stand side by side are said so, and what is part of an identifier by the whole. A
// word of very many posts is said only beside another, unless all are wanted. What it
// returns is valid until the next call.
func (r *reasoner) spoken(all bool) []concept {
	r.out, r.used, r.least = r.out[:0], r.used[:0], 0
	r.heavier(func(c *concept) bool {
		if len(r.out) == maxConcepts || c.value < r.least {
			return false
		}
		if slices.Contains(r.used, c.terms[0]) || slices.Contains(r.used, c.terms[1]) {
			return true
		}
		text := r.wording(c)
		if text == "" {
			return true
		}
		if c.say(text); r.extends(c) || saidBy(r.out, c.folded) {
			return true
		}
		if r.least == 0 {
			r.least = uint32(minConcept * float64(c.value))
		}
		if !all && r.common(c) {
			r.joins(c)
			return true
		}
		r.used = append(r.used, c.terms[0], c.terms[1])
		if !r.joins(c) {
			r.out = append(r.out, *c)
		}
		return true
	})
	return r.out
}

// common is true for a word or pair that too many posts have to be a reason.
func (r *reasoner) common(c *concept) bool {
	m := r.scorer.model
	if c.single() {
		return m.vectors[proseChannel].idf[c.terms[0]] < m.tellingIDF
	}
	return m.vectors[pairChannel].idf[c.pair] < m.tellingIDF
}

// extends says an identifier in place of its part that is said already.
func (r *reasoner) extends(c *concept) bool {
	if !c.single() || len(r.out) == 0 || !strings.ContainsAny(c.folded, joints) {
		return false
	}
	parts := strings.FieldsFunc(c.folded, func(r rune) bool { return strings.ContainsRune(joints, r) })
	if len(parts) < 2 {
		return false
	}
	at := slices.IndexFunc(r.out, func(s concept) bool { return s.single() && slices.Contains(parts, s.folded) })
	if at < 0 || slices.ContainsFunc(r.out, func(s concept) bool { return strings.Contains(s.folded, c.folded) }) {
		return false
	}
	r.out[at].say(c.said)
	r.out[at].terms[1] = c.terms[0]
	return true
}

// joints are what the parts of an identifier are joined by.
const joints = ".-_/:"

// minJoined is the number of texts that must write two words side by side.
const minJoined = 2

// joins puts a word beside one that is said already.
func (r *reasoner) joins(c *concept) bool {
	if !c.single() {
		return false
	}
	for at := range r.out {
		s := &r.out[at]
		if !s.single() {
			continue
		}
		text := r.beside(s.terms[0], c.terms[0])
		if text == "" {
			text = r.beside(c.terms[0], s.terms[0])
		}
		if text != "" {
			s.say(text)
			s.terms[1] = c.terms[0]
			return true
		}
	}
	return false
}

// beside is how two words are written together: as an identifier that both posts
// have, or side by side; "" when they are not.
func (r *reasoner) beside(a, b uint32) string {
	m := r.scorer.model
	if whole, ok := r.compound(a, b); ok {
		return m.label(termSpace, whole)
	}
	if n, ok := m.pairs.lookup(pairKey(a, b)); ok && m.pairs.written[n].votes >= minJoined {
		return r.phrase(n)
	}
	return ""
}

// compound is the identifier that is made of two words and brought something, by the
// first joint that makes one.
func (r *reasoner) compound(a, b uint32) (uint32, bool) {
	names := r.scorer.model.labels[termSpace].names
	left, right := names[a], names[b]
	best, found := len(joints), uint32(0)
	for _, id := range r.compounds {
		name := names[id]
		if len(name) != len(left)+1+len(right) || name[:len(left)] != left || name[len(left)+1:] != right || r.brought(id) == 0 {
			continue
		}
		if k := strings.IndexByte(joints, name[len(left)]); k >= 0 && k < best {
			best, found = k, id
		}
	}
	return found, best < len(joints)
}
