package ranking

import (
	"cmp"
	"context"
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
	sortWeighed(all)
	return all[:limit]
}

// sortWeighed puts the heaviest first.
func sortWeighed(all []weighed) {
	slices.SortFunc(all, func(x, y weighed) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.hash, y.hash))
	})
}

// prunePairs keeps the pairs of greatest weight of each post, and of all pairs
// only those that a post keeps, numbered anew: most pairs of a corpus stand in one
// post and say nothing. A pair keeps the document frequency that it has in the
// whole texts.
func (b *builder) prunePairs() {
	weights := knownIDF(len(b.infos))
	shares := make([]rows, numShares(len(b.infos)))
	inShares(len(b.infos), numWorkers(b.workers), func(_, share, from, to int) {
		p := pairPruner{builder: b, weights: weights, limit: b.config.Similar.Analysis.MaxPairs}
		for i := from; i < to; i++ {
			shares[share].add(p.prune(i))
		}
	})
	kept := &pairs{}
	var out rows
	var keptDF []uint32
	number := make([]uint32, len(b.pairs.terms)) // plus one
	for s := range shares {
		for i := range shares[s].length {
			ids, counts := shares[s].row(i)
			for k, id := range ids {
				if number[id] == 0 {
					kept.terms, kept.written = append(kept.terms, b.pairs.terms[id]), append(kept.written, b.pairs.written[id])
					keptDF = append(keptDF, b.df[pairChannel][id])
					number[id] = uint32(len(kept.terms))
				}
				ids[k] = number[id] - 1
			}
			out.add(ids, counts)
		}
		shares[s] = rows{}
	}
	kept.resize(tableSize(len(kept.terms)))
	b.channels[pairChannel], b.df[pairChannel], b.pairs = out, keptDF, kept
}

// sharePosts is the number of posts that a worker takes at a time.
const sharePosts = 1 << 13

func numShares(posts int) int { return (posts + sharePosts - 1) / sharePosts }

// inShares calls f for all posts, share by share, from so many goroutines.
func inShares(posts, workers int, f func(worker, share, from, to int)) {
	inParallel(context.Background(), numShares(posts), workers, func(worker, share int) {
		f(worker, share, share*sharePosts, min((share+1)*sharePosts, posts))
	})
}

// knownIDF has the idf of the lowest document frequencies, which most features have.
func knownIDF(posts int) []float32 {
	out := make([]float32, 1<<12)
	for df := range out {
		out[df] = idf(posts, uint32(df))
	}
	return out
}

// pairPruner finds what heaviest finds, of the pairs that another post has too, and
// works out the hashes of those alone that may stay. Not safe for concurrent use.
type pairPruner struct {
	builder *builder
	weights []float32 // by document frequency
	limit   int
	all     []weighed
	order   []float32
	ids     []uint32
	counts  []uint8
}

// prune returns the pairs of post i that stay, valid until the next call.
func (p *pairPruner) prune(i int) ([]uint32, []uint8) {
	p.weigh(i)
	if len(p.all) > p.limit {
		p.cut()
	}
	p.ids, p.counts = p.ids[:0], p.counts[:0]
	for _, e := range p.all {
		p.ids, p.counts = append(p.ids, e.id), append(p.counts, e.count)
	}
	return p.ids, p.counts
}

// weigh weighs the pairs of post i that another post has too.
func (p *pairPruner) weigh(i int) {
	p.all = p.all[:0]
	df := p.builder.df[pairChannel]
	ids, counts := p.builder.channels[pairChannel].row(i)
	for k, id := range ids {
		n := df[id]
		if n < rareFeature {
			continue
		}
		w := float32(0)
		if int(n) < len(p.weights) {
			w = p.weights[n]
		} else {
			w = idf(len(p.builder.infos), n)
		}
		p.all = append(p.all, weighed{id: id, count: counts[k], weight: w * roots[counts[k]]})
	}
}

// cut leaves the heaviest pairs in their order. Hashes are worked out only for what is
// not lighter than the last of them.
func (p *pairPruner) cut() {
	if p.limit == 0 {
		p.all = p.all[:0]
		return
	}
	p.order = p.order[:0]
	for k := range p.all {
		p.order = append(p.order, p.all[k].weight)
	}
	least := greatest(p.order, p.limit)
	left := p.all[:0]
	for _, e := range p.all {
		if e.weight >= least {
			e.hash = p.builder.pairs.hash(e.id, p.builder.termHash)
			left = append(left, e)
		}
	}
	sortWeighed(left)
	p.all = left[:p.limit]
}

// greatest is the n-th greatest value, 1..len(x); x is reordered (Hoare's selection).
func greatest[T cmp.Ordered](x []T, n int) T {
	from, to, at := 0, len(x)-1, n-1
	for from < to {
		pivot := x[(from+to)/2]
		i, j := from, to
		for i <= j {
			for x[i] > pivot {
				i++
			}
			for x[j] < pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case at <= j:
			to = j
		case at >= i:
			from = i
		default:
			return x[at]
		}
	}
	return x[at]
}

// hash is a number of a pair that does not depend on the order of reading.
func (p *pairs) hash(id uint32, terms []uint64) uint64 {
	first, second := p.split(id)
	return mix(terms[first]*3 + terms[second])
}
