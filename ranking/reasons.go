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
	scorer    *scorer
	asked     *view
	sayings   *sayings
	candidate paired
	matches   [numProducts][]match // what the two posts have in common
	terms     []uint32             // those that brought anything
	values    []tallied            // by term: what it brought to all parts
	round     uint32               // of values
	compounds []uint32             // terms of these that are identifiers of several words
	text      uint32               // what all terms and pairs brought
	ranked    []concept
	order     []uint64 // of ranked: value and place
	sorted    int      // where the sorted part of order begins
	floor     uint32   // what is before it brought less
	least     uint32   // what a concept must have brought to be said
	causes    []cause
	out       []concept
	used      []uint32
}

// match is a feature that two posts have in common, with what it brings.
type match struct{ id, value uint32 }

func newReasoner(s *scorer) *reasoner {
	return &reasoner{scorer: s, sayings: s.model.sayings(), values: make([]tallied, s.model.labels[termSpace].len())}
}

// cause is one reason with what it brought.
type cause struct {
	text  string
	value uint32
}

// explain returns the numbers of candidate i and at most three reasons, the
// heaviest first.
func (r *reasoner) explain(v *view, i int) (numbers, []string) {
	r.asked = v
	r.scorer.model.pair(i, &r.candidate)
	n := numbers{factor: r.scorer.model.factor[i]}
	for p := range numParts {
		n.parts[p] = r.match(p, i)
	}
	r.gather()
	r.rank()
	var out []string
	for level := telltale; level <= anything && !substantial(out); level++ {
		out = r.heaviest(r.causesOf(&n, level), &n)
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
	out := make([]string, 0, maxReasons)
	for k, c := range causes {
		if len(out) < maxReasons && (k == 0 || c.value >= least) {
			out = append(out, c.text)
		}
	}
	return out
}

// causesOf lists all that the similarity is made of, in words; valid until the next
// call.
func (r *reasoner) causesOf(n *numbers, level breadth) []cause {
	r.causes = r.causes[:0]
	add := func(text string, value uint32) {
		if text != "" && value > 0 {
			r.causes = append(r.causes, cause{text, value})
		}
	}
	all := level == anything
	about, mentioned, named := r.divide(r.spoken(level >= words))
	add(enumerated(abouts, about), uint32(named*float64(r.text)))
	add(enumerated(mentions, mentioned), uint32((1-named)*float64(r.text)))
	add("this post names it", n.parts[namesPart])
	add("it names this post", n.parts[namedByPart])
	add("this post links to it", n.parts[linksPart])
	add("it links to this post", n.parts[linkedByPart])
	tags := r.sharing(tagsPart, 2, nil, all)
	add(joined("both tagged ", tags), n.parts[tagsPart])
	said := func(name string) bool {
		is := func(s string) bool { return folded(s) == name }
		return slices.ContainsFunc(about, is) || slices.ContainsFunc(mentioned, is) || slices.ContainsFunc(tags, is)
	}
	add(joined("both on ", r.sharing(entitiesPart, 2, said, all)), n.parts[entitiesPart])
	add(joined("same series: ", r.sharing(seriesPart, 1, nil, all)), n.parts[seriesPart])
	add(joined("both under ", r.sharing(folderPart, 1, said, all)), n.parts[folderPart])
	add(joined("both link to ", r.sharing(targetsPart, 1, nil, all)), n.parts[targetsPart])
	return r.causes
}

// divide tells the concepts that a title or a summary of one of the two posts has,
// which the posts are about, from those that they only mention. Named is the share of
// the former in what all brought.
func (r *reasoner) divide(concepts []concept) (about, mentioned []string, named float64) {
	sum := 0.0
	for _, c := range concepts {
		sum += float64(c.value)
		if r.titled(c.terms[0]) || r.titled(c.terms[1]) {
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
// the candidate.
func (r *reasoner) titled(term uint32) bool {
	for _, c := range []channel{titleChannel, summaryChannel} {
		if slices.Contains(r.candidate.rows[c].ids, term) || slices.Contains(r.asked.vectors[c].ids, term) {
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
		c := products[p].candidate
		row, table, present := &r.candidate.rows[c], s.tables[p], &s.present[p]
		weigh := r.candidate.weigher(p)
		for k, id := range row.ids {
			if present[id/64%presentWords]>>(id%64)&1 == 0 {
				continue
			}
			if w := table[id]; w > 0 {
				value := w * uint32(weigh.of(s.model.vectors[c].idf[id], row.counts[k]))
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
func (r *reasoner) sharing(p part, limit int, said func(folded string) bool, all bool) []string {
	if len(r.matches[p]) == 0 {
		return nil
	}
	type feature struct {
		name  string
		value uint32
	}
	var found []feature
	m, c := r.scorer.model, products[p].candidate
	for _, x := range r.matches[p] {
		if (all || m.vectors[c].idf[x.id] >= m.tellingIDF) && (p != entitiesPart || r.given(x.id)) {
			found = append(found, feature{m.label(channelSpaces[c], x.id), x.value})
		}
	}
	slices.SortFunc(found, func(a, b feature) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(len(b.name), len(a.name)), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, f := range found {
		if len(names) == limit {
			break
		}
		if said == nil || !said(folded(f.name[strings.LastIndexByte(f.name, '/')+1:])) {
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
func (r *reasoner) given(entity uint32) bool {
	for _, v := range []*sparse{&r.asked.vectors[entityChannel], &r.candidate.rows[entityChannel]} {
		if k := slices.Index(v.ids, entity); k >= 0 && v.counts[k] == givenEntity {
			return true
		}
	}
	return false
}

func sparseOf(ids []uint32, counts []uint8) sparse { return sparse{ids, counts} }

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
