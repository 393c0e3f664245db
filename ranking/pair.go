package ranking

import "math/bits"

// pairer scores one post against chosen others, exactly: stage two. It gives what
// scorer gives, reading each candidate's record once. Not safe for concurrent use.
type pairer struct {
	model *Model
	asked *asked
	sets  [numChannels]featureSet // by the candidate's channel; see setOf
	hits  []uint32
	wants [numChannels]bool // the candidates' channels that can add anything
	edges map[uint32]uint32 // by post: the weights of all edges to it
}

// askedFeature is a feature of the post asked about: its idf, and what it weighs.
type askedFeature struct {
	id      uint32
	idf     float32
	weights [numWeights]uint32
}

// The weights of a feature: that of the part in which its channel is alone, and
// what a word of the title asked about and of a candidate's title weighs.
const (
	ownWeight = iota
	coveredWeights
	coversWeights
	numWeights
)

// weightOf says which weight of a feature a part multiplies.
func weightOf(kind productKind) int {
	switch kind {
	case covered:
		return coveredWeights
	case covers:
		return coversWeights
	default:
		return ownWeight
	}
}

// setOf is the set that the features of a candidate's channel are looked for in: words
// of titles have the numbers and the idf of those of the prose.
func setOf(c channel) channel {
	if c == titleChannel {
		return proseChannel
	}
	return c
}

// featureSet finds the features of one channel that the post asked about has. Most
// that it has not are told from their low bits alone.
type featureSet struct {
	maybe   [setSize]uint8 // by the low bits of features: 1 where it has one
	slots   []uint32       // hash table of places in entries, plus one
	shift   uint
	entries []askedFeature
}

// setSize is the number of features that are told apart by their low bits.
const setSize = 1 << 13

func (m *Model) newPairer() *pairer { return &pairer{model: m, edges: map[uint32]uint32{}} }

// ask loads the post asked about; a is not to change until the next ask.
func (p *pairer) ask(a *asked) {
	for s := range p.sets {
		p.sets[s].clear()
	}
	clear(p.edges)
	p.asked, p.wants = a, [numChannels]bool{}
	for part := range a.terms {
		if len(a.terms[part]) > 0 {
			p.learn(products[part], a.terms[part])
		}
	}
	for e := range a.edges {
		for _, x := range a.edges[e] {
			p.edges[x.to] += x.weight
		}
	}
}

// learn takes in the features of one part.
func (p *pairer) learn(pr product, terms []term) {
	p.wants[pr.candidate] = true
	set, weight, idf := &p.sets[setOf(pr.candidate)], weightOf(pr.kind), p.model.vectors[pr.candidate].idf
	some := len(set.entries) > 0 // The features of one part differ.
	for n, t := range terms {
		var e *askedFeature
		switch {
		case some && n < len(set.entries) && set.entries[n].id == t.feature: // Two parts of one row.
			e = &set.entries[n]
		case some:
			e = set.find(t.feature)
		}
		if e == nil {
			e = set.add(t.feature)
			e.idf = idf[t.feature]
		}
		e.weights[weight] = t.weight
	}
}

func (s *featureSet) clear() {
	for k := range s.entries {
		s.maybe[s.entries[k].id%setSize] = 0
	}
	clear(s.slots)
	s.entries = s.entries[:0]
}

// add returns a feature that it does not have.
func (s *featureSet) add(id uint32) *askedFeature {
	if 4*(len(s.entries)+1) > len(s.slots) {
		s.grow()
	}
	s.maybe[id%setSize] = 1
	s.entries = append(s.entries, askedFeature{id: id})
	s.place(id, uint32(len(s.entries)))
	return &s.entries[len(s.entries)-1]
}

func (s *featureSet) grow() {
	n := max(2*len(s.slots), 64)
	s.slots = make([]uint32, n)
	s.shift = uint(32 - bits.TrailingZeros(uint(n)))
	for k := range s.entries {
		s.place(s.entries[k].id, uint32(k+1))
	}
}

// slot is where the search for a feature begins (Fibonacci hashing).
func (s *featureSet) slot(id uint32) uint32 { return id * 0x9e3779b1 >> s.shift }

