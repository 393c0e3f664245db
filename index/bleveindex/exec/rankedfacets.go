package exec

import (
	"math/bits"

	"alphanode/index"
)

// Of the values of a facet only the most frequent ones are shown. Where many posts match,
// values are counted one by one, those first that most posts of the index have, until no
// other can have more posts than the last of those that are shown (the threshold algorithm
// of Fagin, Lotem and Naor 2001, with one list).

// postsOfValues is the kind under which the cache keeps valuePosts.
const postsOfValues = "\x01posts"

// What it costs to go through the values of the posts, in nanoseconds: a post, and one value
// of it.
const (
	costOfPost  = 1.5
	costOfValue = 1.2
)

// countRanked counts a facet of the posts of a search, by segment, value by value, where that
// is less work than post by post. It reports whether it did.
func (f *fastCounter) countRanked(sets []bitset, matching int) bool {
	s := f.s
	if matching < windowSize {
		return false
	}
	posts := s.valuePosts(f)
	if posts == nil {
		return false
	}
	order, uncovered := s.ranked(f.table, posts)
	values, listed := 0, 0
	for _, v := range posts {
		values, listed = values+v.values, listed+len(v.counts)
	}
	share := float64(matching) / float64(max(s.live, 1))
	byPost := float64(matching)*costOfPost + share*float64(values)*costOfValue + float64(listed)
	if order.estimate(f.limit, share) > byPost {
		return false
	}
	for seg, set := range sets {
		if set != nil {
			f.ordinalsOf(seg)
			f.current.doubledIn(set, func(doc uint32) { f.noteTwice(f.current.lists.Of(doc)) })
		}
	}
	f.ranked = f.topValues(order, uncovered, posts, sets)
	return true
}

// valuePosts gives the posts of a facet's values in all segments; nil where there is no room
// for them.
func (s *searcher) valuePosts(f *fastCounter) []*valuePosts {
	out := make([]*valuePosts, len(s.segments))
	for seg, segment := range s.segments {
		docs := segment.columns.Docs
		if int64(docs)*setBytes > s.config.Fast.room {
			return nil
		}
		f.ordinalsOf(seg)
		v, err := s.config.Fast.lists.Value(segment.shared.reader, postsOfValues, f.field.Name, func() (any, int64, error) {
			v := newValuePosts(f.current, docs)
			return v, v.size(), nil
		})
		if err != nil {
			return nil // It is made without.
		}
		out[seg] = v.(*valuePosts) //nolint:forcetypeassert // made above
	}
	return out
}

// doubledIn calls f with the posts of a set that spell a value in several ways.
func (o *ordinals) doubledIn(set bitset, f func(doc uint32)) {
	for i, word := range o.doubled {
		for word &= set[i]; word != 0; word &= word - 1 {
			f(uint32(i<<6 + bits.TrailingZeros64(word))) //nolint:gosec // below the segment's size
		}
	}
}

// topValues are the most frequent values of the posts of sets.
func (f *fastCounter) topValues(order *valueOrder, uncovered int, posts []*valuePosts, sets []bitset) []index.FacetCount {
	values, keyOf := f.table.view()
	t := &valueCount{f: f, values: values, keyOf: keyOf, posts: posts, sets: sets, absent: f.s.absentIn(sets), out: []index.FacetCount{}}
	t.fresh(order)
	for i, most := range order.most {
		if n := len(t.out); n == f.limit && most+uncovered < t.out[n-1].Count {
			break
		}
		ids := order.ids[order.starts[i]:order.starts[i+1]]
		if !t.done[t.key(ids[0])] {
			t.add(ids)
		}
	}
	return t.out
}

// valueCount counts values.
type valueCount struct {
	f      *fastCounter
	values []facetValue
	keyOf  []uint32
	posts  []*valuePosts
	sets   []bitset
	absent []absentPosts
	done   map[uint32]bool // keys that were counted before their turn
	out    []index.FacetCount
}

func (t *valueCount) key(id uint32) uint32 {
	if t.keyOf == nil {
		return id
	}
	return t.keyOf[id]
}

// fresh counts the values that the order does not know, with all spellings of their keys.
func (t *valueCount) fresh(order *valueOrder) {
	if len(t.values) == order.known {
		return
	}
	spellings := make(map[uint32][]uint32)
	for id := order.known; id < len(t.values); id++ {
		spellings[t.key(uint32(id))] = nil //nolint:gosec // fewer than 2^32 values
	}
	from := uint32(0)
	if t.keyOf == nil {
		from = uint32(order.known) //nolint:gosec // fewer than 2^32 values
	}
	for id := from; int(id) < len(t.values); id++ {
		if ids, ok := spellings[t.key(id)]; ok {
			spellings[t.key(id)] = append(ids, id)
		}
	}
	t.done = make(map[uint32]bool)
	for key, ids := range spellings {
		t.done[key] = true
		t.add(ids)
	}
}

// add counts the spellings of one key, and keeps it where it is among the most frequent.
func (t *valueCount) add(ids []uint32) {
	key := t.values[ids[0]].key
	if t.f.prefix != "" && !begins(key, t.f.prefix) {
		return
	}
	sum, most, best := 0, 0, ids[0]
	for _, id := range ids {
		n := 0
		for seg, v := range t.posts {
			if set := t.sets[seg]; set == nil {
				continue
			} else if a := &t.absent[seg]; a.few {
				n += v.all(id) - v.countListed(id, a.posts)
			} else {
				n += v.count(id, set)
			}
		}
		if sum += n; n > most || n == most && t.values[id].value < t.values[best].value {
			most, best = n, id
		}
	}
	if t.f.twice != nil {
		sum -= t.f.twice[key]
	}
	if sum > 0 {
		t.out = keepBest(t.out, index.FacetCount{Value: t.values[best].value, Count: sum}, t.f.limit)
	}
}
