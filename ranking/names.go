package ranking

import "math"

// finder finds names in posts. A name occurs in a text when each two neighbouring
// terms of it are neighbours there; for names of up to two terms that is exact, for
// longer ones false alarms need all pairs apart from each other.
type finder struct {
	pairs  *pairs
	rest   [][]uint32          // the pairs of each name, rarest first; empty for one term
	byTerm map[uint32][]uint32 // names of one term
	byPair map[uint32][]uint32 // other names, by their rarest pair
	stamp  []uint32            // by pair: the last post that has it
	clock  uint32
}

func newFinder(b *builder) *finder {
	return &finder{
		pairs: b.pairs, byTerm: map[uint32][]uint32{}, byPair: map[uint32][]uint32{}, stamp: make([]uint32, len(b.pairs.terms)),
	}
}

// add adds a name; names are numbered from 0.
func (f *finder) add(terms []uint32, df []uint32) {
	name := uint32(len(f.rest))
	f.rest = append(f.rest, nil)
	if len(terms) == 1 {
		f.byTerm[terms[0]] = append(f.byTerm[terms[0]], name)
	}
	if len(terms) < 2 {
		return
	}
	own := make([]uint32, len(terms)-1)
	rarest := 0
	for i := range own {
		n, ok := f.pairs.lookup(pairKey(terms[i], terms[i+1]))
		if !ok {
			return // No text has the pair, so none has the name.
		}
		own[i] = n
		if df[n] < df[own[rarest]] {
			rarest = i
		}
	}
	own[0], own[rarest] = own[rarest], own[0]
	f.rest[name] = own[1:]
	f.byPair[own[0]] = append(f.byPair[own[0]], name)
}

// find calls found with the names in a post.
func (f *finder) find(terms, pairs []uint32, found func(name uint32)) {
	f.clock++
	for _, p := range pairs {
		f.stamp[p] = f.clock
	}
	for _, t := range terms {
		for _, name := range f.byTerm[t] {
			found(name)
		}
	}
	for _, p := range pairs {
		for _, name := range f.byPair[p] {
			if f.all(f.rest[name]) {
				found(name)
			}
		}
	}
}

func (f *finder) all(pairs []uint32) bool {
	for _, p := range pairs {
		if f.stamp[p] != f.clock {
			return false
		}
	}
	return true
}

// maxNamesakes is the number of posts that may share a name.
const maxNamesakes = 5

// naming is a name of posts.
type naming struct {
	terms  []uint32
	owners []uint32
}

// namings gathers what posts are called: by the whole title, or by its part
// before a colon or dash. Names of too many posts are left out.
func (b *builder) namings() []naming {
	byHash := map[uint64]int{}
	var all []naming
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
			n = len(all)
			byHash[h] = n
			all = append(all, naming{terms: terms})
		}
		if len(all[n].owners) <= maxNamesakes {
			all[n].owners = append(all[n].owners, uint32(owner))
		}
	}
	for i, t := range b.titles {
		add(t.terms, i)
		if t.cut > 0 {
			add(t.terms[:t.cut], i)
		}
	}
	kept := all[:0]
	for _, n := range all {
		if len(n.owners) <= maxNamesakes {
			kept = append(kept, n)
		}
	}
	return kept
}

// mentions returns the edges from each post to the posts that its text names.
// The weight of a name is ln(1+N/df)/ln(1+N), over the square root of the number of
// posts that share it; df is the number of posts with the name in their text.
func (b *builder) mentions() edges {
	names := b.namings()
	f := newFinder(b)
	for _, n := range names {
		f.add(n.terms, b.df[pairChannel])
	}
	df := make([]uint32, len(names))
	var found rows32
	for i := range b.infos {
		terms, _ := b.channels[proseChannel].row(i)
		pairs, _ := b.channels[pairChannel].row(i)
		f.find(terms, pairs, func(name uint32) {
			df[name]++
			found.append(name)
		})
		found.end()
	}
	limit := max(minNamed, uint32(maxNamedShare*float64(len(b.infos))))
	var out edgeBuilder
	for i := range b.infos {
		for _, name := range found.row(i) {
			if df[name] > limit {
				continue
			}
			w := nameWeight(df[name], len(b.infos), len(names[name].owners))
			for _, owner := range names[name].owners {
				if int(owner) != i {
					out.add(owner, w)
				}
			}
		}
		out.end()
	}
	return out.edges
}

// A name that more posts than these have in their text is a common word.
const (
	minNamed      = 50
	maxNamedShare = 0.01
)

func nameWeight(df uint32, n, owners int) float64 {
	N := float64(n)
	return math.Log1p(N/float64(max(df, 1))) / math.Log1p(N) / math.Sqrt(float64(owners))
}

// addMentions adds to the entities of each post those that its text names.
func (b *builder) addMentions() {
	f := newFinder(b)
	for _, terms := range b.names {
		f.add(terms, b.df[pairChannel])
	}
	var out rows
	stamp := make([]uint32, len(b.names))
	for i := range b.infos {
		ids, counts := b.channels[entityChannel].row(i)
		ids, counts = append([]uint32(nil), ids...), append([]uint8(nil), counts...)
		for _, id := range ids {
			stamp[id] = uint32(i + 1)
		}
		terms, _ := b.channels[proseChannel].row(i)
		pairs, _ := b.channels[pairChannel].row(i)
		f.find(terms, pairs, func(name uint32) {
			if stamp[name] != uint32(i+1) {
				stamp[name] = uint32(i + 1)
				ids, counts = append(ids, name), append(counts, mentionedEntity)
				b.df[entityChannel][name]++
			}
		})
		out.add(ids, counts)
	}
	b.channels[entityChannel] = out
}
