package ranking

import "slices"

// reacher finds the posts whose lists a post reaches. Not safe for concurrent use.
type reacher struct {
	kernel *kernel
	probe  *probe
	asked  asked
	bounds []uint32 // by place: of the sums, times the prior's factor of the place
	every  uint32   // bounds what features too frequent to be posted add
	levels map[uint64]uint16
	// has is, by channel and feature, the level of an entry of the post plus one.
	has [numChannels][]uint8
}

func (k *kernel) newReacher() *reacher {
	return &reacher{kernel: k, probe: newProbe(k), levels: map[uint64]uint16{}}
}

// stage1 is the sum of post b for a post asked about: the plain form of what the
// blocks add up.
func (r *reacher) stage1(v *view, b int) uint32 {
	k := r.kernel
	k.model.ask(v, &r.asked)
	wanted, _ := r.probe.choose(&r.asked)
	sum := uint16(0)
	for i := range wanted {
		w := &wanted[i]
		if level, ok := r.levels[levelKey(w.channel, w.feature)]; ok {
			sum += w.adds(&k.model.probing.Levels[w.channel], k.unit)[level]
		}
	}
	for e := range r.asked.edges {
		for _, x := range r.asked.edges[e] {
			if int(x.to) == b {
				sum += k.arrowSum(x)
			}
		}
	}
	if sum == 0 {
		return 0
	}
	date := k.askedMoment(v.dated)
	return uint32(sum) + date.near(&k.moments[k.place[b]])
}

func levelKey(c channel, feature uint32) uint64 { return uint64(c)<<32 | uint64(feature) }

// load notes the entries of post b.
func (r *reacher) load(b int) {
	m := r.kernel.model
	clear(r.levels)
	for c := range m.vectors {
		if r.has[c] == nil {
			r.has[c] = make([]uint8, len(m.vectors[c].idf))
		}
		ids, counts := m.vectors[c].row(b)
		for e, f := range ids {
			level := m.probing.Levels[c].of(m.entryWeight(channel(c), b, counts[e]))
			r.levels[levelKey(channel(c), f)] = level
			r.has[c][f] = uint8(level) + 1
		}
	}
}

// forget undoes load.
func (r *reacher) forget() {
	for key := range r.levels {
		r.has[key>>32][uint32(key)] = 0
	}
}

// within bounds the sum for post a, without arrows and date, by the features that the
// two have in common, as if all of them were walked.
func (r *reacher) within(a int) float64 {
	m := r.kernel.model
	sum, matches := 0.0, 0
	for p, pr := range products {
		if m.weights[p] == 0 {
			continue
		}
		x, n := r.common(pr, a)
		sum += m.weights[p] * x
		matches += n
	}
	// What is asked for is rounded, and so is what it adds.
	return sum*r.kernel.unit*1.001 + float64(2*matches)
}

// common bounds one part for post a before its weight, and counts its features.
func (r *reacher) common(pr product, a int) (sum float64, matches int) {
	m := r.kernel.model
	has, l := r.has[pr.candidate], &m.probing.Levels[pr.candidate]
	asked, candidate := m.vectors[pr.asked].idf, m.vectors[pr.candidate].idf
	ids, counts := m.vectors[pr.asked].row(a)
	for k, f := range ids {
		level := has[f]
		if level == 0 {
			continue
		}
		matches++
		value := float64(l.Value[level-1])
		switch pr.kind {
		case cosine:
			sum += float64(roots[counts[k]]*asked[f]*candidate[f]) * value
		case covers:
			sum += float64(counts[k]) / (float64(counts[k]) + float64(m.coversK[a])) * float64(candidate[f]) * value
		case covered:
			sum += float64(asked[f]) * float64(l.Covering[level-1])
		case shared:
			sum += value
		}
	}
	switch {
	case pr.kind == cosine:
		sum *= float64(m.vectors[pr.asked].inv[a])
	case pr.kind == covered && matches > 0:
		sum /= float64(m.titleSum[a])
	}
	return sum, matches
}

