package exec

import (
	"sync"
	"sync/atomic"
)

// valueTable numbers the values of one facet field across all segments of an
// index. It only grows. Safe for concurrent use.
type valueTable struct {
	mu     sync.RWMutex
	ids    map[string]uint32 // by key, separator and value
	values []facetValue      // by id
	keyOf  []uint32          // number of the key, by id
	keys   map[string]uint32 // number by key
	// spelled says that some key has several spellings.
	spelled bool
	order   atomic.Pointer[valueOrder]
}

type facetValue struct{ key, value string }

func newValueTable() *valueTable {
	return &valueTable{ids: make(map[string]uint32), keys: make(map[string]uint32)}
}

// add numbers the values of one segment.
func (t *valueTable) add(keys, values []string) []uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]uint32, len(keys))
	for i, key := range keys {
		name := key + "\x00" + values[i]
		id, ok := t.ids[name]
		if !ok {
			id = uint32(len(t.values)) //nolint:gosec // fewer than 2^32 values
			t.ids[name] = id
			t.values = append(t.values, facetValue{key, values[i]})
			k, known := t.keys[key]
			if !known {
				k = uint32(len(t.keys)) //nolint:gosec // fewer than 2^32 values
				t.keys[key] = k
			}
			t.keyOf = append(t.keyOf, k)
			t.spelled = t.spelled || known
		}
		out[i] = id
	}
	return out
}

// view gives the values by id as they are now, and the numbers of their keys; these are
// nil where none differ in spelling only. What is there never changes.
func (t *valueTable) view() (values []facetValue, keyOf []uint32) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.spelled {
		keyOf = t.keyOf
	}
	return t.values, keyOf
}

// ordinals are the values of one facet field in one segment, ready to be counted.
type ordinals struct {
	// single is, by post, one more than the ordinal of its only value, or 0; nil when
	// posts have several values, or there are too many.
	single []uint16
	lists  Lists
	global []uint32 // number in the valueTable, by ordinal
	keys   []string // by ordinal
	// doubled are the posts that have two spellings of a key; nil for none.
	doubled bitset
}

// lazyOrdinals are made on first use.
type lazyOrdinals struct {
	once sync.Once
	ordinals
}

// keywordOrdinals gives the ordinals of a keyword field.
func (s *Shared) keywordOrdinals(field int, table *valueTable) *ordinals {
	l := &s.keywords[field]
	l.once.Do(func() {
		facet := s.columns.Facet(field)
		l.global, l.keys, l.lists = table.add(facet.Keys, facet.Values), facet.Keys, facet.Ords
		l.findDoubled()
		l.single = singleOrdinals(l.lists, len(l.keys))
	})
	return &l.ordinals
}

// findDoubled finds the posts that have two spellings of a key, which are neighbours.
func (o *ordinals) findDoubled() {
	spelled := false
	for i := 1; i < len(o.keys); i++ {
		spelled = spelled || o.keys[i] == o.keys[i-1]
	}
	if !spelled || o.lists.single != nil {
		return
	}
	docs := len(o.lists.Start) - 1
	for doc := range uint32(docs) { //nolint:gosec // documents are numbered by uint32
		ords := o.lists.Of(doc)
		for i := 1; i < len(ords); i++ {
			if o.keys[ords[i]] != o.keys[ords[i-1]] {
				continue
			}
			if o.doubled == nil {
				o.doubled = newBitset(docs)
			}
			o.doubled.add(doc)
		}
	}
}

// singleOrdinals is nil when a post has several values.
func singleOrdinals(l Lists, values int) []uint16 {
	if values >= 1<<16-1 {
		return nil
	}
	if l.single != nil {
		return l.single
	}
	out := make([]uint16, len(l.Start)-1)
	for doc := range out {
		switch l.Start[doc+1] - l.Start[doc] {
		case 0:
		case 1:
			out[doc] = uint16(l.Items[l.Start[doc]] + 1) //nolint:gosec // checked
		default:
			return nil
		}
	}
	return out
}

// numberOrdinals gives the groups of a number field as values: its buckets, or the
// numbers themselves.
func (s *Shared) numberOrdinals(c *facetCounter, table *valueTable) *ordinals {
	l := &s.numbers[c.place]
	l.once.Do(func() {
		numbers := s.columns.Numbers[c.place]
		groups := make(map[float64]uint32)
		labels := make(map[string]uint32)
		l.lists = Lists{Start: make([]uint32, s.columns.Docs+1)}
		for doc := range s.columns.Docs {
			if v := numbers.At(uint32(doc)); !absent(v) { //nolint:gosec // documents are numbered by uint32
				low := c.group(v)
				ord, ok := groups[low]
				if !ok {
					label := c.label(low)
					if ord, ok = labels[label]; !ok {
						ord = uint32(len(l.keys)) //nolint:gosec // fewer than 2^32 values
						l.keys = append(l.keys, label)
						labels[label] = ord
					}
					groups[low] = ord
				}
				l.lists.Items = append(l.lists.Items, ord)
			}
			l.lists.Start[doc+1] = uint32(len(l.lists.Items)) //nolint:gosec // below the segment's size
		}
		l.global = table.add(l.keys, l.keys)
		if l.single = singleOrdinals(l.lists, len(l.keys)); l.single != nil {
			l.lists = Lists{}
		}
	})
	return &l.ordinals
}
