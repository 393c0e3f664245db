package ranking

import (
	"math"
	"slices"
)

// finder finds names in posts. A name occurs in a text when each two neighbouring
// terms of it are neighbours there; for names of up to two terms that is exact, for
// longer ones false alarms need all pairs apart from each other. Immutable once
// all names are added.
type finder struct {
	pairs  keys                // that names are made of
	whole  groups              // the pairs of each name; empty for one term
	byTerm map[uint32][]uint32 // names of one term
	byPair chains              // other names, by their rarest pair
}

func newFinder() *finder { return &finder{byTerm: map[uint32][]uint32{}} }

// add adds a name; names are numbered from 0. Frequency gives the number of posts
// with a pair.
func (f *finder) add(terms []uint32, frequency func(key uint64) uint32) {
	name := uint32(f.whole.len())
	if len(terms) == 1 {
		f.byTerm[terms[0]] = append(f.byTerm[terms[0]], name)
	}
	if len(terms) < 2 {
		f.whole.add(nil)
		return
	}
	rarest, least := uint32(0), uint32(math.MaxUint32)
	for i := 1; i < len(terms); i++ {
		key := pairKey(terms[i-1], terms[i])
		n := f.pairs.number(key)
		f.whole.all = append(f.whole.all, n)
		if df := frequency(key); df < least {
			rarest, least = n, df
		}
	}
	f.whole.add(nil) // Its pairs are there.
	f.byPair.lists(len(f.pairs.terms))
	f.byPair.add(rarest, name)
}

// find calls found with the names in a text that has these terms and these of
// the finder's pairs; has says whether it has a pair.
func (f *finder) find(terms, pairs []uint32, has func(pair uint32) bool, found func(name uint32)) {
	for _, t := range terms {
		for _, name := range f.byTerm[t] {
			found(name)
		}
	}
	for _, p := range pairs {
	names:
		for name := f.byPair.first[p]; name != unknown; name = f.byPair.next[name] {
			for _, q := range f.whole.of(name) {
				if !has(q) {
					continue names
				}
			}
			found(name)
		}
	}
}

// pairSearch finds names in texts that are given by the numbers that their pairs
// have somewhere else. Not safe for concurrent use.
type pairSearch struct {
	finder *finder
	number []uint32 // the finder's number of each pair of the source
	stamp  []uint32 // by the finder's number: the round in which a text had it
	round  uint32
	own    []uint32
}

// over prepares a search over texts whose n pairs have these keys.
func (f *finder) over(n int, key func(i int) uint64) *pairSearch {
	s := &pairSearch{finder: f, number: make([]uint32, n), stamp: make([]uint32, len(f.pairs.terms))}
	for i := range s.number {
		s.number[i] = unknown
		if at, ok := f.pairs.lookup(key(i)); ok {
			s.number[i] = at
		}
	}
	return s
}

// find calls found with the names in a text that has these terms and pairs.
func (s *pairSearch) find(terms, pairs []uint32, found func(name uint32)) {
	s.own = s.own[:0]
	s.round++
	for _, id := range pairs {
		if n := s.number[id]; n != unknown {
			s.own = append(s.own, n)
			s.stamp[n] = s.round
		}
	}
	s.finder.find(terms, s.own, func(p uint32) bool { return s.stamp[p] == s.round }, found)
}

// mention is a name that a post has in its text.
type mention struct{ post, name uint32 }

// search finds the names in all posts of a builder, in the order of the posts.
func (f *finder) search(b *builder) []mention {
	number := make([]uint32, len(b.pairs.terms))
	workers := numWorkers(b.workers)
	inShares(len(number), workers, func(_, _, from, to int) {
		for i := from; i < to; i++ {
			number[i] = unknown
			if at, ok := f.pairs.lookup(b.pairs.terms[i]); ok {
				number[i] = at
			}
		}
	})
	searches := make([]*pairSearch, workers)
	for w := range searches {
		searches[w] = &pairSearch{finder: f, number: number, stamp: make([]uint32, len(f.pairs.terms))}
	}
	shares := make([][]mention, numShares(len(b.infos)))
	inShares(len(b.infos), workers, func(w, share, from, to int) {
		for i := from; i < to; i++ {
			terms, _ := b.channels[proseChannel].row(i)
			pairs, _ := b.channels[pairChannel].row(i)
			searches[w].find(terms, pairs, func(name uint32) { shares[share] = append(shares[share], mention{uint32(i), name}) })
		}
	})
	return slices.Concat(shares...)
}

