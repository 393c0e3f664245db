package ranking

import "alphanode/corpus"

// SimilarTo is [Model.Near] for a post that need not be part of the model. What the
// model has never seen does not count. A post of the model with the same id is left
// out of the answer.
func (m *Model) SimilarTo(p *corpus.Post, k int) []Scored {
	v := m.foreign(p)
	return m.near(&v, k)
}

// foreign makes the view of a post that is not part of the model.
func (m *Model) foreign(p *corpus.Post) view {
	b := newBatch(m.config)
	b.add(p)
	d := &b.docs[0]
	to := m.translations(b)
	v := view{self: -1}
	if i, ok := m.Lookup(p.ID); ok {
		v.self = i
	}
	for c := range d.channels {
		v.vectors[c] = known(d.channels[c], to[channelSpaces[c]])
	}
	m.nameIn(&v, b, &to)
	m.connect(&v)
	v.vectors[pairChannel] = m.prunePairs(v.vectors[pairChannel])
	for c := range v.vectors {
		v.vectors[c] = m.vectors[c].counting(v.vectors[c], channel(c) == titleChannel)
		v.inv[c] = m.vectors[c].inverse(v.vectors[c].ids, v.vectors[c].counts)
	}
	v.titleSum = m.titleIDF(v.vectors[titleChannel].ids)
	v.coversK = m.saturation(total(v.vectors[proseChannel].counts), coversB)
	v.info = d.info
	v.dated = m.dateOf(d.info.published)
	return v
}

// unknown is the number of a feature that the model has never seen.
const unknown = 1<<32 - 1

func (m *Model) translations(b *batch) (to [numSpaces][]uint32) {
	for s, sp := range b.spaces {
		to[s] = make([]uint32, sp.len())
		for i, name := range sp.names {
			to[s][i] = unknown
			if n, ok := m.labels[s].lookup(name); ok {
				to[s][i] = n
			}
		}
	}
	to[pairSpace] = make([]uint32, len(b.pairs.terms))
	for i := range to[pairSpace] {
		first, second := b.pairs.split(uint32(i))
		to[pairSpace][i] = unknown
		if n, ok := m.pairs.lookup(pairKey(to[termSpace][first], to[termSpace][second])); ok {
			to[pairSpace][i] = n
		}
	}
	return to
}

// known translates a vector and leaves out what the model has never seen.
func known(s sparse, to []uint32) sparse {
	var out sparse
	for k, id := range s.ids {
		if to[id] != unknown {
			out.ids, out.counts = append(out.ids, to[id]), append(out.counts, s.counts[k])
		}
	}
	return out
}

// counting leaves out the features without weight.
func (v *vectors) counting(s sparse, all bool) sparse {
	var out sparse
	for k, id := range s.ids {
		if all || v.idf[id] > 0 {
			out.ids, out.counts = append(out.ids, id), append(out.counts, s.counts[k])
		}
	}
	return out
}

// connect adds the edges to the posts that the new one links to, and, where it
// replaces a post of the model, those from the posts that name or link to that.
func (m *Model) connect(v *view) {
	var links edgeBuilder
	for _, id := range v.vectors[targetChannel].ids {
		if post, ok := m.byKey[id]; ok && int(post) != v.self {
			links.add(post, 1)
		}
	}
	links.end()
	v.setEdges(linksPart, &links.edges, 0)
	if v.self >= 0 {
		v.setEdges(namedByPart, &m.namedBy, v.self)
		v.setEdges(linkedByPart, &m.linkedBy, v.self)
	}
}

func (v *view) setEdges(p part, all *edges, i int) {
	e := &v.edges[p-numProducts]
	e.to, e.weight = all.from(i)
}
