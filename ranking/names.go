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
	pairs  map[uint64]uint32   // numbers of the pairs that names are made of
	whole  [][]uint32          // the pairs of each name; empty for one term
	byTerm map[uint32][]uint32 // names of one term
	byPair [][]uint32          // other names, by their rarest pair
}

func newFinder() *finder {
	return &finder{pairs: map[uint64]uint32{}, byTerm: map[uint32][]uint32{}}
}

// add adds a name; names are numbered from 0. Frequency gives the number of posts
// with a pair.
func (f *finder) add(terms []uint32, frequency func(key uint64) uint32) {
	name := uint32(len(f.whole))
	f.whole = append(f.whole, nil)
	if len(terms) == 1 {
		f.byTerm[terms[0]] = append(f.byTerm[terms[0]], name)
	}
	if len(terms) < 2 {
		return
	}
	own := make([]uint32, len(terms)-1)
	rarest, least := uint32(0), uint32(math.MaxUint32)
	for i := range own {
		key := pairKey(terms[i], terms[i+1])
		n, ok := f.pairs[key]
		if !ok {
			n = uint32(len(f.pairs))
			f.pairs[key] = n
			f.byPair = append(f.byPair, nil)
		}
		own[i] = n
		if df := frequency(key); df < least {
			rarest, least = n, df
		}
	}
	f.whole[name] = own
	f.byPair[rarest] = append(f.byPair[rarest], name)
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
		for _, name := range f.byPair[p] {
			for _, q := range f.whole[name] {
				if !has(q) {
					continue names
				}
			}
			found(name)
		}
	}
}

// search finds the names in all posts of a builder.
func (f *finder) search(b *builder, found func(post int, name uint32)) {
	const none = math.MaxUint32
	number := make([]uint32, len(b.pairs.terms)) // the finder's number of each pair
	for i := range number {
		number[i] = none
	}
	for key, n := range f.pairs {
		if i, ok := b.pairs.lookup(key); ok {
			number[i] = n
		}
	}
	stamp := make([]uint32, len(f.byPair))
	var own []uint32
	for i := range b.infos {
		own = own[:0]
		ids, _ := b.channels[pairChannel].row(i)
		for _, id := range ids {
			if n := number[id]; n != none {
				own = append(own, n)
				stamp[n] = uint32(i + 1)
			}
		}
		terms, _ := b.channels[proseChannel].row(i)
		f.find(terms, own, func(p uint32) bool { return stamp[p] == uint32(i+1) }, func(name uint32) { found(i, name) })
	}
}

// maxNamesakes is the number of posts that may share a name.
const maxNamesakes = 5

// naming are the names of posts.
type naming struct {
	finder *finder
	owners [][]uint32 // by name
	weight []float64  // by name; 0 for a common word
}

// called gathers what posts are called: by the whole title, or by its part before
// a colon or dash. Names of too many posts are left out.
func (b *builder) called() (names, owners [][]uint32) {
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
	kept := 0
	for n := range names {
		if len(owners[n]) <= maxNamesakes {
			names[kept], owners[kept] = names[n], owners[n]
			kept++
		}
	}
	return names[:kept], owners[:kept]
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
	type mention struct{ post, name uint32 }
	var found []mention
	f.search(b, func(post int, name uint32) {
		df[name]++
		found = append(found, mention{uint32(post), name})
	})
	n := naming{finder: f, owners: owners, weight: make([]float64, len(names))}
	for name := range names {
		n.weight[name] = nameWeight(df[name], len(b.infos), len(owners[name]))
	}
	var out edgeBuilder
	for i := range b.infos {
		for len(found) > 0 && int(found[0].post) == i {
			n.link(&out, found[0].name, i)
			found = found[1:]
		}
		out.end()
	}
	return n, out.edges
}

// link adds the edges of one mention in post self.
func (n *naming) link(out *edgeBuilder, name uint32, self int) {
	for _, owner := range n.owners[name] {
		if int(owner) != self && n.weight[name] > 0 {
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
	mentioned := make([][]uint32, len(b.infos))
	f.search(b, func(post int, name uint32) { mentioned[post] = append(mentioned[post], name) })
	var out rows
	stamp := make([]uint32, len(b.names))
	for i := range b.infos {
		ids, counts := b.channels[entityChannel].row(i)
		ids, counts = append([]uint32(nil), ids...), append([]uint8(nil), counts...)
		for _, id := range ids {
			stamp[id] = uint32(i + 1)
		}
		for _, name := range mentioned[i] {
			if stamp[name] != uint32(i+1) {
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

// nameIn finds the posts and entities that a new post names. Pairs are those of
// its batch, translated by to.
func (m *Model) nameIn(v *view, b *batch, to *[numSpaces][]uint32) {
	terms := v.vectors[proseChannel].ids
	keys := make([]uint64, 0, len(b.pairs.terms))
	for i := range b.pairs.terms {
		first, second := b.pairs.split(uint32(i))
		keys = append(keys, pairKey(to[termSpace][first], to[termSpace][second]))
	}
	var named edgeBuilder
	m.titled.finder.findKeys(terms, keys, func(name uint32) { m.titled.link(&named, name, v.self) })
	named.end()
	v.setEdges(namesPart, &named.edges, 0)
	entities := &v.vectors[entityChannel]
	given := len(entities.ids)
	m.entity.findKeys(terms, keys, func(name uint32) {
		if slices.Contains(entities.ids[:given], name) {
			return
		}
		entities.ids, entities.counts = append(entities.ids, name), append(entities.counts, mentionedEntity)
	})
}

// findKeys is find for a text given by all its pairs.
func (f *finder) findKeys(terms []uint32, keys []uint64, found func(name uint32)) {
	var own []uint32
	has := map[uint32]bool{}
	for _, key := range keys {
		if n, ok := f.pairs[key]; ok && !has[n] {
			own = append(own, n)
			has[n] = true
		}
	}
	f.find(terms, own, func(p uint32) bool { return has[p] }, found)
}