// maxNamesakes is the number of posts that may share a name.
const maxNamesakes = 5

// naming are the names of posts.
type naming struct {
	finder *finder
	owners groups    // by name: slots
	weight []float64 // by name; 0 for a common word
}

// called gathers what posts are called: by the whole title, or by its part before
// a colon or dash. Names of too many posts are left out.
func (b *builder) called() (names [][]uint32, shared groups) {
	var owners [][]uint32
	byHash := map[uint64]int{}
	add := func(terms []uint32, owner int) {
		if len(terms) == 0 {
			return
		}
		h := uint64(len(terms))
		for _, t := range terms {
			h = mix(h ^ uint64(t))
		}
		n, ok := byHash[h]
		if !ok {
			n = len(names)
			byHash[h] = n
			names, owners = append(names, terms), append(owners, nil)
		}
		if len(owners[n]) <= maxNamesakes {
			owners[n] = append(owners[n], uint32(owner))
		}
	}
	for i, t := range b.titles {
		add(t.terms, i)
		if t.cut > 0 {
			add(t.terms[:t.cut], i)
		}
	}
	kept := names[:0]
	for n, name := range names {
		if len(owners[n]) <= maxNamesakes {
			kept = append(kept, name)
			shared.add(owners[n])
		}
	}
	return kept, shared
}

func (b *builder) pairFrequency(key uint64) uint32 {
	if n, ok := b.pairs.lookup(key); ok && int(n) < len(b.df[pairChannel]) {
		return b.df[pairChannel][n]
	}
	return 0
}

// mentions returns the names of the posts, and the edges from each post to the
// posts that its text names. The weight of a name is ln(1+N/df)/ln(1+N), over the
// square root of the number of posts that share it; df is the number of posts with
// the name in their text.
func (b *builder) mentions() (naming, edges) {
	names, owners := b.called()
	f := newFinder()
	for _, terms := range names {
		f.add(terms, b.pairFrequency)
	}
	df := make([]uint32, len(names))
	found := f.search(b)
	for _, m := range found {
		df[m.name]++
	}
	n := naming{finder: f, owners: owners, weight: make([]float64, len(names))}
	for name := range names {
		n.weight[name] = nameWeight(df[name], len(b.infos), len(owners.of(uint32(name))))
	}
	var out edgeBuilder
	for i := range b.infos {
		for len(found) > 0 && int(found[0].post) == i {
			n.link(&out, found[0].name, uint32(i))
			found = found[1:]
		}
		out.end()
	}
	return n, out.edges
}

// link adds the edges of one mention in the post of the slot self.
func (n *naming) link(out *edgeBuilder, name, self uint32) {
	for _, owner := range n.owners.of(name) {
		if owner != self && n.weight[name] > 0 {
			out.add(owner, n.weight[name])
		}
	}
}

// A name that more posts than these have in their text is a common word.
const (
	minNamed      = 50
	maxNamedShare = 0.01
)

func nameWeight(df uint32, posts, owners int) float64 {
	n := float64(posts)
	if float64(df) > max(minNamed, maxNamedShare*n) {
		return 0
	}
	return math.Log1p(n/float64(max(df, 1))) / math.Log1p(n) / math.Sqrt(float64(owners))
}

// addMentions adds to the entities of each post those that its text names, and
// returns the finder of their names.
func (b *builder) addMentions() *finder {
	f := newFinder()
	for n, terms := range b.names {
		if n >= len(b.df[entityChannel]) || b.df[entityChannel][n] == 0 {
			terms = nil // Only a version of a post gave it that was replaced.
		}
		f.add(terms, b.pairFrequency)
	}
	found := f.search(b)
	var out rows
	stamp := make([]uint32, len(b.names))
	for i := range b.infos {
		ids, counts := b.channels[entityChannel].row(i)
		ids, counts = append([]uint32(nil), ids...), append([]uint8(nil), counts...)
		for _, id := range ids {
			stamp[id] = uint32(i + 1)
		}
		for ; len(found) > 0 && int(found[0].post) == i; found = found[1:] {
			if name := found[0].name; stamp[name] != uint32(i+1) {
				stamp[name] = uint32(i + 1)
				ids, counts = append(ids, name), append(counts, mentionedEntity)
				b.df[entityChannel] = countAll(b.df[entityChannel], []uint32{name}, 1)
			}
		}
		out.add(ids, counts)
	}
	b.channels[entityChannel] = out
	return f
}
