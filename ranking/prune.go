package ranking

import (
	"cmp"
	"slices"
)

// weighed is an entry of a row with its weight, unnormalised.
type weighed struct {
	id     uint32
	count  uint8
	weight float32
	hash   uint64 // orders entries of one weight, whatever their numbers
}

// heaviest leaves the entries of greatest weight, at most limit.
func heaviest(all []weighed, limit int) []weighed {
	if len(all) <= limit {
		return all
	}
	slices.SortFunc(all, func(x, y weighed) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.hash, y.hash))
	})
	return all[:limit]
}

// prunePairs keeps the pairs of greatest weight of each post, and of all pairs
// only those that a post keeps, numbered anew: most pairs of a corpus stand in one
// post and say nothing. A pair keeps the document frequency that it has in the
// whole texts.
func (b *builder) prunePairs() {
	rowsOfAll, df := &b.channels[pairChannel], b.df[pairChannel]
	kept := newPairs()
	var out rows
	var keptDF []uint32
	var all []weighed
	for i := range b.infos {
		all = heaviest(b.weighPairs(all[:0], i), b.config.Similar.Analysis.MaxPairs)
		ids, counts := make([]uint32, len(all)), make([]uint8, len(all))
		for k, e := range all {
			ids[k], counts[k] = kept.number(b.pairs.terms[e.id]), e.count
			if int(ids[k]) == len(keptDF) {
				keptDF = append(keptDF, df[e.id])
				kept.written[ids[k]] = b.pairs.written[e.id]
			}
		}
		out.add(ids, counts)
	}
	*rowsOfAll, b.df[pairChannel], b.pairs = out, keptDF, kept
}

// weighPairs weighs the pairs of post i that another post has too.
func (b *builder) weighPairs(all []weighed, i int) []weighed {
	ids, counts := b.channels[pairChannel].row(i)
	for k, id := range ids {
		if df := b.df[pairChannel][id]; df >= rareFeature {
			all = append(all, weighed{id, counts[k], idf(len(b.infos), df) * roots[counts[k]], b.pairs.hash(id, b.termHash)})
		}
	}
	return all
}

// hash is a number of a pair that does not depend on the order of reading.
func (p *pairs) hash(id uint32, terms []uint64) uint64 {
	first, second := p.split(id)
	return mix(terms[first]*3 + terms[second])
}
