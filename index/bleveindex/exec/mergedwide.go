package exec

import (
	"fmt"
	"math/bits"
	"slices"

	"alphanode/index/bleveindex/postings"
)

// wideMerge adds up the postings of a word that stands for a set of very many terms in one
// segment. That is what merge does by way of lists; here no list is made, since nothing would be
// kept of it but frequencies: what a field's terms count is added up by post, and goes from there
// into what posts are worth. The order of what is added up is that of the window run.
type wideMerge struct {
	*searcher
	seg    int
	worth  []float64 // by post
	found  bitset
	fields []compactField
}

// wideScratch is the working memory of a wideMerge: all of it is zero between words.
type wideScratch struct {
	sum         postings.Sum
	worth       []float64
	exact, stem []uint32
	other       []float64
	here        bitset
	freqs       []uint8
	many        []uint32
}

// isWideSet reports whether a word stands for a set of very many terms, or of terms that very
// many posts have, and beside it for nothing that is added up after that.
func (s *searcher) isWideSet(of source) bool {
	w, ok := of.(*wordTerms)
	if !ok || len(w.merged) != 1 || w.merged[0].set == nil {
		return false
	}
	set := w.merged[0].set
	return len(set.terms) >= manyTerms || set.postings*wideShare >= s.live && s.live > windowSize
}

// mergeWide adds up a word in one segment; nil for nothing.
func (s *searcher) mergeWide(w *wordTerms, seg int) (*merged, error) {
	docs := s.segments[seg].columns.Docs
	s.scratch.wide.reset(docs)
	m := wideMerge{searcher: s, seg: seg, worth: s.scratch.wide.worth[:docs], found: newBitset(docs)}
	s.once = true
	defer func() { s.once = false }()
	err := s.fields(w.field, func(field int) error {
		f := fieldLists{field: field, weight: s.ownWeight(field)}
		alone := *w
		alone.merged = nil
		if err := s.fieldTerms(&alone, seg, field, &f); err != nil {
			return err
		}
		if err := s.addSet(seg, field, &w.merged[0], &s.scratch.wide.sum); err != nil {
			return err
		}
		m.add(&f, w.inflected(), s.levels()[w.merged[0].level])
		return nil
	})
	if err != nil {
		s.scratch.wide = wideScratch{} // It is not zero.
		return nil, err
	}
	return m.merged(), nil
}

// reset makes room for a segment of so many posts.
func (w *wideScratch) reset(docs int) {
	if len(w.worth) >= docs {
		return
	}
	n := docs + docs/8
	*w = wideScratch{
		sum: postings.Sum{Set: newBitset(n), Counts: make([]uint32, n)}, worth: make([]float64, n),
		exact: make([]uint32, n), stem: make([]uint32, n), other: make([]float64, n), here: newBitset(n),
	}
}

// addSet adds up the postings of the terms of a set.
func (s *searcher) addSet(seg, field int, m *mergedTerms, sum *postings.Sum) (err error) {
	reader, added := s.segments[seg].shared.reader, 0
	for term, e := range s.members(seg, field, m.set, &err) {
		if added++; added&0xff == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if failed := reader.AddValue(e.Value(), sum); failed != nil {
			return fmt.Errorf("postings of %q: %w", term, failed)
		}
	}
	return err
}

// add adds a field: its lists, of which others come before the set, and the sum of the set,
// which is zero again then.
func (m *wideMerge) add(f *fieldLists, inflected bool, level float64) {
	own := m.drain()
	n := f.count()
	if own != nil {
		n++
	}
	if n == 0 {
		return
	}
	docs := m.segments[m.seg].columns.Docs
	c := compactField{
		field: f.field, weight: f.weight,
		exact: compactLists(f.exact, docs), stems: compactLists(f.stems, docs), others: compactLists(f.others, docs),
	}
	if own != nil {
		c.others = append(c.others, m.keep(own, level))
	}
	if !inflected || len(f.exact) == 0 || n == 1 {
		m.addLinear(f, own, level)
		c.linear, c.exact, c.stems, c.others = slices.Concat(c.exact, c.stems, c.others), nil, nil, nil
	} else {
		m.addInflected(f, own, level)
	}
	m.fields = append(m.fields, c)
}

// drain makes the sum of the set zero, and leaves the frequencies in freqs and many. It gives
// the posts; nil for none.
func (m *wideMerge) drain() bitset {
	w := &m.scratch.wide
	w.freqs, w.many = w.freqs[:0], w.many[:0]
	if !slices.ContainsFunc(w.sum.Set, func(word uint64) bool { return word != 0 }) {
		return nil
	}
	own := newBitset(m.segments[m.seg].columns.Docs)
	freqs := w.freqs
	for i, word := range w.sum.Set[:len(own)] {
		if word == 0 {
			continue
		}
		own[i], w.sum.Set[i] = word, 0
		m.found[i] |= word
		for counts := w.sum.Counts[i<<6:]; word != 0; word &= word - 1 {
			k := bits.TrailingZeros64(word)
			freq := counts[k]
			counts[k] = 0
			if freq >= postings.ManyFreq {
				freq, w.many = postings.ManyFreq, append(w.many, freq)
			}
			freqs = append(freqs, uint8(freq))
		}
	}
	w.freqs = freqs
	return own
}

