package ranking

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alphanode/index"
)

// maxReasons bounds the reasons of a neighbour.
const maxReasons = 3

// A part that is a smaller share of the similarity is no reason, unless no other
// is.
const minReason = 0.05

// reasoner words why a candidate is similar. Not safe for concurrent use.
type reasoner struct {
	scorer *scorer
	terms  map[uint32]uint32 // what each term brought
	pairs  map[uint32]uint32
	values [numParts]map[uint32]uint32
}

func newReasoner(s *scorer) *reasoner {
	return &reasoner{scorer: s, terms: map[uint32]uint32{}, pairs: map[uint32]uint32{}}
}

// cause is one reason with what it brought.
type cause struct {
	text  string
	value uint32
}

// explain returns the numbers of candidate i and at most three reasons, the
// heaviest first.
func (r *reasoner) explain(v *view, i int) (numbers, []string) {
	n := numbers{factor: r.scorer.model.factor[i]}
	clear(r.terms)
	clear(r.pairs)
	for p := range numParts {
		n.parts[p] = r.scorer.part(p, i)
	}
	causes := r.causes(v, i, &n)
	slices.SortStableFunc(causes, func(a, b cause) int { return int(int64(b.value) - int64(a.value)) })
	least := uint32(minReason * float64(n.similarity()))
	var out []string
	for k, c := range causes {
		if len(out) < maxReasons && (k == 0 || c.value >= least) {
			out = append(out, c.text)
		}
	}
	for _, s := range r.beyond(v, i) {
		if len(out) < maxReasons {
			out = append(out, s)
		}
	}
	return n, out
}

// causes lists all that the similarity is made of, in words.
func (r *reasoner) causes(v *view, i int, n *numbers) []cause {
	var out []cause
	add := func(text string, value uint32) {
		if text != "" && value > 0 {
			out = append(out, cause{text, value})
		}
	}
	concepts, text := r.concepts(i)
	add(about(concepts), text)
	add("this post names it", n.parts[namesPart])
	add("it names this post", n.parts[namedByPart])
	add(r.link(v, i), n.parts[linksPart])
	add(r.sharing("both tagged ", tagsPart, i, nil), n.parts[tagsPart])
	add(r.sharing("both on ", entitiesPart, i, concepts), n.parts[entitiesPart])
	add(r.sharing("same series: ", seriesPart, i, nil), n.parts[seriesPart])
	add(r.sharing("both under ", folderPart, i, nil), n.parts[folderPart])
	add(r.sharing("both link to ", targetsPart, i, nil), n.parts[targetsPart])
	return out
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

// each calls f with every entry of candidate i that part p has in common with
// the post asked about.
func (r *reasoner) each(p part, i int, f func(id, value uint32)) {
	s := r.scorer
	if p >= numProducts || len(s.asked.terms[p]) == 0 {
		return
	}
	scale := s.model.candidateScale(p, i)
	ids, counts := s.model.vectors[products[p].candidate].row(i)
	for k, id := range ids {
		if w := s.tables[p][id]; w > 0 {
			f(id, w*uint32(s.model.candidateWeight(p, i, scale, id, counts[k])))
		}
	}
}

// link says which of the two links to the other.
func (r *reasoner) link(v *view, i int) string {
	m := r.scorer.model
	for _, t := range v.vectors[targetChannel].ids {
		if post, ok := m.byKey[t]; ok && int(post) == i {
			return "this post links to it"
		}
	}
	return "it links to this post"
}

// sharing names the two features that brought most to a part. Features that are
// said already are left out.
func (r *reasoner) sharing(prefix string, p part, i int, said []string) string {
	type feature struct {
		name  string
		value uint32
	}
	var all []feature
	space := channelSpaces[products[p].candidate]
	r.each(p, i, func(id, value uint32) {
		all = append(all, feature{r.scorer.model.label(space, id), value})
	})
	slices.SortFunc(all, func(a, b feature) int {
		if a.value != b.value {
			return int(int64(b.value) - int64(a.value))
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, f := range all {
		if len(names) < 2 && !slices.ContainsFunc(said, func(s string) bool { return fold(s) == fold(f.name) }) {
			names = append(names, f.name)
		}
	}
	if p == folderPart && len(names) > 1 { // The longest folder says it all.
		names = []string{slices.MaxFunc(names, func(a, b string) int { return len(a) - len(b) })}
	}
	if len(names) == 0 {
		return ""
	}
	return prefix + strings.Join(names, " and ")
}

// label is a feature as its readers write it.
func (m *Model) label(s spaceID, id uint32) string {
	if f := &m.written[s]; int(id) < len(f.text) && f.text[id] != "" {
		return f.text[id]
	}
	return m.labels[s].names[id]
}

func about(concepts []string) string {
	switch len(concepts) {
	case 0:
		return ""
	case 1:
		return "both about " + concepts[0]
	case 2:
		return "both about " + concepts[0] + " and " + concepts[1]
	}
	last := len(concepts) - 1
	return "both about " + strings.Join(concepts[:last], ", ") + " and " + concepts[last]
}

// maxConcepts bounds what two posts are said to be about.
const maxConcepts = 3

// concept is a word or a pair of words, with what it brought.
type concept struct {
	text  string
	terms [2]uint32
	value uint32
}

// concepts are the words and word pairs that brought most, and what all words
// and pairs brought together. A pair stands for its two words; a word is said once.
func (r *reasoner) concepts(i int) ([]string, uint32) {
	sum := uint32(0)
	for _, p := range []part{prosePart, leadPart, summaryPart, identifiersPart, coveredPart, coversPart} {
		r.each(p, i, func(id, value uint32) {
			r.terms[id] += value
			sum += value
		})
	}
	r.each(pairsPart, i, func(id, value uint32) {
		r.pairs[id] += value
		sum += value
	})
	all := r.candidates()
	var out []string
	var used []uint32
	first := uint32(0)
	for _, c := range all {
		if len(out) == maxConcepts || (len(out) == 2 && 2*c.value < first) {
			break
		}
		if slices.Contains(used, c.terms[0]) || slices.Contains(used, c.terms[1]) {
			continue
		}
		if len(out) == 0 {
			first = c.value
		}
		used = append(used, c.terms[0], c.terms[1])
		out = append(out, c.text)
	}
	return out, sum
}

// candidates are the concepts that can be said, the heaviest first.
func (r *reasoner) candidates() []concept {
	m := r.scorer.model
	var all []concept
	for id, value := range r.terms {
		if text := m.label(termSpace, id); sayable(text) {
			all = append(all, concept{text, [2]uint32{id, id}, value})
		}
	}
	for id, value := range r.pairs {
		a, b := m.pairs.split(id)
		if a == b {
			continue
		}
		text := m.label(termSpace, a) + " " + m.label(termSpace, b)
		if sayable(m.label(termSpace, a)) || sayable(m.label(termSpace, b)) {
			all = append(all, concept{text, [2]uint32{a, b}, value + r.terms[a] + r.terms[b]})
		}
	}
	slices.SortFunc(all, func(a, b concept) int {
		if a.value != b.value {
			return int(int64(b.value) - int64(a.value))
		}
		return strings.Compare(a.text, b.text)
	})
	return all
}

// sayable is false for what tells a reader nothing by itself: numbers and single
// letters.
func sayable(word string) bool {
	if utf8.RuneCountInString(word) < 2 {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.In(r, unicode.Han, unicode.Hangul)
	}
	return strings.ContainsFunc(word, unicode.IsLetter)
}
