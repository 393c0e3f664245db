package exec

import (
	"math/bits"
	"slices"

	"alphanode/index"
	"alphanode/index/bleveindex/postings"
)

// cursor is a place in a list.
type cursor struct {
	list  *postings.List
	at    int
	level float64
	begin int // where the window began
}

// seek goes to the first posting at or after doc.
func (c *cursor) seek(doc uint32) { c.at = seek(c.list.Docs, c.at, doc) }

// seek gives the place of the first of docs, from a place on, at or after doc.
func seek(docs []uint32, at int, doc uint32) int {
	if at >= len(docs) || docs[at] >= doc {
		return at
	}
	step := 1
	for at+step < len(docs) && docs[at+step] < doc {
		at += step
		step *= 2
	}
	high := min(at+step, len(docs))
	for at++; at < high; {
		if middle := int(uint(at+high) >> 1); docs[middle] < doc { //nolint:gosec // not negative
			at = middle + 1
		} else {
			high = middle
		}
	}
	return at
}

// enter goes to the beginning of a window.
func (c *cursor) enter(from uint32) {
	c.seek(from)
	c.begin = c.at
}

// fieldLists are the postings of a word in one field of one segment.
type fieldLists struct {
	field  int
	weight float64
	// linear are lists that count each for itself.
	linear []cursor
	// exact, stems and others are filled instead when positions of the word are among
	// those of its stems, and must not count twice.
	exact, stems, others []cursor
}

func (f *fieldLists) each(visit func(*cursor)) {
	for _, list := range [...][]cursor{f.linear, f.exact, f.stems, f.others} {
		for i := range list {
			visit(&list[i])
		}
	}
}

// fastWord is a word or phrase with its postings.
type fastWord struct {
	scale    float64 // query weight times idf
	df       int     // document frequency
	postings int
	// segments are the postings by segment, shared and not to be changed; fetched says of
	// which they were fetched, by of what.
	segments [][]fieldLists
	fetched  []bool
	of       source
	// merged are the same added up, nil without postings; none at all where nothing is kept.
	merged  []*merged
	current []fieldLists // of the current segment, with our own cursors
	arena   []cursor
	// list is where a bounded run has it among the lists of its segment; -1 for nowhere.
	list int
}

// source is what a fastWord stands for.
type source interface {
	// lists fetches its postings in a segment, not to be changed.
	lists(s *searcher, seg int) ([]fieldLists, error)
}

// makeRoom makes room for the postings of n segments.
func (w *fastWord) makeRoom(n int) {
	if w.fetched == nil {
		w.segments, w.fetched = make([][]fieldLists, n), make([]bool, n)
	}
}

// fetch fetches the postings of a segment, once a search.
func (w *fastWord) fetch(s *searcher, seg int) ([]fieldLists, error) {
	w.makeRoom(len(s.segments))
	if w.fetched[seg] {
		return w.segments[seg], nil
	}
	fields := []fieldLists(nil)
	if w.merged != nil && (w.merged[seg] == nil || w.merged[seg].fields != nil) {
		if w.merged[seg] != nil {
			fields = w.merged[seg].fields
		}
	} else {
		var err error
		if fields, err = w.of.lists(s, seg); err != nil {
			return nil, err
		}
	}
	fields = s.reweighed(fields)
	w.segments[seg], w.fetched[seg] = fields, true
	return fields, nil
}

// fetchAll fetches the postings of all segments, for a run window by window.
func (w *fastWord) fetchAll(s *searcher) error {
	for seg := range s.segments {
		if _, err := w.fetch(s, seg); err != nil {
			return err
		}
	}
	return nil
}

func (w *fastWord) cost() int { return w.postings }

