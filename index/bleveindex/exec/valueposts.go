package exec

import "math/bits"

// valuePosts are the posts of each value of one facet field in one segment: of frequent
// values as a set, of the others as a list. With them the posts that a search matches are
// counted value by value: for the few values that may be among the most frequent, where
// many posts match, that is less work than to go through the values of each post. Immutable.
type valuePosts struct {
	places []uint32 // ordinal, one up, by number in the valueTable
	sets   []bitset // by ordinal; nil for those with a list
	starts []uint32 // by ordinal, and one more: where its list begins
	docs   []uint32
	counts []uint32 // by ordinal
	values int      // sum of counts
}

// setShare is one in how many posts has a value whose posts are a set: a set takes as much
// memory as a list of twice as many.
const setShare = 64

// newValuePosts makes those of a segment of so many posts.
func newValuePosts(o *ordinals, docs int) *valuePosts {
	n := len(o.keys)
	v := &valuePosts{sets: make([]bitset, n), starts: make([]uint32, n+1), counts: make([]uint32, n)}
	o.each(docs, func(_, ord uint32) { v.counts[ord]++ })
	for ord, count := range v.counts {
		v.values += int(count)
		v.starts[ord+1] = v.starts[ord]
		if int(count)*setShare >= docs {
			v.sets[ord] = newBitset(docs)
		} else {
			v.starts[ord+1] += count
		}
	}
	v.docs = make([]uint32, v.starts[n])
	next := append([]uint32(nil), v.starts[:n]...)
	o.each(docs, func(doc, ord uint32) {
		if set := v.sets[ord]; set != nil {
			set.add(doc)
			return
		}
		v.docs[next[ord]] = doc
		next[ord]++
	})
	for ord, id := range o.global {
		if int(id) >= len(v.places) {
			v.places = append(v.places, make([]uint32, int(id)+1-len(v.places))...)
		}
		v.places[id] = uint32(ord) + 1 //nolint:gosec // fewer than 2^32 values
	}
	return v
}

// each goes through the values of all posts, post by post.
func (o *ordinals) each(docs int, f func(doc, ord uint32)) {
	for doc := range uint32(docs) { //nolint:gosec // documents are numbered by uint32
		if o.single != nil {
			if ord := o.single[doc]; ord > 0 {
				f(doc, uint32(ord)-1)
			}
			continue
		}
		for _, ord := range o.lists.Of(doc) {
			f(doc, ord)
		}
	}
}

// count is how many posts of a set have a value, by its number in the valueTable.
func (v *valuePosts) count(id uint32, in bitset) int {
	if int(id) >= len(v.places) || v.places[id] == 0 {
		return 0
	}
	ord := v.places[id] - 1
	if set := v.sets[ord]; set != nil {
		return set.common(in)
	}
	n := uint64(0)
	for _, doc := range v.docs[v.starts[ord]:v.starts[ord+1]] {
		n += in[doc>>6] >> (doc & 63) & 1
	}
	return int(n) //nolint:gosec // below the segment's size
}

// absentPosts are the posts of a segment that a search does not match, where these are few.
type absentPosts struct {
	few   bool
	posts []uint32
}

// fewAbsent is one in how many posts of a segment may be absent for them to be few: to look for
// them in a set is as much work as to count what it has in common with another, then.
const fewAbsent = 128

// absentIn gives those of the segments, by the posts that match.
func (s *searcher) absentIn(sets []bitset) []absentPosts {
	out := make([]absentPosts, len(sets))
	for seg, set := range sets {
		docs := s.segments[seg].columns.Docs
		if set == nil || docs-set.count() > docs/fewAbsent {
			continue
		}
		out[seg].few = true
		for i, word := range set {
			for left := ^word; left != 0; left &= left - 1 {
				if doc := i<<6 + bits.TrailingZeros64(left); doc < docs {
					out[seg].posts = append(out[seg].posts, uint32(doc)) //nolint:gosec // below the segment's size
				}
			}
		}
	}
	return out
}

// countListed is how many of some posts have a value.
func (v *valuePosts) countListed(id uint32, docs []uint32) int {
	if int(id) >= len(v.places) || v.places[id] == 0 || len(docs) == 0 {
		return 0
	}
	n, ord := uint64(0), v.places[id]-1
	if set := v.sets[ord]; set != nil {
		for _, doc := range docs {
			n += set[doc>>6] >> (doc & 63) & 1
		}
		return int(n) //nolint:gosec // below the segment's size
	}
	list, at := v.docs[v.starts[ord]:v.starts[ord+1]], 0
	for _, doc := range docs {
		if at = seek(list, at, doc); at < len(list) && list[at] == doc {
			n++
		}
	}
	return int(n) //nolint:gosec // below the segment's size
}

// all is how many posts have a value, deleted ones among them.
func (v *valuePosts) all(id uint32) int {
	if int(id) >= len(v.places) || v.places[id] == 0 {
		return 0
	}
	return int(v.counts[v.places[id]-1])
}

// size is the memory that v takes, in bytes, roughly.
func (v *valuePosts) size() int64 {
	n := 4*(len(v.places)+len(v.starts)+len(v.docs)+len(v.counts)) + 24*len(v.sets)
	for _, set := range v.sets {
		n += 8 * len(set)
	}
	return int64(n)
}

// common is how many posts two sets of one segment have in common.
func (b bitset) common(o bitset) int {
	n := 0
	o = o[:len(b)]
	for len(b) >= 4 {
		n += bits.OnesCount64(b[0]&o[0]) + bits.OnesCount64(b[1]&o[1]) + bits.OnesCount64(b[2]&o[2]) + bits.OnesCount64(b[3]&o[3])
		b, o = b[4:], o[4:]
	}
	for i, w := range b {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}
