package exec

import (
	"math"
	"math/bits"
	"slices"

	"alphanode/index/bleveindex/postings"
)

// addUp gives the posts of a word in one segment with their weighted frequencies. Both
// are good until the next call.
func (s *searcher) addUp(seg int, fields []fieldLists) (docs []uint32, x []float64) {
	run := &windowRun{searcher: s, scratch: s.scratch, seg: seg}
	s.scratch.docs, s.scratch.worth = s.scratch.docs[:0], s.scratch.worth[:0]
	if lists := linearLists(fields); lists != nil {
		run.merge(lists)
	} else {
		run.addWindows(fields)
	}
	return s.scratch.docs, s.scratch.worth
}

// addWindows adds up any lists, window by window.
func (r *windowRun) addWindows(fields []fieldLists) {
	s, seg := r.searcher, r.seg
	word := &fastWord{segments: make([][]fieldLists, seg+1)}
	word.segments[seg] = fields
	word.start(seg)
	all := uint32(s.segments[seg].columns.Docs) //nolint:gosec // documents are numbered by uint32
	docs, x := s.scratch.docs, s.scratch.worth
	var every windowSet
	for i := range every {
		every[i] = math.MaxUint64
	}
	for from := word.next(0) &^ 63; from < all; from = word.next(from+windowSize) &^ 63 {
		r.from, r.to = from, min(from+windowSize, all)
		word.tally(r, &r.marked, &every, true)
		for i, left := range r.marked {
			for ; left != 0; left &= left - 1 {
				k := (i<<6 + bits.TrailingZeros64(left)) & (windowSize - 1)
				docs = append(docs, from+uint32(k)) //nolint:gosec // within the window
				x = append(x, r.x[k])
				r.x[k] = 0
			}
		}
	}
	s.scratch.docs, s.scratch.worth = docs, x
}

// listOf is a list with the field that it is of.
type listOf struct {
	*cursor
	*fieldLists
}

// linearLists are the one or two lists of a word that count each for itself; nil where there
// are more, or lists of another kind.
func linearLists(fields []fieldLists) []listOf {
	var out []listOf
	for i := range fields {
		f := &fields[i]
		if len(f.linear) != f.count() {
			return nil
		}
		for j := range f.linear {
			out = append(out, listOf{&f.linear[j], f})
		}
	}
	if len(out) == 0 || len(out) > 2 {
		return nil
	}
	return out
}

// merge adds up one list or two. With two it does not matter which is added to which.
func (r *windowRun) merge(lists []listOf) {
	slices.SortFunc(lists, func(a, b listOf) int { return len(b.list.Docs) - len(a.list.Docs) })
	long := lists[0]
	all := len(long.list.Docs)
	at := 0
	if len(lists) == 2 {
		short := lists[1]
		r.makeRoom(all + len(short.list.Docs))
		for i, doc := range short.list.Docs {
			next := seek(long.list.Docs, at, doc)
			r.appendRun(long, at, next)
			at = next
			if at < all && long.list.Docs[at] == doc {
				r.appendRun(long, at, at+1)
				r.worth[len(r.worth)-1] += r.worthOf(short, i)
				at++
				continue
			}
			r.docs, r.worth = append(r.docs, doc), append(r.worth, r.worthOf(short, i))
		}
	}
	r.makeRoom(all - at)
	r.appendRun(long, at, all)
}

func (r *windowRun) makeRoom(n int) {
	r.docs, r.worth = slices.Grow(r.docs, n), slices.Grow(r.worth, n)
}

// worthOf is the weighted frequency of one posting.
func (r *windowRun) worthOf(l listOf, i int) float64 {
	return l.weight * (l.level * float64(l.list.Freq(i))) * r.inverseNorm(l.field, l.list.Docs[i])
}

// appendRun appends postings of one list.
func (r *windowRun) appendRun(l listOf, from, to int) {
	docs, freqs := l.list.Docs[from:to], l.list.Freqs()[from:to]
	lengths, inverse := r.segments[r.seg].columns.Lengths[l.field], r.inverse[l.field]
	weight, level := l.weight, l.level
	at := len(r.worth)
	r.docs = append(r.docs, docs...)
	r.worth = r.worth[:at+len(docs)]
	worth := r.worth[at:]
	for i, doc := range docs {
		if n := lengths[doc]; freqs[i] != postings.ManyFreq && int(n) < len(inverse) {
			worth[i] = weight * (level * float64(freqs[i])) * inverse[n]
		} else {
			worth[i] = r.worthOf(l, from+i)
		}
	}
}