func (w *fastWord) start(seg int) {
	n := 0
	for i := range w.segments[seg] {
		n += w.segments[seg][i].count()
	}
	w.arena = slices.Grow(w.arena[:0], n)
	w.current = append(w.current[:0], w.segments[seg]...)
	for i := range w.current {
		f := &w.current[i]
		for _, list := range [...]*[]cursor{&f.linear, &f.exact, &f.stems, &f.others} {
			from := len(w.arena)
			w.arena = append(w.arena, *list...)
			*list = w.arena[from:]
		}
	}
}

func (w *fastWord) next(from uint32) uint32 {
	first := uint32(none)
	for i := range w.current {
		w.current[i].each(func(c *cursor) {
			if c.seek(from); c.at < len(c.list.Docs) {
				first = min(first, c.list.Docs[c.at])
			}
		})
	}
	return first
}

func (w *fastWord) window(r *windowRun, found, mask *windowSet, score *accumulator) {
	w.tally(r, found, mask, score != nil)
	if score != nil {
		r.saturateInto(score, found, mask, w.scale)
	}
}

// tally gives the posts of the window that match, and adds up their weighted
// frequencies, if they are to be scored.
func (w *fastWord) tally(r *windowRun, found, mask *windowSet, score bool) {
	*found = windowSet{}
	if len(w.current) == 0 {
		return
	}
	candidates := mask.count()
	for i := range w.current {
		f := &w.current[i]
		for j := range f.linear {
			r.add(&f.linear[j], f, found, mask, candidates, score)
		}
		if len(f.exact)+len(f.stems) > 0 {
			r.addInflected(f, found, mask, candidates, score)
		}
	}
}

func (w *fastWord) rewind() {
	for i := range w.current {
		w.current[i].each(func(c *cursor) { c.at = c.begin })
	}
}

func (w *fastWord) bound(k1 float64) float64 { return w.scale * (k1 + 1) }

func (w *fastWord) split(r *windowRun, found, mask, worth *windowSet, score *accumulator) {
	*found = windowSet{}
	var scored windowSet
	candidates := worth.count()
	for i := range w.current {
		f := &w.current[i]
		f.each(func(c *cursor) {
			c.enter(r.from)
			c.mark(r, found)
		})
		if candidates == 0 {
			continue
		}
		f.each(func(c *cursor) { c.at = c.begin })
		for j := range f.linear {
			r.add(&f.linear[j], f, &scored, worth, candidates, true)
		}
		if len(f.exact)+len(f.stems) > 0 {
			r.addInflected(f, &scored, worth, candidates, true)
		}
	}
	if candidates > 0 {
		r.saturateInto(score, &scored, worth, w.scale)
	}
}

// mark adds the posts of the window to found.
func (c *cursor) mark(r *windowRun, found *windowSet) {
	docs, from, to := c.list.Docs[c.at:], r.from, r.to
	i := 0
	for ; i < len(docs) && docs[i] < to; i++ {
		k := docs[i] - from
		found[(k>>6)&(windowSize/64-1)] |= 1 << (k & 63)
	}
	c.at += i
}

// saturateInto adds what the accumulated frequencies are worth and clears them.
// Those of at most cut are left out, unless the post is in fits, and worth is told
// which were not.
func (r *windowRun) saturateInto(score *accumulator, found, mask *windowSet, scale float64) {
	k1 := r.config.Scoring.K1
	for i, word := range found {
		in, kept := mask[i], uint64(0)
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			k := (i<<6 + bit) & (windowSize - 1)
			x := r.x[k]
			r.x[k] = 0
			if x <= r.cut && r.fits[i]>>bit&1 == 0 || in>>bit&1 == 0 {
				continue
			}
			kept |= 1 << bit
			score[k] += scale * ((k1 + 1) * x / (x + k1))
		}
		r.kept[i] = kept
	}
}

// sparseness is how many postings it is worth to pass over for one search in them.
const sparseness = 8

