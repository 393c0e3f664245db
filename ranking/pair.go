package ranking

import "math/bits"

// pairer scores one post against chosen others, exactly: stage two. It gives what
// scorer gives, reading each candidate's record once. Not safe for concurrent use.
type pairer struct {
	model *Model
	asked *asked
	sets  [numSpaces]featureSet
	hits  []uint32
	wants [numChannels]bool // the candidates' channels that can add anything
	edges map[uint32]uint32 // by post: the weights of all edges to it
}

// termWeights are what one feature of the post asked about weighs in each part.
type termWeights [numProducts]uint32

// featureSet finds the features of one space that the post asked about has. Most
// that it has not are told from the bits alone.
type featureSet struct {
	bits    [setBits / 64]uint64
	slots   []uint32 // hash table of places in weights, plus one
	shift   uint
	ids     []uint32
	weights []termWeights
}

// setBits is the number of bits that features are told apart by.
const setBits = 1 << 14

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
			p.wants[products[part].candidate] = true
		}
		set := &p.sets[channelSpaces[products[part].candidate]]
		known := len(set.ids) > 0 // The features of one part differ.
		for _, t := range a.terms[part] {
			if known {
				set.of(t.feature)[part] = t.weight
			} else {
				set.add(t.feature)[part] = t.weight
			}
		}
	}
	for e := range a.edges {
		for _, x := range a.edges[e] {
			p.edges[x.to] += x.weight
		}
	}
}

func (s *featureSet) clear() {
	for _, id := range s.ids {
		s.bits[id/64%uint32(len(s.bits))] = 0
	}
	clear(s.slots)
	s.ids, s.weights = s.ids[:0], s.weights[:0]
}

// of returns the weights of a feature, new ones if it has none.
func (s *featureSet) of(id uint32) *termWeights {
	if w := s.find(id); w != nil {
		return w
	}
	return s.add(id)
}

// add returns the weights of a feature that it does not have.
func (s *featureSet) add(id uint32) *termWeights {
	if 4*(len(s.ids)+1) > len(s.slots) {
		s.grow()
	}
	s.bits[id/64%uint32(len(s.bits))] |= 1 << (id % 64)
	s.ids = append(s.ids, id)
	s.weights = append(s.weights, termWeights{})
	s.place(id, uint32(len(s.ids)))
	return &s.weights[len(s.weights)-1]
}

func (s *featureSet) grow() {
	n := max(2*len(s.slots), 64)
	s.slots = make([]uint32, n)
	s.shift = uint(32 - bits.TrailingZeros(uint(n)))
	for k, id := range s.ids {
		s.place(id, uint32(k+1))
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

func (s *featureSet) find(id uint32) *termWeights {
	if len(s.slots) == 0 {
		return nil
	}
	for i := s.slot(id); ; i = (i + 1) & uint32(len(s.slots)-1) {
		switch n := s.slots[i]; {
		case n == 0:
			return nil
		case s.ids[n-1] == id:
			return &s.weights[n-1]
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
		if set := &p.sets[channelSpaces[c]]; to > from && p.wants[c] {
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
		n += uint(set.bits[id/64%uint32(len(set.bits))] >> (id % 64) & 1)
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
		return p.shared(channelParts[c], set, ids)
	default:
		return p.cosine(c, h, set, ids, counts)
	}
}

func (p *pairer) prose(h *head, set *featureSet, ids []uint32, counts []uint8) uint32 {
	sum, scale, idf := uint32(0), h.inv[proseChannel]*one, p.model.vectors[proseChannel].idf
	for _, k := range p.hits {
		w := set.find(ids[k])
		if w == nil {
			continue
		}
		sum += w[prosePart] * uint32(cosineWeight(scale, idf[ids[k]], counts[k]))
		if w[coveredPart] > 0 {
			sum += w[coveredPart] * uint32(coveredWeight(counts[k], h.coveredK))
		}
	}
	return sum
}

func (p *pairer) title(h *head, set *featureSet, ids []uint32) uint32 {
	sum, scale, idf := uint32(0), float32(one/(h.titleSum+coversSmoothing)), p.model.vectors[titleChannel].idf
	for _, k := range p.hits {
		if w := set.find(ids[k]); w != nil {
			sum += w[coversPart] * uint32(coversWeight(scale, idf[ids[k]]))
		}
	}
	return sum
}

func (p *pairer) cosine(c channel, h *head, set *featureSet, ids []uint32, counts []uint8) uint32 {
	sum, scale, idf, part := uint32(0), h.inv[c]*one, p.model.vectors[c].idf, channelParts[c]
	for _, k := range p.hits {
		if w := set.find(ids[k]); w != nil && w[part] > 0 {
			sum += w[part] * uint32(cosineWeight(scale, idf[ids[k]], counts[k]))
		}
	}
	return sum
}

func (p *pairer) shared(part part, set *featureSet, ids []uint32) uint32 {
	sum := uint32(0)
	for _, k := range p.hits {
		if w := set.find(ids[k]); w != nil {
			sum += w[part] * one
		}
	}
	return sum
}

// channelParts are the parts of the channels that have one only.
//
//nolint:gochecknoglobals // immutable table
var channelParts = [numChannels]part{
	pairChannel: pairsPart, leadChannel: leadPart, identifierChannel: identifiersPart, summaryChannel: summaryPart,
	tagChannel: tagsPart, entityChannel: entitiesPart, folderChannel: folderPart, seriesChannel: seriesPart, targetChannel: targetsPart,
}
