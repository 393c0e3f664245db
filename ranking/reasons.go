package ranking

import (
	"cmp"
	"slices"
	"strings"

	"alphanode/index"
)

// maxReasons bounds the reasons of a neighbour.
const maxReasons = 3

// A part that is a smaller share of the similarity is no reason, unless no other
// is.
const minReason = 0.08

// reasoner words why a candidate is similar. Not safe for concurrent use.
type reasoner struct {
	scorer  *scorer
	asked   *view
	matches [numProducts][]match // what the two posts have in common
	terms   []match              // what each term brought to all parts, by id
	text    uint32               // what all terms and pairs brought
	ranked  []concept
	order   []uint64 // of ranked: value and place
	packed  []uint64 // scratch
}

// match is a feature that two posts have in common, with what it brings.
type match struct{ id, value uint32 }

func newReasoner(s *scorer) *reasoner { return &reasoner{scorer: s} }

// cause is one reason with what it brought.
type cause struct {
	text  string
	value uint32
}

// explain returns the numbers of candidate i and at most three reasons, the
// heaviest first.
func (r *reasoner) explain(v *view, i int) (numbers, []string) {
	r.asked = v
	n := numbers{factor: r.scorer.model.factor[i]}
	for p := range numParts {
		n.parts[p] = r.match(p, i)
	}
	r.gather()
	r.rank()
	var out []string
	for level := telltale; level <= anything && !substantial(out); level++ {
		out = r.heaviest(r.causes(i, &n, level), &n)
	}
	for _, s := range r.beyond(v, i) {
		if len(out) < maxReasons {
			out = append(out, s)
		}
	}
	return n, out
}

// breadth says what may be a reason though very many posts have it.
type breadth int

const (
	telltale breadth = iota // nothing
	words                   // words and word pairs
	anything                // tags, folders and entities too
)

// substantial is true when there is a reason that is more than a mention.
func substantial(reasons []string) bool {
	return slices.ContainsFunc(reasons, func(s string) bool { return !strings.HasPrefix(s, mentions) })
}

// The beginnings of the reasons that enumerate concepts.
const (
	abouts   = "both about "
	mentions = "both mention "
)

// heaviest words the causes that count, in the order of what they brought.
func (r *reasoner) heaviest(causes []cause, n *numbers) []string {
	slices.SortStableFunc(causes, func(a, b cause) int { return cmp.Compare(b.value, a.value) })
	least := uint32(minReason * float64(n.similarity()))
	var out []string
	for k, c := range causes {
		if len(out) < maxReasons && (k == 0 || c.value >= least) {
			out = append(out, c.text)
		}
	}
	return out
}

// causes lists all that the similarity is made of, in words.
func (r *reasoner) causes(i int, n *numbers, level breadth) []cause {
	var out []cause
	add := func(text string, value uint32) {
		if text != "" && value > 0 {
			out = append(out, cause{text, value})
		}
	}
	all := level == anything
	about, mentioned, named := r.divide(r.spoken(level >= words), i)
	add(enumerated(abouts, about), uint32(named*float64(r.text)))
	add(enumerated(mentions, mentioned), uint32((1-named)*float64(r.text)))
	add("this post names it", n.parts[namesPart])
	add("it names this post", n.parts[namedByPart])
	add("this post links to it", n.parts[linksPart])
	add("it links to this post", n.parts[linkedByPart])
	tags := r.sharing(tagsPart, i, 2, nil, all)
	add(joined("both tagged ", tags), n.parts[tagsPart])
	said := slices.Concat(about, mentioned, tags)
	add(joined("both on ", r.sharing(entitiesPart, i, 2, said, all)), n.parts[entitiesPart])
	add(joined("same series: ", r.sharing(seriesPart, i, 1, nil, all)), n.parts[seriesPart])
	add(joined("both under ", r.sharing(folderPart, i, 1, said, all)), n.parts[folderPart])
	add(joined("both link to ", r.sharing(targetsPart, i, 1, nil, all)), n.parts[targetsPart])
	return out
}