// add adds the postings of one list.
func (r *windowRun) add(c *cursor, f *fieldLists, found, mask *windowSet, candidates int, score bool) {
	c.enter(r.from)
	docs := c.list.Docs
	if c.at == len(docs) || docs[c.at] >= r.to {
		return
	}
	if c.longer(candidates*sparseness, r.to) {
		r.addSparse(c, f, found, mask, score)
		return
	}
	if !score {
		c.mark(r, found)
		return
	}
	if candidates*density < int(r.to-r.from) {
		r.addMasked(c, f, found, mask)
		return
	}
	r.addDense(c, f, found)
}

// density is from how many posts a candidate on it is worth to look at the mask before
// a posting is added.
const density = 4

// addMasked is addDense for the posts of mask.
func (r *windowRun) addMasked(c *cursor, f *fieldLists, found, mask *windowSet) {
	docs, from, to := c.list.Docs[c.at:], r.from, r.to
	i := 0
	for ; i < len(docs) && docs[i] < to; i++ {
		k := (docs[i] - from) & (windowSize - 1)
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		found[k>>6] |= 1 << (k & 63)
		r.x[k] += f.weight * (c.level * float64(c.list.Freq(c.at+i))) * r.inverseNorm(f.field, docs[i])
	}
	c.at += i
}

// longer reports whether more than n postings are left before a post.
func (c *cursor) longer(n int, to uint32) bool {
	return c.at+n < len(c.list.Docs) && c.list.Docs[c.at+n] < to
}

// addDense is the inner loop of a search.
func (r *windowRun) addDense(c *cursor, f *fieldLists, found *windowSet) {
	docs := c.list.Docs[c.at:]
	freqs := c.list.Freqs()[c.at:]
	freqs = freqs[:len(docs)]
	lengths := r.segments[r.seg].columns.Lengths[f.field]
	inverse := r.inverse[f.field]
	weight, level := f.weight, c.level
	from, to := r.from, r.to
	i := 0
	for ; i < len(docs); i++ {
		doc := docs[i]
		if doc >= to {
			break
		}
		k := doc - from
		found[(k>>6)&(windowSize/64-1)] |= 1 << (k & 63)
		tf := float64(freqs[i])
		if freqs[i] == postings.ManyFreq {
			tf = float64(c.list.Freq(c.at + i))
		}
		if n := lengths[doc]; int(n) < len(inverse) {
			r.x[k&(windowSize-1)] += weight * (level * tf) * inverse[n]
		} else {
			r.x[k&(windowSize-1)] += weight * (level * tf) * r.inverseNorm(f.field, doc)
		}
	}
	c.at += i
}

// addSparse looks for the few posts of mask only.
func (r *windowRun) addSparse(c *cursor, f *fieldLists, found, mask *windowSet, score bool) {
	docs := c.list.Docs
	for i, word := range mask {
		for ; word != 0; word &= word - 1 {
			k := uint32(i<<6 + bits.TrailingZeros64(word)) //nolint:gosec // within the window
			doc := r.from + k
			c.seek(doc)
			if c.at == len(docs) {
				return
			}
			if docs[c.at] != doc {
				continue
			}
			found[i] |= 1 << (k & 63)
			if score {
				r.x[k] += f.weight * (c.level * float64(c.list.Freq(c.at))) * r.inverseNorm(f.field, doc)
			}
		}
	}
}

// inverseNorm is 1 / norm, from a table for all but the longest posts.
func (r *windowRun) inverseNorm(field int, doc uint32) float64 {
	inverse := r.inverse[field]
	if n := r.segments[r.seg].columns.Lengths[field][doc]; int(n) < len(inverse) {
		return inverse[n]
	}
	return 1 / r.norm(r.seg, field, doc)
}

// addInflected adds the postings of a word and of its stems in one field, where
// what is counted as the word is not counted as its stem again.
func (r *windowRun) addInflected(f *fieldLists, found, mask *windowSet, candidates int, score bool) {
	longest := false
	f.each(func(c *cursor) {
		c.enter(r.from)
		longest = longest || c.longer(candidates*sparseness, r.to)
	})
	if longest {
		r.addInflectedSparse(f, found, mask, score)
		return
	}
	var here windowSet
	for i := range f.exact {
		r.tallyCounts(&f.exact[i], &here, &r.exact, score)
	}
	for i := range f.stems {
		r.tallyCounts(&f.stems[i], &here, &r.stem, score)
	}
	for i := range f.others {
		r.tallyOther(&f.others[i], &here, score)
	}
	found.or(&here)
	if score {
		r.drain(f, &here)
	}
}

