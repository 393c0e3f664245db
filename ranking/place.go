package ranking

import "slices"

// placement is a post in the numbers of a generation: a function of the post and of
// what is frozen, and of nothing else.
type placement struct {
	info                        info
	vectors                     [numChannels]sparse
	inv                         [numChannels]float32
	titleSum, coveredK, coversK float32
	factor                      float64
	dated                       dated
	// names are the slots of the posts that the text names, with weights.
	names sparseEdges
	// key is the hash of the post's address, targets are those it links to.
	key     uint64
	targets []uint64
}

// placer places the posts of one batch. Not safe for concurrent use.
type placer struct {
	frozen   *frozen
	from     *batch
	to       [numSpaces][]uint32
	titles   *pairSearch
	entities *pairSearch
	named    edgeBuilder
	all      []weighed
}

func (f *frozen) placer(b *batch) *placer {
	p := &placer{frozen: f, from: b, to: f.translations(b)}
	key := func(i int) uint64 {
		first, second := b.pairs.split(uint32(i))
		return pairKey(p.to[termSpace][first], p.to[termSpace][second])
	}
	p.titles = f.titled.finder.over(len(b.pairs.terms), key)
	p.entities = f.entity.over(len(b.pairs.terms), key)
	return p
}

// place places post i of the batch.
func (p *placer) place(i int) placement {
	f, d := p.frozen, &p.from.docs[i]
	out := placement{info: d.info, dated: f.dateOf(d.info.published), factor: f.priorFactor(d.info.signals)}
	for c := range d.channels {
		out.vectors[c] = known(d.channels[c], p.to[channelSpaces[c]])
	}
	p.names(d, &out)
	p.mentions(d, &out)
	p.addresses(d, &out)
	title := &out.vectors[titleChannel]
	out.titleSum = f.titleIDF(title.ids, len(d.channels[titleChannel].ids)-len(title.ids))
	for c := range out.vectors {
		out.vectors[c] = counting(out.vectors[c], f.idf[c])
	}
	out.vectors[pairChannel] = p.prunePairs(out.vectors[pairChannel])
	for c := range out.vectors {
		if channel(c) != titleChannel {
			out.inv[c] = inverse(f.idf[c], out.vectors[c])
		}
	}
	length := total(out.vectors[proseChannel].counts)
	out.coveredK, out.coversK = f.saturation(length, coveredB), f.saturation(length, coversB)
	return out
}

// names finds the posts that the text names.
func (p *placer) names(d *digest, out *placement) {
	f := p.frozen
	self, ok := f.slots[d.info.id]
	if !ok {
		self = unknown
	}
	p.named = edgeBuilder{}
	p.titles.find(out.vectors[proseChannel].ids, d.channels[pairChannel].ids, func(name uint32) { f.titled.link(&p.named, name, self) })
	p.named.end()
	out.names.to, out.names.weight = p.named.from(0)
}

// mentions adds the entities that the text names to those that the post gives.
func (p *placer) mentions(d *digest, out *placement) {
	e := &out.vectors[entityChannel]
	given := slices.Clone(d.channels[entityChannel].ids)
	for k := range given {
		given[k] = p.to[entitySpace][given[k]]
	}
	found := len(e.ids)
	p.entities.find(out.vectors[proseChannel].ids, d.channels[pairChannel].ids, func(name uint32) {
		if !slices.Contains(given, name) && !slices.Contains(e.ids[found:], name) {
			e.ids, e.counts = append(e.ids, name), append(e.counts, mentionedEntity)
		}
	})
}

// addresses hashes the address of the post and those it links to.
func (p *placer) addresses(d *digest, out *placement) {
	names := p.from.spaces[targetSpace].names
	out.key = addressHash(names[d.key])
	for _, id := range d.channels[targetChannel].ids {
		out.targets = append(out.targets, addressHash(names[id]))
	}
}

// addressHash names an address; 0 is that of a post without one.
func addressHash(key string) uint64 {
	if key == "" {
		return 0
	}
	return hashString(key) | 1
}

// prunePairs keeps the pairs of greatest weight.
func (p *placer) prunePairs(s sparse) sparse {
	f := p.frozen
	p.all = p.all[:0]
	for k, id := range s.ids {
		p.all = append(p.all, weighed{id, s.counts[k], f.idf[pairChannel][id] * roots[s.counts[k]], f.pairs.hash(id, f.termHash)})
	}
	var out sparse
	for _, e := range heaviest(p.all, f.config.Similar.Analysis.MaxPairs) {
		out.ids, out.counts = append(out.ids, e.id), append(out.counts, e.count)
	}
	return out
}

// translations are the numbers of a generation for those of a batch.
func (f *frozen) translations(b *batch) (to [numSpaces][]uint32) {
	for s, sp := range b.spaces {
		to[s] = make([]uint32, sp.len())
		for i, name := range sp.names {
			to[s][i] = unknown
			if n, ok := f.labels[s].lookup(name); ok {
				to[s][i] = n
			}
		}
	}
	to[pairSpace] = make([]uint32, len(b.pairs.terms))
	for i := range to[pairSpace] {
		first, second := b.pairs.split(uint32(i))
		to[pairSpace][i] = unknown
		if n, ok := f.pairs.lookup(pairKey(to[termSpace][first], to[termSpace][second])); ok {
			to[pairSpace][i] = n
		}
	}
	return to
}

// known translates a vector and leaves out what has no number.
func known(s sparse, to []uint32) sparse {
	out := sparse{ids: make([]uint32, 0, len(s.ids)), counts: make([]uint8, 0, len(s.ids))}
	for k, id := range s.ids {
		if to[id] != unknown {
			out.ids, out.counts = append(out.ids, to[id]), append(out.counts, s.counts[k])
		}
	}
	return out
}

// counting leaves out, in place, the features without weight.
func counting(s sparse, idf []float32) sparse {
	out := sparse{ids: s.ids[:0], counts: s.counts[:0]}
	for k, id := range s.ids {
		if idf[id] > 0 {
			out.ids, out.counts = append(out.ids, id), append(out.counts, s.counts[k])
		}
	}
	return out
}