func (s *featureSet) place(id, value uint32) {
	i := s.slot(id)
	for s.slots[i] != 0 {
		i = (i + 1) & uint32(len(s.slots)-1)
	}
	s.slots[i] = value
}

// find returns a feature, nil if it has not got it. It has some.
func (s *featureSet) find(id uint32) *askedFeature {
	for i := s.slot(id); ; i = (i + 1) & uint32(len(s.slots)-1) {
		n := s.slots[i]
		if n == 0 {
			return nil
		}
		if e := &s.entries[n-1]; e.id == id {
			return e
		}
	}
}

// scored is candidate i with its score.
func (p *pairer) scored(i int) Scored {
	return Scored{Post: i, Score: scoreOf(p.similarity(i), p.model.records.heads[i].factor)}
}

// similarity is the sum of all parts for candidate i, in units of 1/oneScore.
func (p *pairer) similarity(i int) uint32 {
	ids, counts, h := p.model.records.post(i)
	sum := p.asked.date.near(&h.date)
	if len(p.edges) > 0 {
		sum += p.edges[uint32(i)]
	}
	from := uint32(0)
	for c, to := range h.end {
		if to > from && p.wants[c] {
			set := &p.sets[setOf(channel(c))]
			p.match(set, ids[from:to])
			if len(p.hits) > 0 {
				sum += p.channel(channel(c), h, set, ids[from:to], counts[from:to])
			}
		}
		from = to
	}
	return sum
}

// match lists the entries whose features the set may have. It does not branch:
// which entries those are cannot be predicted.
func (p *pairer) match(set *featureSet, ids []uint32) {
	if cap(p.hits) < len(ids)+1 {
		p.hits = make([]uint32, 2*len(ids)+1)
	}
	hits := p.hits[:len(ids)+1]
	n := uint(0)
	for k, id := range ids {
		hits[n] = uint32(k)
		n += uint(set.maybe[id%setSize])
	}
	p.hits = hits[:n]
}

// channel sums the parts whose candidates' entries lie in a channel.
func (p *pairer) channel(c channel, h *head, set *featureSet, ids []uint32, counts []uint8) uint32 {
	switch c {
	case proseChannel:
		return p.prose(h, set, ids, counts)
	case titleChannel:
		return p.title(h, set, ids)
	case folderChannel, seriesChannel:
		return p.shared(set, ids)
	default:
		return p.cosine(c, h, set, ids, counts)
	}
}

func (p *pairer) prose(h *head, set *featureSet, ids []uint32, counts []uint8) uint32 {
	sum, scale := uint32(0), h.inv[proseChannel]*one
	for _, k := range p.hits {
		e := set.find(ids[k])
		if e == nil {
			continue
		}
		sum += e.weights[ownWeight] * uint32(cosineWeight(scale, e.idf, counts[k]))
		if e.weights[coveredWeights] > 0 {
			sum += e.weights[coveredWeights] * uint32(coveredWeight(counts[k], h.coveredK))
		}
	}
	return sum
}

func (p *pairer) title(h *head, set *featureSet, ids []uint32) uint32 {
	sum, scale := uint32(0), float32(one/(h.titleSum+coversSmoothing))
	for _, k := range p.hits {
		if e := set.find(ids[k]); e != nil {
			sum += e.weights[coversWeights] * uint32(coversWeight(scale, e.idf))
		}
	}
	return sum
}

func (p *pairer) cosine(c channel, h *head, set *featureSet, ids []uint32, counts []uint8) uint32 {
	sum, scale := uint32(0), h.inv[c]*one
	for _, k := range p.hits {
		if e := set.find(ids[k]); e != nil {
			sum += e.weights[ownWeight] * uint32(cosineWeight(scale, e.idf, counts[k]))
		}
	}
	return sum
}

func (p *pairer) shared(set *featureSet, ids []uint32) uint32 {
	sum := uint32(0)
	for _, k := range p.hits {
		if e := set.find(ids[k]); e != nil {
			sum += e.weights[ownWeight] * one
		}
	}
	return sum
}