func (r *windowRun) drain(f *fieldLists, here *windowSet) {
	levels := r.levels()
	for i, word := range here {
		for ; word != 0; word &= word - 1 {
			k := (i<<6 + bits.TrailingZeros64(word)) & (windowSize - 1)
			tf := inflected(levels, r.exact[k], r.stem[k], r.other[k])
			r.exact[k], r.stem[k], r.other[k] = 0, 0, 0
			r.x[k] += f.weight * tf * r.inverseNorm(f.field, r.from+uint32(k)) //nolint:gosec // within the window
		}
	}
}

// addInflectedSparse is addInflected for the few posts of mask.
func (r *windowRun) addInflectedSparse(f *fieldLists, found, mask *windowSet, score bool) {
	levels := r.levels()
	for i, word := range mask {
		for ; word != 0; word &= word - 1 {
			k := uint32(i<<6 + bits.TrailingZeros64(word)) //nolint:gosec // within the window
			doc := r.from + k
			exact, hasExact := countAt(f.exact, doc)
			stem, hasStem := countAt(f.stems, doc)
			other, hasOther := 0.0, false
			for j := range f.others {
				if tf, ok := f.others[j].frequency(doc); ok {
					other, hasOther = other+f.others[j].level*float64(tf), true
				}
			}
			if !hasExact && !hasStem && !hasOther {
				continue
			}
			found[i] |= 1 << (k & 63)
			if score {
				r.x[k] += f.weight * inflected(levels, exact, stem, other) * r.inverseNorm(f.field, doc)
			}
		}
	}
}

// countAt adds up the frequencies of a post.
func countAt(cursors []cursor, doc uint32) (sum uint32, found bool) {
	for i := range cursors {
		if tf, ok := cursors[i].frequency(doc); ok {
			sum, found = sum+tf, true
		}
	}
	return sum, found
}

// frequency goes to a post and gives its frequency.
func (c *cursor) frequency(doc uint32) (uint32, bool) {
	c.seek(doc)
	if c.at == len(c.list.Docs) || c.list.Docs[c.at] != doc {
		return 0, false
	}
	return c.list.Freq(c.at), true
}

// inflected is word.frequency for counts.
func inflected(levels *[index.NumLevels]float64, exact, stem uint32, other float64) float64 {
	tf := levels[index.Exact] * float64(exact)
	if stem > exact {
		tf += levels[index.Stem] * float64(stem-exact)
	}
	return tf + other
}

func (r *windowRun) tallyCounts(c *cursor, found *windowSet, counts *[windowSize]uint32, score bool) {
	c.seek(r.from)
	docs, i := c.list.Docs, c.at
	freqs := c.list.Freqs()
	for ; i < len(docs) && docs[i] < r.to; i++ {
		k := (docs[i] - r.from) & (windowSize - 1)
		found[k>>6] |= 1 << (k & 63)
		if !score {
			continue
		}
		if freqs[i] == postings.ManyFreq {
			counts[k] += c.list.Freq(i)
		} else {
			counts[k] += uint32(freqs[i])
		}
	}
	c.at = i
}

func (r *windowRun) tallyOther(c *cursor, found *windowSet, score bool) {
	c.seek(r.from)
	docs, i := c.list.Docs, c.at
	for ; i < len(docs) && docs[i] < r.to; i++ {
		k := (docs[i] - r.from) & (windowSize - 1)
		found[k>>6] |= 1 << (k & 63)
		if score {
			r.other[k] += c.level * float64(c.list.Freq(i))
		}
	}
	c.at = i
}