// divide tells the concepts that a title or a summary of one of the two posts has,
// which the posts are about, from those that they only mention. Named is the share of
// the former in what all brought.
func (r *reasoner) divide(concepts []concept, i int) (about, mentioned []string, named float64) {
	sum := 0.0
	for _, c := range concepts {
		sum += float64(c.value)
		if r.titled(c.terms[0], i) || r.titled(c.terms[1], i) {
			about = append(about, c.said)
			named += float64(c.value)
		} else {
			mentioned = append(mentioned, c.said)
		}
	}
	if sum == 0 {
		return about, mentioned, 0
	}
	return about, mentioned, named / sum
}

// titled is true for a term in the title or summary of the post asked about or of
// candidate i.
func (r *reasoner) titled(term uint32, i int) bool {
	for _, c := range []channel{titleChannel, summaryChannel} {
		ids, _ := r.scorer.model.vectors[c].row(i)
		if slices.Contains(ids, term) || slices.Contains(r.asked.vectors[c].ids, term) {
			return true
		}
	}
	return false
}

func joined(prefix string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return prefix + strings.Join(names, " and ")
}

// How much newer or deeper a post must be for it to be said.
const (
	newerDays    = 180
	deeperPoints = 15
)

// beyond are reasons that lie in the post itself, not in the likeness.
func (r *reasoner) beyond(v *view, i int) []string {
	var out []string
	a, b := v.info.signals, r.scorer.model.infos[i].signals
	if a.Day != index.NoDay && b.Day != index.NoDay && b.Day-a.Day >= newerDays {
		out = append(out, "newer")
	}
	if b.Depth-a.Depth >= deeperPoints {
		out = append(out, "deeper")
	}
	return out
}

// match gathers what the post asked about and candidate i have in common in one
// part, and returns its value.
func (r *reasoner) match(p part, i int) uint32 {
	s := r.scorer
	if p >= numProducts {
		return s.part(p, i)
	}
	out, sum := r.matches[p][:0], uint32(0)
	if len(s.asked.terms[p]) > 0 {
		scale := s.model.candidateScale(p, i)
		ids, counts := s.model.vectors[products[p].candidate].row(i)
		for k, id := range ids {
			if w := s.tables[p][id]; w > 0 {
				value := w * uint32(s.model.candidateWeight(p, i, scale, id, counts[k]))
				sum += value
				out = append(out, match{id, value})
			}
		}
	}
	r.matches[p] = out
	return sum
}

