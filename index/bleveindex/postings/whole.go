package postings

import (
	"maps"
	"slices"
)

// Whole is a value that follows from the postings of several segments, kept together so that
// it is found in one step. Immutable.
type Whole interface {
	// Without is the value without what is of one segment: itself where nothing is, and nil
	// where nothing else is.
	Without(r *Reader) Whole
	// Size is the memory that it holds, in bytes, roughly.
	Size() int64
}

// Whole gives what was kept by KeepWhole; nil for nothing.
func (c *Cache) Whole(kind, name string) Whole {
	e := c.get(nil, key{field: kind, term: name})
	if e == nil {
		return nil
	}
	return e.value.(Whole) //nolint:forcetypeassert // put by KeepWhole
}

// KeepWhole keeps a value, in the place of the one before. Kind, which no field is called,
// and name identify it.
func (c *Cache) KeepWhole(kind, name string, v Whole) {
	e := &entry{key: key{field: kind, term: name}, value: v, size: v.Size() + int64(len(name)) + 96}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replace(e)
}

// replace puts an entry in the place of the one of its key. The caller holds mu.
func (c *Cache) replace(e *entry) {
	if before := c.bySeg[nil][e.key]; before != nil {
		c.remove(before)
	}
	c.insert(e)
}

// dropParts takes what is of one segment out of the values of several.
func (c *Cache) dropParts(r *Reader) {
	c.mu.RLock()
	all := slices.Collect(maps.Values(c.bySeg[nil]))
	c.mu.RUnlock()
	changed := all[:0]
	var rests []Whole
	for _, e := range all { // Nobody waits: values are immutable.
		whole := e.value.(Whole) //nolint:forcetypeassert // put by KeepWhole
		if rest := whole.Without(r); rest != whole {
			changed, rests = append(changed, e), append(rests, rest)
		}
	}
	for from := 0; from < len(changed); from += droppedAtATime {
		to := min(from+droppedAtATime, len(changed))
		c.leave(changed[from:to], rests[from:to])
	}
}

// leave puts what is left of some values, nil for nothing, in their place, unless they are
// gone already.
func (c *Cache) leave(values []*entry, rests []Whole) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range values {
		switch {
		case e.place == nil:
		case rests[k] == nil:
			c.remove(e)
		default:
			whole := e.value.(Whole) //nolint:forcetypeassert // put by KeepWhole
			c.replace(&entry{key: e.key, value: rests[k], size: e.size - whole.Size() + rests[k].Size()})
		}
	}
}
