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
}

// prunePairs keeps the pairs of greatest weight of each post, and of all pairs
// only those that a post keeps, numbered anew: most pairs of a corpus stand in one
// post and say nothing.
func (b *builder) prunePairs() {
	old, df := &b.channels[pairChannel], b.df[pairChannel]
	kept := newPairs()
	var out rows
	var keptDF []uint32
	var all []weighed
	for i := range b.infos {
		all = b.heaviest(all[:0], i)
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
	*old, b.df[pairChannel], b.pairs = out, keptDF, kept
}

// heaviest are the pairs that post i keeps. A pair keeps the document frequency
// that it has in the whole texts.
func (b *builder) heaviest(all []weighed, i int) []weighed {
	ids, counts := b.channels[pairChannel].row(i)
	for k, id := range ids {
		if df := b.df[pairChannel][id]; df >= rareFeature {
			all = append(all, weighed{id, counts[k], idf(len(b.infos), df) * roots[counts[k]]})
		}
	}
	if limit := b.config.Similar.Analysis.MaxPairs; len(all) > limit {
		slices.SortFunc(all, func(x, y weighed) int {
			return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(b.pairHash(x.id), b.pairHash(y.id)))
		})
		all = all[:limit]
	}
	return all
}

// pairHash orders pairs of one weight whatever their numbers.
func (b *builder) pairHash(id uint32) uint64 {
	first, second := b.pairs.split(id)
	return b.termHash[first]*3 + b.termHash[second]
}