// sharing names the features that brought most to a part, of equal ones the
// longer name: the inner folder. Left out are features that are said already, entities
// that both posts only mention and, unless all are wanted, what too many posts have.
func (r *reasoner) sharing(p part, i, limit int, said []string, all bool) []string {
	type feature struct {
		name  string
		value uint32
	}
	var found []feature
	m, c := r.scorer.model, products[p].candidate
	for _, x := range r.matches[p] {
		if (all || m.vectors[c].idf[x.id] >= m.tellingIDF) && (p != entitiesPart || r.given(x.id, i)) {
			found = append(found, feature{m.label(channelSpaces[c], x.id), x.value})
		}
	}
	slices.SortFunc(found, func(a, b feature) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(len(b.name), len(a.name)), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, f := range found {
		inner := fold(f.name[strings.LastIndexByte(f.name, '/')+1:])
		if len(names) < limit && !slices.ContainsFunc(said, func(s string) bool { return fold(s) == inner }) {
			names = append(names, f.name)
		}
	}
	return names
}

// The posts that may have a feature in common for it to be a reason: a tenth of
// all, and in any case so many.
const (
	tellingShare = 0.1
	tellingPosts = 50
)

// telling is the idf from which a feature of a corpus of n posts is a reason.
func telling(n int) float32 {
	return idf(n, uint32(max(tellingShare*float64(n), tellingPosts)))
}

// given is true for an entity that one of the two posts gives itself.
func (r *reasoner) given(entity uint32, i int) bool {
	for _, v := range []sparse{r.asked.vectors[entityChannel], sparseOf(r.scorer.model.vectors[entityChannel].row(i))} {
		if k := slices.Index(v.ids, entity); k >= 0 && v.counts[k] == givenEntity {
			return true
		}
	}
	return false
}

func sparseOf(ids []uint32, counts []uint8) sparse { return sparse{ids, counts} }

// label is a feature as its readers write it: a term as it is mostly written,
// but by its stem where that is often written itself ("current", not "currently").
func (m *Model) label(s spaceID, id uint32) string {
	name := m.labels[s].names[id]
	spelling, ok := m.written[s].of(id)
	if !ok {
		return name
	}
	text := m.spelled.names[spelling]
	if s == termSpace && m.written[s].isPlain(id) && fold(text) != name {
		return name
	}
	return text
}

// enumerated is "prefix a, b and c", "" without names.
func enumerated(prefix string, names []string) string {
	last := len(names) - 1
	switch {
	case last < 0:
		return ""
	case last == 0:
		return prefix + names[0]
	}
	return prefix + strings.Join(names[:last], ", ") + " and " + names[last]
}

// maxConcepts bounds what two posts are said to be about.
const maxConcepts = 3

// concept is a word or a pair of words, with what it brought.
type concept struct {
	terms [2]uint32 // equal for a single word
	pair  uint32
	value uint32
	said  string // in words, of those that are chosen
}

// single is true for one word.
func (c concept) single() bool { return c.terms[0] == c.terms[1] }

// gather sums what each term brought to all parts.
func (r *reasoner) gather() {
	r.packed, r.text = r.packed[:0], 0
	for _, p := range []part{prosePart, leadPart, summaryPart, identifiersPart, coveredPart, coversPart} {
		for _, x := range r.matches[p] {
			r.packed = append(r.packed, uint64(x.id)<<32|uint64(x.value))
			r.text += x.value
		}
	}
	slices.Sort(r.packed)
	r.terms = r.terms[:0]
	for _, x := range r.packed {
		id, value := uint32(x>>32), uint32(x)
		if last := len(r.terms) - 1; last >= 0 && r.terms[last].id == id {
			r.terms[last].value += value
		} else {
			r.terms = append(r.terms, match{id, value})
		}
	}
	for _, x := range r.matches[pairsPart] {
		r.text += x.value
	}
}

// rank lists the concepts, the words and word pairs, and sorts their places by
// value. A pair stands for its two words.
func (r *reasoner) rank() {
	r.ranked, r.order = r.ranked[:0], r.order[:0]
	for _, x := range r.terms {
		r.ranked = append(r.ranked, concept{terms: [2]uint32{x.id, x.id}, value: x.value})
	}
	for _, x := range r.matches[pairsPart] {
		a, b := r.scorer.model.pairs.split(x.id)
		if a != b {
			r.ranked = append(r.ranked, concept{terms: [2]uint32{a, b}, pair: x.id, value: x.value + r.brought(a) + r.brought(b)})
		}
	}
	for k, c := range r.ranked {
		r.order = append(r.order, uint64(c.value)<<32|uint64(k))
	}
	slices.Sort(r.order)
}

// heavier calls f with the concepts, the heaviest first and those of one value by
// what they say, until f returns false.
func (r *reasoner) heavier(f func(c concept) bool) {
	for to := len(r.order); to > 0; {
		from := to - 1
		for from > 0 && r.order[from-1]>>32 == r.order[to-1]>>32 {
			from--
		}
		same := r.order[from:to]
		if len(same) > 1 {
			slices.SortFunc(same, func(a, b uint64) int {
				return strings.Compare(r.wording(r.ranked[uint32(a)]), r.wording(r.ranked[uint32(b)]))
			})
		}
		for _, x := range same {
			if !f(r.ranked[uint32(x)]) {
				return
			}
		}
		to = from
	}
}

// brought is what a term brought to all parts.
func (r *reasoner) brought(term uint32) uint32 {
	k, ok := slices.BinarySearchFunc(r.terms, term, func(x match, id uint32) int { return cmp.Compare(x.id, id) })
	if !ok {
		return 0
	}
	return r.terms[k].value
}

// wording words a concept, "" when it cannot be said.
func (r *reasoner) wording(c concept) string {
	m := r.scorer.model
	if c.terms[0] != c.terms[1] {
		return m.phrase(c.pair)
	}
	if text := m.label(termSpace, c.terms[0]); sayable(text) {
		return text
	}
	return ""
}

// A concept that brought less than this share of the first is not said.
const minConcept = 0.35

// spoken chooses the concepts that are said, each word once. Two words that are known
// to stand side by side are said so, and what is part of an identifier by the whole. A
// word of very many posts is said only beside another, unless all are wanted.
func (r *reasoner) spoken(all bool) []concept {
	var out []concept
	var used []uint32
	least := uint32(0)
	r.heavier(func(c concept) bool {
		if len(out) == maxConcepts || c.value < least {
			return false
		}
		if slices.Contains(used, c.terms[0]) || slices.Contains(used, c.terms[1]) {
			return true
		}
		if c.said = r.wording(c); c.said == "" || r.extends(c, out) || saidBy(out, c.said) {
			return true
		}
		if least == 0 {
			least = uint32(minConcept * float64(c.value))
		}
		if !all && r.common(c) {
			r.joins(c, out)
			return true
		}
		used = append(used, c.terms[0], c.terms[1])
		if !r.joins(c, out) {
			out = append(out, c)
		}
		return true
	})
	return out
}

// common is true for a word or pair that too many posts have to be a reason.
func (r *reasoner) common(c concept) bool {
	m := r.scorer.model
	if c.single() {
		return m.vectors[proseChannel].idf[c.terms[0]] < m.tellingIDF
	}
	return m.vectors[pairChannel].idf[c.pair] < m.tellingIDF
}

// extends says an identifier in place of its part that is said already.
func (r *reasoner) extends(c concept, out []concept) bool {
	parts := identifierParts(c.said)
	if !c.single() || len(parts) < 2 {
		return false
	}
	at := slices.IndexFunc(out, func(s concept) bool { return s.single() && slices.Contains(parts, fold(s.said)) })
	if at < 0 || slices.ContainsFunc(out, func(s concept) bool { return strings.Contains(fold(s.said), fold(c.said)) }) {
		return false
	}
	out[at].said, out[at].terms[1] = c.said, c.terms[0]
	return true
}

// joints are what the parts of an identifier are joined by.
const joints = ".-_/:"

func identifierParts(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return strings.ContainsRune(joints, r) })
}

// minJoined is the number of texts that must write two words side by side.
const minJoined = 2

// joins puts a word beside one that is said already.
func (r *reasoner) joins(c concept, out []concept) bool {
	if !c.single() {
		return false
	}
	for at, s := range out {
		if !s.single() {
			continue
		}
		text := cmp.Or(r.beside(s.terms[0], c.terms[0]), r.beside(c.terms[0], s.terms[0]))
		if text != "" {
			out[at].said, out[at].terms[1] = text, c.terms[0]
			return true
		}
	}
	return false
}

// beside is how two words are written together: as an identifier that both posts
// have, or side by side; "" when they are not.
func (r *reasoner) beside(a, b uint32) string {
	m := r.scorer.model
	names := m.labels[termSpace].names
	for _, joint := range joints {
		if whole, ok := m.labels[termSpace].lookup(names[a] + string(joint) + names[b]); ok && r.brought(whole) > 0 {
			return m.label(termSpace, whole)
		}
	}
	if n, ok := m.pairs.lookup(pairKey(a, b)); ok && m.pairs.written[n].votes >= minJoined {
		return m.phrase(n)
	}
	return ""
}