func (k *kernel) reached(b int, least []uint32, f func(a int)) {
	r, ok := k.reaches.Get().(*reacher)
	if !ok {
		r = k.newReacher()
	}
	defer k.reaches.Put(r)
	r.load(b)
	defer r.forget()
	r.bound(b)
	m := k.model
	for place, bound := range r.bounds {
		r.bounds[place] = 0
		bound += r.every
		a := k.order[place]
		if bound == 0 || a == unknown || int(a) == b || m.dead[a] {
			continue
		}
		date := k.askedMoment(m.dates[a])
		if uint32(float64(bound)/m.factor[a])+1+date.near(&k.moments[k.place[b]]) < least[a] {
			continue
		}
		pointed := bound >= 2*maxSum // There may be an arrow from or to it.
		if !pointed && uint32(r.within(int(a)))+1+date.near(&k.moments[k.place[b]]) < least[a] {
			continue
		}
		v := m.view(int(a))
		if s := r.stage1(&v, b); s > 0 && s >= least[a] {
			f(int(a))
		}
	}
}

// bound adds up, for all posts, what bounds the sum of post b for them.
func (r *reacher) bound(b int) {
	k := r.kernel
	m := k.model
	if len(r.bounds) < len(k.order) {
		r.bounds = make([]uint32, len(k.order))
	}
	r.every = 0
	for p, pr := range products {
		if m.weights[p] == 0 {
			continue
		}
		ids, _ := m.vectors[pr.candidate].row(b)
		for _, f := range ids {
			if n := k.postings[pr.candidate].features[f].frozen; n > 0 && int(n) <= k.budget {
				r.boundFeature(part(p), f)
			}
		}
	}
	for _, edges := range m.edgesOf(b) {
		for _, a := range edges.to {
			r.bounds[k.place[a]] += maxSum * 2
		}
	}
}

// boundFeature adds what one feature of the candidate brings in one part, at most, to
// the posts that ask about it.
func (r *reacher) boundFeature(p part, f uint32) {
	k := r.kernel
	m, pr := k.model, products[p]
	l := &m.probing.Levels[pr.candidate]
	level := r.levels[levelKey(pr.candidate, f)]
	value := float64(l.Value[level])
	if pr.kind == covered {
		value = float64(l.Covering[level])
	}
	value *= m.weights[p] * k.unit
	most := 1 + m.config.SimilarBeta
	var add [numLevels]uint32
	for n := range add {
		// What bounds the weight of the post asked about, times its factor.
		x := most
		idf := float64(m.vectors[pr.candidate].idf[f])
		if pr.kind == cosine {
			// Its weight is inv sqrt(count) idf, at most 1.
			if n < numLevels-1 {
				x = min(x, float64(m.probing.Levels[pr.asked].Upper[n])*idf)
			}
		}
		if pr.kind != shared && pr.kind != covered {
			x *= idf // Of the candidate.
		}
		// Rounding adds half a unit, and what is asked for is rounded too.
		add[n] = uint32(value*x*1.001 + most + 1)
	}
	switch {
	case pr.kind == covered:
		r.walkTitles(f, value*most*float64(m.idf[titleChannel][f]))
	case int(k.postings[pr.asked].features[f].frozen) > k.budget:
		r.every += slices.Max(add[:])
	default:
		r.walk(pr.asked, f, &add)
	}
}

// walkTitles adds to the bounds of the posts with a term in their title, so much over
// the idf of their titles.
func (r *reacher) walkTitles(f uint32, much float64) {
	k := r.kernel
	add := func(place uint32) {
		sum := float64(k.model.titleSum[k.order[place]])
		r.bounds[place] += uint32(much/sum*1.001 + 4)
	}
	p := &k.postings[titleChannel]
	from, n := p.features[f].start, p.features[f].count
	if n <= rarePosts {
		for _, x := range p.rare[from : from+n] {
			add(x >> levelBits)
		}
	} else {
		for b := range k.blocks {
			for _, x := range p.items[p.starts[int(from)+b]:p.starts[int(from)+b+1]] {
				add(uint32(b)<<blockBits | uint32(x>>levelBits))
			}
		}
	}
	for _, x := range k.later[titleChannel][f] {
		add(x >> levelBits)
	}
}

// walk adds to the bounds of all posts with a feature.
func (r *reacher) walk(c channel, f uint32, add *[numLevels]uint32) {
	k := r.kernel
	p := &k.postings[c]
	from, n := p.features[f].start, p.features[f].count
	if n <= rarePosts {
		for _, x := range p.rare[from : from+n] {
			r.bounds[x>>levelBits] += add[x&levelMask]
		}
	} else {
		for b := range k.blocks {
			bounds := r.bounds[b<<blockBits:]
			for _, x := range p.items[p.starts[int(from)+b]:p.starts[int(from)+b+1]] {
				bounds[x>>levelBits] += add[x&levelMask]
			}
		}
	}
	for _, x := range k.later[c][f] {
		r.bounds[x>>levelBits] += add[x&levelMask]
	}
}
