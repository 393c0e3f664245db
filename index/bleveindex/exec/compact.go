package exec

import (
	"math/bits"

	"alphanode/index/bleveindex/postings"
)

// compactField is fieldLists as what a word of very many terms and posts keeps of them once
// they were added up: only frequencies of single posts are asked for then. The numbers of the
// posts of a long list are a set, so that a posting takes a byte and a little more, not five.
type compactField struct {
	field                        int
	weight                       float64
	linear, exact, stems, others []compactList
}

// compactList is a cursor's list: as it is, or its posts as a set with their frequencies.
type compactList struct {
	list  *postings.List
	level float64
	set   bitset
	ranks []uint32 // by rankWords words of the set
	freqs frequencies
}

// rankWords is how many words of a set have a rank in common.
const rankWords = 8

// compactShare is one in how many posts of a segment a list has from which on its posts are a
// set: that is smaller then.
const compactShare = 16

// compactFields are those of a segment of so many posts.
func compactFields(fields []fieldLists, docs int) []compactField {
	out := make([]compactField, len(fields))
	for i := range fields {
		f := &fields[i]
		out[i] = compactField{
			field: f.field, weight: f.weight, linear: compactLists(f.linear, docs),
			exact: compactLists(f.exact, docs), stems: compactLists(f.stems, docs), others: compactLists(f.others, docs),
		}
	}
	return out
}

func compactLists(cursors []cursor, docs int) []compactList {
	out := make([]compactList, len(cursors))
	for i := range cursors {
		c := &cursors[i]
		out[i] = compactList{list: c.list, level: c.level}
		if len(c.list.Docs)*compactShare < docs {
			continue
		}
		set := newBitset(docs)
		var many []uint32
		for at, doc := range c.list.Docs {
			set.add(doc)
			if freq := c.list.Freq(at); freq >= postings.ManyFreq {
				many = append(many, freq)
			}
		}
		out[i] = *newCompactSet(set, packFrequencies(c.list.Freqs(), many), c.level)
	}
	return out
}

// newCompactSet keeps a set of posts with their frequencies.
func newCompactSet(set bitset, freqs frequencies, level float64) *compactList {
	c := &compactList{level: level, set: set, freqs: freqs, ranks: make([]uint32, (len(set)+rankWords-1)/rankWords)}
	rank := uint32(0)
	for i, word := range set {
		if i%rankWords == 0 {
			c.ranks[i/rankWords] = rank
		}
		rank += uint32(bits.OnesCount64(word)) //nolint:gosec // at most 64
	}
	return c
}

// frequency is that of a post, which is at a place of the list or before.
func (c *compactList) frequency(doc uint32, place int) (uint32, bool) {
	if c.set == nil {
		return frequencyAt(c.list, doc, place)
	}
	at := int(doc >> 6)
	word, bit := c.set[at], uint64(1)<<(doc&63)
	if word&bit == 0 {
		return 0, false
	}
	rank := int(c.ranks[at/rankWords]) + bits.OnesCount64(word&(bit-1))
	for _, before := range c.set[at/rankWords*rankWords : at] {
		rank += bits.OnesCount64(before)
	}
	return c.freqs.at(rank), true
}

// size is the memory that the lists take, in bytes, roughly.
func (f *compactField) size() int64 {
	n := int64(0)
	for _, lists := range [...][]compactList{f.linear, f.exact, f.stems, f.others} {
		for i := range lists {
			n += lists[i].freqs.size() + int64(8*len(lists[i].set)+4*len(lists[i].ranks)) + 96
			if lists[i].list != nil {
				n += lists[i].list.Size()
			}
		}
	}
	return n
}

// exactCompact is exact by the lists that a word kept.
func (b *boundedRun) exactCompact(fields []compactField, doc uint32, place int) float64 {
	x := 0.0
	for i := range fields {
		f := &fields[i]
		weight := f.weight
		if b.factors != nil {
			weight = b.weight(f.field)
		}
		for j := range f.linear {
			c := &f.linear[j]
			if tf, found := c.frequency(doc, place); found {
				x += weight * (c.level * float64(tf)) * b.window.inverseNorm(f.field, doc)
			}
		}
		if len(f.exact)+len(f.stems) > 0 {
			exact, hasExact := sumCompact(f.exact, doc, place)
			stem, hasStem := sumCompact(f.stems, doc, place)
			other, hasOther := 0.0, false
			for j := range f.others {
				if tf, found := f.others[j].frequency(doc, place); found {
					other, hasOther = other+f.others[j].level*float64(tf), true
				}
			}
			if hasExact || hasStem || hasOther {
				x += weight * inflected(b.levels(), exact, stem, other) * b.window.inverseNorm(f.field, doc)
			}
		}
	}
	return x
}

func sumCompact(lists []compactList, doc uint32, place int) (sum uint32, found bool) {
	for i := range lists {
		if tf, here := lists[i].frequency(doc, place); here {
			sum, found = sum+tf, true
		}
	}
	return sum, found
}
