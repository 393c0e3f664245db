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
	for some := range slices.Chunk(all, droppedAtATime) {
		c.mu.Lock()
		for _, e := range some {
			c.dropPart(e, r)
		}
		c.mu.Unlock()
	}
}

// dropPart takes what is of one segment out of a value, which may be gone already.
func (c *Cache) dropPart(e *entry, r *Reader) {
	whole := e.value.(Whole) //nolint:forcetypeassert // put by KeepWhole
	rest := whole.Without(r)
	if e.place == nil || rest == whole {
		return
	}
	if rest == nil {
		c.remove(e)
		return
	}
	c.replace(&entry{key: e.key, value: rest, size: e.size - whole.Size() + rest.Size()})
}
