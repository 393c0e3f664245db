package ranking

import (
	"alphanode/index"
)

// freeze turns what was gathered into a model; the builder is used up.
func (b *builder) freeze() *Model {
	b.bury()
	b.seen, b.known = nil, nil
	if b.day == index.NoDay {
		b.day = b.newest()
	}
	f := &frozen{config: b.config, day: b.day, posts: len(b.infos), labels: b.spaces, termHash: b.termHash, spelled: b.spelled}
	for s := range b.written {
		f.written[s] = b.written[s].decided()
	}
	for i := range b.infos {
		f.ids = append(f.ids, b.infos[i].id)
	}
	var names edges
	f.titled, names = b.mentions()
	f.entity = b.addMentions()
	net := b.network()
	b.prunePairs()
	f.pairs, f.df, f.sameDay = b.pairs, b.df, sameDays(b.infos)
	f.df[titleChannel] = nil // Titles are weighed by the frequencies of the prose.
	f.prepare()
	m := newModel(f)
	m.infos, m.dead, m.names, m.net = b.infos, b.dead, names, net
	m.enrol()
	m.weigh(b)
	f.recommended = m.recommend()
	m.compact()
	m.pack()
	m.freezeProbing()
	m.settle()
	return m
}

// newest is the newest date of a post, 0 when none has one.
func (b *builder) newest() int32 {
	day := int32(0)
	for i := range b.infos {
		day = max(day, b.infos[i].signals.Day)
	}
	return day
}

// network numbers the addresses as the builder did.
func (b *builder) network() network {
	names := b.spaces[targetSpace].names
	n := network{numbers: make(map[uint64]uint32, len(names)), sharers: map[uint32][]uint32{}, owner: make([]uint32, len(names))}
	for i, name := range names {
		n.owner[i] = unknown
		if hash := addressHash(name); hash != 0 {
			n.numbers[hash] = uint32(i)
		}
	}
	for i, key := range b.keys {
		if names[key] == "" {
			key = unknown
		}
		n.key = append(n.key, key)
		to, _ := b.channels[targetChannel].row(i)
		weight := make([]uint16, len(to))
		for k := range weight {
			weight[k] = one
		}
		n.targets.extend(to, weight)
	}
	return n
}

// enrol gives the posts of a build their slots and addresses.
func (m *Model) enrol() {
	for i := range m.infos {
		m.byID[m.infos[i].id] = uint32(i)
		m.slot = append(m.slot, uint32(i))
		m.holder[i] = uint32(i)
		m.join(uint32(i))
	}
}

// weigh works out what the posts of a build weigh.
func (m *Model) weigh(b *builder) {
	n := len(m.infos)
	m.titleSum = make([]float32, n)
	for i := range n {
		ids, _ := b.channels[titleChannel].row(i)
		m.titleSum[i] = m.titleIDF(ids, 0)
	}
	for c := range b.channels {
		v := &m.vectors[c]
		v.rows, v.inv = b.channels[c], make([]float32, n)
		for i := range n {
			v.keep(i, func(id uint32) bool { return v.idf[id] > 0 })
			if channel(c) != titleChannel {
				v.inv[i] = inverse(v.idf, sparseOf(v.row(i)))
			}
		}
	}
	m.saturate()
	m.factor, m.dates = make([]float64, n), make([]dated, n)
	for i := range n {
		m.factor[i] = m.priorFactor(m.infos[i].signals)
		m.maxFactor = max(m.maxFactor, m.factor[i])
		m.dates[i] = m.dateOf(m.infos[i].published)
	}
}

// saturate freezes the average length and works out what depends on it.
func (m *Model) saturate() {
	n := len(m.infos)
	lengths, sum := make([]float64, n), 0.0
	for i := range n {
		_, counts := m.vectors[proseChannel].row(i)
		lengths[i] = total(counts)
		sum += lengths[i]
	}
	m.averageLength = max(sum/float64(max(n, 1)), 1)
	m.coveredK, m.coversK = make([]float32, n), make([]float32, n)
	for i, l := range lengths {
		m.coveredK[i] = m.saturation(l, coveredB)
		m.coversK[i] = m.saturation(l, coversB)
	}
}
