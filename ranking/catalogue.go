package ranking

import (
	"context"
	"runtime"
	"slices"
)

// catalogue holds the entries of all posts twice, for answers whose cost does not
// grow with the corpus. Features of all parts are numbered together by falling
// frequency, their rank. Rare features have postings: the posts that have them. Frequent
// ones stand in the records of the posts, in the order of their rank. The rarest
// features of a post are walked to find candidates; what its other features add is
// read off the beginning of the candidates' records.
type catalogue struct {
	rank    [numProducts][]uint32 // by feature; unranked when no post has it
	posts   []uint32              // by rank: the number of posts
	lists   lists32               // by rank
	records lists32               // by post: ranks and weights
	// recorded is the number of ranks that records have.
	recorded uint32
	order    []uint32 // by post: a number that decides ties whatever the order of reading
}

// lists32 are lists of numbers with weights: those of x from start[x] to
// start[x+1].
type lists32 struct {
	start   []uint64
	items   []uint32
	weights []uint16 // in units of 1/one
}

// unranked is the rank of a feature that no post has.
const unranked = 1<<32 - 1

// alwaysWalked is the number of posts up to which a feature is walked whatever
// the budget, and so needs no place in the records.
const alwaysWalked = 48

func (m *Model) newCatalogue() *catalogue {
	c := &catalogue{order: make([]uint32, len(m.infos))}
	for i := range m.infos {
		c.order[i] = uint32(hashString(m.infos[i].id))
	}
	c.number(m)
	c.post(m)
	c.record(m)
	return c
}

// number ranks the features by falling frequency.
func (c *catalogue) number(m *Model) {
	titled := m.vectors[titleChannel]
	inTitle := make([]bool, len(titled.idf))
	for i := range m.infos {
		ids, _ := titled.row(i)
		for _, id := range ids {
			inTitle[id] = true
		}
	}
	most := uint32(0)
	for p := range c.rank {
		if m.weights[p] == 0 {
			continue
		}
		c.rank[p] = m.frequencies(products[p].candidate)
		for id, n := range c.rank[p] {
			if part(p) == coveredPart && !inTitle[id] {
				c.rank[p][id] = 0 // Only terms of titles are covered.
			}
			most = max(most, n)
		}
	}
	next := make([]uint32, most+2) // by frequency: first the number of features, then the next rank
	for p := range c.rank {
		for _, n := range c.rank[p] {
			next[n]++
		}
	}
	features := uint32(0)
	for n := most; n > 0; n-- {
		count := next[n]
		next[n] = features
		features += count
	}
	c.posts = make([]uint32, features)
	for p := range c.rank {
		for id, n := range c.rank[p] {
			c.rank[p][id] = unranked
			if n > 0 {
				c.rank[p][id] = next[n]
				c.posts[next[n]] = n
				next[n]++
			}
		}
	}
	c.recorded = c.below(alwaysWalked + 1)
}

// below is the first rank of fewer posts than n.
func (c *catalogue) below(n uint32) uint32 {
	low, high := 0, len(c.posts)
	for low < high {
		if mid := (low + high) / 2; c.posts[mid] < n {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return uint32(low)
}

// frequencies are the numbers of posts that have the features of a channel.
func (m *Model) frequencies(ch channel) []uint32 {
	v := &m.vectors[ch]
	out := make([]uint32, len(v.idf))
	for i := range m.infos {
		ids, _ := v.row(i)
		for _, id := range ids {
			out[id]++
		}
	}
	return out
}

// entries calls f with the ranked entries of a post.
func (c *catalogue) entries(m *Model, i int, f func(rank uint32, weight uint16)) {
	for p := range c.rank {
		if c.rank[p] == nil {
			continue
		}
		scale := m.candidateScale(part(p), i)
		ids, counts := m.vectors[products[p].candidate].row(i)
		for k, id := range ids {
			if r := c.rank[p][id]; r != unranked {
				f(r, m.candidateWeight(part(p), i, scale, id, counts[k]))
			}
		}
	}
}

// post fills the postings of the features that can be walked.
func (c *catalogue) post(m *Model) {
	limit := uint32(m.config.Similar.Search.Postings)
	start := make([]uint64, len(c.posts)+1)
	for r, n := range c.posts {
		if n > limit && n > alwaysWalked {
			n = 0
		}
		start[r+1] = start[r] + uint64(n)
	}
	size := start[len(c.posts)]
	c.lists = lists32{start: start, items: make([]uint32, size), weights: make([]uint16, size)}
	next := slices.Clone(start)
	for i := range m.infos {
		c.entries(m, i, func(r uint32, weight uint16) {
			if start[r] < start[r+1] {
				c.lists.items[next[r]], c.lists.weights[next[r]] = uint32(i), weight
				next[r]++
			}
		})
	}
}

// record fills the records with the features that may be left unwalked.
func (c *catalogue) record(m *Model) {
	n := len(m.infos)
	sizes := make([]uint64, n+1)
	workers := runtime.GOMAXPROCS(0)
	inParallel(context.Background(), n, workers, func(_, i int) {
		c.entries(m, i, func(r uint32, _ uint16) {
			if r < c.recorded {
				sizes[i+1]++
			}
		})
	})
	for i := range n {
		sizes[i+1] += sizes[i]
	}
	c.records = lists32{start: sizes, items: make([]uint32, sizes[n]), weights: make([]uint16, sizes[n])}
	scratch := make([][]uint64, workers)
	inParallel(context.Background(), n, workers, func(w, i int) {
		entries := scratch[w][:0]
		c.entries(m, i, func(r uint32, weight uint16) {
			if r < c.recorded {
				entries = append(entries, uint64(r)<<16|uint64(weight))
			}
		})
		slices.Sort(entries)
		for k, e := range entries {
			at := sizes[i] + uint64(k)
			c.records.items[at], c.records.weights[at] = uint32(e>>16), uint16(e)
		}
		scratch[w] = entries
	})
}
