package exec

import (
	"alphanode/index"
	"alphanode/index/bleveindex/postings"
)

// contender is a post that may be among the best: by its bound, which prior and boosts are
// in. Which ones are is known when all were found, so that only a few more than are shown
// have to be scored.
type contender struct {
	seg   int
	doc   uint32
	bound float64
	fit   float64
}

// contend notes a post whose places in the lists are known. It reports whether its bound
// is high enough with its own prior and boosts.
func (b *boundedRun) contend(doc uint32, bound, fit float64) bool {
	prior, boosts := b.multipliers(doc)
	most := (bound + fit) * prior * boosts
	if b.need > 0 && most < b.floor*slack {
		return false
	}
	sure := fit
	for i := range b.lists {
		if l := &b.lists[i]; l.place >= 0 {
			sure += l.sure * float64(max(l.bounds[l.place], 1)-1)
		}
	}
	b.contenders = append(b.contenders, contender{b.window.seg, doc, most / slack, fit})
	b.keepSure(sure * prior * boosts * slack)
	return true
}

// keepSure keeps the best scores that posts have at least. When there are as many as hits,
// the least of them is one that all hits have.
func (b *boundedRun) keepSure(score float64) {
	h := b.sureBest
	switch {
	case len(h) < b.depth:
		h = append(h, score)
		b.sureBest = h
		for i := len(h) - 1; i > 0 && h[i] < h[(i-1)/2]; i = (i - 1) / 2 {
			h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		}
	case score > h[0]:
		h[0] = score
		siftDown(h)
	}
	if b.full = len(h) == b.depth; b.full {
		b.floor = h[0]
		b.need = b.needed()
	}
}

// siftDown puts the first of a heap, which has its least first, where it belongs.
func siftDown(h []float64) {
	for i := 0; 2*i+1 < len(h); {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1] < h[child] {
			child++
		}
		if h[i] <= h[child] {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

// settle scores the contenders that are still good enough, and offers them.
func (b *boundedRun) settle() error {
	floor := 0.0
	if b.full {
		floor = b.floor * slack
	}
	b.full, b.floor = false, 0
	seg := -1
	for _, c := range b.contenders {
		if c.bound < floor {
			continue
		}
		if c.seg != seg {
			seg, b.window.seg = c.seg, c.seg
			b.open(seg)
		}
		score, err := b.score(c)
		if err != nil {
			return err
		}
		b.offer(candidate{seg: seg, doc: c.doc, score: score})
	}
	return nil
}

// score is that of a post, added up in the order of the window run, so that it is the same to
// the last bit.
func (b *boundedRun) score(c contender) (float64, error) {
	b.rewind()
	k1, score := b.config.Scoring.K1, 0.0
	for _, w := range b.words {
		if w.list < 0 || !b.lists[w.list].look(c.doc) {
			continue
		}
		x, err := b.exact(w, c.doc, b.lists[w.list].place)
		if err != nil {
			return 0, err
		}
		score += w.scale * ((k1 + 1) * x / (x + k1))
	}
	prior, boosts := b.multipliers(c.doc)
	return (score + c.fit) * prior * boosts, nil
}

// multipliers are what the relevance of a post is multiplied by.
func (b *boundedRun) multipliers(doc uint32) (prior, boosts float64) {
	prior, boosts = 1, 1
	if p := b.segments[b.window.seg].prior; p != nil && b.config.Beta != 0 {
		prior = 1 + b.config.Beta*(2*float64(p[doc])-1)
	}
	if len(b.boosts) > 0 {
		boosts = b.boostOf(b.window.seg, doc)
	}
	return prior, boosts
}

// exact is the weighted frequency of a word in a post, as the window run adds it up.
// Place is that of the post in the merged postings: it is not before that in any list.
func (b *boundedRun) exact(w *fastWord, doc uint32, place int) (float64, error) {
	if m := w.merged[b.window.seg]; m.worth != nil && b.factors == nil && &m.averages[0] == &b.averageLength[0] {
		return m.worth[place], nil
	}
	return b.addUpOne(w, doc, place)
}

// addUpOne adds the weighted frequency up from lists and lengths.
func (b *boundedRun) addUpOne(w *fastWord, doc uint32, place int) (float64, error) {
	if m := w.merged[b.window.seg]; m.compact != nil {
		return b.exactCompact(m.compact, doc, place), nil
	}
	fields := w.merged[b.window.seg].fields
	if fields == nil || b.factors != nil {
		var err error
		if fields, err = w.fetch(b.searcher, b.window.seg); err != nil {
			return 0, err
		}
	}
	x := 0.0
	for i := range fields {
		f := &fields[i]
		for j := range f.linear {
			c := &f.linear[j]
			if tf, found := frequencyAt(c.list, doc, place); found {
				x += f.weight * (c.level * float64(tf)) * b.window.inverseNorm(f.field, doc)
			}
		}
		if len(f.exact)+len(f.stems) > 0 {
			if tf, found := f.inflectedAt(b.levels(), doc, place); found {
				x += f.weight * tf * b.window.inverseNorm(f.field, doc)
			}
		}
	}
	return x, nil
}

// inflectedAt is the frequency of a word with its stems in a post.
func (f *fieldLists) inflectedAt(levels *[index.NumLevels]float64, doc uint32, place int) (float64, bool) {
	exact, hasExact := sumAt(f.exact, doc, place)
	stem, hasStem := sumAt(f.stems, doc, place)
	other, hasOther := 0.0, false
	for i := range f.others {
		c := &f.others[i]
		if tf, found := frequencyAt(c.list, doc, place); found {
			other, hasOther = other+c.level*float64(tf), true
		}
	}
	return inflected(levels, exact, stem, other), hasExact || hasStem || hasOther
}

func sumAt(lists []cursor, doc uint32, place int) (sum uint32, found bool) {
	for i := range lists {
		if tf, here := frequencyAt(lists[i].list, doc, place); here {
			sum, found = sum+tf, true
		}
	}
	return sum, found
}

// frequencyAt is the frequency of a post in a list, where it is at a place or before.
func frequencyAt(l *postings.List, doc uint32, place int) (uint32, bool) {
	high := min(place, len(l.Docs)-1)
	if high < 0 {
		return 0, false
	}
	low, step := high, 1
	for low > 0 && l.Docs[low] > doc {
		high = low
		low = max(0, low-step)
		step *= 2
	}
	at := seek(l.Docs[:high+1], low, doc)
	if at > high || l.Docs[at] != doc {
		return 0, false
	}
	return l.Freq(at), true
}