// keep is what is kept of the postings that were drained last.
func (m *wideMerge) keep(own bitset, level float64) compactList {
	w := &m.scratch.wide
	if docs := m.segments[m.seg].columns.Docs; len(w.freqs)*compactShare >= docs {
		return *newCompactSet(own, packFrequencies(w.freqs, w.many), level)
	}
	docs, freqs := make([]uint32, 0, len(w.freqs)), make([]uint32, 0, len(w.freqs))
	m.eachDrained(own, func(doc, freq uint32) { docs, freqs = append(docs, doc), append(freqs, freq) })
	return compactList{list: postings.NewList(docs, freqs), level: level}
}

// eachDrained calls f with the postings that were drained last.
func (m *wideMerge) eachDrained(own bitset, f func(doc, freq uint32)) {
	freqs, many := m.scratch.wide.freqs, m.scratch.wide.many
	own.each(func(doc uint32) {
		freq := uint32(freqs[0])
		if freqs = freqs[1:]; freq == postings.ManyFreq {
			freq, many = many[0], many[1:]
		}
		f(doc, freq)
	})
}

// addLinear adds lists that count each for itself, and what was drained.
func (m *wideMerge) addLinear(f *fieldLists, own bitset, level float64) {
	for _, lists := range [...][]cursor{f.exact, f.stems, f.others} {
		for i := range lists {
			for at, doc := range lists[i].list.Docs {
				m.found.add(doc)
				m.worth[doc] += f.weight * (lists[i].level * float64(lists[i].list.Freq(at))) * m.inverseNormOf(f.field, doc)
			}
		}
	}
	lengths, inverse := m.segments[m.seg].columns.Lengths[f.field], m.inverse[f.field]
	freqs, many, weight := m.scratch.wide.freqs, m.scratch.wide.many, f.weight
	for i, word := range own {
		lengths, worth := lengths[i<<6:], m.worth[i<<6:]
		for ; word != 0; word &= word - 1 {
			k := bits.TrailingZeros64(word)
			tf := float64(freqs[0])
			if freqs[0] == postings.ManyFreq {
				tf, many = float64(many[0]), many[1:]
			}
			freqs = freqs[1:]
			if n := lengths[k]; int(n) < len(inverse) {
				worth[k] += weight * (level * tf) * inverse[n]
			} else {
				worth[k] += weight * (level * tf) * m.inverseNormOf(f.field, uint32(i<<6+k)) //nolint:gosec // below the segment's size
			}
		}
	}
}

// addInflected adds lists of which what is counted as the word is not counted as its stem again,
// and what was drained.
func (m *wideMerge) addInflected(f *fieldLists, own bitset, level float64) {
	w, levels := &m.scratch.wide, m.levels()
	tally := func(lists []cursor, add func(doc, freq uint32, level float64)) {
		for i := range lists {
			for at, doc := range lists[i].list.Docs {
				w.here.add(doc)
				add(doc, lists[i].list.Freq(at), lists[i].level)
			}
		}
	}
	tally(f.exact, func(doc, freq uint32, _ float64) { w.exact[doc] += freq })
	tally(f.stems, func(doc, freq uint32, _ float64) { w.stem[doc] += freq })
	tally(f.others, func(doc, freq uint32, level float64) { w.other[doc] += level * float64(freq) })
	m.eachDrained(own, func(doc, freq uint32) {
		w.here.add(doc)
		w.other[doc] += level * float64(freq)
	})
	for i, word := range w.here[:len(m.found)] {
		if word == 0 {
			continue
		}
		m.found[i] |= word
		for w.here[i] = 0; word != 0; word &= word - 1 {
			doc := uint32(i<<6 + bits.TrailingZeros64(word)) //nolint:gosec // below the segment's size
			tf := inflected(levels, w.exact[doc], w.stem[doc], w.other[doc])
			w.exact[doc], w.stem[doc], w.other[doc] = 0, 0, 0
			m.worth[doc] += f.weight * tf * m.inverseNormOf(f.field, doc)
		}
	}
}

// inverseNormOf is 1 / norm of a post.
func (m *wideMerge) inverseNormOf(field int, doc uint32) float64 {
	if n := m.segments[m.seg].columns.Lengths[field][doc]; int(n) < len(m.inverse[field]) {
		return m.inverse[field][n]
	}
	return 1 / m.norm(m.seg, field, doc)
}

// merged is what was added up; nil for nothing. What posts are worth is zero again then.
func (m *wideMerge) merged() *merged {
	n := m.found.count()
	if n == 0 {
		return nil
	}
	x := slices.Grow(m.scratch.worth[:0], n)
	m.found.each(func(doc uint32) {
		x = append(x, m.worth[doc])
		m.worth[doc] = 0
	})
	m.scratch.worth = x
	out := &merged{averages: m.averageLength, compact: m.fields}
	if n <= keptWorth {
		out.worth = slices.Clone(x)
	}
	out.quantise(x, m.config.Scoring.K1)
	if n*frequent >= m.segments[m.seg].columns.Docs {
		out.set, out.ranks = m.found, m.found.ranks()
		out.indexSpans(m.segments[m.seg].columns.Docs)
	} else {
		out.docs = make([]uint32, 0, n)
		m.found.each(func(doc uint32) { out.docs = append(out.docs, doc) })
	}
	return out
}
